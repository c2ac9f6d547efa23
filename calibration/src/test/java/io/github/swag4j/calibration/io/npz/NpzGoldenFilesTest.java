package io.github.swag4j.calibration.io.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.StreamedSketch;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files written by NumPy: src/test/python/npz_files.py. */
public class NpzGoldenFilesTest {

  /** Values that the script wrote down. */
  private record Expected(
      double[][] float64,
      double[][] float32,
      double[][] float16,
      int[] labels,
      double[] expected_entropy) {}

  private static final Expected EXPECTED = expected();

  public static Path golden(String name) {
    try {
      return Path.of(
          NpzGoldenFilesTest.class
              .getResource("/io/github/swag4j/calibration/io/npz/" + name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Expected expected() {
    try {
      return new Gson().fromJson(Files.readString(golden("expected.json")), Expected.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void matches(Predictions p, double[][] rows) {
    assertThat(p.rows()).isEqualTo(rows.length);
    for (int r = 0; r < rows.length; r++) {
      assertThat(p.probabilities(r)).as("row " + r).isEqualTo(rows[r]);
      assertThat(p.label(r)).isEqualTo(EXPECTED.labels()[r]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "float32.npz, 32",
    "float32-deflated.npz, 32",
    "float32-big-endian.npz, 32",
    "versions-zip64.npz, 32",
    "float64-fortran.npz, 64",
    "float64-big-endian-fortran.npz, 64"
  })
  void everyTypeOrderAndContainerGivesTheSameNumbers(String name, int bits) throws IOException {
    Predictions p = PredictionFiles.read(golden(name));
    matches(p, bits == 32 ? EXPECTED.float32() : EXPECTED.float64());
    assertThat(p.isSinglePrecision()).isEqualTo(bits == 32);
  }

  @ParameterizedTest
  @CsvSource({"float16.npz", "float16-big-endian.npz"})
  void float16RowsThatDoNotSumToOneAreReadOnlyIfRenormalised(String name) throws IOException {
    assertThatThrownBy(() -> PredictionFiles.read(golden(name)))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("probabilities must sum to 1 within 1.0E-4");
    Predictions p =
        PredictionFiles.read(golden(name), ReadOptions.defaults().withRenormalise(true));
    for (int r = 0; r < p.rows(); r++) {
      double[] row = EXPECTED.float16()[r];
      double sum = row[0] + row[1] + row[2];
      for (int k = 0; k < 3; k++) {
        assertThat(p.probability(r, k)).isEqualTo(row[k] / sum);
      }
      assertThat(p.label(r)).isEqualTo(EXPECTED.labels()[r]);
    }
  }

  @Test
  void everyHalfIsWidenedExactly() throws IOException {
    try (NpzFile npz = new NpzFile(golden("halves.npz"))) {
      double[] halves = npz.read("halves", NpyData::doubles);
      double[] doubles = npz.read("doubles", NpyData::doubles);
      assertThat(halves).hasSizeGreaterThan(5000);
      assertThat(halves).isEqualTo(doubles);
    }
    assertThat(NpyType.half((short) 0x7C00)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(NpyType.half((short) 0xFC00)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(NpyType.half((short) 0x7E00)).isNaN();
  }

  @Test
  void expectedEntropyIsRead() throws IOException {
    Predictions p = PredictionFiles.read(golden("float32.npz"));
    for (int r = 0; r < p.rows(); r++) {
      assertThat(p.expectedEntropy(r)).isEqualTo(EXPECTED.expected_entropy()[r]);
    }
  }

  @Test
  void logitsGiveTheirSoftmax() throws IOException {
    Predictions p = PredictionFiles.read(golden("logits.npz"));
    assertThat(p.hasLogits()).isTrue();
    for (int r = 0; r < p.rows(); r++) {
      assertThat(p.probabilities(r))
          .usingComparatorWithPrecision(1e-15)
          .containsExactly(EXPECTED.float64()[r]);
    }
  }

  @ParameterizedTest
  @CsvSource({"binary-vector.npz, 64", "binary-column.npz, 32"})
  void oneColumnIsThePositiveClass(String name, int bits) throws IOException {
    Predictions p = PredictionFiles.read(golden(name));
    assertThat(p.isBinary()).isTrue();
    for (int r = 0; r < p.rows(); r++) {
      double[][] rows = bits == 32 ? EXPECTED.float32() : EXPECTED.float64();
      assertThat(p.probability(r, 1)).isEqualTo(rows[r][0]);
      assertThat(p.label(r)).isEqualTo(EXPECTED.labels()[r] == 0 ? 1 : 0);
    }
  }

  @Test
  void textsAreRead() throws IOException {
    Predictions p = PredictionFiles.read(golden("texts.npz"));
    matches(p, EXPECTED.float64());
    assertThat(p.id(5)).isEqualTo("r5-\u00e9\u4e2d\ud83d\ude00");
    assertThat(p.group(4)).isEqualTo("two");
    assertThat(p.classNames()).containsExactly("a", "b", "\u00e7");
    assertThat(p.weight(2)).isEqualTo(3);
  }

  @Test
  void samplesInFortranOrderAreRead() throws IOException {
    Predictions p = PredictionFiles.read(golden("samples-fortran.npz"));
    assertThat(p.samples()).isEqualTo(2);
    for (int r = 0; r < p.rows(); r++) {
      for (int k = 0; k < 3; k++) {
        assertThat(p.sampleProbability(0, r, k)).isEqualTo(EXPECTED.float64()[r][k]);
        assertThat(p.sampleProbability(1, r, k)).isEqualTo(EXPECTED.float64()[r][2 - k]);
      }
    }
  }

  @Test
  void singleArrayIsReadWithoutLabels() throws IOException {
    Predictions p = PredictionFiles.read(golden("float32.npy"));
    assertThat(p.hasLabels()).isFalse();
    assertThat(p.probabilities(3)).isEqualTo(EXPECTED.float32()[3]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bad-objects.npz | array 'probs': the element type must be | objects are never read",
        "bad-float-labels.npz | array 'labels': labels must be integers | labels.astype('int64')",
        "bad-structured.npz | array 'probs': the NPY header | named fields",
        "bad-two-names.npz | must hold one of | [probs, predictions]",
        "bad-no-names.npz | must hold probs | arr_0",
        "bad-logits-as-probs.npz | array 'probs': probabilities[0][0] must be in | as logits",
        "bad-logits-disagree.npz | array 'probs', row 0, column 0: | softmax of the file's logits",
        "bad-lengths.npz | array 'labels': the shape must be [6] | got [5]",
        "bad-label.npz | labels[4] must be a class index below 3, got 3 | (1 of 6 rows",
        "bad-complex.npz | array 'probs': the element type must be float16 | got '<c8'"
      })
  void wrongFileIsRefusedWithThePlace(String name, String place, String rule) {
    assertThatThrownBy(() -> PredictionFiles.read(golden(name)))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(place)
        .hasMessageContaining(rule);
  }

  @TempDir Path folder;

  /** An NPZ file with an array of the given header, and no data, for the probabilities. */
  private Path probs(byte[] header) throws IOException {
    Path file = folder.resolve("made.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("probs.npy"));
      zip.write(header);
      zip.closeEntry();
      zip.putNextEntry(new ZipEntry("labels.npy"));
      zip.write(NpyHeader.write("<i8", 2));
      zip.write(new byte[16]);
      zip.closeEntry();
    }
    return file;
  }

  @Test
  void bytesBeyondTheShapeAreRefusedInMemoryAndStreamed() throws IOException {
    ByteBuffer uniform = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 5; i++) {
      uniform.putDouble(0.5);
    }
    Path longer = folder.resolve("longer.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(longer))) {
      zip.putNextEntry(new ZipEntry("probs.npy"));
      zip.write(NpyHeader.write("<f8", 2, 2));
      zip.write(uniform.array());
      zip.closeEntry();
      zip.putNextEntry(new ZipEntry("labels.npy"));
      zip.write(NpyHeader.write("<i8", 2));
      zip.write(new byte[16]);
      zip.closeEntry();
    }
    assertThatThrownBy(() -> PredictionFiles.read(longer))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("array 'probs': ");
    assertThatThrownBy(
            () -> StreamedSketch.of(longer, ReadOptions.defaults(), BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("array 'probs': shape [2, 2] needs");
  }

  /** 2^61 doubles are 2^64 bytes, which is 0 in a long. */
  @Test
  void shapesBeyondALongAreRefused() throws IOException {
    for (long[] shape : new long[][] {{1L << 59, 4}, {1L << 59, 1L << 59}, {Long.MAX_VALUE, 3}}) {
      Path file = probs(NpyHeader.write("<f8", shape));
      assertThatThrownBy(() -> PredictionFiles.read(file))
          .isInstanceOf(PredictionFileException.class)
          .hasMessageContaining("made.npz")
          .hasMessageContaining("array 'probs'");
      assertThatThrownBy(
              () -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
          .isInstanceOf(PredictionFileException.class)
          .hasMessageContaining("made.npz");
    }
    Path file = probs(NpyHeader.write("<f8", 1L << 59, 4));
    assertThatThrownBy(() -> PredictionFiles.read(file))
        .hasMessageContaining("is beyond 2^63 bytes");
  }
}
