package io.github.swag4j.cli;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.ColumnTexts;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A column of a file that rows are grouped or ordered by. */
final class ColumnValues {
  private ColumnValues() {}

  /** The column's text of each row; refused where one is empty. */
  static String[] read(Path file, String column, int rows, String labels, List<String> leftOut)
      throws IOException {
    String[] values;
    try {
      values = ColumnTexts.read(file, column, rows, labels, leftOut);
    } catch (PredictionFileException e) {
      throw new IOException(ProgramWords.of(e), e);
    }
    for (int row = 0; row < rows; row++) {
      if (values[row].isEmpty()) {
        throw new IOException(
            file
                + ": '"
                + column
                + "' must have a value in every row, got none in row "
                + (row + 1)
                + ": fill it, or leave the row out");
      }
    }
    return values;
  }

  /** The same probabilities with rows in the given groups. */
  static Predictions grouped(Predictions p, String[] groups) {
    int classes = p.classes();
    PredictionsBuilder builder =
        Predictions.builder()
            .probabilities(
                p.rows(),
                classes,
                p.isSinglePrecision(),
                (row, into, from) -> {
                  for (int k = 0; k < classes; k++) {
                    into[from + k] = p.probability(row, k);
                  }
                })
            .observations(p.observations())
            .groups(groups);
    return (p.hasClassNames() ? builder.classNames(p.classNames()) : builder).build();
  }
}
