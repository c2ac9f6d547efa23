package io.github.swag4j.calibration.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns beside the predictions, of the rows that these have. */
class ColumnTextsTest {

  @TempDir private Path folder;

  @Test
  void rowsLeftOutByTheirLabelHaveNoText() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("p.csv"), "a,label,site\n1,0,north\n1, 255.0 ,south\n1,1,east\n");
    assertThat(ColumnTexts.read(file, "site", 2, "label", List.of("255")))
        .containsExactly("north", "east");
    assertThat(ColumnTexts.read(file, "site", 3, "label", List.of("7"))).hasSize(3);
    assertThatThrownBy(() -> ColumnTexts.read(file, "site", 2, "label", List.of("7")))
        .isInstanceOf(PredictionFileException.class)
        .hasMessageContaining("must have a value for each of 2 rows, got 3");
  }

  @Test
  void arraysAreReadAlike() throws IOException {
    Path file = folder.resolve("p.npz");
    double[][] rows = {{0.5, 0.5}, {0.25, 0.75}, {1, 0}};
    PredictionFiles.write(
        file,
        Predictions.builder()
            .probabilities(rows)
            .labels(new int[] {0, 1, 0})
            .groups(new String[] {"north", "south", "east"})
            .build());
    assertThat(ColumnTexts.read(file, "groups", 2, "labels", List.of("1")))
        .containsExactly("north", "east");
  }
}
