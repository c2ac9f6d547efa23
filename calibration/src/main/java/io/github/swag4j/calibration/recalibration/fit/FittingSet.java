package io.github.swag4j.calibration.recalibration.fit;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.provenance.FitOrigin;

/**
 * Labels and weights of the rows to fit on, checked. Weights are counts: 2 is the row twice;
 * weights that sum to less than their effective number (sum w)^2 / sum w^2 are brought to sum to
 * it, so that priors and pseudo-counts are those of the rows.
 */
public final class FittingSet {
  public final Predictions predictions;
  public final int rows;
  public final int classes;
  public final int[] labels;
  public final double[] weights;
  public final double totalWeight;
  public final int presentRows; // those of weight above 0
  public final boolean unequal; // whether some rows weigh more than others

  private FittingSet(Predictions predictions) {
    this.predictions = predictions;
    rows = predictions.rows();
    classes = predictions.classes();
    labels = new int[rows];
    double[] given = new double[rows];
    int present = 0;
    for (int row = 0; row < rows; row++) {
      labels[row] = predictions.label(row);
      given[row] = predictions.weight(row);
      present += given[row] > 0 ? 1 : 0;
    }
    weights = RowWeights.scaled(given, RowWeights.exponent(given));
    presentRows = present;
    unequal = !RowWeights.allEqual(weights);
    double unit = predictions.hasWeights() ? RowWeights.unit(weights) : 1;
    CompensatedSum total = new CompensatedSum();
    for (int row = 0; row < rows; row++) {
      weights[row] /= unit;
      total.add(weights[row]);
    }
    totalWeight = total.value();
  }

  public static FittingSet of(String method, Predictions predictions) {
    if (!predictions.hasLabels()) {
      throw new IllegalArgumentException(
          method + " recalibration must be fitted on labelled rows, got rows without labels");
    }
    return new FittingSet(predictions);
  }

  /** Labelled rows in which each class has weight, as methods with class-wise parameters need. */
  public static FittingSet ofEveryClass(String method, Predictions predictions) {
    FittingSet fit = of(method, predictions);
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

  public FitOrigin origin() {
    return FitOrigin.of(predictions);
  }

  /** 1 where the label is the class, else 0. */
  public double[] indicator(int k) {
    double[] out = new double[rows];
    for (int row = 0; row < rows; row++) {
      out[row] = labels[row] == k ? 1 : 0;
    }
    return out;
  }
}
