package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Arrays;

/**
 * ECE over equal-width bins, for many evaluations on the same rows: of the top label, or of the
 * positive class where one column was given.
 */
record BinnedCalibrationError(int bins) implements Metric {

  BinnedCalibrationError {
    if (bins < 1) {
      throw new IllegalArgumentException("bins must be at least 1, got " + bins);
    }
  }

  @Override
  public String name() {
    return "ECE";
  }

  @Override
  public double of(Predictions predictions) {
    int[] once = new int[predictions.rows()];
    Arrays.fill(once, 1);
    return on(predictions).of(once);
  }

  @Override
  public OnRows on(Predictions predictions) {
    int rows = predictions.rows();
    double[] confidences = new double[rows];
    double[] correct = new double[rows];
    double[] weights = new double[rows];
    for (int row = 0; row < rows; row++) {
      boolean binary = predictions.isBinary();
      confidences[row] = binary ? predictions.probability(row, 1) : predictions.confidence(row);
      correct[row] = (binary ? predictions.label(row) == 1 : predictions.isCorrect(row)) ? 1 : 0;
      weights[row] = predictions.weight(row);
    }
    int[] order = ValueOrder.of(confidences, correct, weights);
    int[] bin = new int[rows];
    double[] gap = new double[rows];
    for (int i = 0; i < rows; i++) {
      bin[i] = bin(confidences[order[i]]);
      gap[i] = confidences[order[i]] - correct[order[i]];
    }
    double[] orderedWeights = ValueOrder.apply(order, weights);
    return multiplicities -> error(bin, gap, orderedWeights, order, multiplicities);
  }

  private double error(int[] bin, double[] gap, double[] weights, int[] order, int[] times) {
    CompensatedSum total = new CompensatedSum();
    CompensatedSum error = new CompensatedSum();
    CompensatedSum gaps = new CompensatedSum();
    for (int i = 0; i < order.length; i++) {
      // Rows come by ascending confidence, so a bin is one run of them.
      if (i > 0 && bin[i] != bin[i - 1]) {
        error.add(Math.abs(gaps.value()));
        gaps = new CompensatedSum();
      }
      int m = times[order[i]];
      if (m > 0) {
        double weight = m * weights[i];
        total.add(weight);
        gaps.add(weight * gap[i]);
      }
    }
    error.add(Math.abs(gaps.value()));
    return total.value() > 0 ? error.value() / total.value() : Double.NaN;
  }

  /** Bin of a confidence with edges i / bins, (lo, hi]; 0 in the first. */
  private int bin(double confidence) {
    int i = Math.min((int) (confidence * bins), bins - 1);
    while (i > 0 && confidence <= (double) i / bins) {
      i--;
    }
    while (i < bins - 1 && confidence > (double) (i + 1) / bins) {
      i++;
    }
    return i;
  }
}
