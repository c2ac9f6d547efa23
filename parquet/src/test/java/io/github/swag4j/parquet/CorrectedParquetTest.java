package io.github.swag4j.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.ColumnTexts;
import io.github.swag4j.calibration.io.CorrectedFiles;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Corrected predictions stand among the columns that their file had. */
class CorrectedParquetTest {
  @TempDir private Path folder;

  private List<String> write(Path from, Path to) throws IOException {
    ReadOptions options = ReadOptions.defaults();
    Noted<Predictions> read = PredictionFiles.readNoted(from, options);
    Predictions before = read.value();
    double[][] corrected = new double[before.rows()][];
    for (int r = 0; r < corrected.length; r++) {
      corrected[r] = before.probabilities(r);
      for (int k = 0; k < before.classes(); k++) {
        corrected[r][k] = (2 * corrected[r][k] + 1) / (2 + before.classes());
      }
    }
    return CorrectedFiles.write(
        from, options, read.note(), to, Predictions.builder().probabilities(corrected).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pyarrow-snappy.parquet", "rows.csv", "spark-partitioned"})
  void everyOtherColumnIsThere(String name) throws IOException {
    Path from = Fixtures.file(name);
    Path csv = folder.resolve("out.csv");
    Path parquet = folder.resolve("out.parquet");
    assertThat(write(from, csv)).isEmpty();
    assertThat(write(from, parquet)).isEmpty();
    for (String column : List.of("id", "label", "weight", "site")) {
      assertThat(ColumnTexts.read(parquet, column, 60))
          .as(column)
          .isEqualTo(ColumnTexts.read(csv, column, 60));
    }
    Predictions texts = PredictionFiles.read(csv);
    Predictions values = PredictionFiles.read(parquet);
    for (int r = 0; r < 60; r++) {
      for (int k = 0; k < 3; k++) {
        assertThat((float) values.probability(r, k)).isEqualTo((float) texts.probability(r, k));
      }
    }
  }

  @Test
  void kindsOfColumnsStay() throws IOException {
    Path to = folder.resolve("out.parquet");
    write(Fixtures.file("pyarrow-snappy.parquet"), to);
    List<String> kinds =
        ParquetTable.of(to).columns().stream().map(c -> c.name() + " " + c.what()).toList();
    assertThat(kinds).contains("cat float", "label text", "weight double", "id text");
  }
}
