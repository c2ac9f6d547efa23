package io.github.swag4j.calibration.regression;

import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Arrays;
import java.util.Objects;

/**
 * Draws from the predicted distribution of each row, such as the outputs of the samples of a
 * posterior. The distribution is the empirical one: each draw has probability 1 / draws.
 *
 * <p>Few draws look too sure even if they come from the right distribution: m of them span central
 * intervals of level L that hold a share of about L (m - 1) / (m + 1), 0.89 for L = 0.95 and 30
 * draws; their transforms have variance (1 + 2 / m) / 12, and their standard deviations miss those
 * of the distribution, so that ENCE is above 0. Compare methods at the same number of draws, and
 * take a hundred or more to judge coverage.
 */
public final class SamplePredictions implements RegressionPredictions {

  /** Which estimate of the CRPS the draws give. */
  public enum CrpsEstimator {
    /**
     * CRPS of the empirical distribution: mean |x_i - y| - sum_ij |x_i - x_j| / (2 m^2). At least
     * 0; favours many draws over few from the same distribution.
     */
    STANDARD,
    /**
     * Unbiased for the distribution the draws come from: the second sum is divided by 2 m (m - 1).
     * May be below 0 for a row; needs at least 2 draws.
     *
     * @see <a href="https://doi.org/10.1002/qj.2270">Ferro 2014, Fair scores for ensemble
     *     forecasts</a>
     */
    FAIR
  }

  private final double[][] sorted;
  private final double[] target;
  private final double[] weights;
  private final CrpsEstimator estimator;

  private SamplePredictions(
      double[][] sorted, double[] target, double[] weights, CrpsEstimator estimator) {
    this.sorted = sorted;
    this.target = target;
    this.weights = weights;
    this.estimator = estimator;
  }

  /**
   * Draws and what came; CRPS by {@link CrpsEstimator#STANDARD}.
   *
   * @param draws {@code [draws][rows]}, at least 1 draw, finite
   * @param target {@code [rows]}, observed values, finite
   * @return the predictions
   * @throws IllegalArgumentException if lengths differ or are 0, or a value is not finite
   */
  public static SamplePredictions of(double[][] draws, double[] target) {
    int rows = target.length;
    Columns.atLeastOne(rows);
    if (draws.length == 0) {
      throw new IllegalArgumentException("draws must be at least 1 for each row, got 0");
    }
    double[][] sorted = new double[rows][draws.length];
    for (int s = 0; s < draws.length; s++) {
      double[] draw = Columns.finite("draws[" + s + "]", draws[s], rows);
      for (int row = 0; row < rows; row++) {
        sorted[row][s] = draw[row];
      }
    }
    Arrays.stream(sorted).forEach(Arrays::sort);
    return new SamplePredictions(
        sorted, Columns.finite("targets", target, rows), null, CrpsEstimator.STANDARD);
  }

  /**
   * The same with row weights.
   *
   * @param values {@code [rows]}, finite and at least 0, not all 0
   * @return the weighted predictions
   * @throws IllegalArgumentException if the length differs or a value is not allowed
   */
  public SamplePredictions withWeights(double[] values) {
    return new SamplePredictions(sorted, target, Columns.weights(values, rows()), estimator);
  }

  /**
   * The same with another estimate of the CRPS.
   *
   * @param value the estimate
   * @return the predictions
   * @throws IllegalArgumentException if the fair one is asked for and there is 1 draw
   */
  public SamplePredictions withCrps(CrpsEstimator value) {
    if (value == CrpsEstimator.FAIR && draws() < 2) {
      throw new IllegalArgumentException("the fair CRPS needs at least 2 draws, got 1");
    }
    return new SamplePredictions(sorted, target, weights, value);
  }

  /**
   * The Gaussians with the same means and standard deviations, which have a density and so a
   * negative log-likelihood.
   *
   * @return the moment-matched Gaussians
   * @throws IllegalArgumentException if the draws of a row are all equal
   */
  public GaussianPredictions toGaussian() {
    double[] mean = Columns.of(this, this::mean);
    double[] sd = Columns.of(this, this::standardDeviation);
    GaussianPredictions gaussian = GaussianPredictions.of(mean, sd, target);
    return weights == null ? gaussian : gaussian.withWeights(weights);
  }

  /**
   * Number of draws of each row.
   *
   * @return at least 1
   */
  public int draws() {
    return sorted[0].length;
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
    CompensatedSum sum = new CompensatedSum();
    for (double x : sorted[row]) {
      sum.add(x);
    }
    return sum.value() / draws();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of the empirical distribution: divided by the number of draws.
   */
  @Override
  public double standardDeviation(int row) {
    double mean = mean(row);
    CompensatedSum squares = new CompensatedSum();
    for (double x : sorted[row]) {
      squares.add((x - mean) * (x - mean));
    }
    return Math.sqrt(squares.value() / draws());
  }

  @Override
  public double cdf(int row, double y) {
    return (double) countBelow(sorted[row], y, true) / draws();
  }

  @Override
  public double pit(int row) {
    double[] x = sorted[row];
    double y = target[row];
    return (countBelow(x, y, false) + countBelow(x, y, true)) / (2.0 * x.length);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Linear between order statistics, the smallest draw at 0 and the largest at 1, as
   * numpy.quantile.
   */
  @Override
  public double quantile(int row, double level) {
    Columns.probability(level);
    double[] x = sorted[row];
    double position = level * (x.length - 1);
    int i = (int) Math.floor(position);
    return i >= x.length - 1 ? x[x.length - 1] : x[i] + (position - i) * (x[i + 1] - x[i]);
  }

  /**
   * {@inheritDoc}
   *
   * <p>From sorted draws, so O(m log m) instead of the O(m^2) of the definition: sum_ij |x_i - x_j|
   * = 2 sum_i (2 i - m - 1) x_(i), i from 1. Draws are taken relative to y, so that a large offset
   * does not cancel.
   */
  @Override
  public double crps(int row) {
    double[] x = sorted[row];
    double y = target[row];
    double m = x.length;
    CompensatedSum distance = new CompensatedSum();
    CompensatedSum spread = new CompensatedSum();
    for (int i = 0; i < x.length; i++) {
      distance.add(Math.abs(x[i] - y));
      spread.add((2 * i + 1 - m) * (x[i] - y));
    }
    double pairs = estimator == CrpsEstimator.FAIR ? m * (m - 1) : m * m;
    double score = distance.value() / m - spread.value() / pairs;
    return estimator == CrpsEstimator.STANDARD ? Math.max(score, 0) : score;
  }

  /** Number of draws below y, or at most y. */
  private static int countBelow(double[] sorted, double y, boolean orEqual) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < y || (orEqual && sorted[middle] == y)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
