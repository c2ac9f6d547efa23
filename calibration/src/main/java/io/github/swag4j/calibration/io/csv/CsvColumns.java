package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.Arrays;

/**
 * What rows of a CSV file hold, one array for each kind of column; filled row by row, by several
 * threads if these fill different rows.
 */
final class CsvColumns {
  /** {@code [rows * class columns]}, given or set before the first row is. */
  double[] values;

  /** {@code [rows * class columns]} if there are columns of logits. */
  double[] logits;

  final double[] expectedEntropy;
  final double[] weights;
  final int[] labels;
  final String[] groups;
  final String[] ids;

  /** Room for rows; that for values and logits is to be set. */
  CsvColumns(CsvHeader header, int rows) {
    expectedEntropy = new double[header.expectedEntropy() < 0 ? 0 : rows];
    weights = new double[header.weight() < 0 ? 0 : rows];
    labels = new int[header.label() < 0 ? 0 : rows];
    groups = new String[header.group() < 0 ? 0 : rows];
    ids = new String[header.id() < 0 ? 0 : rows];
  }

  /** Room for a block of rows, whole. */
  static CsvColumns block(CsvHeader header, int rows) {
    CsvColumns block = new CsvColumns(header, rows);
    int size = rows * header.classColumns().length;
    block.values = new double[size];
    block.logits = new double[header.logitColumns().length > 0 ? size : 0];
    return block;
  }

  /**
   * Hands the first rows of the columns beside the classes to a builder, which copies them; all but
   * the weights, which may all be 0 in a block.
   */
  void describe(PredictionsBuilder builder, int rows) {
    if (labels.length > 0) {
      builder.labels(rows == labels.length ? labels : Arrays.copyOf(labels, rows));
    }
    if (expectedEntropy.length > 0) {
      builder.expectedEntropy(first(expectedEntropy, rows));
    }
    if (groups.length > 0) {
      builder.groups(rows == groups.length ? groups : Arrays.copyOf(groups, rows));
    }
    if (ids.length > 0) {
      builder.ids(rows == ids.length ? ids : Arrays.copyOf(ids, rows));
    }
  }

  void weigh(PredictionsBuilder builder, int rows) {
    if (weights.length > 0) {
      builder.weights(first(weights, rows));
    }
  }

  private static double[] first(double[] column, int rows) {
    return rows == column.length ? column : Arrays.copyOf(column, rows);
  }
}
