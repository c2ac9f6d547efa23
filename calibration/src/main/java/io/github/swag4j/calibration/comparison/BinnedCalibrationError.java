package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Arrays;
import java.util.List;

/**
 * ECE over the equal-width bins of {@link BinningConvention#GUO}, for many evaluations on the same
 * rows: the edges do not depend on the rows, so each row is put into its bin once.
 */
record BinnedCalibrationError(BinningConvention convention) implements Metric {

  /** The fast way where the bins do not move with the rows, else the error of the rows repeated. */
  static Metric of(BinningConvention convention) {
    return convention.name().equals(BinningConvention.GUO.name())
        ? new BinnedCalibrationError(convention)
        : BinnedStatistic.of(
            name(convention), convention, binning -> CalibrationError.of(binning).ece());
  }

  private static String name(BinningConvention convention) {
    return "ECE (" + convention + ")";
  }

  @Override
  public String name() {
    return name(convention);
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
    double[] weights = RowWeights.inRange(rows, predictions::weight);
    for (int row = 0; row < rows; row++) {
      boolean binary = predictions.isBinary();
      confidences[row] = binary ? predictions.probability(row, 1) : predictions.confidence(row);
      correct[row] = (binary ? predictions.label(row) == 1 : predictions.isCorrect(row)) ? 1 : 0;
    }
    int[] order = ValueOrder.of(confidences, correct, weights);
    List<BinTotals> bins = convention.bin(convention.forecasts(predictions)).bins();
    int[] bin = new int[rows];
    double[] gap = new double[rows];
    for (int i = 0, b = 0; i < rows; i++) {
      while (b + 1 < bins.size() && confidences[order[i]] > bins.get(b).upper()) {
        b++;
      }
      bin[i] = b;
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
}
