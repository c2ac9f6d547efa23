package io.github.swag4j.calibration.regression;

import java.util.function.IntToDoubleFunction;

/**
 * A predicted distribution of a number for each row, with the number that came: what every metric
 * of this package takes. Immutable and safe for use by several threads.
 */
public sealed interface RegressionPredictions
    permits GaussianPredictions, SamplePredictions, RecalibratedPredictions {

  /**
   * Number of rows.
   *
   * @return at least 1
   */
  int rows();

  /**
   * The observed value.
   *
   * @param row the row
   * @return y
   */
  double target(int row);

  /**
   * The weight of a row.
   *
   * @param row the row
   * @return the weight given, 1 if none were
   */
  double weight(int row);

  /**
   * Whether rows carry weights.
   *
   * @return true if so
   */
  boolean hasWeights();

  /**
   * Mean of the predicted distribution.
   *
   * @param row the row
   * @return E[Y]
   */
  double mean(int row);

  /**
   * Standard deviation of the predicted distribution.
   *
   * @param row the row
   * @return sqrt(Var[Y])
   */
  double standardDeviation(int row);

  /**
   * Predicted probability of a value of at most y.
   *
   * @param row the row
   * @param y the value
   * @return P(Y &lt;= y), in [0, 1]
   */
  double cdf(int row, double y);

  /**
   * Predicted quantile.
   *
   * @param row the row
   * @param level the probability, in [0, 1]
   * @return the value at or below which Y falls with this probability
   * @throws IllegalArgumentException if the level is not in [0, 1]
   */
  double quantile(int row, double level);

  /**
   * Predicted quantiles of one level as a function of the row, for many rows: what depends on the
   * level alone is computed once.
   *
   * @param level the probability, in [0, 1]
   * @return row to quantile
   * @throws IllegalArgumentException if the level is not in [0, 1]
   */
  default IntToDoubleFunction quantiles(double level) {
    Columns.probability(level);
    return row -> quantile(row, level);
  }

  /**
   * Continuous ranked probability score of the row: integral of (P(Y &lt;= t) - [y &lt;= t])^2 dt,
   * in the target's unit, 0 for a certain and right prediction.
   *
   * @param row the row
   * @return the score
   */
  double crps(int row);

  /**
   * Probability integral transform of the observed value: P(Y &lt; y) + P(Y = y) / 2, uniform over
   * [0, 1] for a calibrated continuous prediction.
   *
   * @param row the row
   * @return the transform, in [0, 1]
   */
  default double pit(int row) {
    return cdf(row, target(row));
  }
}
