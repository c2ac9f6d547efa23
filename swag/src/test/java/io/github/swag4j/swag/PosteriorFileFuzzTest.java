package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.io.PosteriorFile;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * 10,000 damaged posterior files: cut off, with bytes changed, with headers edited to huge,
 * negative and strange values. Of the present format a file is refused or reads as it was written;
 * of format 1, whose header has no checksum, it may say another thing, but is read or refused in no
 * time and memory.
 */
class PosteriorFileFuzzTest {
  /** What could be in a header, to be put in the place of a number, a word or a bracket. */
  private static final List<String> WORDS =
      List.of(
          "0",
          "1",
          "-1",
          "3",
          "512",
          "2147483647",
          "4294967296",
          "9223372036854775807",
          "99999999999999999999",
          "1e308",
          "-0",
          "NaN",
          "Infinity",
          "1e-50",
          "null",
          "true",
          "{}",
          "[]",
          "[4]",
          "[0]",
          "[9223372036854775807,0]",
          "[4294967296,4294967296]",
          "\"\"",
          "\"a\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "F64",
          "BF16",
          "I64",
          "PHILOX",
          "mean/a",
          "variance/a",
          "deviations/a",
          "statistics/s",
          "FINAL_MEAN",
          "WEIGHT",
          "OTHER,OTHER,OTHER",
          "2",
          "0.25");

  private static Path folder;
  private static SwagPosterior posterior;
  private static SampleStatistics statistics;
  private static byte[] now;
  private static byte[] before;

  @BeforeContainer
  static void write() throws Exception {
    folder = Files.createTempDirectory("posterior-fuzz");
    posterior = Snapshots.posterior().withScale(0.3);
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new Tensor("s", Role.RUNNING_MEAN, List.of(2L)),
                new Tensor("v", Role.RUNNING_VARIANCE, List.of(2L))));
    Weights one = Weights.of(layout, new float[] {1, -2}, new float[] {3, 0});
    statistics = new SampleStatistics(7, 0, List.of(one, one));
    Path file = folder.resolve("posterior.safetensors");
    PosteriorFiles.write(
        file, posterior, Provenance.unknown().with(Provenance.SEED, "42"), statistics);
    now = Files.readAllBytes(file);
    before =
        Files.readAllBytes(
            Path.of(
                PosteriorFileFuzzTest.class.getResource("golden/v1/threefry.safetensors").toURI()));
  }

  @AfterContainer
  static void delete() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Property(tries = 7000, shrinking = ShrinkingMode.OFF)
  void aDamagedFileIsRefusedOrReadsAsItWasWritten(@ForAll long seed) throws IOException {
    Path file = damaged(now, new Random(seed));
    try {
      PosteriorFile opened = PosteriorFiles.open(file).verify();
      SwagPosterior read = opened.posterior();
      assertThat(read.mean()).isEqualTo(posterior.mean());
      assertThat(read.variance()).isEqualTo(posterior.variance());
      assertThat(read.deviations()).isEqualTo(posterior.deviations());
      assertThat(read.scale()).isEqualTo(0.3);
      assertThat(read.count()).isEqualTo(8);
      assertThat(read.options()).isEqualTo(posterior.options());
      assertThat(read.sampler()).isEqualTo(posterior.sampler());
      assertThat(read.layout()).isEqualTo(posterior.layout());
      assertThat(opened.statistics()).contains(statistics);
      assertThat(opened.provenance().facts()).containsExactly(Map.entry("seed", "42"));
    } catch (IOException refused) {
      requireWords(refused, file);
    }
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void aDamagedFileOfFormat1IsReadOrRefused(@ForAll long seed) throws IOException {
    Path file = damaged(before, new Random(seed));
    try {
      SwagPosterior read = PosteriorFiles.read(file);
      assertThat(read.sample(7, 5).layout()).isEqualTo(read.layout());
      for (int t = 0; t < read.layout().tensors().size(); t++) {
        for (float value : read.variance().toArray(t)) {
          assertThat(value).isGreaterThanOrEqualTo(read.options().varianceFloor());
        }
      }
    } catch (IOException refused) {
      requireWords(refused, file);
    }
  }

  private static void requireWords(IOException refused, Path file) {
    if (!String.valueOf(refused.getMessage()).startsWith(file + ": ")) {
      fail("must name the file and what is wrong, got " + refused);
    }
  }

  private static Path damaged(byte[] whole, Random random) throws IOException {
    byte[] bytes =
        switch (random.nextInt(4)) {
          case 0 -> Arrays.copyOf(whole, random.nextInt(whole.length));
          case 1 -> flipped(whole, random);
          case 2 -> edited(whole, random);
          default -> edited(edited(flipped(whole, random), random), random);
        };
    return Files.write(folder.resolve("damaged.safetensors"), bytes);
  }

  private static byte[] flipped(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextBoolean() ? random.nextInt(bytes.length) : random.nextInt(16);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  /** Puts a word in the place of a number, a name or a string, keeping the lengths right. */
  private static byte[] edited(byte[] whole, Random random) {
    long length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > whole.length - 8) {
      return whole;
    }
    String header = new String(whole, 8, (int) length, StandardCharsets.ISO_8859_1);
    int from = random.nextInt(header.length());
    while (from > 0 && isPart(header.charAt(from - 1)) && isPart(header.charAt(from))) {
      from--;
    }
    int to = from + 1;
    while (to < header.length() && isPart(header.charAt(to))) {
      to++;
    }
    String word =
        random.nextInt(3) == 0
            ? header.substring(random.nextInt(header.length() / 2), header.length() / 2 + 10)
            : WORDS.get(random.nextInt(WORDS.size()));
    byte[] edited =
        (header.substring(0, from) + word + header.substring(to))
            .getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out =
        ByteBuffer.allocate(whole.length - (int) length + edited.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(edited.length).put(edited);
    return out.put(whole, 8 + (int) length, whole.length - 8 - (int) length).array();
  }

  private static boolean isPart(char letter) {
    return Character.isLetterOrDigit(letter) || "-_./".indexOf(letter) >= 0;
  }
}
