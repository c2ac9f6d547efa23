package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.Locale;

/**
 * Calibration error with as many bins as keep the accuracies rising (monotonic sweep): the number
 * of bins grows from 1 until a bin is less accurate than the bin before it, and the last number
 * before that is taken. In [0, 1], lower is better. Weights are repetitions of rows.
 *
 * <p>Named ECE_sweep, em for equal-mass bins and ew for equal-width ones. At most {@value
 * #MAX_BINS} bins are tried.
 *
 * @see <a href="https://arxiv.org/abs/2012.08668">Roelofs et al. 2022, Mitigating Bias in
 *     Calibration Error Estimation, algorithm 1</a>
 */
public final class SweepCalibrationError {

  /** Largest number of bins tried. */
  public static final int MAX_BINS = 1000;

  private static final double ROUNDING = 1e-12;

  private final CalibrationError error;
  private final int bins;

  private SweepCalibrationError(CalibrationError error, int bins) {
    this.error = error;
    this.bins = bins;
  }

  /**
   * Sweep over equal-mass bins (em), the one the paper recommends.
   *
   * @param predictions labelled predictions
   * @return the error
   * @throws IllegalStateException if there are no labels
   */
  public static SweepCalibrationError equalMass(Predictions predictions) {
    BinningConvention convention = BinningConvention.EQUAL_MASS;
    return of(convention.forecasts(predictions), convention);
  }

  /**
   * Sweep over equal-width bins (ew).
   *
   * @param predictions labelled predictions
   * @return the error
   * @throws IllegalStateException if there are no labels
   */
  public static SweepCalibrationError equalWidth(Predictions predictions) {
    return of(BinningConvention.GUO.forecasts(predictions), BinningConvention.GUO);
  }

  /**
   * Sweep over the bins of a convention.
   *
   * @param forecasts the forecasts
   * @param convention the kind of bins; its own number of bins is not used
   * @return the error
   */
  public static SweepCalibrationError of(Forecasts forecasts, BinningConvention convention) {
    int limit = limit(forecasts);
    int best = 1;
    while (best < limit && isRising(convention.withBins(best + 1).bin(forecasts))) {
      best++;
    }
    return new SweepCalibrationError(
        CalibrationError.of(forecasts, convention.withBins(best)), best);
  }

  /**
   * The ECE over the bins found.
   *
   * @return the sweep error
   */
  public double ece() {
    return error.ece();
  }

  /**
   * The number of bins found.
   *
   * @return the largest number that kept the accuracies rising
   */
  public int bins() {
    return bins;
  }

  /**
   * All errors over the bins found.
   *
   * @return the errors
   */
  public CalibrationError error() {
    return error;
  }

  /**
   * The error with its convention.
   *
   * @return such as "sweep ECE 0.1012 (equal-mass: 7 equal-mass bins, 500 rows)"
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "sweep %s", error);
  }

  /** No more bins than rows, weights being so many rows. */
  private static int limit(Forecasts forecasts) {
    double rows = forecasts.totalWeight() / ResidualGrid.unit(forecasts);
    return (int) Math.max(1, Math.min(MAX_BINS, Math.floor(rows * (1 + ROUNDING))));
  }

  private static boolean isRising(Binning binning) {
    double last = Double.NEGATIVE_INFINITY;
    for (BinTotals bin : binning.bins()) {
      if (!bin.isEmpty()) {
        if (bin.accuracy() < last) {
          return false;
        }
        last = bin.accuracy();
      }
    }
    return true;
  }
}
