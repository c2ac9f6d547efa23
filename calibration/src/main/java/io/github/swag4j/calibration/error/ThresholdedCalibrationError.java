package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Thresholded adaptive calibration error (TACE): the class-wise error over equal-mass bins of the
 * probabilities above a threshold only. With many classes nearly all probabilities are nearly 0,
 * would fill nearly all bins and hide the error of those that matter.
 *
 * <p>TACE = sum_k ECE_k / K, ECE_k of the rows with p_k above the threshold; a class without such a
 * row counts 0. In [0, 1], lower is better. At threshold 0 rows of probability exactly 0 are left
 * out; that, not this, is the adaptive error of {@link ClasswiseCalibrationError}.
 *
 * @see <a href="https://arxiv.org/abs/1904.01685">Nixon et al. 2019, Measuring Calibration in Deep
 *     Learning, section 3.3</a>
 */
public final class ThresholdedCalibrationError {

  /** The threshold of the paper's experiments. */
  public static final double DEFAULT_THRESHOLD = 0.01;

  private final double threshold;
  private final List<Optional<CalibrationError>> classes;
  private final BinningConvention convention;
  private final long rows;

  private ThresholdedCalibrationError(
      double threshold,
      List<Optional<CalibrationError>> classes,
      BinningConvention convention,
      long rows) {
    this.threshold = threshold;
    this.classes = Collections.unmodifiableList(classes);
    this.convention = convention;
    this.rows = rows;
  }

  /**
   * The error above {@value #DEFAULT_THRESHOLD} in 15 equal-mass bins.
   *
   * @param predictions labelled predictions
   * @return the error
   * @throws IllegalStateException if there are no labels
   */
  public static ThresholdedCalibrationError of(Predictions predictions) {
    return of(predictions, DEFAULT_THRESHOLD, BinningConvention.EQUAL_MASS);
  }

  /**
   * The error above a threshold.
   *
   * @param predictions labelled predictions
   * @param threshold probabilities must be above it, in [0, 1)
   * @param convention the bins, laid for each class over its probabilities above the threshold
   * @return the error
   * @throws IllegalArgumentException if the threshold is not in [0, 1)
   * @throws IllegalStateException if there are no labels
   */
  public static ThresholdedCalibrationError of(
      Predictions predictions, double threshold, BinningConvention convention) {
    if (!(threshold >= 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "threshold must be at least 0 and below 1, got " + threshold);
    }
    List<Optional<CalibrationError>> out = new ArrayList<>();
    for (int k = 0; k < predictions.classes(); k++) {
      out.add(above(predictions, k, threshold).map(f -> CalibrationError.of(f, convention)));
    }
    return new ThresholdedCalibrationError(threshold, out, convention, predictions.rows());
  }

  private static Optional<Forecasts> above(Predictions predictions, int k, double threshold) {
    int n = 0;
    double weight = 0;
    double[] p = new double[predictions.rows()];
    boolean[] y = new boolean[p.length];
    double[] w = new double[p.length];
    for (int row = 0; row < p.length; row++) {
      if (predictions.probability(row, k) > threshold) {
        p[n] = predictions.probability(row, k);
        y[n] = predictions.label(row) == k;
        w[n] = predictions.weight(row);
        weight += w[n++];
      }
    }
    if (!(weight > 0)) {
      return Optional.empty();
    }
    double[] weights = predictions.hasWeights() ? Arrays.copyOf(w, n) : null;
    return Optional.of(Forecasts.of(Arrays.copyOf(p, n), Arrays.copyOf(y, n), weights));
  }

  /**
   * The error.
   *
   * @return TACE, in [0, 1]
   */
  public double tace() {
    CompensatedSum sum = new CompensatedSum();
    for (Optional<CalibrationError> error : classes) {
      sum.add(error.map(CalibrationError::ece).orElse(0.0));
    }
    return sum.value() / classes.size();
  }

  /**
   * The errors of each class over its rows above the threshold.
   *
   * @return {@code [classes]}, empty where no row is above it; unmodifiable
   */
  public List<Optional<CalibrationError>> classes() {
    return classes;
  }

  /**
   * The threshold.
   *
   * @return probabilities above it are judged
   */
  public double threshold() {
    return threshold;
  }

  /**
   * The error with its threshold and convention.
   *
   * @return such as "TACE 0.0412 (probabilities above 0.01, equal-mass: 15 equal-mass bins, 100
   *     classes, 10,000 rows)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "TACE %.4f (probabilities above %s, %s, %d classes, %s)",
        tace(),
        threshold,
        convention,
        classes.size(),
        RowCount.words(rows));
  }
}
