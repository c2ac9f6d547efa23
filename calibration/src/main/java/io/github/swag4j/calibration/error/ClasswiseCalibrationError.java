package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Calibration of every class's probability, not of the top label alone: the binned errors of the
 * forecasts "the label is k", for each class k over all rows. Also called static (SCE), marginal
 * or, with equal-mass bins, adaptive calibration error.
 *
 * <p>In [0, 1], lower is better. A class without a label still counts: probabilities given to it
 * are wrong ones.
 *
 * @see <a href="https://arxiv.org/abs/1904.01685">Nixon et al. 2019, Measuring Calibration in Deep
 *     Learning, eq. 3</a>
 * @see <a href="https://arxiv.org/abs/1910.12656">Kull et al. 2019, classwise-ECE, eq. 4</a>
 */
public final class ClasswiseCalibrationError {
  private final List<CalibrationError> classes;

  private ClasswiseCalibrationError(List<CalibrationError> classes) {
    this.classes = List.copyOf(classes);
  }

  /**
   * Errors of the default convention, {@link BinningConvention#GUO}.
   *
   * @param predictions labelled predictions
   * @return the errors
   * @throws IllegalStateException if there are no labels
   */
  public static ClasswiseCalibrationError of(Predictions predictions) {
    return of(predictions, BinningConvention.GUO);
  }

  /**
   * Errors of a convention; equal-mass bins are laid for each class on its own.
   *
   * @param predictions labelled predictions
   * @param convention the bins
   * @return the errors
   * @throws IllegalStateException if there are no labels
   */
  public static ClasswiseCalibrationError of(
      Predictions predictions, BinningConvention convention) {
    List<CalibrationError> out = new ArrayList<>(predictions.classes());
    for (int k = 0; k < predictions.classes(); k++) {
      out.add(CalibrationError.of(Forecasts.ofClass(predictions, k), convention));
    }
    return new ClasswiseCalibrationError(out);
  }

  /**
   * The errors of each class.
   *
   * @return {@code [classes]}, unmodifiable
   */
  public List<CalibrationError> classes() {
    return classes;
  }

  /**
   * Class-wise ECE.
   *
   * @return mean over the classes of their ECE
   */
  public double ece() {
    return marginal(1);
  }

  /**
   * The class-wise ECE of the worst class.
   *
   * @return max over the classes of their ECE
   */
  public double worstClassEce() {
    return classes.stream().mapToDouble(CalibrationError::ece).max().orElse(0);
  }

  /**
   * Marginal error of any norm.
   *
   * @param p the norm, at least 1 and finite
   * @return (mean over classes of CE_p^p)^(1/p)
   * @throws IllegalArgumentException if p is out of range
   */
  public double marginal(double p) {
    if (!(p >= 1 && p < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the norm must be finite and at least 1, got " + p);
    }
    CompensatedSum sum = new CompensatedSum();
    for (CalibrationError error : classes) {
      sum.add(error.binning().meanGapPower(p));
    }
    double mean = sum.value() / classes.size();
    return p == 1 ? mean : Math.pow(mean, 1 / p);
  }

  /**
   * Class-wise ECE with its convention.
   *
   * @return such as "class-wise ECE 0.0774 (guo: 15 equal-width bins, 4 classes, 500 rows)"
   */
  @Override
  public String toString() {
    CalibrationError first = classes.get(0);
    return String.format(
        Locale.ROOT,
        "class-wise ECE %.4f (%s, %d classes, %s)",
        ece(),
        first.convention(),
        classes.size(),
        RowCount.words(first.rows()));
  }
}
