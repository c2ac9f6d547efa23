package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Calibration of the confidence given the predicted class: the binned error of the rows predicted
 * as k, for each class k that is predicted. A classifier too sure of cats and too unsure of dogs
 * may have a small ECE; it has a large one here.
 *
 * <p>In [0, 1], lower is better, never below the ECE over the same fixed bins.
 *
 * @see <a href="https://arxiv.org/abs/2107.08353">Gupta and Ramdas 2021, Top-label calibration, eq.
 *     4</a>
 */
public final class LabelConditionalCalibrationError {
  private final SortedMap<Integer, CalibrationError> classes;
  private final BinningConvention convention;

  private LabelConditionalCalibrationError(
      SortedMap<Integer, CalibrationError> classes, BinningConvention convention) {
    this.classes = Collections.unmodifiableSortedMap(classes);
    this.convention = convention;
  }

  /**
   * Errors of the default convention, {@link BinningConvention#GUO}.
   *
   * @param predictions labelled predictions
   * @return the errors
   * @throws IllegalStateException if there are no labels
   */
  public static LabelConditionalCalibrationError of(Predictions predictions) {
    return of(predictions, BinningConvention.GUO);
  }

  /**
   * Errors of a convention.
   *
   * @param predictions labelled predictions
   * @param convention the bins
   * @return the errors
   * @throws IllegalStateException if there are no labels
   */
  public static LabelConditionalCalibrationError of(
      Predictions predictions, BinningConvention convention) {
    SortedMap<Integer, CalibrationError> out = new TreeMap<>();
    Forecasts.byPredictedClass(predictions)
        .forEach((k, forecasts) -> out.put(k, CalibrationError.of(forecasts, convention)));
    return new LabelConditionalCalibrationError(out, convention);
  }

  /**
   * The errors by predicted class; classes that are never predicted are not in it.
   *
   * @return by class, unmodifiable
   */
  public SortedMap<Integer, CalibrationError> classes() {
    return classes;
  }

  /**
   * Top-label ECE of Gupta and Ramdas: classes weigh as often as they are predicted.
   *
   * @return sum_k W_k / W ECE_k
   */
  public double ece() {
    return norm(1);
  }

  /**
   * Error of any norm; classes weigh as often as they are predicted.
   *
   * @param p the norm, at least 1 and finite
   * @return (sum_k W_k / W CE_p,k^p)^(1/p) over the predicted classes, in [0, 1]
   * @throws IllegalArgumentException if p is out of range
   */
  public double norm(double p) {
    if (!(p >= 1 && p < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the norm must be finite and at least 1, got " + p);
    }
    CompensatedSum sum = new CompensatedSum();
    CompensatedSum weights = new CompensatedSum();
    for (CalibrationError error : classes.values()) {
      double weight = error.binning().weight();
      weights.add(weight);
      sum.add(weight > 0 ? weight * error.binning().meanGapPower(p) : 0);
    }
    double mean = sum.value() / weights.value();
    return p == 1 ? mean : Math.pow(mean, 1 / p);
  }

  /**
   * Mean over the predicted classes, as MAPIE's top_label_ece.
   *
   * @return mean of ECE_k over the classes that are predicted by rows of positive weight
   */
  public double unweightedEce() {
    CompensatedSum sum = new CompensatedSum();
    long used = 0;
    for (CalibrationError error : classes.values()) {
      if (error.binning().weight() > 0) {
        sum.add(error.ece());
        used++;
      }
    }
    return sum.value() / used;
  }

  /**
   * The error with its convention.
   *
   * @return such as "label-conditional ECE 0.1234 (guo: 15 equal-width bins, 4 predicted classes)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "label-conditional ECE %.4f (%s, %d predicted classes)",
        ece(),
        convention,
        classes.size());
  }
}
