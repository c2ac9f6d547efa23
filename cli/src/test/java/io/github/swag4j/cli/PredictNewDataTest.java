package io.github.swag4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run of features predicts of files it was not trained on. */
class PredictNewDataTest {
  private static final int ROWS = 60;

  @TempDir private static Path folder;
  private static Path run;
  private static final List<String> LINES = new ArrayList<>();

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < ROWS; i++) {
      double far = 4 + 3 * random.nextGaussian();
      double near = random.nextGaussian() - far / 2;
      LINES.add(far + "," + near + "," + (far + near > 2 ? "yes" : "no"));
    }
    Path data = write("data", "far,near,label", LINES);
    run = folder.resolve("run");
    Cli cli =
        Cli.run(
            ("train --model mlp --epochs 3 --samples 2 --batch-size 8 --threads 1 --out "
                    + run
                    + " --data "
                    + data)
                .split(" ", -1));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).contains("44 rows of data, taken as 2 features, floats");
  }

  private static Path write(String name, String header, List<String> lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(header));
    all.addAll(lines);
    return Files.write(folder.resolve(name + ".csv"), all);
  }

  private Predictions predicted(Path data, String... said) throws IOException {
    Path out = folder.resolve("answers.npz");
    Cli cli =
        Cli.run(
            ("predict " + run + " --method swag --overwrite --out " + out + " --data " + data)
                .split(" ", -1));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.err()).contains(said);
    return PredictionFiles.read(out);
  }

  private static List<String> turned(List<String> lines) {
    return lines.stream()
        .map(line -> line.split(",", -1))
        .map(cells -> "17," + cells[2] + "," + cells[1] + "," + cells[0])
        .toList();
  }

  /** A fifth of them was predicted, and columns were told by their place. */
  @Test
  void everyRowOfNewDataIsPredictedAndItsColumnsAreTakenByName() throws IOException {
    List<String> rows = LINES.subList(0, ROWS - 1);
    Predictions asTrained = predicted(write("new", "far,near,label", rows), "59 rows of new");
    assertThat(asTrained.rows()).isEqualTo(ROWS - 1);
    Predictions other =
        predicted(
            write("turned", "id,label,near,far", turned(rows)),
            "59 rows of turned",
            "no features id, left out");
    for (int row = 0; row < asTrained.rows(); row++) {
      assertThat(other.label(row)).isEqualTo(asTrained.label(row));
      assertThat(other.probability(row, 0)).isEqualTo(asTrained.probability(row, 0));
    }
  }

  @Test
  void ofWhatTheRunWasTrainedOnOnlyTheTestPartIsPredicted() throws IOException {
    Path renamed = write("another-name", "far,near,label", LINES);
    assertThat(predicted(renamed, "only the 12 of its test part").rows()).isEqualTo(12);
  }

  @Test
  void ofWhatHasGrownSinceEveryRowIsPredictedWithAWarning() throws IOException {
    List<String> more = new ArrayList<>(LINES);
    more.add("1,1,no");
    Path data = write("data", "far,near,label", more);
    try {
      assertThat(predicted(data, "has changed since the run was trained on it: all 61").rows())
          .isEqualTo(61);
    } finally {
      write("data", "far,near,label", LINES);
    }
  }
}
