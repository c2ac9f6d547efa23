package io.github.swag4j.calibration.error;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Locale;
import org.apache.commons.math3.special.Erf;

/**
 * Binned calibration error less the bias that chance puts into it: with few rows in a bin its
 * accuracy strays from the truth, and every straying adds to the plain error.
 *
 * <ul>
 *   <li>L2: sqrt(max(0, sum_b w_b / W [ (conf_b - acc_b)^2 - acc_b (1 - acc_b) / (n_b - 1) ])); a
 *       bin of one row has no estimable variance and counts as 0.
 *   <li>L1: 2 ECE less the mean ECE after acc_b is redrawn from N(acc_b, acc_b (1 - acc_b) / n_b).
 *       May be below 0 when the model is calibrated.
 * </ul>
 *
 * <p>n_b is the effective count of weighted rows.
 *
 * @see <a href="https://arxiv.org/abs/1909.10155">Kumar et al. 2019, Verified Uncertainty
 *     Calibration, section 5</a>
 */
public final class DebiasedCalibrationError {

  /** How often verified_calibration redraws for the L1 error. */
  public static final int DEFAULT_RESAMPLES = 1000;

  private final Binning binning;

  private DebiasedCalibrationError(Binning binning) {
    this.binning = binning;
  }

  /**
   * Over 15 equal-mass bins, {@link BinningConvention#VERIFIED}.
   *
   * @param predictions labelled predictions
   * @return the errors of the top label
   * @throws IllegalStateException if there are no labels
   */
  public static DebiasedCalibrationError of(Predictions predictions) {
    return of(predictions, BinningConvention.VERIFIED);
  }

  /**
   * Over the bins of a convention.
   *
   * @param predictions labelled predictions
   * @param convention the bins
   * @return the errors
   * @throws IllegalStateException if there are no labels
   */
  public static DebiasedCalibrationError of(Predictions predictions, BinningConvention convention) {
    return of(convention.bin(convention.forecasts(predictions)));
  }

  /**
   * Of bins.
   *
   * @param binning the bins
   * @return the errors
   */
  public static DebiasedCalibrationError of(Binning binning) {
    return new DebiasedCalibrationError(binning);
  }

  /**
   * Marginal debiased L2 error: the root of the mean over classes of the squared errors, each at
   * least 0.
   *
   * @param predictions labelled predictions
   * @param convention the bins, laid for each class
   * @return the error, at least 0
   * @throws IllegalStateException if there are no labels
   */
  public static double marginalL2(Predictions predictions, BinningConvention convention) {
    CompensatedSum sum = new CompensatedSum();
    for (int k = 0; k < predictions.classes(); k++) {
      sum.add(Math.max(0, of(convention.bin(Forecasts.ofClass(predictions, k))).squaredL2()));
    }
    return Math.sqrt(sum.value() / predictions.classes());
  }

  /**
   * Squared L2 error without bias; below 0 where chance explains more than all of it.
   *
   * @return sum_b w_b / W [ gap_b^2 - acc_b (1 - acc_b) / (n_b - 1) ], see {@link
   *     BinTotals#squaredGapWithoutBias}
   */
  public double squaredL2() {
    return binning.squaredGapWithoutBias();
  }

  /**
   * L2 error without bias.
   *
   * @return the root of {@link #squaredL2()}, 0 where that is below 0
   */
  public double l2() {
    return Math.sqrt(Math.max(0, squaredL2()));
  }

  /**
   * L1 error without bias, by redrawing.
   *
   * @param resamples how often, at least 1
   * @param seed the same seed gives the same bits
   * @return 2 ECE - mean redrawn ECE
   * @throws IllegalArgumentException if resamples is below 1
   */
  public double l1(int resamples, long seed) {
    if (resamples < 1) {
      throw new IllegalArgumentException("resamples must be at least 1, got " + resamples);
    }
    SplitMix random = new SplitMix(seed);
    CompensatedSum redrawn = new CompensatedSum();
    for (int r = 0; r < resamples; r++) {
      for (BinTotals bin : binning.bins()) {
        if (!bin.isEmpty()) {
          double accuracy = bin.accuracy() + standardError(bin) * random.gaussian();
          double share = bin.weight() / binning.weight();
          redrawn.add(share * Math.abs(accuracy - bin.meanConfidence()));
        }
      }
    }
    return 2 * binning.meanGapPower(1) - redrawn.value() / resamples;
  }

  /**
   * L1 error without bias, with the mean redrawn gap in closed form (a folded normal): what {@link
   * #l1(int, long)} tends to with more redraws.
   *
   * @return 2 ECE - expected redrawn ECE
   */
  public double l1() {
    CompensatedSum expected = new CompensatedSum();
    for (BinTotals bin : binning.bins()) {
      if (!bin.isEmpty()) {
        double mean = bin.accuracy() - bin.meanConfidence();
        expected.add(bin.weight() / binning.weight() * foldedMean(mean, standardError(bin)));
      }
    }
    return 2 * binning.meanGapPower(1) - expected.value();
  }

  /**
   * The bins behind the numbers.
   *
   * @return the binning
   */
  public Binning binning() {
    return binning;
  }

  /**
   * The L2 error with its convention.
   *
   * @return such as "debiased L2 calibration error 0.1143 (verified: 15 equal-mass bins, 500 rows)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "debiased L2 calibration error %.4f (%s)", l2(), binning.describe());
  }

  private static double standardError(BinTotals bin) {
    return Math.sqrt(bin.accuracy() * (1 - bin.accuracy()) / bin.effectiveCount());
  }

  private static double foldedMean(double mean, double deviation) {
    if (deviation == 0) {
      return Math.abs(mean);
    }
    double z = mean / deviation;
    return deviation * Math.sqrt(2 / Math.PI) * Math.exp(-z * z / 2)
        + mean * Erf.erf(z / Math.sqrt(2));
  }
}
