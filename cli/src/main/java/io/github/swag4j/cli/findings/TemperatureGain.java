package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.recalibration.CrossFitting;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import java.util.Optional;

/**
 * What a temperature would gain on rows that it was not fitted on, by cross-fitting: the rows are
 * dealt to five folds, and each is scaled by the temperature of the other four.
 *
 * @param temperature that of all rows; above 1 it lowers confidence
 * @param nll how much the mean negative log likelihood falls, in nats
 * @param interval 95 % interval of that, from the differences of the rows
 * @param eceBefore expected calibration error as it is
 * @param eceAfter the same after temperature
 */
public record TemperatureGain(
    double temperature, double nll, Interval interval, double eceBefore, double eceAfter) {
  private static final int FOLDS = 5;

  /** Fewer rows in a fold say nothing of a temperature. */
  private static final int FEWEST_ROWS = 10 * FOLDS;

  /** Probabilities beyond which the five fits take longer than a page should. */
  private static final long MOST_NUMBERS = 5_000_000;

  private static final TemperatureScaling.Options WITHIN =
      TemperatureScaling.Options.defaults().within(0.05, 20);

  /** 97.5 % quantile of the normal distribution. */
  private static final double QUANTILE = 1.959963984540054;

  /** The gain, if there are enough rows for it, not too many, and a temperature can be fitted. */
  public static Optional<TemperatureGain> of(Predictions p, BinningConvention binning) {
    if (p.rows() < FEWEST_ROWS || (long) p.rows() * p.classes() > MOST_NUMBERS) {
      return Optional.empty();
    }
    try {
      double temperature = TemperatureScaling.fit(p, WITHIN).temperature();
      Predictions scaled =
          CrossFitting.of(p, FOLDS, 0, rows -> TemperatureScaling.fit(rows, WITHIN)).predictions();
      double[] gains = RowMetric.NLL.of(p);
      double[] after = RowMetric.NLL.of(scaled);
      for (int row = 0; row < gains.length; row++) {
        gains[row] -= after[row];
      }
      double mean = mean(gains, p);
      double half = QUANTILE * standardError(gains, p, mean);
      return Optional.of(
          new TemperatureGain(
              temperature,
              mean,
              new Interval(mean - half, mean + half),
              CalibrationError.of(p, binning).ece(),
              CalibrationError.of(scaled, binning).ece()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      // No finite optimum, or folds that lack what a fit needs: then there is nothing to expect.
      return Optional.empty();
    }
  }

  private static double mean(double[] values, Predictions p) {
    double sum = 0;
    double weight = 0;
    for (int row = 0; row < values.length; row++) {
      sum += p.weight(row) * values[row];
      weight += p.weight(row);
    }
    return sum / weight;
  }

  private static double standardError(double[] values, Predictions p, double mean) {
    double squares = 0;
    double weight = 0;
    for (int row = 0; row < values.length; row++) {
      double d = p.weight(row) * (values[row] - mean);
      squares += d * d;
      weight += p.weight(row);
    }
    return Math.sqrt(squares) / weight;
  }

  /** Whether the interval speaks for it. */
  public boolean isCertain() {
    return interval.lower() > 0;
  }
}
