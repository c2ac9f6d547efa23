package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;

/**
 * Platt scaling: a {@link Sigmoid} of the log odds of each class against the rest, fitted on
 * smoothed targets. Several classes are divided by their sum.
 *
 * @see <a href="https://doi.org/10.1007/s10994-007-5018-6">Lin, Lin and Weng 2007, A note on
 *     Platt's probabilistic outputs for support vector machines</a>
 */
public final class PlattScaling extends OneVersusRest {

  /** The name of the method. */
  public static final String METHOD = "platt";

  private PlattScaling(int classes, FitOrigin fittedOn, BinaryMap[] maps) {
    super(METHOD, classes, fittedOn, BinaryMap.Score.LOG_ODDS, maps);
  }

  /**
   * Fits on labelled rows.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   */
  public static PlattScaling fit(Predictions predictions) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    BinaryMap[] maps = fitAll(fit, BinaryMap.Score.LOG_ODDS, Sigmoid::fit);
    return new PlattScaling(fit.classes, fit.origin(), maps);
  }

  static PlattScaling ofParameters(RecalibratorParameters p) {
    return new PlattScaling(p.classes(), p.fittedOn(), readAll(p, name -> Sigmoid.read(p, name)));
  }

  /**
   * The sigmoid of a class.
   *
   * @param k the class; 1 in a binary problem
   * @return its sigmoid of the log odds
   * @throws IllegalArgumentException if the problem is binary and k is not 1
   */
  public Sigmoid sigmoid(int k) {
    return (Sigmoid) map(k);
  }
}
