package io.github.swag4j.calibration.regression;

import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Checks and means of columns: values that come one for each row. */
final class Columns {

  private Columns() {}

  static double[] finite(String what, double[] values, int rows) {
    length(what, values.length, rows);
    refuse(what, "must be finite", values, Double::isFinite);
    return values.clone();
  }

  static double[] positive(String what, double[] values, int rows) {
    length(what, values.length, rows);
    refuse(what, "must be finite and above 0", values, v -> v > 0 && v < Double.POSITIVE_INFINITY);
    return values.clone();
  }

  static double[] weights(double[] values, int rows) {
    length("weights", values.length, rows);
    refuse(
        "weights",
        "must be finite and at least 0",
        values,
        v -> v >= 0 && v < Double.POSITIVE_INFINITY);
    if (!(Arrays.stream(values).sum() > 0)) {
      throw new IllegalArgumentException("weights must not all be 0");
    }
    return values.clone();
  }

  static void atLeastOne(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("predictions need at least 1 row, got 0");
    }
  }

  static void length(String what, int got, int rows) {
    if (got != rows) {
      throw new IllegalArgumentException(
          what + " must have one value for each of the " + rows + " targets, got " + got);
    }
  }

  static void level(String what, double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          what + " must be between 0 and 1, both excluded, got " + level + ": 95 % is 0.95");
    }
  }

  static void probability(double level) {
    if (!(level >= 0 && level <= 1)) {
      throw new IllegalArgumentException("level must be in [0, 1], got " + level);
    }
  }

  /** One number of each row. */
  static double[] of(RegressionPredictions p, IntToDoubleFunction value) {
    double[] out = new double[p.rows()];
    Arrays.setAll(out, value);
    return out;
  }

  /** Weights whose sums and squares are doubles. */
  static double[] weightsOf(RegressionPredictions p) {
    return RowWeights.inRange(p.rows(), p::weight);
  }

  /** Weighted mean that does not depend on the order of the rows. */
  static double mean(RegressionPredictions p, IntToDoubleFunction value) {
    return ValueOrder.mean(of(p, value), weightsOf(p));
  }

  private interface Rule {
    boolean allows(double value);
  }

  private static void refuse(String what, String must, double[] values, Rule rule) {
    int bad = 0;
    int first = -1;
    for (int i = 0; i < values.length; i++) {
      if (!rule.allows(values[i])) {
        bad++;
        first = first < 0 ? i : first;
      }
    }
    if (bad > 0) {
      throw new IllegalArgumentException(
          what
              + "["
              + first
              + "] "
              + must
              + ", got "
              + values[first]
              + " ("
              + bad
              + (bad == 1 ? " row of " : " rows of ")
              + values.length
              + " not valid)");
    }
  }
}
