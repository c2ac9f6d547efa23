package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.ClasswiseErrorOnRows;

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
    return new ClasswiseErrorOnRows(p, convention, CanonicalOrder.of(p))::of;
  }
}
