package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.FixedBins;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.internal.RowWeights;

/**
 * Class-wise ECE in bins that do not depend on the rows: each row is put into a bin of each class
 * once, and a resample adds up the gaps.
 */
record ClasswiseMetric(BinningConvention convention) implements Metric {

  /** The fast way where the bins do not move with the rows, else that of the rows repeated. */
  static Metric of(BinningConvention convention) {
    ClasswiseMetric fast = new ClasswiseMetric(convention);
    return convention.hasFixedBins() ? fast : Metric.of(fast.name(), fast::of);
  }

  @Override
  public String name() {
    return "class-wise ECE (" + convention + ")";
  }

  @Override
  public double of(Predictions predictions) {
    return ClasswiseCalibrationError.of(predictions, convention).ece();
  }

  @Override
  public OnRows on(Predictions p) {
    int classes = p.classes();
    int[] order = CanonicalOrder.of(p);
    double[] weights = RowWeights.inRange(p.rows(), p::weight);
    int[] cells = new int[p.rows() * classes];
    float[] gaps = new float[cells.length];
    FixedBins[] bins = new FixedBins[classes];
    for (int k = 0; k < classes; k++) {
      bins[k] = convention.fixedBins(p.isBinary() && k == 1).orElseThrow();
    }
    int width = Math.max(bins[0].count(), bins[classes - 1].count());
    for (int i = 0; i < order.length; i++) {
      for (int k = 0; k < classes; k++) {
        double f = p.probability(order[i], k);
        cells[i * classes + k] = k * width + bins[k].of(f);
        gaps[i * classes + k] = (float) (f - (p.label(order[i]) == k ? 1 : 0));
      }
    }
    return times -> {
      double[] sums = new double[classes * width];
      double total = 0;
      for (int i = 0; i < order.length; i++) {
        double weight = times[order[i]] * weights[order[i]];
        if (weight > 0) {
          total += weight;
          for (int at = i * classes; at < (i + 1) * classes; at++) {
            sums[cells[at]] += weight * gaps[at];
          }
        }
      }
      double error = 0;
      for (double sum : sums) {
        error += Math.abs(sum);
      }
      return total > 0 ? error / total / classes : Double.NaN;
    };
  }
}
