package io.github.swag4j.calibration.regression;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Locale;

/**
 * Probability integral transforms of what came: uniform over [0, 1] for calibrated predictions. A
 * U-shaped histogram says that predictions are too narrow, a hump that they are too wide, a slope
 * that they are shifted. Immutable.
 *
 * @see <a href="https://doi.org/10.1111/j.1467-9868.2007.00587.x">Gneiting, Balabdaoui, Raftery
 *     2007, Probabilistic forecasts, calibration and sharpness</a>
 */
public final class ProbabilityIntegralTransform {

  private final double[] values;
  private final double[] weights;
  private final boolean weighted;

  private ProbabilityIntegralTransform(double[] values, double[] weights, boolean weighted) {
    this.values = values;
    this.weights = weights;
    this.weighted = weighted;
  }

  /**
   * Transforms of predictions.
   *
   * @param p the predictions
   * @return the transforms
   */
  public static ProbabilityIntegralTransform of(RegressionPredictions p) {
    return new ProbabilityIntegralTransform(
        Columns.of(p, p::pit), Columns.weightsOf(p), p.hasWeights());
  }

  /**
   * The transforms.
   *
   * @return {@code [rows]}, in [0, 1], in the order of the rows
   */
  public double[] values() {
    return values.clone();
  }

  /**
   * Number of rows in equal bins of [0, 1]: [lo, hi), the last with 1. Counts add up to the rows.
   *
   * @param bins number of bins, at least 1
   * @return {@code [bins]}
   * @throws IllegalArgumentException if there is no bin
   */
  public long[] histogram(int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException("bins must be at least 1, got " + bins);
    }
    long[] counts = new long[bins];
    for (double u : values) {
      int i = Math.min((int) (u * bins), bins - 1);
      // u * bins rounds; the edges are i / bins.
      while (i > 0 && u < (double) i / bins) {
        i--;
      }
      while (i < bins - 1 && u >= (double) (i + 1) / bins) {
        i++;
      }
      counts[i]++;
    }
    return counts;
  }

  /**
   * Weighted mean; 1/2 for calibrated predictions, above when they are too low.
   *
   * @return the mean, in [0, 1]
   */
  public double mean() {
    return ValueOrder.mean(values, weights);
  }

  /**
   * Weighted variance about the mean; 1/12 for calibrated predictions, above when they are too
   * narrow.
   *
   * @return the variance, in [0, 1/4]
   */
  public double variance() {
    double mean = mean();
    double[] squares = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = (values[i] - mean) * (values[i] - mean);
    }
    return ValueOrder.mean(squares, weights);
  }

  /**
   * Kolmogorov-Smirnov distance between the weighted distribution of the transforms and the uniform
   * one.
   *
   * @return sup_u |F(u) - u|, F(u) the share of weight at or below u; in [0, 1]
   */
  public double ksStatistic() {
    int[] order = ValueOrder.of(values, weights);
    CompensatedSum total = new CompensatedSum();
    for (int row : order) {
      total.add(weights[row]);
    }
    CompensatedSum through = new CompensatedSum();
    double most = 0;
    double before = 0;
    for (int row : order) {
      through.add(weights[row]);
      double after = through.value() / total.value();
      if (weights[row] > 0) {
        most = Math.max(most, Math.max(after - values[row], values[row] - before));
      }
      before = after;
    }
    return most;
  }

  /**
   * p-value of the Kolmogorov-Smirnov distance, if rows are independent and the predicted
   * distributions continuous; transforms of few draws are discrete and make it too small.
   *
   * @return the probability of a distance at least as large under calibration, in [0, 1]; small
   *     ones keep their digits
   * @throws IllegalStateException if rows carry weights
   */
  public double ksPValue() {
    if (weighted) {
      throw new IllegalStateException(
          "the p-value of the Kolmogorov-Smirnov distance is known for rows that count once each,"
              + " got weighted rows: use ksStatistic(), or leave the weights out");
    }
    return KolmogorovDistance.survival(ksStatistic(), values.length);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "PIT mean %.4f (1/2 if calibrated), variance %.4f (1/12 = 0.0833 if calibrated; %,d rows)",
        mean(),
        variance(),
        values.length);
  }
}
