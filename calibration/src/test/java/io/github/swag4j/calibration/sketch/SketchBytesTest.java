package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.binning.BinningConvention;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SketchBytesTest {
  @TempDir Path folder;

  static CalibrationSketch sketch(boolean weighted, BinningConvention convention) {
    float[] p = CalibrationSketchTest.probabilities(40, 3, 5);
    int[] labels = CalibrationSketchTest.labels(40, 3, 6);
    CalibrationSketch sketch = new CalibrationSketch(3, convention);
    double[] weights = SketchCases.weights(new SplittableRandom(7), 40);
    sketch.add(
        LabelledRows.of(p, labels, sketch.classes()).weights(weighted ? weights : null), 0, 40);
    return sketch;
  }

  /** With a checksum that is right. */
  static byte[] sealed(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - 4, (int) crc.getValue());
    return bytes;
  }

  @Test
  void layoutIsThatOfTheDocumentation() {
    CalibrationSketch sketch = new CalibrationSketch(2, 1);
    sketch.add(
        LabelledRows.of(new float[] {0.5f, 0.5f, 1, 0}, new int[] {1, 0}, sketch.classes()), 0, 2);
    byte[] expected =
        HexFormat.of()
            .parseHex(
                ("53574147344a4353 0100 02 03 67756f 01000000 02000000" // header
                        + "02 00 01 01" // rows, zero, saturated, correct
                        + "02 01 0101000c0000 01 01 00080000 0101000a0000" // bin: n, hits, sums
                        + NLL_OF_A_HALF
                        + "01 01 00040000 00" // Brier 1/2, other confidence 0
                        + "01 01 000c0000 01 01 01 00040000 01" // classes: sum of p, labels
                        + "00000000")
                    .replace(" ", ""));
    assertThat(HexFormat.of().formatHex(sketch.toBytes()))
        .isEqualTo(HexFormat.of().formatHex(sealed(expected)));
  }

  private static final String NLL_OF_A_HALF = "02 00 8ebebf90 8b050000";

  @Test
  void whatIsReadBackIsTheSameBitsAndGoesOnTheSame() throws Exception {
    for (boolean weighted : new boolean[] {false, true}) {
      for (BinningConvention convention : BinningConvention.all()) {
        if (convention.hasFixedBins()) {
          CalibrationSketch sketch = sketch(weighted, convention);
          CalibrationSketch read = CalibrationSketch.fromBytes(sketch.toBytes());
          SketchBits.same(read, sketch);
          assertThat(read.toBytes()).isEqualTo(sketch.toBytes());
          read.merge(sketch(true, convention));
          sketch.merge(sketch(true, convention));
          SketchBits.same(read, sketch);
          assertThat(read.toBytes()).isEqualTo(sketch.toBytes());
        }
      }
    }
  }

  /** Sums of 1 that are as far off as is allowed, values beyond the range, weights of any size. */
  @Test
  void whateverASketchWritesIsRead() throws Exception {
    SplittableRandom random = new SplittableRandom(41);
    for (int i = 0; i < 400; i++) {
      int rows = 1 + random.nextInt(20);
      int classes = 2 + random.nextInt(i % 4 == 0 ? 300 : 3);
      double[] p = new double[rows * classes];
      int[] labels = new int[rows];
      double[] weights = SketchCases.weights(random, rows);
      for (int r = 0; r < rows; r++) {
        labels[r] = random.nextInt(classes);
        weights[r] = i % 3 == 0 ? 1 : i % 3 == 1 ? weights[r] : random.nextInt(2) * 0x1p-100;
        row(random, p, r * classes, classes);
      }
      for (BinningConvention convention : BinningConvention.all()) {
        if (convention.hasFixedBins()) {
          BinningConvention few = convention.withBins(2 + random.nextInt(30));
          CalibrationSketch sketch = new CalibrationSketch(classes, few);
          sketch.add(LabelledRows.of(p, labels, sketch.classes()).weights(weights), 0, rows);
          assertReadBack(sketch);
          CalibrationSketch positive = new CalibrationSketch(2, few);
          double[] column = new double[rows];
          Arrays.setAll(column, r -> p[r * classes]);
          Arrays.setAll(labels, r -> labels[r] % 2);
          positive.add(LabelledRows.ofPositive(column, labels).weights(weights), 0, rows);
          assertReadBack(positive);
        }
      }
    }
  }

  private static void assertReadBack(CalibrationSketch sketch) throws SketchFormatException {
    byte[] bytes = sketch.toBytes();
    assertThat(CalibrationSketch.fromBytes(bytes).toBytes()).isEqualTo(bytes);
    sketch.merge(sketch);
    byte[] twice = sketch.toBytes();
    assertThat(CalibrationSketch.fromBytes(twice).toBytes()).isEqualTo(twice);
  }

  private static void row(SplittableRandom random, double[] p, int from, int classes) {
    double low = random.nextInt(3) == 0 ? -1e-6 : 0;
    Arrays.fill(p, from, from + classes, low);
    int first = random.nextInt(classes);
    int second = (first + 1 + random.nextInt(classes - 1)) % classes;
    double sum = 1 - low * (classes - 2) + random.nextInt(-1, 2) * 9.99e-5;
    double half = sum / 2 + random.nextInt(-1, 2) * (random.nextInt(2) * 1e-3 - 1e-13);
    boolean sure = random.nextInt(4) == 0 && sum > 1;
    p[from + first] = sure ? Math.min(sum, 1 + 1e-6 * random.nextInt(2)) : half;
    p[from + second] = sum - p[from + first];
  }

  @Test
  void emptySketchIsReadBackAndStillOpenToEitherKindOfRows() throws Exception {
    CalibrationSketch empty =
        CalibrationSketch.fromBytes(new CalibrationSketch(2, BinningConvention.MAPIE).toBytes());
    assertThat(empty.rows()).isZero();
    assertThat(empty.convention()).isEqualTo(BinningConvention.MAPIE);
    empty.add(LabelledRows.ofPositive(new double[] {0.3}, new int[] {1}), 0, 1);
    assertThat(empty.summary().event()).isEqualTo("positive class");
  }

  @Test
  void fileIsWrittenAndReadBack() throws Exception {
    Path file = folder.resolve("parts/part-0.sketch");
    CalibrationSketch sketch = sketch(true, BinningConvention.NETCAL);
    sketch.write(file);
    SketchBits.same(CalibrationSketch.read(file), sketch);
    assertThat(Files.readAllBytes(file)).isEqualTo(sketch.toBytes());
  }

  @Test
  void badFileIsNamedWithWhatIsWrong() throws Exception {
    Path file = folder.resolve("bad.sketch");
    Files.write(file, "label,p\n1,0.5\n".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> CalibrationSketch.read(file))
        .isInstanceOf(SketchFormatException.class)
        .hasMessage(file + ": a calibration sketch must start with the bytes SWAG4JCS");
    byte[] bytes = sketch(false, BinningConvention.GUO).toBytes();
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));
    assertThatThrownBy(() -> CalibrationSketch.read(file))
        .hasMessageStartingWith(file + ": checksum must be ")
        .hasMessageEndingWith("the bytes are damaged or cut off");
    Files.write(file, Arrays.copyOf(bytes, 20));
    assertThatThrownBy(() -> CalibrationSketch.read(file)).hasMessageContaining("cut off");
    Files.write(file, Arrays.copyOf(bytes, 1 << 20));
    assertThatThrownBy(() -> CalibrationSketch.read(file))
        .hasMessageContaining("must have at most ");
    assertThatThrownBy(() -> CalibrationSketch.read(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void otherVersionsAndShapesBeyondTheBoundsAreRefused() {
    byte[] version = sketch(false, BinningConvention.GUO).toBytes();
    version[8] = 2;
    assertThatThrownBy(() -> CalibrationSketch.fromBytes(sealed(version)))
        .hasMessage("version must be 1, got 2: written by another swag4j");
    byte[] huge = sketch(false, BinningConvention.GUO).toBytes();
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(19, 65_536);
    assertThatThrownBy(() -> CalibrationSketch.fromBytes(sealed(huge)))
        .hasMessageStartingWith("65,536 classes and 15 bins need at least 1,966,155 bytes more");
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(19, Integer.MAX_VALUE);
    assertThatThrownBy(() -> CalibrationSketch.fromBytes(sealed(huge)))
        .hasMessage("classes must be between 2 and 65536, got 2147483647");
    byte[] mass = sketch(false, BinningConvention.GUO).toBytes();
    mass[12] = 'x';
    assertThatThrownBy(() -> CalibrationSketch.fromBytes(sealed(mass)))
        .isInstanceOf(SketchFormatException.class)
        .hasMessageStartingWith("convention must be one of guo");
  }

  @Test
  void bytesThatNoSketchWritesAreRefused() throws Exception {
    CalibrationSketch sketch = new CalibrationSketch(2, 1);
    sketch.add(
        LabelledRows.of(new float[] {0.5f, 0.5f, 1, 0}, new int[] {1, 0}, sketch.classes()), 0, 2);
    byte[] bytes = sketch.toBytes();
    int counts = 23; // rows, zero, saturated, correct, then the bin's count
    refused(bytes, counts, 3, "bins must hold 3 rows in all, got 2");
    refused(bytes, counts, 1, "must be at most 1");
    refused(bytes, counts, 0x80, "a count has too many bytes");
    refused(bytes, counts, 0, "flags and 0 rows do not go together");
    refused(bytes, 10, 0, "flags and 2 rows do not go together");
    refused(bytes, 10, 6, "flags must be below 6, got 6");
    refused(bytes, counts + 4, 1, "bins must hold 2 rows in all, got 1");
    refused(bytes, counts + 5, 3, "a count must be at most 2, got 3");
    refused(bytes, bytes.length - 5, 2, "classes must have 2 labels in all, got 3");
    refused(bytes, counts + 6, 0xFF, "a sum must have limbs between 0 and 3");
    byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> CalibrationSketch.fromBytes(sealed(more)))
        .hasMessage("must end after its last sum, got 1 more bytes");
  }

  private static void refused(byte[] bytes, int at, int value, String message) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    assertThatThrownBy(() -> CalibrationSketch.fromBytes(sealed(changed)))
        .isInstanceOf(SketchFormatException.class)
        .hasMessageContaining(message);
  }
}
