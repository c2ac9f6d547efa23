package io.github.swag4j.calibration.regression;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Arrays;

/**
 * Isotonic recalibration of levels: what level to ask of the model so that a wanted proportion is
 * observed. Fitted by pooling adjacent violators to (observed, expected) proportions, ties in the
 * observed pooled to their mean, linear between points and constant beyond. Immutable.
 *
 * <p>Fit it on rows that are not used to judge it. Beyond the most extreme transform seen on those
 * rows it can only interpolate, so a few hundred rows are the least that makes sense.
 *
 * @see <a href="https://arxiv.org/abs/1807.00263">Kuleshov, Fenner, Ermon 2018, algorithm 1</a>
 */
public final class LevelRecalibration {

  private final double[] observed;
  private final double[] expected;

  private LevelRecalibration(double[] observed, double[] expected) {
    this.observed = observed;
    this.expected = expected;
  }

  /**
   * Fits quantile levels to the probability integral transforms of the rows: at the transform of a
   * row, the proportion observed is the weight at or below it over the total weight and that of one
   * row more, i / (n + 1) without weights; 0 and 1 stay where they are. Weights are repetitions, as
   * everywhere in this module: a row of weight 2 is that row twice, one of weight 0 is absent.
   *
   * @param p predictions of rows kept for this
   * @return the recalibration, for {@link RecalibratedPredictions}
   */
  public static LevelRecalibration fit(RegressionPredictions p) {
    double[] allWeights = Columns.weightsOf(p);
    int[] rows = RowWeights.positive(allWeights);
    double[] transforms = ValueOrder.apply(rows, Columns.of(p, p::pit));
    double[] weights = ValueOrder.apply(rows, allWeights);
    int[] order = ValueOrder.of(transforms, weights);
    CompensatedSum total = new CompensatedSum();
    for (int row : order) {
      total.add(weights[row]);
    }
    double all = total.value() + RowWeights.unit(weights);
    double[] expected = new double[order.length + 2];
    double[] observed = new double[order.length + 2];
    CompensatedSum below = new CompensatedSum();
    int points = 1;
    for (int i = 0; i < order.length; i++) {
      below.add(weights[order[i]]);
      boolean tied = i + 1 < order.length && transforms[order[i + 1]] == transforms[order[i]];
      if (!tied) {
        expected[points] = transforms[order[i]];
        observed[points++] = below.value() / all;
      }
    }
    expected[points] = 1;
    observed[points++] = 1;
    return fit(Arrays.copyOf(expected, points), Arrays.copyOf(observed, points));
  }

  /**
   * Fits to a curve, as uncertainty-toolbox does; coarser than the rows where levels are few.
   *
   * @param curve expected and observed proportions of rows kept for this
   * @return the recalibration, for use with the same kind of level
   */
  public static LevelRecalibration fit(QuantileCalibration curve) {
    return fit(curve.expected(), curve.observed());
  }

  /**
   * Fits to points in any order.
   *
   * @param expected {@code [points]}, in [0, 1]
   * @param observed {@code [points]}, in [0, 1]
   * @return the recalibration
   * @throws IllegalArgumentException if lengths differ or are 0, or a value is not in [0, 1]
   */
  public static LevelRecalibration fit(double[] expected, double[] observed) {
    if (expected.length != observed.length || expected.length == 0) {
      throw new IllegalArgumentException(
          "expected and observed proportions must be equally many, at least 1, got "
              + expected.length
              + " and "
              + observed.length);
    }
    Arrays.stream(expected).forEach(Columns::probability);
    Arrays.stream(observed).forEach(Columns::probability);
    int n = 0;
    double[] x = new double[expected.length];
    double[] sum = new double[expected.length];
    double[] count = new double[expected.length];
    for (int i : ValueOrder.of(observed, expected)) {
      if (n > 0 && x[n - 1] == observed[i]) {
        sum[n - 1] += expected[i];
        count[n - 1]++;
      } else {
        x[n] = observed[i];
        sum[n] = expected[i];
        count[n++] = 1;
      }
    }
    return new LevelRecalibration(Arrays.copyOf(x, n), pooled(sum, count, n));
  }

  /** Non-decreasing least-squares fit to the means of n groups (pool adjacent violators). */
  private static double[] pooled(double[] sum, double[] count, int n) {
    int[] end = new int[n];
    double[] blockSum = new double[n];
    double[] blockCount = new double[n];
    int blocks = 0;
    for (int i = 0; i < n; i++) {
      blockSum[blocks] = sum[i];
      blockCount[blocks] = count[i];
      end[blocks++] = i + 1;
      while (blocks > 1
          && blockSum[blocks - 2] * blockCount[blocks - 1]
              >= blockSum[blocks - 1] * blockCount[blocks - 2]) {
        blocks--;
        blockSum[blocks - 1] += blockSum[blocks];
        blockCount[blocks - 1] += blockCount[blocks];
        end[blocks - 1] = end[blocks];
      }
    }
    double[] fitted = new double[n];
    int from = 0;
    for (int b = 0; b < blocks; b++) {
      Arrays.fill(fitted, from, end[b], blockSum[b] / blockCount[b]);
      from = end[b];
    }
    return fitted;
  }

  /**
   * The level to ask of the model.
   *
   * @param wanted the proportion wanted, in [0, 1]
   * @return the level, in [0, 1], non-decreasing in the proportion
   * @throws IllegalArgumentException if the proportion is not in [0, 1]
   */
  public double nominal(double wanted) {
    Columns.probability(wanted);
    return interpolate(observed, expected, wanted);
  }

  /**
   * The proportion to expect at a level asked of the model, the inverse of {@link #nominal}; 0
   * below the least level it ever asks for and 1 above the greatest.
   *
   * @param level the level, in [0, 1]
   * @return the proportion, in [0, 1], non-decreasing in the level
   * @throws IllegalArgumentException if the level is not in [0, 1]
   */
  public double proportion(double level) {
    Columns.probability(level);
    int last = expected.length - 1;
    if (level < expected[0]) {
      return 0;
    }
    if (level > expected[last]) {
      return 1;
    }
    return interpolate(expected, observed, level);
  }

  /** Piecewise linear through ascending points; of equal abscissae the last counts. */
  private static double interpolate(double[] x, double[] y, double at) {
    int above = 0;
    for (int end = x.length; above < end; ) {
      int middle = (above + end) >>> 1;
      if (x[middle] <= at) {
        above = middle + 1;
      } else {
        end = middle;
      }
    }
    if (above == 0) {
      return y[0];
    }
    if (above == x.length) {
      return y[x.length - 1];
    }
    double share = (at - x[above - 1]) / (x[above] - x[above - 1]);
    return y[above - 1] + share * (y[above] - y[above - 1]);
  }
}
