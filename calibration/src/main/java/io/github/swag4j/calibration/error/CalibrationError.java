package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Locale;

/**
 * Binned calibration errors of forecasts, with gap_b = |acc_b - conf_b| in bin b of weight w_b:
 *
 * <ul>
 *   <li>ECE = sum_b w_b / W gap_b (expected)
 *   <li>MCE = max_b gap_b (maximum)
 *   <li>RMSCE = sqrt(sum_b w_b / W gap_b^2) (root mean squared)
 *   <li>ACE = mean of gap_b over bins that are not empty (average)
 * </ul>
 *
 * <p>All lie in [0, 1], lower is better, and ECE &lt;= RMSCE &lt;= MCE. They depend on the bins, so
 * the convention is part of the result.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, eq. 3 and 5</a>
 * @see <a href="https://ojs.aaai.org/index.php/AAAI/article/view/9602">Naeini et al. 2015</a>
 */
public final class CalibrationError {
  private final Binning binning;

  private CalibrationError(Binning binning) {
    this.binning = binning;
  }

  /**
   * Errors of the default convention, {@link BinningConvention#GUO}.
   *
   * @param predictions labelled predictions
   * @return the errors
   * @throws IllegalStateException if there are no labels
   */
  public static CalibrationError of(Predictions predictions) {
    return of(predictions, BinningConvention.GUO);
  }

  /**
   * Errors of a convention, top-label or of the positive class as the convention says.
   *
   * @param predictions labelled predictions
   * @param convention the bins
   * @return the errors
   * @throws IllegalStateException if there are no labels
   */
  public static CalibrationError of(Predictions predictions, BinningConvention convention) {
    return of(convention.forecasts(predictions), convention);
  }

  /**
   * Errors of any forecasts.
   *
   * @param forecasts the forecasts
   * @param convention the bins
   * @return the errors
   */
  public static CalibrationError of(Forecasts forecasts, BinningConvention convention) {
    return of(convention.bin(forecasts));
  }

  /**
   * Errors of bins, such as those of a {@code CalibrationSummary}.
   *
   * @param binning the bins
   * @return the errors
   */
  public static CalibrationError of(Binning binning) {
    return new CalibrationError(binning);
  }

  /**
   * Expected calibration error.
   *
   * @return sum_b w_b / W gap_b
   */
  public double ece() {
    return binning.meanGapPower(1);
  }

  /**
   * Maximum calibration error.
   *
   * @return max_b gap_b
   */
  public double mce() {
    double max = 0;
    for (BinTotals bin : binning.bins()) {
      max = bin.isEmpty() ? max : Math.max(max, bin.gap());
    }
    return max;
  }

  /**
   * Root mean squared calibration error.
   *
   * @return sqrt(sum_b w_b / W gap_b^2)
   */
  public double rmsce() {
    return Math.sqrt(binning.meanGapPower(2));
  }

  /**
   * Average calibration error: every bin that is not empty counts the same.
   *
   * @return mean gap
   */
  public double ace() {
    CompensatedSum sum = new CompensatedSum();
    long used = 0;
    for (BinTotals bin : binning.bins()) {
      if (!bin.isEmpty()) {
        sum.add(bin.gap());
        used++;
      }
    }
    return used == 0 ? 0 : sum.value() / used;
  }

  /**
   * Error of any norm: p = 1 is ECE, 2 RMSCE, infinity MCE.
   *
   * @param p the norm, above 0
   * @return (sum_b w_b / W gap_b^p)^(1/p)
   * @throws IllegalArgumentException if p is not above 0
   */
  public double norm(double p) {
    if (p == Double.POSITIVE_INFINITY) {
      return mce();
    }
    double mean = binning.meanGapPower(p);
    return p == 1 ? mean : p == 2 ? Math.sqrt(mean) : Math.pow(mean, 1 / p);
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
   * The convention of the bins.
   *
   * @return the convention
   */
  public BinningConvention convention() {
    return binning.convention();
  }

  /**
   * Number of rows judged.
   *
   * @return the rows
   */
  public long rows() {
    return binning.rows();
  }

  /**
   * ECE with its convention.
   *
   * @return such as "ECE 0.0213 (guo: 15 equal-width bins, 10,000 rows)"
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "ECE %.4f (%s)", ece(), binning.describe());
  }
}
