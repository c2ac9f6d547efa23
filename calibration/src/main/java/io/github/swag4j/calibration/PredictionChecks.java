package io.github.swag4j.calibration;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.internal.ClassIndex;
import io.github.swag4j.calibration.internal.RowMajor;
import io.github.swag4j.calibration.internal.Simplex;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** What rows of predictions must be, checked over all rows before the first is complained about. */
final class PredictionChecks {
  /** Float32 rounding of an entropy, generously. */
  private static final double ENTROPY_TOLERANCE = 1e-3;

  private final int rows;
  private final int classes;

  PredictionChecks(int rows, int classes) {
    if (rows < 1) {
      throw new IllegalArgumentException("predictions need at least 1 row, got " + rows);
    }
    if (classes < 2) {
      throw new IllegalArgumentException(
          "predictions need at least 2 classes, got "
              + classes
              + ": give one column as positive-class probabilities of a binary problem");
    }
    this.rows = rows;
    this.classes = classes;
  }

  /** Checks, clamps and, where asked for, renormalises rows in place. */
  void checkDistributions(double[] p, String what, boolean renormalise, boolean binary) {
    int bad = 0;
    int first = -1;
    for (int r = 0; r < rows; r++) {
      if (!isDistribution(p, r * classes, renormalise)) {
        first = bad++ == 0 ? r : first;
      }
    }
    if (bad > 0) {
      refuse(p, first, bad, what, renormalise, binary);
    }
  }

  private boolean isDistribution(double[] p, int from, boolean renormalise) {
    double low = -Simplex.RANGE_TOLERANCE;
    double high = renormalise ? Double.MAX_VALUE : 1 + Simplex.RANGE_TOLERANCE;
    double sum = 0;
    for (int i = from; i < from + classes; i++) {
      if (!(p[i] >= low && p[i] <= high)) {
        return false;
      }
      sum += p[i];
    }
    if (renormalise ? !(sum > 0 && sum <= Double.MAX_VALUE) : !Simplex.sumsToOne(sum)) {
      return false;
    }
    for (int i = from; i < from + classes; i++) {
      p[i] = Math.min(Math.max(renormalise ? p[i] / sum : p[i], 0), 1);
    }
    return true;
  }

  private void refuse(
      double[] p, int row, int bad, String what, boolean renormalise, boolean binary) {
    String range = renormalise ? "finite and at least 0" : "in [0, 1]";
    Refusal logits = Refusal.of("if these are logits, ", PredictionRemedy.AS_LOGITS);
    double sum = 0;
    for (int k = classes - 1; k >= 0 && binary; k--) {
      sum = p[row * classes + k]; // the positive class is what was given
      if (!Simplex.isProbability(sum)) {
        String problem = "positive probabilities[" + row + "] must be in [0, 1], got " + sum;
        Refusal remedy =
            Refusal.of("if these are logits, give the probabilities 1 / (1 + exp(-logit)) instead");
        throw new InvalidRowException(
            problem, row, k, bad, rows, Double.isFinite(sum) ? remedy : Refusal.of());
      }
    }
    sum = 0;
    for (int k = 0; k < classes; k++) {
      double v = p[row * classes + k];
      if (!(v >= -Simplex.RANGE_TOLERANCE
          && v <= (renormalise ? Double.MAX_VALUE : 1 + Simplex.RANGE_TOLERANCE))) {
        String problem = what + "[" + row + "][" + k + "] must be " + range + ", got " + v;
        throw new InvalidRowException(
            problem, row, k, bad, rows, Double.isFinite(v) ? logits : Refusal.of());
      }
      sum += v;
    }
    String sums = what + "[" + row + "] sums to " + sum;
    if (renormalise) {
      throw new InvalidRowException(
          sums + ", a row to renormalise must sum to a finite number above 0",
          row,
          -1,
          bad,
          rows,
          Refusal.of());
    }
    throw new InvalidRowException(
        sums + ", probabilities must sum to 1 within " + Simplex.SUM_TOLERANCE,
        row,
        -1,
        bad,
        rows,
        logits.and(Refusal.of(", or ", PredictionRemedy.RENORMALISE)));
  }

  /** Softmax of each row: exp(z_k - max z) / sum_j exp(z_j - max z). */
  double[] softmax(double[] logits) {
    check(r -> isFinite(logits, r), r -> firstNotFinite(logits, r), "logits", logits, "finite");
    double[] out = new double[logits.length];
    for (int from = 0; from < out.length; from += classes) {
      double max = Double.NEGATIVE_INFINITY;
      for (int i = from; i < from + classes; i++) {
        max = Math.max(max, logits[i]);
      }
      double sum = 0;
      for (int i = from; i < from + classes; i++) {
        out[i] = Math.exp(logits[i] - max);
        sum += out[i];
      }
      for (int i = from; i < from + classes; i++) {
        out[i] /= sum;
      }
    }
    return out;
  }

  private boolean isFinite(double[] values, int row) {
    return firstNotFinite(values, row) < 0;
  }

  private int firstNotFinite(double[] values, int row) {
    for (int k = 0; k < classes; k++) {
      if (!Double.isFinite(values[row * classes + k])) {
        return k;
      }
    }
    return -1;
  }

  void checkLabels(int[] labels) {
    check(
        rows,
        r -> labels[r] >= 0 && labels[r] < classes,
        r -> -1,
        "labels",
        (r, k) -> Integer.toString(labels[r]),
        "a class index below " + classes,
        r -> ClassIndex.remedy(labels[r], classes));
  }

  void checkExpectedEntropies(double[] values) {
    if (values == null) {
      return;
    }
    RowMajor.checkLength("expected entropies", values.length, rows);
    double most = Math.log(classes) + ENTROPY_TOLERANCE;
    check(
        r -> values[r] >= 0 && values[r] <= most,
        r -> -1,
        "expected entropies",
        values,
        String.format(Locale.ROOT, "in [0, ln %d = %.4f] nats", classes, Math.log(classes)));
  }

  static void checkWeights(double[] weights) {
    if (weights == null) {
      return;
    }
    int rows = weights.length;
    check(
        rows,
        r -> weights[r] >= 0 && weights[r] <= Double.MAX_VALUE,
        r -> -1,
        "weights",
        text(weights, rows),
        "finite and at least 0",
        r -> "");
    if (Arrays.stream(weights).max().orElse(0) <= 0) {
      throw new IllegalArgumentException("weights must not all be 0");
    }
  }

  private interface Column {
    int in(int row);
  }

  /** What a row has, for messages; in a column if that is not -1. */
  private interface Text {
    String of(int row, int column);
  }

  private void check(IntPredicate valid, Column column, String what, double[] v, String rule) {
    check(rows, valid, column, what, text(v, rows), rule, r -> "");
  }

  private static Text text(double[] values, int rows) {
    return (r, k) -> Double.toString(values[k < 0 ? r : r * (values.length / rows) + k]);
  }

  private static void check(
      int rows,
      IntPredicate valid,
      Column column,
      String what,
      Text got,
      String rule,
      IntFunction<String> remedy) {
    int bad = 0;
    int first = -1;
    for (int r = 0; r < rows; r++) {
      if (!valid.test(r)) {
        first = bad++ == 0 ? r : first;
      }
    }
    if (bad == 0) {
      return;
    }
    int k = column.in(first);
    throw new InvalidRowException(
        what
            + "["
            + first
            + (k < 0 ? "]" : "][" + k + "]")
            + " must be "
            + rule
            + ", got "
            + got.of(first, k),
        first,
        k,
        bad,
        rows,
        Refusal.of(remedy.apply(first)));
  }
}
