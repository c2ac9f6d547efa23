package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.recalibration.fit.Checks;

/**
 * Off-diagonal and intercept regularisation (ODIR), added to the mean negative log-likelihood:
 * lambda / (K (K - 1)) sum_{i != j} w_ij^2 + mu / K sum_i b_i^2.
 *
 * @param lambda weight of the off-diagonal elements, at least 0
 * @param mu weight of the intercepts, at least 0
 * @see <a href="https://arxiv.org/abs/1910.12656">Kull et al. 2019, Beyond temperature scaling,
 *     section 3.1</a>
 */
public record OffDiagonalPenalty(double lambda, double mu) {
  /**
   * Checks the weights.
   *
   * @param lambda weight of the off-diagonal elements, at least 0
   * @param mu weight of the intercepts, at least 0
   * @throws IllegalArgumentException if one is negative, infinite or NaN
   */
  public OffDiagonalPenalty {
    Checks.notNegative("lambda", lambda);
    Checks.notNegative("mu", mu);
  }

  /**
   * Both 0.01, in the middle of the grid that the paper searches by cross-validation. Search for
   * your data with {@link CrossFitting} where the choice matters.
   *
   * @return the default penalty
   */
  public static OffDiagonalPenalty defaults() {
    return new OffDiagonalPenalty(0.01, 0.01);
  }

  /**
   * No penalty: plain maximum likelihood.
   *
   * @return both 0
   */
  public static OffDiagonalPenalty none() {
    return new OffDiagonalPenalty(0, 0);
  }
}
