package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;

/**
 * Dirichlet calibration: softmax(W ln p + b), the exact map if the predictions of each class are
 * Dirichlet distributed, under the off-diagonal and intercept penalty.
 *
 * <p>Convex. Always takes logarithms of probabilities, floored at {@link
 * Recalibrator#PROBABILITY_FLOOR}. May change the predicted class; K (K + 1) parameters need many
 * rows.
 *
 * @see <a href="https://arxiv.org/abs/1910.12656">Kull et al. 2019, Beyond temperature scaling,
 *     equation 3 (linear parametrisation)</a>
 * @see OffDiagonalPenalty
 */
public final class DirichletCalibration extends AffineRecalibrator {

  /** The name of the method. */
  public static final String METHOD = "dirichlet";

  private DirichletCalibration(
      int classes,
      FitOrigin fittedOn,
      ScoreInput input,
      OffDiagonalPenalty penalty,
      double[] parameters) {
    super(METHOD, classes, fittedOn, input, penalty, parameters);
  }

  /**
   * Fits with {@link OffDiagonalPenalty#defaults()}.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   * @throws NoFiniteOptimumException if the classes are separable
   */
  public static DirichletCalibration fit(Predictions predictions) {
    return fit(predictions, OffDiagonalPenalty.defaults());
  }

  /**
   * Fits by penalised maximum likelihood.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @param penalty how strongly off-diagonal elements and intercepts are held to 0
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   * @throws NoFiniteOptimumException if the classes are separable
   */
  public static DirichletCalibration fit(Predictions predictions, OffDiagonalPenalty penalty) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    ScoreInput input = ScoreInput.LOG_PROBABILITIES;
    double[] w = minimise(fit, input, penalty, "Dirichlet calibration");
    return new DirichletCalibration(fit.classes, fit.origin(), input, penalty, w);
  }

  static DirichletCalibration ofParameters(RecalibratorParameters p) {
    return new DirichletCalibration(p.classes(), p.fittedOn(), p.input(), readPenalty(p), read(p));
  }
}
