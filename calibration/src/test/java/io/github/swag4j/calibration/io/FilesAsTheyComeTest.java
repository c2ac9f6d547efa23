package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.npz.NpyHeader;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as pandas, R, scikit-learn and people write them, in memory and streamed. */
class FilesAsTheyComeTest {
  @TempDir Path folder;

  private Path csv(String text) throws IOException {
    return Files.writeString(folder.resolve("p.csv"), text);
  }

  /** Reads a file in both ways, which must come to the same. */
  private Predictions read(Path file, ReadOptions options) throws IOException {
    Predictions inMemory = PredictionFiles.read(file, options);
    assertThat(stream(file, options).toBytes()).isEqualTo(CalibrationSketch.of(inMemory).toBytes());
    return inMemory;
  }

  private static CalibrationSketch stream(Path file, ReadOptions options) throws IOException {
    return StreamedSketch.of(file, options, BinningConvention.GUO);
  }

  private Predictions read(String text) throws IOException {
    return read(csv(text), ReadOptions.defaults());
  }

  private void refused(Path file, ReadOptions options, String message) {
    assertThatThrownBy(() -> PredictionFiles.read(file, options))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> stream(file, options))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining(message);
  }

  private void refused(String text, String message) throws IOException {
    refused(csv(text), ReadOptions.defaults(), message);
  }

  /** Member after member: a name, an element type and the numbers. */
  private Path npz(Object... members) throws IOException {
    Path file = folder.resolve("p.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < members.length; i += 2) {
        zip.putNextEntry(new ZipEntry(members[i] + ".npy"));
        boolean whole = !List.of("probs", "logits").contains(members[i]);
        zip.write(array((double[][]) members[i + 1], whole));
      }
    }
    return file;
  }

  private static byte[] array(double[][] rows, boolean whole) {
    int columns = rows[0].length;
    ByteBuffer data = ByteBuffer.allocate(8 * rows.length * columns).order(ByteOrder.LITTLE_ENDIAN);
    for (double[] row : rows) {
      for (double v : row) {
        if (whole) {
          data.putLong((long) v);
        } else {
          data.putDouble(v);
        }
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] header =
        whole || columns == 1
            ? NpyHeader.write(whole ? "<i8" : "<f8", rows.length)
            : NpyHeader.write("<f8", rows.length, columns);
    out.writeBytes(header);
    out.writeBytes(data.array());
    return out.toByteArray();
  }

  private static double[][] column(double... values) {
    return Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
  }

  private static final double[][] PROBS = {{0.25, 0.75}, {0.5, 0.5}, {1, 0}};

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",a,b,label\n0,0.25,0.75,1\n1,0.5,0.5,0\n2,1,0,0\n", // pandas
        "\"\",\"a\",\"b\",\"label\"\n\"1\",0.25,0.75,1\n\"2\",0.5,0.5,0\n\"3\",1,0,0\n", // R
        "Unnamed: 0,a,b,label\n52,0.25,0.75,b\n7,0.5,0.5,a\n7,1,0,a\n", // pandas, once more
        ",Unnamed: 0.1,Unnamed: 0,a,b,label\n0,0,0,.25,.75,1\n1,1,1,.5,.5,0\n2,2,2,1,0,0\n",
        ",a,b,label\nimg_7.png,0.25,0.75,1\n,0.5,0.5,0\nx,1,0,0\n"
      })
  void namesAndNumbersOfRowsInFrontAreNotRead(String text) throws IOException {
    Predictions p = read(text);
    assertThat(p.classNames()).containsExactly("a", "b");
    assertThat(p.hasIds()).isFalse();
    for (int r = 0; r < 3; r++) {
      assertThat(p.probabilities(r)).containsExactly(PROBS[r]);
    }
    assertThat(p.label(0)).isOne();
    assertThat(FileContents.of(folder.resolve("p.csv")).rowNames()).isPositive();
  }

  @Test
  void whatCouldBeAProbabilityIsNeverTakenForARowsNumber() throws IOException {
    String problem = "column 1: a column without a name is taken for the numbers of the rows";
    refused(",b,label\n0.25,0.75,1\n", "p.csv, line 2, " + problem);
    refused("Unnamed: 0,b,label\n1,0,0\n0.25,0.75,1\n", "p.csv, line 3, " + problem);
    refused(",p,label\n1e-3,0.75,1\n", "must be whole, got '1e-3': name it in the header");
    refused(
        ",Unnamed: 1,p,label\n0,1,0,0\n1,0,1,1\n2,0,1,1\n",
        "p.csv, column 2: a column without a name is taken for the numbers of the rows, which cannot"
            + " all be 0 or 1");
    refused(
        ",p,label\n1,0,0\n0,1,1\n0,1,1\n",
        "p.csv, column 1: a column without a name is taken for the numbers of the rows, which cannot"
            + " all be 0 or 1");
    assertThat(read(",p,label\n0,1,1\n1,1,1\n").isBinary()).isTrue();
    ReadOptions named = ReadOptions.defaults().withClassColumns(List.of("Unnamed: 0", "b"));
    Predictions p = read(csv("Unnamed: 0,b,label\n1,0,0\n0.25,0.75,1\n"), named);
    assertThat(p.probability(1, 0)).isEqualTo(0.25);
    ReadOptions ignored = ReadOptions.defaults().withIgnoredColumns(List.of("Unnamed: 0"));
    assertThat(read(csv("Unnamed: 0,p,label\n0.5,0.75,1\n"), ignored).isBinary()).isTrue();
  }

  @Test
  void columnsWithoutANameElsewhereAreRefusedWithARemedy() throws IOException {
    refused("a,b,,label\n1,0,,0\n", "line 1, column 3: a column must have a name, got none: name");
    String unnamed = "a,b,label,Unnamed: 3\n0.75,0.25,0,0\n";
    refused(unnamed, "a column must have a name of its own, got 'Unnamed: 3': name it, or leave");
    ReadOptions ignored = ReadOptions.defaults().withIgnoredColumns(List.of("Unnamed: 3"));
    assertThat(read(csv(unnamed), ignored).classes()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label",
        "labels",
        "target",
        "targets",
        "y",
        "y_true",
        "true_label",
        "truth",
        "ground_truth",
        "class"
      })
  void labelsAreFoundUnderEveryUsualName(String name) throws IOException {
    for (String spelt : List.of(name, name.toUpperCase(Locale.ROOT))) {
      Predictions p = read("a,b," + spelt + "\n0.25,0.75,1\n0.5,0.5,a\n");
      assertThat(p.classNames()).containsExactly("a", "b");
      assertThat(p.label(0)).isOne();
      assertThat(p.label(1)).isZero();
    }
    Predictions p = read(npz("probs", PROBS, name, column(1, 0, 0)), ReadOptions.defaults());
    assertThat(p.label(0)).isOne();
  }

  @Test
  void wholeLabelsThatPandasWroteAsDecimalsAreIndices() throws IOException {
    Predictions p = read("a,b,label\n0.25,0.75,1.0\n0.5,0.5,0.0\n");
    assertThat(p.label(0)).isOne();
    assertThat(p.label(1)).isZero();
    refused("a,b,label\n0.25,0.75,0.5\n", "or the name of a class column, got '0.5'");
    refused("a,b,label\n0.25,0.75,-1.0\n", "or the name of a class column, got '-1.0'");
    refused(
        "a,b,label\n0.25,0.75,2.0\n",
        "or the name of a class column, got '2.0': class indices begin at 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weight", "weights", "sample_weight", "sample_weights"})
  void weightsAreFoundUnderEveryUsualNameAndAreNoClass(String name) throws IOException {
    for (String spelt : List.of(name, name.toUpperCase(Locale.ROOT))) {
      Predictions p = read("a,b,label," + spelt + "\n0.25,0.75,1,3\n0.5,0.5,0,0.5\n");
      assertThat(p.classes()).isEqualTo(2);
      assertThat(p.weight(0)).isEqualTo(3);
      Path logits = csv("a,b,label," + spelt + "\n2,1,1,3\n0,0,0,0.5\n");
      assertThat(read(logits, ReadOptions.defaults().withLogits(true)).classes()).isEqualTo(2);
    }
    refused(
        "a,b,label,weight,Weights\n1,0,0,1,1\n", "one column must hold the weights of the rows");
  }

  @Test
  void columnsNamedAsClassesAreClassesWhateverTheyAreCalled() throws IOException {
    String text = "x,y,weight,label\n0.25,0.25,0.5,2\n0.5,0.25,0.25,y\n";
    refused(text, "one column must hold the labels, got 'y' and 'label': say which with");
    ReadOptions options = ReadOptions.defaults().withClassColumns(List.of("x", "y", "weight"));
    Predictions p = read(csv(text), options);
    assertThat(p.classNames()).containsExactly("x", "y", "weight");
    assertThat(p.hasWeights()).isFalse();
    assertThat(p.label(1)).isOne();
  }

  @Test
  void labelsThatAreMissingAreSaidAlsoOfAFileThatTakesOptions() throws IOException {
    Path file = csv("a,b,when\n0.25,0.75,3\n");
    ReadOptions options = ReadOptions.defaults().withClassColumns(List.of("a", "b"));
    Predictions read = PredictionFiles.read(file, options);
    assertThatThrownBy(() -> FileContents.requireLabels(file, read))
        .hasMessageContaining("must have labels, got none among the columns a, b, when: call");
  }

  @Test
  void logitsByTheirNameThatAreDistributionsAreRefused() throws IOException {
    String message = "got rows that are distributions already: call them 'probs' in the file";
    Path alone = npz("logits", PROBS, "labels", column(1, 0, 0));
    assertThatThrownBy(() -> PredictionFiles.read(alone)).hasMessageContaining(message);
    assertThatThrownBy(
            () -> StreamedSketch.of(alone, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining(message);
  }

  @Test
  void whereLabelsAreMissingWhatThereIsIsListedWithTheRemedy() throws IOException {
    Path file = csv("a,b,answer\n0.25,0.5,0.25\n");
    String among = "must have labels, got none among the columns a, b, answer: call them 'label'";
    assertThatThrownBy(() -> StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining(among);
    Predictions read = PredictionFiles.read(file);
    assertThatThrownBy(() -> FileContents.requireLabels(file, read))
        .hasMessageContaining(among + " (or labels, target, targets, y, y_true");
    Path npz = npz("probs", PROBS, "answers", column(1, 0, 0));
    String arrays = "must have labels, got none among the arrays probs, answers: call them 'label'";
    assertThatThrownBy(() -> StreamedSketch.of(npz, ReadOptions.defaults(), BinningConvention.GUO))
        .hasMessageContaining(arrays);
    assertThatThrownBy(() -> FileContents.requireLabels(npz, PredictionFiles.read(npz)))
        .hasMessageContaining(arrays);
    assertThatThrownBy(() -> PredictionFiles.read(csv("a,b,answer\n0.25,0.75,2\n")))
        .hasMessageContaining("'answer' holds whole numbers alone, and could be no class")
        .hasMessageEndingWith("with ReadOptions.withIgnoredColumns answer");
    assertThatThrownBy(() -> PredictionFiles.read(csv("a,b,answer\n0.25,0.75,1\n")))
        .hasMessageEndingWith("with ReadOptions.withIgnoredColumns answer");
  }

  @ParameterizedTest
  @CsvSource({"1,2,3,true", "3,1,1,true", "0,1,4,false", "0,-1,3,false"})
  void labelsThatCountFromOneAreRefusedWithAHint(double a, double b, double c, boolean hint)
      throws IOException {
    double[][] three = {{0.2, 0.3, 0.5}, {1, 0, 0}, {0, 1, 0}};
    String rule = "must be a class index below 3";
    String remedy = "class indices begin at 0, subtract 1 if the labels are 1 to 3";
    StringBuilder text = new StringBuilder("a,b,c,label\n");
    double[] labels = {a, b, c};
    for (int r = 0; r < 3; r++) {
      text.append(r == 0 ? "0.25,0.5,0.25," : r == 1 ? "0.5,0.25,0.25," : "0.25,0.25,0.5,")
          .append((long) labels[r])
          .append('\n');
    }
    for (Path file :
        List.of(csv(text.toString()), npz("probs", three, "labels", column(a, b, c)))) {
      String refusal = b < 0 && file.toString().endsWith("z") ? "must be a class index" : rule;
      for (ThrowingCallable reading :
          List.<ThrowingCallable>of(
              () -> PredictionFiles.read(file), () -> stream(file, ReadOptions.defaults()))) {
        assertThatThrownBy(reading)
            .hasMessageContaining(refusal)
            .satisfies(e -> assertThat(e.getMessage().contains(remedy)).isEqualTo(hint));
      }
    }
    Path p = Files.write(folder.resolve("p.npy"), array(three, false));
    Path y = Files.write(folder.resolve("y.npy"), array(column(a, b, c), true));
    assertThatThrownBy(() -> StreamedSketch.of(p, y, BinningConvention.GUO))
        .satisfies(e -> assertThat(e.getMessage().contains(remedy)).isEqualTo(hint));
  }

  @Test
  void logitsInOneColumnAreReadWhenAskedFor() throws IOException {
    String remedy = "if these are logits, give them as logits";
    Path csv = csv("score,label\n2.5,1\n-1,0\n");
    refused(csv, ReadOptions.defaults(), remedy);
    Path npz = npz("probs", column(2.5, -1), "labels", column(1, 0));
    refused(npz, ReadOptions.defaults(), remedy);
    for (Path file : List.of(csv, npz)) {
      Predictions read = read(file, ReadOptions.defaults().withLogits(true));
      assertThat(read.isBinary()).isTrue();
      assertThat(read.probability(0, 1)).isEqualTo(1 / (1 + Math.exp(-2.5)));
    }
  }

  @Test
  void distributionsAreNeverTakenForLogits() throws IOException {
    ReadOptions logits = ReadOptions.defaults().withLogits(true);
    String already =
        "got rows that are distributions already: read them without ReadOptions.withLogits";
    refused(csv("a,b,label\n0.25,0.75,1\n0.3333,0.6666,0\n"), logits, already);
    refused(npz("probs", PROBS, "labels", column(1, 0, 0)), logits, already);
    Path npy = Files.write(folder.resolve("p.npy"), array(PROBS, false));
    Path labels = Files.write(folder.resolve("y.npy"), array(column(1, 0, 0), true));
    assertThatThrownBy(() -> PredictionFiles.read(npy, labels, logits))
        .hasMessageContaining(already);
    // One row that is none is enough, in whichever block.
    String many = "a,b,label\n0.5,0.5,0\n" + "0.25,0.75,1\n".repeat(4999);
    refused(csv(many), logits, already);
    assertThat(read(csv(many + "0.25,0.8,1\n"), logits).rows()).isEqualTo(5001);
    double[][] rows = new double[50_000][];
    Arrays.fill(rows, new double[] {0.5, 0.5});
    double[][] ones = column(new double[50_000]);
    refused(npz("probs", rows, "labels", ones), logits, already);
    rows[40_000] = new double[] {0.5, 0.6};
    assertThat(read(npz("probs", rows, "labels", ones), logits).hasLogits()).isTrue();
  }
}
