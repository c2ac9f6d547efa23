package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;

/**
 * Matrix scaling: softmax(W z + b) with a full matrix and intercepts, under the off-diagonal and
 * intercept penalty.
 *
 * <p>Convex. Takes logits where there are some, else logarithms of probabilities, and remembers
 * which. May change the predicted class; K (K + 1) parameters need many rows.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, section 4.2</a>
 * @see OffDiagonalPenalty
 */
public final class MatrixScaling extends AffineRecalibrator {

  /** The name of the method. */
  public static final String METHOD = "matrix";

  private MatrixScaling(
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
  public static MatrixScaling fit(Predictions predictions) {
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
  public static MatrixScaling fit(Predictions predictions, OffDiagonalPenalty penalty) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    ScoreInput input = ScoreInput.of(predictions);
    double[] w = minimise(fit, input, penalty, "matrix scaling");
    return new MatrixScaling(fit.classes, fit.origin(), input, penalty, w);
  }

  static MatrixScaling ofParameters(RecalibratorParameters p) {
    return new MatrixScaling(p.classes(), p.fittedOn(), p.input(), readPenalty(p), read(p));
  }
}
