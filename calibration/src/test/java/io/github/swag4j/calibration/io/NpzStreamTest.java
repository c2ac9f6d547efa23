package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.npz.NpyHeader;
import io.github.swag4j.calibration.io.npz.NpzGoldenFilesTest;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzStreamTest {
  private static final int CLASSES = 4;

  @TempDir Path folder;

  private final Map<String, byte[]> arrays = new LinkedHashMap<>();
  private final SplittableRandom random = new SplittableRandom(5);

  private double[] rows(int n) {
    double[] p = new double[n * CLASSES];
    for (int i = 0; i < p.length; i += CLASSES) {
      int top = random.nextInt(CLASSES);
      for (int k = 0; k < CLASSES; k++) {
        p[i + k] = k == top ? 0.625 : 0.125;
      }
    }
    return p;
  }

  private int[] labels(int n) {
    return random.ints(n, 0, CLASSES).toArray();
  }

  private static short half(double v) {
    return (short) (v == 0.625 ? 0x3900 : v == 0.125 ? 0x3000 : Double.doubleToRawLongBits(v));
  }

  private static ByteBuffer data(String type, int elements) {
    int size = type.charAt(2) - '0';
    ByteOrder order = type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return ByteBuffer.allocate(elements * size).order(order);
  }

  private static byte[] array(String type, boolean fortran, double[] p, int columns) {
    int rows = p.length / columns;
    ByteBuffer data = data(type, p.length);
    for (int i = 0; i < p.length; i++) {
      double v = fortran ? p[i % rows * columns + i / rows] : p[i];
      switch (type.charAt(2)) {
        case '2' -> data.putShort(half(v));
        case '4' -> data.putFloat((float) v);
        default -> data.putDouble(v);
      }
    }
    return npy(NpyHeader.write(type, rows, columns), fortran, data.array());
  }

  private static byte[] array(String type, int[] labels) {
    ByteBuffer data = data(type, labels.length);
    for (int v : labels) {
      switch (type.charAt(2)) {
        case '1' -> data.put((byte) v);
        case '2' -> data.putShort((short) v);
        case '4' -> data.putInt(v);
        default -> data.putLong(v);
      }
    }
    return npy(NpyHeader.write(type, labels.length), false, data.array());
  }

  private static byte[] npy(byte[] header, boolean fortran, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String text = new String(header, StandardCharsets.ISO_8859_1);
    out.writeBytes(
        (fortran ? text.replace("False, 'shape'", "True , 'shape'") : text)
            .getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(data);
    return out.toByteArray();
  }

  private Path npz(boolean deflated) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
        if (!deflated) {
          CRC32 crc = new CRC32();
          crc.update(array.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(array.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(array.getValue());
      }
    }
    return Files.write(folder.resolve("p.npz"), out.toByteArray());
  }

  private static void isTheSame(CalibrationSketch got, CalibrationSketch expected) {
    assertThat(got.toBytes()).isEqualTo(expected.toBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "<f2, <i8, false, false",
    ">f2, >i2, false, true",
    "<f4, |u1, false, false",
    "<f4, <i8, false, true",
    ">f4, |i1, false, true",
    "<f8, >i4, false, false",
    ">f8, <u2, false, true",
    "<f2, <i8, true, false",
    ">f4, <i8, true, false",
    "<f8, <u2, true, false"
  })
  void streamedRowsGiveTheBitsOfRowsInMemory(
      String type, String labelType, boolean fortran, boolean deflated) throws IOException {
    int n = 50_003; // several blocks, and a part of one
    double[] p = rows(n);
    int[] y = labels(n);
    arrays.put("labels", array(labelType, y));
    arrays.put("probs", array(type, fortran, p, CLASSES));
    CalibrationSketch expected = new CalibrationSketch(CLASSES);
    expected.add(LabelledRows.of(p, y, expected.classes()), 0, n);
    Path file = npz(deflated);
    isTheSame(StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO), expected);
    isTheSame(CalibrationSketch.of(PredictionFiles.read(file)), expected);
    assertThat(PredictionFiles.size(file, ReadOptions.defaults()).rows()).isEqualTo(n);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "float32.npz",
        "float32-deflated.npz",
        "float32-big-endian.npz",
        "versions-zip64.npz",
        "float64-fortran.npz",
        "float64-big-endian-fortran.npz"
      })
  void filesOfNumpyStreamToTheBitsOfRowsInMemory(String name) throws IOException {
    Path file = NpzGoldenFilesTest.golden(name);
    Predictions p = PredictionFiles.read(file);
    isTheSame(
        StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO),
        CalibrationSketch.of(p));
  }

  @Test
  void logitsAndRowsToRenormaliseAreStreamedToo() throws IOException {
    int n = 20_000;
    double[] logits = random.doubles((long) n * CLASSES, -3, 3).toArray();
    arrays.put("logits", array("<f8", false, logits, CLASSES));
    arrays.put("y", array("<i8", labels(n)));
    Path file = npz(true);
    isTheSame(
        StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO),
        CalibrationSketch.of(PredictionFiles.read(file)));
    Predictions read = PredictionFiles.read(file);
    double[] p = new double[n * CLASSES];
    for (int i = 0; i < p.length; i++) {
      p[i] = read.probability(i / CLASSES, i % CLASSES);
    }
    arrays.put("probs", array("<f4", true, p, CLASSES));
    isTheSame(
        StreamedSketch.of(npz(false), ReadOptions.defaults(), BinningConvention.GUO),
        CalibrationSketch.of(read));
    p[15_000 * CLASSES + 2] += 0.01;
    arrays.put("probs", array("<f4", false, p, CLASSES));
    Path other = npz(false);
    assertThatThrownBy(
            () -> StreamedSketch.of(other, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining("array 'probs', row 15000, column 2: must be the softmax");

    arrays.remove("logits");
    ReadOptions options = ReadOptions.defaults().withRenormalise(true);
    Path sums = npz(false);
    isTheSame(
        StreamedSketch.of(sums, options, BinningConvention.GUO),
        CalibrationSketch.of(PredictionFiles.read(sums, options)));
  }

  @Test
  void aWrongRowOrLabelIsNamedByItsPlaceTheFirstOfThem() throws IOException {
    int n = 60_000;
    double[] p = rows(n);
    p[40_001 * CLASSES] = 7;
    p[59_000 * CLASSES] = 7;
    arrays.put("probs", array("<f4", false, p, CLASSES));
    arrays.put("labels", array("<i8", labels(n)));
    Path wrongRow = npz(true);
    assertThatThrownBy(
            () -> StreamedSketch.of(wrongRow, ReadOptions.defaults(), BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("p.npz, array 'probs', row 40001: probabilities[40001][0] must be in")
        .hasMessageContaining("if these are logits");
    int[] y = labels(n);
    y[30_000] = -1;
    arrays.put("labels", array("<i8", y));
    Path wrongLabel = npz(true);
    assertThatThrownBy(
            () -> StreamedSketch.of(wrongLabel, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining(
            "array 'labels', element 30000: a label must be a class index below 4");
  }

  @Test
  void damageIsFoundOutAndNamed() throws IOException {
    int n = 40_000;
    arrays.put("probs", array("<f4", false, rows(n), CLASSES));
    arrays.put("labels", array("<i8", labels(n)));
    Path stored = npz(false);
    byte[] whole = Files.readAllBytes(stored);
    byte[] cut = Arrays.copyOf(whole, whole.length / 2);
    Files.write(stored, cut);
    assertThatThrownBy(
            () -> StreamedSketch.of(stored, ReadOptions.defaults(), BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("must be a complete ZIP archive");
    for (boolean fortran : new boolean[] {false, true}) {
      arrays.put("probs", array("<f4", fortran, rows(n), CLASSES));
      byte[] good = Files.readAllBytes(npz(false));
      Path file = Files.write(folder.resolve("bit.npz"), oneBitOff(good, 400_000));
      assertThatThrownBy(
              () -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
          .isInstanceOf(PredictionFileException.class)
          .hasMessageContaining("array 'probs': the checksum is wrong");
    }
  }

  /** One bit of the last place of a number is another: the row is as valid as before. */
  private static byte[] oneBitOff(byte[] good, int from) {
    byte[] bytes = good.clone();
    for (int at = from; ; at++) {
      if (bytes[at] == 0x3E && bytes[at - 1] == 0) {
        bytes[at - 3] ^= 1;
        return bytes;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"guo", "torchmetrics", "mapie"})
  void weightsAndConventionsAreThoseOfRowsInMemory(String name) throws IOException {
    int n = 40_000;
    double[] weights = random.doubles(n, 0, 3).toArray();
    Arrays.fill(weights, 0, 20_000, 0); // blocks that weigh nothing
    arrays.put("labels", array("<i8", labels(n)));
    arrays.put("weights", array("<f8", false, weights, 1));
    var convention = BinningConvention.named(name);
    for (String kind : List.of("probs", "logits")) {
      double scale = kind.equals("logits") ? 4 : 1;
      double[] numbers = Arrays.stream(rows(n)).map(value -> scale * value).toArray();
      arrays.put(kind, array("<f8", false, numbers, CLASSES));
      Path file = npz(true);
      arrays.remove(kind);
      isTheSame(
          StreamedSketch.of(file, ReadOptions.defaults(), convention),
          CalibrationSketch.of(PredictionFiles.read(file), convention));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights", "weight", "sample_weight", "sample_weights"})
  void wholeWeightsUnderEveryUsualNameCount(String name) throws IOException {
    arrays.put("probs", array("<f8", false, rows(4), CLASSES));
    arrays.put("labels", array("<i8", labels(4)));
    arrays.put(name, array("<i4", new int[] {1, 2, 0, 3}));
    Path file = npz(false);
    Predictions read = PredictionFiles.read(file);
    assertThat(read.weight(3)).isEqualTo(3);
    isTheSame(
        StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO),
        CalibrationSketch.of(read));
    arrays.put(name.equals("weight") ? "weights" : "weight", array("<i4", new int[4]));
    assertRefused(false, "must hold one of [weights, weight, sample_weight, sample_weights], got");
  }

  @Test
  void oneColumnIsThePositiveClass() throws IOException {
    arrays.put("labels", array("<i8", random.ints(50, 0, 2).toArray()));
    arrays.put("probs", array("<f8", false, random.doubles(50).toArray(), 1));
    Path file = npz(false);
    isTheSame(
        StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO),
        CalibrationSketch.of(PredictionFiles.read(file)));
  }

  @Test
  void whatASketchDoesNotTakeIsRefusedWithTheRemedy() throws IOException {
    arrays.put("probs", array("<f8", true, rows(50), CLASSES));
    assertRefused(false, "must have labels, got none among the arrays probs: call them 'label'");
    arrays.put("labels", array("<i8", labels(50)));
    assertRefused(true, "Fortran order can be streamed if it is not deflated and has at most 4096");
    arrays.put("weights", array("<f8", false, new double[49], 1));
    assertRefused(false, "array 'weights': the shape must be [50], got [49, 1]");
    double[] weights = new double[50];
    weights[20] = -1;
    arrays.put("weights", array("<f8", false, weights, 1));
    assertRefused(false, "row 20: weights[20] must be 0 or between 2^-100 and 2^100, got -1.0");
    arrays.remove("weights");
    arrays.put("labels", array("<i8", labels(49)));
    assertRefused(false, "array 'labels': the shape must be [50], got [49]");
    arrays.put("labels", array("<f8", false, rows(50), CLASSES));
    String oneHot = "labels must be class indices of shape [50], got shape [50, 4]: if they are";
    assertRefused(false, oneHot + " one-hot, save labels.argmax(1)");
    assertThatThrownBy(() -> PredictionFiles.read(npz(false))).hasMessageContaining(oneHot);
    assertThatThrownBy(
            () ->
                StreamedSketch.of(
                    folder.resolve("none.npz"), ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining("no such file");
  }

  private void assertRefused(boolean deflated, String message) throws IOException {
    Path file = npz(deflated);
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("p.npz")
        .hasMessageContaining(message);
  }

  @Test
  void whatTheHeapCannotHoldIsRefusedBeforeItIsRead() throws IOException {
    long values = Math.min(Integer.MAX_VALUE - 100L, Runtime.getRuntime().maxMemory() / 4);
    long rows = values / CLASSES;
    byte[] header = NpyHeader.write("<f8", rows, CLASSES);
    Path file = folder.resolve("huge.npy");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(header);
      out.setLength(header.length + 8 * rows * CLASSES); // takes no room on the disk
    }
    assertThat(PredictionFiles.size(file, ReadOptions.defaults()).heapBytes())
        .isEqualTo(8 * rows * CLASSES);
    assertThatThrownBy(() -> PredictionFiles.read(file))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(String.format(java.util.Locale.ROOT, "%,d rows of 4 classes", rows))
        .hasMessageContaining("MB of heap, it has")
        .hasMessageContaining("or stream the file with StreamedSketch");
  }
}
