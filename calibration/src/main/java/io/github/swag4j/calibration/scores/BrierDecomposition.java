package io.github.swag4j.calibration.scores;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.BrierParts;
import java.util.Locale;

/**
 * Murphy's parts of the Brier score of binned forecasts, with the two within-bin terms that make
 * the sum exact: Brier = REL - RES + UNC + WBV - WBC. With bin means f_b and y_b, event rate y and
 * shares w_b / W:
 *
 * <ul>
 *   <li>REL = sum_b w_b / W (f_b - y_b)^2, reliability, lower is better
 *   <li>RES = sum_b w_b / W (y_b - y)^2, resolution, higher is better
 *   <li>UNC = y (1 - y), uncertainty
 *   <li>WBV = sum_i w_i / W (f_i - f_b)^2, within-bin variance
 *   <li>WBC = 2 sum_i w_i / W (f_i - f_b)(y_i - y_b), within-bin covariance
 * </ul>
 *
 * @see <a href="https://doi.org/10.1175/1520-0450(1973)012%3C0595:ANVPOT%3E2.0.CO;2">Murphy
 *     1973</a>
 * @see <a href="https://doi.org/10.1175/2007WAF2006116.1">Stephenson et al. 2008, Two Extra
 *     Components in the Brier Score Decomposition, eq. 11</a>
 */
public final class BrierDecomposition {
  private final Binning binning;
  private final BrierParts parts;

  private BrierDecomposition(Binning binning) {
    this.binning = binning;
    parts = binning.murphy();
  }

  /**
   * Parts over the default bins, {@link BinningConvention#GUO}.
   *
   * @param predictions labelled predictions
   * @return the parts of the top-label Brier score, or of the positive class of one column
   * @throws IllegalStateException if there are no labels
   */
  public static BrierDecomposition of(Predictions predictions) {
    BinningConvention convention = BinningConvention.GUO;
    return of(convention.bin(convention.forecasts(predictions)));
  }

  /**
   * Parts over any bins.
   *
   * @param binning the bins, no row lost
   * @return the parts
   * @throws IllegalArgumentException if rows are in no bin
   */
  public static BrierDecomposition of(Binning binning) {
    return new BrierDecomposition(binning);
  }

  /**
   * Reliability.
   *
   * @return REL, at least 0, lower is better
   */
  public double reliability() {
    return parts.reliability();
  }

  /**
   * Resolution.
   *
   * @return RES, at least 0, higher is better
   */
  public double resolution() {
    return parts.resolution();
  }

  /**
   * Uncertainty.
   *
   * @return UNC, in [0, 1/4]
   */
  public double uncertainty() {
    return parts.uncertainty();
  }

  /**
   * Within-bin variance.
   *
   * @return WBV, at least 0
   */
  public double withinBinVariance() {
    return parts.withinBinVariance();
  }

  /**
   * Within-bin covariance.
   *
   * @return WBC
   */
  public double withinBinCovariance() {
    return parts.withinBinCovariance();
  }

  /**
   * The Brier score as the sum of its parts.
   *
   * @return REL - RES + UNC + WBV - WBC
   */
  public double brier() {
    return parts.brier();
  }

  /**
   * The parts with their convention.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Brier %.4f = REL %.4f - RES %.4f + UNC %.4f + WBV %.4f - WBC %.4f (%s)",
        brier(),
        reliability(),
        resolution(),
        uncertainty(),
        withinBinVariance(),
        withinBinCovariance(),
        binning.describe());
  }
}
