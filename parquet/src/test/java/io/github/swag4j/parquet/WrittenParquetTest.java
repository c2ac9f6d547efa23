package io.github.swag4j.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.ColumnTexts;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.StreamedSketch;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.TableOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.parquet.format.FileMetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written as Parquet is read as what was written. */
class WrittenParquetTest {

  private static Predictions predictions(Random random, int rows, int classes, int kinds) {
    boolean single = (kinds & 1) > 0;
    double[] values = new double[rows * classes];
    for (int r = 0; r < rows; r++) {
      double[] row = IntStream.range(0, classes).mapToDouble(k -> random.nextDouble()).toArray();
      row[random.nextInt(classes)] *= r % 3 == 1 ? 1e9 : 1; // some are saturated
      double sum = Arrays.stream(row).sum();
      for (int k = 0; k < classes; k++) {
        values[r * classes + k] = single ? (float) (row[k] / sum) : row[k] / sum;
      }
    }
    PredictionsBuilder builder = Predictions.builder();
    if (single) {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      builder.probabilities(floats, classes);
    } else {
      builder.probabilities(values, classes);
    }
    builder.labels(random.ints(rows, 0, classes).toArray());
    if ((kinds & 2) > 0) {
      builder.weights(random.doubles(rows, 0.1, 9).toArray());
    }
    if ((kinds & 4) > 0) {
      builder.ids(texts(rows, r -> "a, \"" + r + "\" ö\n"));
      builder.groups(texts(rows, r -> r % 3 == 0 ? "nörd" : "süd"));
    }
    if ((kinds & 8) > 0) {
      builder.expectedEntropy(random.doubles(rows, 0, 0.1).toArray());
    }
    if ((kinds & 16) > 0) {
      builder.classNames(List.of("Äpfel", "a, b", "x.y", "\"", "k 4", "e").subList(0, classes));
    }
    return builder.build();
  }

  private static String[] texts(int rows, java.util.function.IntFunction<String> text) {
    return IntStream.range(0, rows).mapToObj(text).toArray(String[]::new);
  }

  private static void same(Predictions read, Predictions written) {
    assertThat(read.rows()).isEqualTo(written.rows());
    assertThat(read.classNames()).isEqualTo(written.classNames());
    assertThat(read.hasWeights()).isEqualTo(written.hasWeights());
    assertThat(read.hasIds()).isEqualTo(written.hasIds());
    assertThat(read.hasGroups()).isEqualTo(written.hasGroups());
    assertThat(read.hasExpectedEntropy()).isEqualTo(written.hasExpectedEntropy());
    for (int r = 0; r < written.rows(); r++) {
      assertThat(read.probabilities(r)).containsExactly(written.probabilities(r));
      assertThat(read.label(r)).isEqualTo(written.label(r));
      assertThat(read.weight(r)).isEqualTo(written.weight(r));
      if (written.hasIds()) {
        assertThat(read.id(r)).isEqualTo(written.id(r));
        assertThat(read.group(r)).isEqualTo(written.group(r));
      }
      if (written.hasExpectedEntropy()) {
        assertThat(read.expectedEntropy(r)).isEqualTo(written.expectedEntropy(r));
      }
    }
  }

  @Property(tries = 60)
  void everyBitComesBackAndTheSameAsOfCsv(
      @ForAll long seed,
      @ForAll @IntRange(min = 3, max = 70) int rows,
      @ForAll @IntRange(min = 3, max = 6) int classes,
      @ForAll @IntRange(max = 31) int kinds)
      throws IOException {
    Predictions written = predictions(new Random(seed), rows, classes, kinds);
    Path folder = Files.createTempDirectory("written");
    try {
      Path parquet = folder.resolve("p.parquet");
      Path csv = folder.resolve("p.csv");
      PredictionFiles.write(parquet, written);
      PredictionFiles.write(csv, written);
      Predictions read = PredictionFiles.read(parquet);
      same(read, written);
      assertThat(read.isSinglePrecision()).isEqualTo(PredictionFiles.read(csv).isSinglePrecision());
      assertThat(sketch(parquet)).isEqualTo(sketch(csv));
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files.toList()).containsExactlyInAnyOrder(parquet, csv);
      }
    } finally {
      Files.deleteIfExists(folder.resolve("p.parquet"));
      Files.deleteIfExists(folder.resolve("p.csv"));
      Files.delete(folder);
    }
  }

  private static byte[] sketch(Path file) throws IOException {
    return StreamedSketch.of(file, ReadOptions.defaults(), BinningConvention.GUO).toBytes();
  }

  @Test
  void logitsAndPositiveClassesComeBack(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("deeper/P.Parquet");
    PredictionFiles.write(
        file, Predictions.ofLogits(new double[][] {{0.1, -2, 1 / 3.0}, {4, 5, 6}}, new int[2]));
    Predictions logits = PredictionFiles.read(file);
    assertThat(logits.hasLogits()).isTrue();
    assertThat(logits.logit(0, 2)).isEqualTo(1 / 3.0);
    double[] positive = {0.1, 1 / 3.0, 1};
    PredictionFiles.write(file, Predictions.binary(positive, new int[] {0, 1, 1}));
    Predictions binary = PredictionFiles.read(file);
    assertThat(binary.isBinary()).isTrue();
    for (int r = 0; r < 3; r++) {
      assertThat(binary.probability(r, 1)).isEqualTo(positive[r]);
    }
  }

  @Test
  void rowGroupsEndAndTheFileSaysWhoWroteIt(@TempDir Path folder) throws IOException {
    int rows = 300_000;
    Path file = folder.resolve("p.parquet");
    double[] values = new Random(3).doubles(10L * rows).toArray();
    for (int r = 0; r < rows; r++) {
      double sum = Arrays.stream(values, 10 * r, 10 * r + 10).sum();
      for (int k = 0; k < 10; k++) {
        values[10 * r + k] /= sum;
      }
    }
    Predictions written = Predictions.builder().probabilities(values, 10).build();
    PredictionFiles.write(file, written);
    FileMetaData meta = ParquetFooter.read(file).meta();
    assertThat(meta.getRow_groupsSize()).isEqualTo(2);
    assertThat(meta.getCreated_by()).startsWith("swag4j version ");
    Predictions read = PredictionFiles.read(file);
    for (int r = 0; r < rows; r += 1_000) {
      assertThat(read.probabilities(r)).containsExactly(written.probabilities(r));
    }
  }

  @Test
  void valuesOfEveryKindAndNothing() throws IOException {
    List<OutputColumn> columns =
        Arrays.stream(OutputColumn.Kind.values())
            .map(kind -> new OutputColumn(kind.name(), kind))
            .toList();
    TableOutput out = new ParquetFormat().write(OutputStream.nullOutputStream(), columns);
    for (int i = 0; i < columns.size(); i++) {
      out.nothing();
    }
    out.endRow();
    out.number(1);
    assertThatThrownBy(() -> out.text("x"))
        .hasMessage("column 'DOUBLE' must have DOUBLE, got TEXT");
    assertThatThrownBy(out::endRow).hasMessage("a row must have 5 values, got 1");
  }

  @Test
  void valuesAndNothingByTurnsInManyPages(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("t.parquet");
    List<OutputColumn> columns =
        List.of(
            new OutputColumn("truth", OutputColumn.Kind.TRUTH),
            new OutputColumn("whole", OutputColumn.Kind.WHOLE));
    try (OutputStream to = Files.newOutputStream(file)) {
      TableOutput out = new ParquetFormat().write(to, columns);
      for (int row = 0; row < 41_003; row++) {
        if (row % 7 < 3) {
          out.nothing();
        } else {
          out.truth(row % 3 == 0);
        }
        out.whole(Long.MAX_VALUE - row);
        out.endRow();
      }
      out.end();
    }
    String[] truths = ColumnTexts.read(file, "truth", 41_003);
    String[] wholes = ColumnTexts.read(file, "whole", 41_003);
    for (int row = 0; row < truths.length; row++) {
      assertThat(truths[row]).isEqualTo(row % 7 < 3 ? "" : String.valueOf(row % 3 == 0));
      assertThat(wholes[row]).isEqualTo(String.valueOf(Long.MAX_VALUE - row));
    }
  }

  @Test
  void whatTablesHaveNoPlaceForIsRefused(@TempDir Path folder) {
    Path file = folder.resolve("p.parquet");
    Predictions reserved =
        Predictions.builder()
            .probabilities(new double[][] {{0.5, 0.25, 0.25}})
            .classNames(List.of("a", "weight", "c"))
            .build();
    assertThatThrownBy(() -> PredictionFiles.write(file, reserved))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("Parquet cannot hold a class named 'weight': write an .npz file");
    assertThat(file).doesNotExist();
  }
}
