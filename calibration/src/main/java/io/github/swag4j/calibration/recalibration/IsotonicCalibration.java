package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;

/**
 * Isotonic calibration: {@link IsotonicRegression} of the label on the probability, each class
 * against the rest. Ties are pooled. Several classes are divided by their sum; a row in which every
 * class is mapped to 0 becomes uniform. Maps ends of the scale to exactly 0 and 1, so judge it by
 * Brier score or by a log loss with a floor.
 *
 * @see <a href="https://doi.org/10.1145/775047.775151">Zadrozny and Elkan 2002, Transforming
 *     classifier scores into accurate multiclass probability estimates</a>
 */
public final class IsotonicCalibration extends OneVersusRest {

  /** The name of the method. */
  public static final String METHOD = "isotonic";

  private IsotonicCalibration(int classes, FitOrigin fittedOn, BinaryMap[] maps) {
    super(METHOD, classes, fittedOn, BinaryMap.Score.PROBABILITY, maps);
  }

  /**
   * Fits on labelled rows.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   */
  public static IsotonicCalibration fit(Predictions predictions) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    BinaryMap[] maps = fitAll(fit, BinaryMap.Score.PROBABILITY, IsotonicRegression::fit);
    return new IsotonicCalibration(fit.classes, fit.origin(), maps);
  }

  static IsotonicCalibration ofParameters(RecalibratorParameters p) {
    return new IsotonicCalibration(
        p.classes(), p.fittedOn(), readAll(p, name -> IsotonicRegression.read(p, name)));
  }

  /**
   * The fitted function of a class.
   *
   * @param k the class; 1 in a binary problem
   * @return its isotonic regression on the probability
   * @throws IllegalArgumentException if the problem is binary and k is not 1
   */
  public IsotonicRegression regression(int k) {
    return (IsotonicRegression) map(k);
  }
}
