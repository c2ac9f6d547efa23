package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.internal.CompensatedSum;

/**
 * Brier score of the confidence, mean (conf - right)^2, in its parts: reliability - resolution +
 * uncertainty + withinBinVariance - withinBinCovariance.
 *
 * @param reliability sum_b w_b / W (c_b - a_b)^2, at least 0
 * @param resolution sum_b w_b / W (a_b - a)^2, at least 0, a the share of right rows
 * @param uncertainty a (1 - a), in [0, 1/4]
 * @param withinBinVariance sum_b w_b / W var_b(conf), at least 0
 * @param withinBinCovariance 2 sum_b w_b / W cov_b(conf, right)
 * @see <a href="https://doi.org/10.1175/2007WAF2006116.1">Stephenson et al. 2008, Two Extra
 *     Components in the Brier Score Decomposition</a>
 */
public record BrierParts(
    double reliability,
    double resolution,
    double uncertainty,
    double withinBinVariance,
    double withinBinCovariance) {

  /**
   * The score that the parts sum to.
   *
   * @return mean (conf - right)^2
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
}
