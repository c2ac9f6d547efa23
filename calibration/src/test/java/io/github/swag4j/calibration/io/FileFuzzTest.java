package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.npz.NpzGoldenFilesTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files end in a refusal or in predictions, never in another failure, soon, and in little
 * memory. A thread of its own can be given up, so that a file that is read for ever is a failure.
 */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class FileFuzzTest {
  private static final int CASES = 10_000;
  private static final long MOST_BYTES = 32L << 20;
  private static final long MOST_NANOSECONDS = 10_000_000_000L;
  private static final long FORTRAN_DEFLATED = -2;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final String[] WORDS = {
    "\"",
    ",",
    "\n",
    "\r",
    "\r\n",
    "\"\"",
    "nan",
    "inf",
    "-1",
    "1e999",
    "1e-999",
    "label",
    "0",
    "é",
    "'shape': (99999999999, 3)",
    "(2, 999999999)",
    "'descr': '<f8'",
    "'|O'",
    "<U99999",
    "True",
    "2147483648",
    "-",
    "{",
    "}"
  };

  @TempDir Path folder;
  private final List<String> allocations = new ArrayList<>();
  private final List<String> slow = new ArrayList<>();
  private int cases;

  @Test
  void damagedCsvIsRefusedOrRead() throws IOException {
    Path good = folder.resolve("good.csv");
    PredictionFiles.write(
        good, PredictionFilesTest.everything("csv").select(new int[] {0, 1, 3, 4}));
    List<byte[]> seeds =
        List.of(
            Files.readAllBytes(good),
            "a,b,label\n0.5,0.5,a\n0.25,0.75,1\n".getBytes(StandardCharsets.UTF_8),
            "p,y\r\n0.5,1\r\n\r\n1,0".getBytes(StandardCharsets.UTF_8));
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      SplittableRandom random = new SplittableRandom(i);
      byte[] bytes = mutated(seeds.get(i % seeds.size()), random);
      refused += refused(bytes, "csv", i, random);
    }
    assertThat(refused).isBetween(CASES / 2, CASES - 100);
    assertThatAllWereReadSoonInLittleMemory();
  }

  @Test
  void damagedNpzIsRefusedOrRead() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (String name :
        List.of(
            "float32.npz",
            "float32-deflated.npz",
            "versions-zip64.npz",
            "float64-fortran.npz",
            "texts.npz",
            "samples-fortran.npz",
            "logits.npz")) {
      seeds.add(Files.readAllBytes(NpzGoldenFilesTest.golden(name)));
    }
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      SplittableRandom random = new SplittableRandom(i);
      byte[] seed = seeds.get(i / 2 % seeds.size());
      // Half of the cases damage an array before it is packed, so that the checksum is right.
      byte[] bytes = i % 2 == 0 ? mutated(seed, random) : repacked(seed, random);
      refused += refused(bytes, "npz", i, random);
    }
    assertThat(refused).isBetween(CASES / 2, CASES - 100);
    assertThatAllWereReadSoonInLittleMemory();
  }

  private void assertThatAllWereReadSoonInLittleMemory() {
    assertThat(cases).isEqualTo(CASES);
    assertThat(allocations).isEmpty();
    assertThat(slow).isEmpty();
  }

  private int refused(byte[] bytes, String extension, int seed, SplittableRandom random)
      throws IOException {
    // A new name for each: file systems flush a file that is truncated and written again.
    Path file = folder.resolve(seed + "-case." + extension);
    Files.write(file, bytes);
    ReadOptions options =
        random.nextInt(4) == 0
            ? ReadOptions.defaults().withRenormalise(true)
            : ReadOptions.defaults();
    cases++;
    long start = System.nanoTime();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      Predictions read = PredictionFiles.read(file, options);
      long streamed = streamed(file, options);
      boolean judged =
          read.hasLabels()
              && !read.hasWeights()
              && !read.isBinary()
              && !(extension.equals("npz") && streamed == FORTRAN_DEFLATED);
      return read.rows() > 0 && (!judged || streamed == read.rows()) ? 0 : CASES;
    } catch (PredictionFileException e) {
      streamed(file, options);
      return e.getMessage().contains("case." + extension) ? 1 : CASES;
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed, e);
    } finally {
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (allocated > MOST_BYTES) {
        allocations.add("seed " + seed + ": " + allocated);
      }
      long nanoseconds = System.nanoTime() - start;
      if (nanoseconds > MOST_NANOSECONDS) {
        slow.add("seed " + seed + ": " + nanoseconds);
      }
      Files.delete(file);
    }
  }

  /** Rows that the file gives when it is streamed; below 0 if it is refused. */
  private static long streamed(Path file, ReadOptions options) throws IOException {
    try {
      return StreamedSketch.of(file, options, BinningConvention.GUO).rows();
    } catch (PredictionFileException e) {
      assertThat(e.getMessage()).contains(file.getFileName().toString());
      return e.getMessage().contains("if it is not deflated") ? FORTRAN_DEFLATED : -1;
    }
  }

  private static byte[] mutated(byte[] seed, SplittableRandom random) {
    byte[] bytes = seed.clone();
    for (int n = 1 + random.nextInt(4); n > 0 && bytes.length > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = java.util.Arrays.copyOf(bytes, at);
        case 3 ->
            bytes =
                spliced(
                    bytes,
                    at,
                    at,
                    WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8));
        case 4 -> bytes = spliced(bytes, at, at + random.nextInt(bytes.length - at), new byte[0]);
        default -> {
          for (int i = at; i < Math.min(at + 8, bytes.length); i++) {
            bytes[i] = (byte) (random.nextBoolean() ? 0xFF : 0);
          }
        }
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(middle);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }

  private static byte[] repacked(byte[] seed, SplittableRandom random) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(seed));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] member = in.readAllBytes();
        zip.putNextEntry(new ZipEntry(entry.getName()));
        zip.write(random.nextInt(3) == 0 ? member : mutated(member, random));
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }
}
