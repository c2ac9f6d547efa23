package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Damaged tables, packed and in other dialects, end in a refusal or in predictions. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class PackedFuzzTest {
  private static final int CASES = 6000;
  private static final String[] WORDS = {
    "\"",
    ";",
    "\t",
    ",",
    "\n",
    "\r",
    "sep=;\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    "\\u0000",
    "null",
    "1e999",
    "0,5",
    "\u0308",
    "\uFEFF",
    ";;\n",
    " ",
    "\"probs\":[",
    "\0",
    "é",
    "-0"
  };

  @TempDir Path folder;

  private static byte[] mutated(byte[] seed, SplittableRandom random) {
    byte[] bytes = seed.clone();
    for (int n = 1 + random.nextInt(4); n > 0 && bytes.length > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes = Arrays.copyOf(bytes, at);
        case 2 -> {
          byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
          byte[] longer = Arrays.copyOf(bytes, bytes.length + word.length);
          System.arraycopy(bytes, at, longer, at + word.length, bytes.length - at);
          System.arraycopy(word, 0, longer, at, word.length);
          bytes = longer;
        }
        default -> {
          int to = at + random.nextInt(bytes.length - at);
          byte[] shorter = Arrays.copyOf(bytes, bytes.length - (to - at));
          System.arraycopy(bytes, to, shorter, at, bytes.length - to);
          bytes = shorter;
        }
      }
    }
    return bytes;
  }

  private static List<byte[]> seeds() throws IOException {
    String german = "sep=;\ncät;dog;label;id\n0,25;0,75;dog;\"a;1\"\n0,5;0,5;cät;b\n;;;\n";
    String tabs = "\uFEFFa\tb\tlabel\r\n0.25\t0.75\t1\r\n1\t0\t0\r\n";
    String json =
        "{\"probs\":{\"a\":0.25,\"b\":0.75},\"label\":\"b\",\"id\":\"x\"}\n"
            + "{\"id\":\"y\",\"label\":\"a\",\"probs\":{\"b\":0.5,\"a\":0.5}}\n";
    String array = "{\"probs\":[0.25,0.75],\"label\":1}\n\n{\"probs\":[1,0],\"label\":0}\n";
    byte[] text = german.getBytes(StandardCharsets.UTF_8);
    return List.of(
        text,
        tabs.getBytes(StandardCharsets.UTF_8),
        ("\uFEFF" + german).getBytes(StandardCharsets.UTF_16LE),
        json.getBytes(StandardCharsets.UTF_8),
        array.getBytes(StandardCharsets.UTF_8),
        TableDialectsTest.gzip(text),
        TableDialectsTest.zip(text, "p.csv"),
        TableDialectsTest.gzip(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void damagedTablesAreRefusedOrRead() throws IOException {
    List<byte[]> seeds = seeds();
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      SplittableRandom random = new SplittableRandom(i);
      byte[] bytes = mutated(seeds.get(i % seeds.size()), random);
      if (i % 3 == 0) {
        bytes = TableDialectsTest.gzip(bytes); // so that the damage is within
      }
      Path file = Files.write(folder.resolve(i + "-case.csv"), bytes);
      refused += isRefused(file, i) ? 1 : 0;
      Files.delete(file);
    }
    assertThat(refused).isBetween(CASES / 3, CASES - 100);
  }

  static boolean isRefused(Path file, int seed) {
    try {
      Predictions read = PredictionFiles.read(file);
      if (read.hasLabels()) {
        long streamed =
            StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO).rows();
        assertThat(streamed).as("seed " + seed).isEqualTo(read.rows());
      }
      return false;
    } catch (PredictionFileException e) {
      assertThat(e).as("seed " + seed).hasMessageContaining("case.csv");
      return true;
    } catch (IOException | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}
