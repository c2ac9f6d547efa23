package io.github.swag4j.calibration.scores;

import io.github.swag4j.calibration.BinTotals;
import io.github.swag4j.calibration.Binning;
import io.github.swag4j.calibration.BinningConvention;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
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
  private final double reliability;
  private final double resolution;
  private final double uncertainty;
  private final double withinBinVariance;
  private final double withinBinCovariance;

  private BrierDecomposition(Binning binning) {
    if (binning.lostRows() > 0) {
      throw new IllegalArgumentException(
          "the parts of the Brier score need every row in a bin, got "
              + binning.describe()
              + ": use a convention that loses no row");
    }
    this.binning = binning;
    double total = binning.weight();
    CompensatedSum hits = new CompensatedSum();
    for (BinTotals bin : binning.bins()) {
      hits.add(bin.hitSum());
    }
    double rate = hits.value() / total;
    CompensatedSum rel = new CompensatedSum();
    CompensatedSum res = new CompensatedSum();
    CompensatedSum variance = new CompensatedSum();
    CompensatedSum covariance = new CompensatedSum();
    for (BinTotals bin : binning.bins()) {
      if (!bin.isEmpty()) {
        double f = bin.meanConfidence();
        double y = bin.accuracy();
        double share = bin.weight() / total;
        rel.add(share * (f - y) * (f - y));
        res.add(share * (y - rate) * (y - rate));
        variance.add((bin.squaredConfidenceSum() - bin.weight() * f * f) / total);
        covariance.add(2 * (bin.confidentHitSum() - bin.weight() * f * y) / total);
      }
    }
    reliability = rel.value();
    resolution = res.value();
    uncertainty = rate * (1 - rate);
    withinBinVariance = variance.value();
    withinBinCovariance = covariance.value();
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
    return reliability;
  }

  /**
   * Resolution.
   *
   * @return RES, at least 0, higher is better
   */
  public double resolution() {
    return resolution;
  }

  /**
   * Uncertainty.
   *
   * @return UNC, in [0, 1/4]
   */
  public double uncertainty() {
    return uncertainty;
  }

  /**
   * Within-bin variance.
   *
   * @return WBV, at least 0 but for rounding
   */
  public double withinBinVariance() {
    return withinBinVariance;
  }

  /**
   * Within-bin covariance.
   *
   * @return WBC
   */
  public double withinBinCovariance() {
    return withinBinCovariance;
  }

  /**
   * The Brier score as the sum of its parts.
   *
   * @return REL - RES + UNC + WBV - WBC
   */
  public double brier() {
    CompensatedSum sum = new CompensatedSum();
    sum.add(reliability);
    sum.add(-resolution);
    sum.add(uncertainty);
    sum.add(withinBinVariance);
    sum.add(-withinBinCovariance);
    return sum.value();
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
        reliability,
        resolution,
        uncertainty,
        withinBinVariance,
        withinBinCovariance,
        binning.describe());
  }
}
