package io.github.swag4j.calibration.regression;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/**
 * Predictions whose quantiles were recalibrated: the p-quantile is the original's quantile at the
 * level that {@link LevelRecalibration} asks for. What needs the whole distribution (mean, standard
 * deviation, CRPS) is taken over {@value #LEVELS} quantiles at mid levels.
 *
 * <p>Where the recalibration asks for a level that rounds to 0 or 1, the nearest double between
 * them is taken, so that quantiles of levels between 0 and 1 are finite. The largest such double is
 * 1 - 2^-53: quantiles of a Gaussian end 8.2 standard deviations above its mean, and a model that
 * is wrong by more needs larger standard deviations first.
 */
public final class RecalibratedPredictions implements RegressionPredictions {

  /** Number of quantiles that stand for the distribution. */
  public static final int LEVELS = 1000;

  private final RegressionPredictions original;
  private final LevelRecalibration recalibration;
  private final IntToDoubleFunction[] quantiles;

  private RecalibratedPredictions(RegressionPredictions original, LevelRecalibration map) {
    this.original = original;
    this.recalibration = map;
    this.quantiles = new IntToDoubleFunction[LEVELS];
    Arrays.setAll(quantiles, i -> quantiles((i + 0.5) / LEVELS));
  }

  /**
   * Applies a recalibration.
   *
   * @param original the predictions
   * @param recalibration fitted to other rows' transforms, or to their {@link
   *     QuantileCalibration.Kind#QUANTILE} curve
   * @return the recalibrated predictions
   */
  public static RecalibratedPredictions of(
      RegressionPredictions original, LevelRecalibration recalibration) {
    return new RecalibratedPredictions(
        Objects.requireNonNull(original, "original"),
        Objects.requireNonNull(recalibration, "recalibration"));
  }

  @Override
  public int rows() {
    return original.rows();
  }

  @Override
  public double target(int row) {
    return original.target(row);
  }

  @Override
  public double weight(int row) {
    return original.weight(row);
  }

  @Override
  public boolean hasWeights() {
    return original.hasWeights();
  }

  @Override
  public double mean(int row) {
    double sum = 0;
    for (IntToDoubleFunction quantile : quantiles) {
      sum += quantile.applyAsDouble(row);
    }
    return sum / LEVELS;
  }

  @Override
  public double standardDeviation(int row) {
    double mean = mean(row);
    double sum = 0;
    for (IntToDoubleFunction quantile : quantiles) {
      double d = quantile.applyAsDouble(row) - mean;
      sum += d * d;
    }
    return Math.sqrt(sum / LEVELS);
  }

  @Override
  public double cdf(int row, double y) {
    return recalibration.proportion(original.cdf(row, y));
  }

  @Override
  public double pit(int row) {
    return recalibration.proportion(original.pit(row));
  }

  @Override
  public double quantile(int row, double level) {
    return original.quantile(row, nominal(level));
  }

  @Override
  public IntToDoubleFunction quantiles(double level) {
    return original.quantiles(nominal(level));
  }

  private double nominal(double level) {
    double asked = recalibration.nominal(level);
    return level > 0 && level < 1
        ? Math.min(Math.max(asked, Double.MIN_NORMAL), Math.nextDown(1.0))
        : asked;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Twice the mean pinball score over the quantiles.
   */
  @Override
  public double crps(int row) {
    double sum = 0;
    for (int i = 0; i < LEVELS; i++) {
      double quantile = quantiles[i].applyAsDouble(row);
      sum += RegressionScores.pinball(quantile, (i + 0.5) / LEVELS, target(row));
    }
    return 2 * sum / LEVELS;
  }
}
