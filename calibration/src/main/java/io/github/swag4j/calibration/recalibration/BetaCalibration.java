package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;

/**
 * Beta calibration: sigmoid(a ln p - b ln(1 - p) + c) of each class against the rest, with a and b
 * at least 0; the exact map if scores of both classes are beta distributed. It contains the
 * identity (a = b = 1, c = 0), which Platt's sigmoid of probabilities does not. Several classes are
 * divided by their sum.
 *
 * @see <a href="https://proceedings.mlr.press/v54/kull17a.html">Kull, Silva Filho and Flach 2017,
 *     Beta calibration</a>
 */
public final class BetaCalibration extends OneVersusRest {

  /** The name of the method. */
  public static final String METHOD = "beta";

  private BetaCalibration(int classes, FitOrigin fittedOn, BinaryMap[] maps) {
    super(METHOD, classes, fittedOn, BinaryMap.Score.PROBABILITY, maps);
  }

  /**
   * Fits on labelled rows.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   * @throws NoFiniteOptimumException if a map that never decreases separates a class from the rest
   */
  public static BetaCalibration fit(Predictions predictions) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    BinaryMap[] maps = fitAll(fit, BinaryMap.Score.PROBABILITY, BetaMap::fit);
    return new BetaCalibration(fit.classes, fit.origin(), maps);
  }

  static BetaCalibration ofParameters(RecalibratorParameters p) {
    return new BetaCalibration(
        p.classes(), p.fittedOn(), readAll(p, name -> BetaMap.read(p, name)));
  }

  /**
   * The three parameters of a class.
   *
   * @param k the class; 1 in a binary problem
   * @return a, b and c
   * @throws IllegalArgumentException if the problem is binary and k is not 1
   */
  public double[] coefficients(int k) {
    BetaMap map = (BetaMap) map(k);
    return new double[] {map.a(), map.b(), map.c()};
  }
}
