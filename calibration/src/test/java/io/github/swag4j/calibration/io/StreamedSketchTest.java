package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.npz.MappedNpyPair;
import io.github.swag4j.calibration.io.npz.NpyHeader;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamedSketchTest {
  private static final int CLASSES = 4;

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(3);

  private float[] rows(int n) {
    float[] p = new float[n * CLASSES];
    for (int i = 0; i < p.length; i += CLASSES) {
      int top = random.nextInt(CLASSES);
      for (int k = 0; k < CLASSES; k++) {
        p[i + k] = k == top ? 0.625f : 0.125f;
      }
    }
    return p;
  }

  private int[] labels(int n) {
    return random.ints(n, 0, CLASSES).toArray();
  }

  private Path values(String descriptor, float[] p) throws IOException {
    ByteOrder order = descriptor.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    boolean single = descriptor.endsWith("4");
    ByteBuffer data = ByteBuffer.allocate(p.length * (single ? 4 : 8)).order(order);
    for (float v : p) {
      if (single) {
        data.putFloat(v);
      } else {
        data.putDouble(v);
      }
    }
    return file("p.npy", NpyHeader.write(descriptor, p.length / CLASSES, CLASSES), data);
  }

  private Path labels(String descriptor, int[] labels) throws IOException {
    boolean bytes = descriptor.endsWith("1");
    ByteBuffer data =
        ByteBuffer.allocate(labels.length * (bytes ? 1 : 8)).order(ByteOrder.LITTLE_ENDIAN);
    for (int v : labels) {
      if (bytes) {
        data.put((byte) v);
      } else {
        data.putLong(v);
      }
    }
    return file("y.npy", NpyHeader.write(descriptor, labels.length), data);
  }

  private Path file(String name, byte[] header, ByteBuffer data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header);
    out.writeBytes(data.array());
    return Files.write(folder.resolve(name), out.toByteArray());
  }

  @ParameterizedTest
  @CsvSource({"<f4, <i8", ">f4, |u1", "<f8, |i1", ">f8, <i8"})
  void streamedRowsGiveTheBitsOfRowsInMemory(String type, String labelType) throws IOException {
    int n = 5003;
    float[] p = rows(n);
    int[] y = labels(n);
    CalibrationSketch expected = new CalibrationSketch(CLASSES);
    expected.add(LabelledRows.of(p, y, expected.classes()), 0, n);
    CalibrationSummary s =
        StreamedSketch.of(values(type, p), labels(labelType, y), BinningConvention.GUO).summary();
    assertThat(s.rows()).isEqualTo(n);
    assertThat(s.bins()).isEqualTo(expected.summary().bins());
    assertThat(s.nll()).isEqualTo(expected.summary().nll());
    assertThat(s.classwiseEce()).isEqualTo(expected.summary().classwiseEce());
  }

  @ParameterizedTest
  @CsvSource({"<f4, true", "<f8, true", ">f4, false", "<f8, false"})
  void oneColumnIsThePositiveClass(String type, boolean vector) throws IOException {
    int n = 20_000;
    boolean single = type.endsWith("4");
    double[] p = new double[n];
    int[] y = new int[n];
    ByteBuffer data =
        ByteBuffer.allocate(n * (single ? 4 : 8))
            .order(type.startsWith("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    for (int r = 0; r < n; r++) {
      p[r] = random.nextInt(1025) / 1024.0;
      y[r] = random.nextInt(2);
      data = single ? data.putFloat((float) p[r]) : data.putDouble(p[r]);
    }
    byte[] header = vector ? NpyHeader.write(type, n) : NpyHeader.write(type, n, 1);
    Path values = file("p.npy", header, data);
    CalibrationSketch expected = new CalibrationSketch(2);
    expected.add(LabelledRows.ofPositive(p, y), 0, n);
    Path labels = labels("<i8", y);
    assertThat(StreamedSketch.of(values, labels, BinningConvention.GUO).toBytes())
        .isEqualTo(expected.toBytes());
    assertThat(CalibrationSketch.of(PredictionFiles.read(values, labels, ReadOptions.defaults())))
        .extracting(CalibrationSketch::toBytes)
        .isEqualTo(expected.toBytes());
    y[n - 1] = 2;
    Path wrong = labels("<i8", y);
    assertThatThrownBy(() -> StreamedSketch.of(values, wrong, BinningConvention.GUO))
        .hasMessageContaining("y.npy, row 19999: a label must be a class index below 2, got 2");
    data = single ? data.putFloat(4 * 17_000, Float.NaN) : data.putDouble(8 * 17_000, Double.NaN);
    Path bad = file("p.npy", NpyHeader.write(type, n), data);
    y[n - 1] = 0;
    Path good = labels("<i8", y);
    assertThatThrownBy(() -> StreamedSketch.of(bad, good, BinningConvention.GUO))
        .hasMessageContaining("p.npy, row 17000: the row must be in [0, 1], got NaN");
  }

  @Test
  void rowsBeyondTwoGigabytesAreThoseOfTheFile() throws IOException {
    long rows = (1L << 31) / (4 * CLASSES) + 1000;
    byte[] valuesHeader = NpyHeader.write("<f4", rows, CLASSES);
    byte[] labelsHeader = NpyHeader.write("|u1", rows);
    Path p = folder.resolve("big.npy");
    Path y = folder.resolve("big-y.npy");
    ByteBuffer last = ByteBuffer.allocate(3 * 4 * CLASSES).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : new float[] {1, 0, 0, 0, 0, 0.5f, 0.5f, 0, 0, 0, 0, 1}) {
      last.putFloat(v);
    }
    sparse(p, valuesHeader, rows * 4 * CLASSES, last.array());
    sparse(y, labelsHeader, rows, new byte[] {0, 2, 3});
    CalibrationSketch sketch = new CalibrationSketch(CLASSES);
    try (FileChannel values = FileChannel.open(p);
        FileChannel labels = FileChannel.open(y)) {
      new MappedNpyPair(p, values, header(p), y, labels, header(y)).addTo(sketch, rows - 3, rows);
    }
    assertThat(sketch.summary().accuracy()).isEqualTo(2.0 / 3);
    assertThat(sketch.summary().saturatedRows()).isEqualTo(2);
    assertThatThrownBy(() -> StreamedSketch.of(p, y, BinningConvention.GUO))
        .hasMessageContaining("big.npy, row 0: ")
        .hasMessageContaining("sums to 0.0");
  }

  /** A file of zeros that takes no room on the disk, with the last bytes given. */
  private static void sparse(Path file, byte[] header, long size, byte[] last) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(header);
      out.setLength(header.length + size);
      out.seek(header.length + size - last.length);
      out.write(last);
    }
  }

  private static NpyHeader header(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return NpyHeader.read(in, new Source(file, ""));
    }
  }

  @Test
  void invalidRowIsNamedByItsPlaceInTheFile() throws IOException {
    float[] p = rows(9000);
    p[8000 * CLASSES + 2] = 7;
    Path values = values("<f4", p);
    Path labels = labels("<i8", labels(9000));
    assertThatThrownBy(() -> StreamedSketch.of(values, labels, BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("p.npy, row 8000: ")
        .hasMessageContaining("the row[2] must be in [0, 1], got 7.0");
  }

  @Test
  void labelOutOfRangeIsNamedByItsPlaceInTheFile() throws IOException {
    int[] y = labels(9000);
    y[8999] = 4;
    Path values = values("<f4", rows(9000));
    Path labels = labels("<i8", y);
    assertThatThrownBy(() -> StreamedSketch.of(values, labels, BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("y.npy, row 8999: a label must be a class index below 4, got 4");
  }

  @Test
  void shapesThatDisagreeAndTruncatedFilesAreRefused() throws IOException {
    Path values = values("<f4", rows(10));
    Path labels = labels("<i8", labels(9));
    assertThatThrownBy(() -> StreamedSketch.of(values, labels, BinningConvention.GUO))
        .hasMessageContaining("labels must be integers of shape [10], got int64 of shape [9]");
    assertThatThrownBy(() -> StreamedSketch.of(labels, values, BinningConvention.GUO))
        .hasMessageContaining("must be floating-point of shape [rows, classes]");
    byte[] bytes = Files.readAllBytes(values);
    Files.write(values, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> StreamedSketch.of(values, labels, BinningConvention.GUO))
        .hasMessageContaining("shape [10, 4] needs a file of 288 bytes, got 287");
  }

  /** Lines of predictions; the last of them as given. */
  private Path csv(int lines, String header, String last) throws IOException {
    StringBuilder text = new StringBuilder(header).append('\n');
    for (int i = 0; i < lines; i++) {
      double a = random.nextInt(1025) / 1024.0;
      text.append(a).append(',').append(1 - a).append(',').append(random.nextInt(2)).append('\n');
    }
    return Files.writeString(folder.resolve("p.csv"), text + last);
  }

  @Test
  void csvFileLongerThanBufferAndBlockGivesTheBitsOfRowsInMemory() throws IOException {
    Path file = csv(20_000, "a,b,label", "0.25,0.75,a");
    assertThat(Files.size(file)).isGreaterThan(4 << 16);
    CalibrationSummary s =
        StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO).summary();
    CalibrationSummary expected = CalibrationSketch.of(PredictionFiles.read(file)).summary();
    assertThat(s.rows()).isEqualTo(20_001);
    assertThat(s.bins()).isEqualTo(expected.bins());
    assertThat(s.nll()).isEqualTo(expected.nll());
    assertThat(s.brier()).isEqualTo(expected.brier());
    assertThat(s.classwiseEce()).isEqualTo(expected.classwiseEce());
    var logits = ReadOptions.defaults().withLogits(true);
    Path scores = csv(20_000, "a,b,label", "0.25,1.75,a");
    CalibrationSketch wide = StreamedSketch.of(scores, logits, BinningConvention.GUO.withBins(40));
    assertThat(wide.bins()).isEqualTo(40);
    assertThat(wide.summary().meanConfidence()).isLessThan(s.meanConfidence());
  }

  @Test
  void csvRowsAreNamedByTheirPlaceInTheFile() throws IOException {
    Path file = csv(2500, "a,b,label", "0.5,0.25,1\n");
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("p.csv, line 2502: probabilities[2500] sums to 0.75");
    Path label = csv(2500, "a,b,label", "0.5,0.5,2\n");
    assertThatThrownBy(
            () -> StreamedSketch.of(label, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining("p.csv, line 2502, column 3: 'label' must be a class index below 2");
  }

  @Test
  void csvWithWeightsOrOfOneClassColumnIsJudgedAsInMemory() throws IOException {
    Path file = folder.resolve("p.csv");
    Files.writeString(file, "a,b,label,weight\n1,0,0,2\n0.5,0.5,1,0.5\n");
    assertThat(
            StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO)
                .summary()
                .weight())
        .isEqualTo(2.5);
    Files.writeString(file, "a,b,label,weight\n1,0,0,0\n2,0.5,1,0\n");
    var logits = ReadOptions.defaults().withLogits(true);
    assertThat(StreamedSketch.of(file, logits, BinningConvention.GUO).rows()).isEqualTo(2);
    Files.writeString(file, "a,b,label,weight\n1,0,0,2\n0.5,0.5,1,-1\n");
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining("line 3: weights[1] must be");
    Files.writeString(file, "p,label\n0.25,0\n");
    CalibrationSummary s =
        StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO).summary();
    assertThat(s.event()).isEqualTo("positive class");
    assertThat(s.ece()).isEqualTo(0.25);
  }

  @Test
  void csvWithoutLabelsOrRowsIsRefused() throws IOException {
    Path file = folder.resolve("p.csv");
    Files.writeString(file, "a,b\n0.75,0.25\n");
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining("p.csv: must have labels, got none among the columns ");
    Files.writeString(file, "a,b,label\n");
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining("at least 1 row after the header, got 0");
    assertThatThrownBy(
            () ->
                StreamedSketch.of(
                    folder.resolve("none.csv"), ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining("no such file");
  }
}
