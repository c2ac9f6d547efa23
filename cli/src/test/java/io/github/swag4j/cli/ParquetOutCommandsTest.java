package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.ColumnTexts;
import io.github.swag4j.calibration.io.PredictionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that commands write as Parquet, because their names end so, hold what those of CSV do. */
class ParquetOutCommandsTest {
  private static final Path DATA = Path.of("../docs/guide/data");
  private static final String TEST = DATA.resolve("test.csv").toString();
  private static final String HELD_OUT = DATA.resolve("validation.csv").toString();

  @TempDir private Path folder;

  /** Runs a command twice and gives what it wrote, as CSV and as Parquet. */
  private List<Path> written(String option, String... words) {
    List<Path> files = new ArrayList<>();
    for (String ending : List.of("csv", "parquet")) {
      Path file = folder.resolve("out." + ending);
      List<String> call = new ArrayList<>(List.of(words));
      call.addAll(List.of(option, file.toString(), "--overwrite"));
      Cli cli = Cli.run(call.toArray(String[]::new));
      assertThat(cli.code()).as(cli.err()).isZero();
      files.add(file);
    }
    return files;
  }

  private static void sameColumns(List<Path> files, String... names) throws IOException {
    int rows = Files.readAllLines(files.get(0)).size() - 1;
    for (String name : names) {
      assertThat(ColumnTexts.read(files.get(1), name, rows))
          .as(name)
          .isEqualTo(ColumnTexts.read(files.get(0), name, rows));
    }
  }

  @Test
  void rowsOfEvaluateConformalAndAbstain() throws IOException {
    sameColumns(
        written("--rows", "evaluate", TEST),
        "label",
        "prediction",
        "confidence",
        "entropy",
        "margin",
        "correct");
    sameColumns(
        written("--rows", "conformal", "--fit", HELD_OUT, "--apply", TEST),
        "prediction",
        "size",
        "set",
        "covered");
    sameColumns(
        written("--rows", "abstain", "--fit", HELD_OUT, "--apply", TEST, "--error", "0.5"),
        "prediction",
        "confidence",
        "answered");
  }

  @Test
  void correctedPredictions() throws IOException {
    List<Path> files = written("--out", "calibrate", "--fit", HELD_OUT, "--apply", TEST);
    sameColumns(files, "label");
    Predictions csv = PredictionFiles.read(files.get(0));
    Predictions parquet = PredictionFiles.read(files.get(1));
    assertThat(parquet.classNames()).isEqualTo(csv.classNames());
    for (int row = 0; row < csv.rows(); row++) {
      assertThat(parquet.label(row)).isEqualTo(csv.label(row));
      for (int k = 0; k < csv.classes(); k++) {
        assertThat((float) parquet.probability(row, k)).isEqualTo((float) csv.probability(row, k));
      }
    }
  }

  /** Else the next reading would have rows that are predictions, or rows twice. */
  @Test
  void nothingIsWrittenIntoATableThatIsRead() throws IOException {
    Path table = Files.createDirectory(folder.resolve("table"));
    PredictionFiles.write(table.resolve("part-0.parquet"), PredictionFiles.read(Path.of(TEST)));
    String out = table.resolve("part-1.parquet").toString();
    Cli cli = Cli.run("calibrate", "--fit", HELD_OUT, "--apply", table.toString(), "-o", out);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--out must name a file outside of ").contains("which is read");
    assertThat(Path.of(out)).doesNotExist();
  }
}
