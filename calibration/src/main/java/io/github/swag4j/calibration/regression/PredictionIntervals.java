package io.github.swag4j.calibration.regression;

import java.util.Locale;

/**
 * Central prediction intervals of one level, against what came: [quantile((1 - level) / 2),
 * quantile((1 + level) / 2)], ends included.
 *
 * @param level probability that an interval is to hold
 * @param picp prediction interval coverage probability: weighted share of rows that came inside, in
 *     [0, 1]; should be the level
 * @param mpiw mean prediction interval width, in the target's unit
 * @param intervalScore mean interval (Winkler) score, which weighs width against misses
 * @param inside number of rows that came inside
 * @param rows number of rows
 */
public record PredictionIntervals(
    double level, double picp, double mpiw, double intervalScore, long inside, long rows) {

  /**
   * Judges the intervals of a level.
   *
   * @param p the predictions
   * @param level the level, in (0, 1)
   * @return the coverage and width
   * @throws IllegalArgumentException if the level is not in (0, 1)
   */
  public static PredictionIntervals of(RegressionPredictions p, double level) {
    Columns.level("level", level);
    double[] lower = Columns.of(p, p.quantiles((1 - level) / 2));
    double[] upper = Columns.of(p, p.quantiles((1 + level) / 2));
    double[] holds =
        Columns.of(p, row -> lower[row] <= p.target(row) && p.target(row) <= upper[row] ? 1 : 0);
    long inside = 0;
    for (double h : holds) {
      inside += h > 0 ? 1 : 0;
    }
    return new PredictionIntervals(
        level,
        Columns.mean(p, row -> holds[row]),
        Columns.mean(p, row -> upper[row] - lower[row]),
        Columns.mean(
            p, row -> RegressionScores.intervalScore(lower[row], upper[row], level, p.target(row))),
        inside,
        p.rows());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "PICP %.4f of nominal %s, MPIW %.4f, interval score %.4f (%,d rows)",
        picp,
        level,
        mpiw,
        intervalScore,
        rows);
  }
}
