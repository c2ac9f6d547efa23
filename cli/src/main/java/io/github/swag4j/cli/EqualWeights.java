package io.github.swag4j.cli;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.columns.NameText;
import java.io.IOException;
import java.nio.file.Path;

/** Where a promise about rows is judged by counting them. */
final class EqualWeights {
  private EqualWeights() {}

  /**
   * Refuses labelled rows that do not weigh the same.
   *
   * @param weights what the file calls the column or array of weights
   */
  static void require(Path file, Predictions read, String weights) throws IOException {
    for (int row = 0; read.hasLabels() && row < read.rows(); row++) {
      if (read.weight(row) != read.weight(0)) {
        throw new IOException(
            file
                + ": rows must all weigh the same to be counted, got weights "
                + read.weight(0)
                + " and "
                + read.weight(row)
                + ": leave "
                + weights
                + " out, in tables with --ignore-columns "
                + NameText.quoted(NameLists.field(weights)));
      }
    }
  }
}
