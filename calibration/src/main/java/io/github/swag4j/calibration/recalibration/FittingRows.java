package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import java.util.Arrays;

/**
 * Labels and weights of the rows to fit on, checked. Weights are counts: 2 is the row twice;
 * weights of mean below 1 are brought to mean 1, so that priors and pseudo-counts are those of the
 * rows.
 */
final class FittingRows {
  final Predictions predictions;
  final int rows;
  final int classes;
  final int[] labels;
  final double[] weights;
  final double totalWeight;
  final double effectiveRows;

  private FittingRows(Predictions predictions) {
    this.predictions = predictions;
    rows = predictions.rows();
    classes = predictions.classes();
    labels = new int[rows];
    weights = new double[rows];
    double unit = unit(predictions);
    CompensatedSum total = new CompensatedSum();
    CompensatedSum squares = new CompensatedSum();
    for (int row = 0; row < rows; row++) {
      labels[row] = predictions.label(row);
      weights[row] = predictions.weight(row) / unit;
      total.add(weights[row]);
      squares.add(weights[row] * weights[row]);
    }
    totalWeight = total.value();
    effectiveRows = totalWeight * totalWeight / squares.value();
  }

  /** Added in the order of the weights: rows in another order give the same bits. */
  private static double unit(Predictions predictions) {
    if (!predictions.hasWeights()) {
      return 1;
    }
    double[] sorted = new double[predictions.rows()];
    Arrays.setAll(sorted, predictions::weight);
    Arrays.sort(sorted);
    CompensatedSum total = new CompensatedSum();
    for (double weight : sorted) {
      total.add(weight);
    }
    return RowWeights.unit(total.value(), RowWeights.positive(sorted).length);
  }

  static FittingRows of(String method, Predictions predictions) {
    if (!predictions.hasLabels()) {
      throw new IllegalArgumentException(
          method + " recalibration must be fitted on labelled rows, got rows without labels");
    }
    return new FittingRows(predictions);
  }

  /** Labelled rows in which each class has weight, as methods with class-wise parameters need. */
  static FittingRows ofEveryClass(String method, Predictions predictions) {
    FittingRows fit = of(method, predictions);
    double[] perClass = new double[fit.classes];
    for (int row = 0; row < fit.rows; row++) {
      perClass[fit.labels[row]] += fit.weights[row];
    }
    for (int k = 0; k < fit.classes; k++) {
      if (!(perClass[k] > 0)) {
        throw new IllegalArgumentException(
            method
                + " recalibration must be fitted on rows of every class, got none labelled "
                + k
                + " ('"
                + predictions.classNames().get(k)
                + "') among "
                + fit.rows
                + ": fit on more rows, or use temperature");
      }
    }
    return fit;
  }

  DataFingerprint fingerprint() {
    return DataFingerprint.of(predictions);
  }

  /** 1 where the label is the class, else 0. */
  double[] indicator(int k) {
    double[] out = new double[rows];
    for (int row = 0; row < rows; row++) {
      out[row] = labels[row] == k ? 1 : 0;
    }
    return out;
  }
}
