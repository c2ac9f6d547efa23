package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import java.util.ArrayList;
import java.util.List;

/** What rows of a CSV file hold, column by column, until predictions are made of them. */
final class CsvColumns {
  final DoubleColumn values = new DoubleColumn();
  final DoubleColumn logits = new DoubleColumn();
  final DoubleColumn expectedEntropy = new DoubleColumn();
  final DoubleColumn weights = new DoubleColumn();
  final DoubleColumn labels = new DoubleColumn();
  final List<String> groups = new ArrayList<>();
  final List<String> ids = new ArrayList<>();
  private final RowLines lines = new RowLines();
  private int rows;

  /** Ends a row that began on a line. */
  void endRow(long line) {
    lines.add(rows, line);
    rows++;
  }

  int rows() {
    return rows;
  }

  /** The line that a row began on. */
  long line(int row) {
    return lines.of(row);
  }

  /**
   * Predictions of these rows.
   *
   * @param firstRow number of the first row in the file, for messages
   */
  Predictions build(CsvHeader header, PredictionFiles.Options options, Source source, long firstRow)
      throws PredictionFileException {
    int[] classColumns = header.classColumns();
    int classes = classColumns.length;
    try {
      Predictions read = builder(header, options).build();
      compare(read, header, source);
      return read;
    } catch (InvalidRowException e) {
      String column =
          e.column() < 0 ? "" : ", column " + (classColumns[classes == 1 ? 0 : e.column()] + 1);
      // Rows are counted within these columns.
      String message =
          e.getMessage().replaceFirst("\\[" + e.row() + "]", "[" + (firstRow + e.row()) + "]");
      throw source.at("line " + line(e.row()) + column).refuse(message, e);
    } catch (IllegalArgumentException e) {
      throw source.refuse(e.getMessage(), e);
    }
  }

  private Predictions.Builder builder(CsvHeader header, PredictionFiles.Options options) {
    Predictions.Builder builder = Predictions.builder();
    if (options.renormalise()) {
      builder.renormalise();
    }
    int classes = header.classColumns().length;
    if (classes == 1) {
      builder.positiveProbabilities(values.toArray());
    } else if (header.logitColumns().length > 0) {
      builder.logits(rows, classes, (r, into, at) -> logits.copy(r * classes, into, at, classes));
    } else if (options.logits()) {
      builder.logits(rows, classes, (r, into, at) -> values.copy(r * classes, into, at, classes));
    } else {
      builder.probabilities(
          rows, classes, false, (r, into, at) -> values.copy(r * classes, into, at, classes));
    }
    if (classes > 1 && !header.namesAreIndices()) {
      builder.classNames(header.classNames());
    }
    if (header.label() >= 0) {
      builder.labels(labels.toInts());
    }
    if (header.expectedEntropy() >= 0) {
      builder.expectedEntropy(expectedEntropy.toArray());
    }
    if (header.weight() >= 0) {
      builder.weights(weights.toArray());
    }
    if (header.group() >= 0) {
      builder.groups(groups.toArray(new String[0]));
    }
    if (header.id() >= 0) {
      builder.ids(ids.toArray(new String[0]));
    }
    return builder;
  }

  /** A file with probabilities and logits is taken at its logits only if the two agree. */
  private void compare(Predictions read, CsvHeader header, Source source)
      throws PredictionFileException {
    int classes = read.classes();
    double[] row = new double[classes];
    for (int r = 0; r < rows && header.logitColumns().length > 0; r++) {
      values.copy(r * classes, row, 0, classes);
      for (int k = 0; k < classes; k++) {
        double softmax = read.probability(r, k);
        if (!(Math.abs(softmax - row[k]) <= Predictions.SUM_TOLERANCE)) {
          throw source
              .at("line " + line(r) + ", column " + (header.classColumns()[k] + 1))
              .refuse(
                  "'"
                      + header.classNames().get(k)
                      + "' must be the softmax of the row's logits, "
                      + softmax
                      + ", got "
                      + row[k]
                      + ": remove the columns of one of the two");
        }
      }
    }
  }
}
