package io.github.swag4j.calibration.regression;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;

/**
 * Proper scores and errors of predicted distributions, weighted means over rows; lower is better in
 * all. They do not depend on the order of the rows.
 *
 * @param nll mean negative log-density in nats; only for Gaussians, whose density is known
 * @param crps mean continuous ranked probability score, in the target's unit
 * @param pinball mean pinball (check) score over rows and the levels 0.01, ..., 0.99; half the CRPS
 *     as the levels get finer
 * @param intervalScore mean interval score over rows and the central intervals of levels 0.01, ...,
 *     0.99
 * @param sharpness root of the mean predicted variance, in the target's unit; small is good only in
 *     a calibrated prediction
 * @param rmse root of the mean squared error of the predicted mean
 * @param mae mean absolute error of the predicted median
 * @param rows number of rows
 * @see <a href="https://doi.org/10.1198/016214506000001437">Gneiting, Raftery 2007, Strictly proper
 *     scoring rules</a>
 */
public record RegressionScores(
    OptionalDouble nll,
    double crps,
    double pinball,
    double intervalScore,
    double sharpness,
    double rmse,
    double mae,
    long rows) {

  /** Number of levels, 0.01 to 0.99. */
  private static final int LEVELS = 99;

  /**
   * Scores predictions.
   *
   * @param predictions the predictions
   * @return the scores
   */
  public static RegressionScores of(RegressionPredictions predictions) {
    IntToDoubleFunction median = predictions.quantiles(0.5);
    return new RegressionScores(
        predictions instanceof GaussianPredictions gaussian
            ? OptionalDouble.of(Columns.mean(gaussian, gaussian::nll))
            : OptionalDouble.empty(),
        Columns.mean(predictions, predictions::crps),
        meanPinball(predictions),
        meanIntervalScore(predictions),
        sharpness(predictions),
        Math.sqrt(Columns.mean(predictions, row -> squaredError(predictions, row))),
        Columns.mean(
            predictions, row -> Math.abs(median.applyAsDouble(row) - predictions.target(row))),
        predictions.rows());
  }

  /**
   * Root of the weighted mean predicted variance.
   *
   * @param predictions the predictions
   * @return the sharpness, in the target's unit
   */
  public static double sharpness(RegressionPredictions predictions) {
    return Math.sqrt(
        Columns.mean(
            predictions,
            row -> {
              double sd = predictions.standardDeviation(row);
              return sd * sd;
            }));
  }

  /**
   * Pinball (check) score of a quantile: (y - q) level where y is above q, (q - y) (1 - level)
   * where below.
   *
   * @param quantile the predicted quantile
   * @param level its level, in (0, 1)
   * @param y what came
   * @return the score, at least 0, in the target's unit
   * @throws IllegalArgumentException if the level is not in (0, 1)
   * @see <a href="https://doi.org/10.2307/1913643">Koenker, Bassett 1978</a>
   */
  public static double pinball(double quantile, double level, double y) {
    Columns.level("level", level);
    return y >= quantile ? (y - quantile) * level : (quantile - y) * (1 - level);
  }

  /**
   * Interval (Winkler) score of a central interval: its width, plus 2 / (1 - level) times the
   * distance by which y misses it.
   *
   * @param lower lower end
   * @param upper upper end, at least the lower
   * @param level probability that the interval is to hold, in (0, 1)
   * @param y what came
   * @return the score, at least 0, in the target's unit
   * @throws IllegalArgumentException if the level is not in (0, 1) or the ends are swapped
   * @see <a href="https://doi.org/10.1198/016214506000001437">Gneiting, Raftery 2007, eq. 43</a>
   */
  public static double intervalScore(double lower, double upper, double level, double y) {
    Columns.level("level", level);
    if (!(lower <= upper)) {
      throw new IllegalArgumentException(
          "lower must be at most upper, got " + lower + " and " + upper);
    }
    double miss = Math.max(Math.max(lower - y, y - upper), 0);
    return (upper - lower) + 2 / (1 - level) * miss;
  }

  private static double squaredError(RegressionPredictions p, int row) {
    double error = p.mean(row) - p.target(row);
    return error * error;
  }

  private static double meanPinball(RegressionPredictions p) {
    IntToDoubleFunction[] quantiles = new IntToDoubleFunction[LEVELS];
    Arrays.setAll(quantiles, i -> p.quantiles(level(i)));
    return Columns.mean(
        p,
        row -> {
          double sum = 0;
          for (int i = 0; i < LEVELS; i++) {
            sum += pinball(quantiles[i].applyAsDouble(row), level(i), p.target(row));
          }
          return sum / LEVELS;
        });
  }

  private static double meanIntervalScore(RegressionPredictions p) {
    IntToDoubleFunction[] lower = new IntToDoubleFunction[LEVELS];
    IntToDoubleFunction[] upper = new IntToDoubleFunction[LEVELS];
    Arrays.setAll(lower, i -> p.quantiles((1 - level(i)) / 2));
    Arrays.setAll(upper, i -> p.quantiles((1 + level(i)) / 2));
    return Columns.mean(
        p,
        row -> {
          double sum = 0;
          for (int i = 0; i < LEVELS; i++) {
            double low = lower[i].applyAsDouble(row);
            double high = upper[i].applyAsDouble(row);
            sum += intervalScore(low, high, level(i), p.target(row));
          }
          return sum / LEVELS;
        });
  }

  private static double level(int i) {
    return (i + 1) / 100.0;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%sCRPS %.4f, pinball %.4f, interval score %.4f, sharpness %.4f, RMSE %.4f, MAE %.4f (%,d"
            + " rows)",
        nll.isPresent() ? String.format(Locale.ROOT, "NLL %.4f, ", nll.getAsDouble()) : "",
        crps,
        pinball,
        intervalScore,
        sharpness,
        rmse,
        mae,
        rows);
  }
}
