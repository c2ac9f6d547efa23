package io.github.swag4j.calibration.regression;

import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.special.Erf;

/** A Gaussian N(mean, sd^2) predicted for each row. */
public final class GaussianPredictions implements RegressionPredictions {

  private static final double LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);
  private static final double INVERSE_SQRT_PI = 1 / Math.sqrt(Math.PI);

  private final double[] mean;
  private final double[] sd;
  private final double[] target;
  private final double[] weights;

  private GaussianPredictions(double[] mean, double[] sd, double[] target, double[] weights) {
    this.mean = mean;
    this.sd = sd;
    this.target = target;
    this.weights = weights;
  }

  /**
   * Predictions and what came.
   *
   * @param mean {@code [rows]}, predicted means, finite
   * @param standardDeviation {@code [rows]}, predicted standard deviations, above 0, in the
   *     target's unit
   * @param target {@code [rows]}, observed values, finite
   * @return the predictions
   * @throws IllegalArgumentException if lengths differ or are 0, or a value is not allowed
   */
  public static GaussianPredictions of(double[] mean, double[] standardDeviation, double[] target) {
    int rows = target.length;
    Columns.atLeastOne(rows);
    return new GaussianPredictions(
        Columns.finite("means", mean, rows),
        Columns.positive("standard deviations", standardDeviation, rows),
        Columns.finite("targets", target, rows),
        null);
  }

  /**
   * The same with row weights.
   *
   * @param values {@code [rows]}, finite and at least 0, not all 0
   * @return the weighted predictions
   * @throws IllegalArgumentException if the length differs or a value is not allowed
   */
  public GaussianPredictions withWeights(double[] values) {
    return new GaussianPredictions(mean, sd, target, Columns.weights(values, rows()));
  }

  @Override
  public int rows() {
    return target.length;
  }

  @Override
  public double target(int row) {
    return target[row];
  }

  @Override
  public double weight(int row) {
    Objects.checkIndex(row, rows());
    return weights == null ? 1 : weights[row];
  }

  @Override
  public boolean hasWeights() {
    return weights != null;
  }

  @Override
  public double mean(int row) {
    return mean[row];
  }

  @Override
  public double standardDeviation(int row) {
    return sd[row];
  }

  /**
   * {@inheritDoc}
   *
   * <p>Phi((y - mean) / sd), by the complementary error function so that tails keep their digits.
   */
  @Override
  public double cdf(int row, double y) {
    return StandardNormal.cdf((y - mean[row]) / sd[row]);
  }

  @Override
  public double quantile(int row, double level) {
    return quantiles(level).applyAsDouble(row);
  }

  @Override
  public IntToDoubleFunction quantiles(double level) {
    Columns.probability(level);
    double z = StandardNormal.quantile(level);
    return row -> mean[row] + sd[row] * z;
  }

  /**
   * {@inheritDoc}
   *
   * <p>sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), z = (y - mean) / sd.
   *
   * @see <a href="https://doi.org/10.1198/016214506000001437">Gneiting, Raftery 2007, section 4.2
   *     </a>
   */
  @Override
  public double crps(int row) {
    double z = (target[row] - mean[row]) / sd[row];
    double shift = z * Erf.erf(z / Math.sqrt(2));
    return sd[row] * (shift + 2 * StandardNormal.density(z) - INVERSE_SQRT_PI);
  }

  /**
   * Negative log-density of the observed value in nats: ln(sd sqrt(2 pi)) + z^2 / 2; may be
   * negative.
   *
   * @param row the row
   * @return -ln p(y)
   */
  public double nll(int row) {
    double z = (target[row] - mean[row]) / sd[row];
    return LOG_SQRT_2PI + Math.log(sd[row]) + 0.5 * z * z;
  }
}
