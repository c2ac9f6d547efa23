package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;

/** Predictions made of the rows of others, repeated as often as asked. */
final class RowSelection {

  private RowSelection() {}

  /**
   * Row i repeated {@code multiplicities[i]} times, rows taken in the given order; null if no row
   * or no weight is left.
   */
  static Predictions repeat(Predictions p, int[] order, int[] multiplicities) {
    int[] rows = expand(order, multiplicities);
    double weight = 0;
    for (int row : rows) {
      weight += p.weight(row);
    }
    return weight > 0 ? p.select(rows) : null;
  }

  /** Adds labels, weights, groups and class names of the given rows. */
  static PredictionsBuilder describe(PredictionsBuilder builder, Predictions p, int[] rows) {
    if (p.hasLabels()) {
      int[] labels = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        labels[i] = p.label(rows[i]);
      }
      builder.labels(labels);
    }
    if (p.hasWeights()) {
      double[] weights = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        weights[i] = p.weight(rows[i]);
      }
      builder.weights(weights);
    }
    if (p.hasGroups()) {
      String[] groups = new String[rows.length];
      for (int i = 0; i < rows.length; i++) {
        groups[i] = p.group(rows[i]);
      }
      builder.groups(groups);
    }
    return p.hasClassNames() ? builder.classNames(p.classNames()) : builder;
  }

  interface Cell {
    double of(int row, int k);
  }

  static double[][] table(int[] rows, int classes, Cell cell) {
    double[][] out = new double[rows.length][classes];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < classes; k++) {
        out[i][k] = cell.of(rows[i], k);
      }
    }
    return out;
  }

  private static int[] expand(int[] order, int[] multiplicities) {
    int total = 0;
    for (int m : multiplicities) {
      total += m;
    }
    int[] rows = new int[total];
    int i = 0;
    for (int row : order) {
      for (int m = 0; m < multiplicities[row]; m++) {
        rows[i++] = row;
      }
    }
    return rows;
  }
}
