package io.github.swag4j.calibration.hypothesis;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.ClasswiseErrorOnRows;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Exact test by resampling: labels are drawn from the predicted probabilities themselves, so that
 * calibration holds, and the p-value is the share of draws whose error is at least the one
 * observed, (1 + #{drawn &gt;= observed}) / (1 + draws). An error is large for over- and
 * under-confidence alike, so the test is two-sided. The p-value does not depend on the order of the
 * rows.
 *
 * @see <a href="https://doi.org/10.1111/j.1467-9884.2007.00362.x">Broecker and Smith 2007,
 *     consistency resampling</a>
 * @see <a href="https://arxiv.org/abs/1910.11385">Widmann et al. 2019, Calibration tests in
 *     multi-class classification</a>
 */
public final class LabelResamplingTest {

  /** Draws that give a p-value down to 0.001. */
  public static final int DEFAULT_DRAWS = 999;

  // Equal errors by another order of rounding must not count as smaller.
  private static final double ROUNDING = 1e-12;

  private LabelResamplingTest() {}

  /**
   * Tests the ECE of the top label, or of the positive class of a problem given as one column.
   *
   * @param predictions labelled predictions
   * @param convention the bins
   * @param draws how often labels are drawn, at least 1
   * @param seed the same seed gives the same p-value
   * @return the ECE and its p-value
   * @throws IllegalArgumentException if draws is below 1
   * @throws IllegalStateException if there are no labels
   */
  public static TestResult ofEce(
      Predictions predictions, BinningConvention convention, int draws, long seed) {
    return ofEce(convention.forecasts(predictions), convention, draws, seed);
  }

  /**
   * Tests the ECE of forecasts.
   *
   * @param forecasts the forecasts
   * @param convention the bins
   * @param draws how often outcomes are drawn, at least 1
   * @param seed the same seed gives the same p-value
   * @return the ECE and its p-value
   * @throws IllegalArgumentException if draws is below 1
   */
  public static TestResult ofEce(
      Forecasts forecasts, BinningConvention convention, int draws, long seed) {
    checkDraws(draws);
    double observed = CalibrationError.of(forecasts, convention).ece();
    SplitMix random = new SplitMix(seed);
    boolean[] outcomes = new boolean[forecasts.rows()];
    int extreme = 0;
    for (int r = 0; r < draws; r++) {
      for (int i = 0; i < outcomes.length; i++) {
        outcomes[i] = random.uniform() < forecasts.probability(i);
      }
      double drawn = CalibrationError.of(forecasts.withOutcomes(outcomes), convention).ece();
      extreme += drawn >= observed - ROUNDING ? 1 : 0;
    }
    return result("ECE (" + convention + ")", observed, extreme, draws, forecasts.rows());
  }

  /**
   * Tests the class-wise ECE: labels are drawn from the whole predicted distribution.
   *
   * @param predictions labelled predictions
   * @param convention the bins
   * @param draws how often labels are drawn, at least 1
   * @param seed the same seed gives the same p-value
   * @return the class-wise ECE and its p-value
   * @throws IllegalArgumentException if draws is below 1
   * @throws IllegalStateException if there are no labels
   */
  public static TestResult ofClasswiseEce(
      Predictions predictions, BinningConvention convention, int draws, long seed) {
    checkDraws(draws);
    double observed = ClasswiseCalibrationError.of(predictions, convention).ece();
    double[][] probabilities = new double[predictions.rows()][];
    Arrays.setAll(probabilities, predictions::probabilities);
    int[] order = order(predictions, probabilities);
    ToDoubleFunction<int[]> error =
        convention.hasFixedBins()
            ? new ClasswiseErrorOnRows(predictions, convention, order)::ofLabels
            : inMovingBins(predictions, convention);
    SplitMix random = new SplitMix(seed);
    int[] labels = new int[probabilities.length];
    int extreme = 0;
    for (int r = 0; r < draws; r++) {
      for (int i : order) {
        labels[i] = draw(probabilities[i], random.uniform());
      }
      extreme += error.applyAsDouble(labels) >= observed - ROUNDING ? 1 : 0;
    }
    return result(
        "class-wise ECE (" + convention + ")", observed, extreme, draws, predictions.rows());
  }

  /** The error with other labels, in bins that are laid again each time. */
  private static ToDoubleFunction<int[]> inMovingBins(
      Predictions predictions, BinningConvention convention) {
    Forecasts[] forecasts = new Forecasts[predictions.classes()];
    int[][] rows = new int[forecasts.length][];
    for (int k = 0; k < forecasts.length; k++) {
      forecasts[k] = Forecasts.ofClass(predictions, k);
      rows[k] = rowsOf(predictions, k);
    }
    return labels -> {
      CompensatedSum sum = new CompensatedSum();
      boolean[] outcomes = new boolean[labels.length];
      for (int k = 0; k < forecasts.length; k++) {
        for (int i = 0; i < outcomes.length; i++) {
          outcomes[i] = labels[rows[k][i]] == k;
        }
        sum.add(CalibrationError.of(forecasts[k].withOutcomes(outcomes), convention).ece());
      }
      return sum.value() / forecasts.length;
    };
  }

  /** The rows of the forecasts of a class, which are ascending in (f, y, w). */
  private static int[] rowsOf(Predictions predictions, int k) {
    double[][] keys = new double[3][predictions.rows()];
    Arrays.setAll(keys[0], i -> predictions.probability(i, k) + 0.0);
    Arrays.setAll(keys[1], i -> predictions.label(i) == k ? 1 : 0);
    Arrays.setAll(keys[2], predictions::weight);
    return ValueOrder.of(keys);
  }

  /** Rows by what they hold, so that the labels drawn do not depend on where a row stood. */
  private static int[] order(Predictions predictions, double[][] probabilities) {
    Comparator<Integer> byContent = (a, b) -> Arrays.compare(probabilities[a], probabilities[b]);
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(byContent.thenComparingDouble(predictions::weight))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int draw(double[] probabilities, double uniform) {
    double cumulative = 0;
    int last = 0;
    for (int k = 0; k < probabilities.length; k++) {
      cumulative += probabilities[k];
      if (probabilities[k] > 0) {
        last = k;
        if (uniform < cumulative) {
          return k;
        }
      }
    }
    return last;
  }

  private static void checkDraws(int draws) {
    if (draws < 1) {
      throw new IllegalArgumentException("draws must be at least 1, got " + draws);
    }
  }

  private static TestResult result(
      String what, double observed, int extreme, int draws, long rows) {
    double p = (1.0 + extreme) / (1.0 + draws);
    return new TestResult(what + " against resampled labels", observed, p, rows);
  }
}
