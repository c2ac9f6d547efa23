package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;

/**
 * Inductive Venn-Abers prediction: for each row two isotonic estimates, one of which is perfectly
 * calibrated whatever the distribution, and their log-loss merger p1 / (1 - p0 + p1). Several
 * classes go one against the rest and are divided by their sum; the guarantee is that of the binary
 * intervals.
 *
 * @see <a href="https://arxiv.org/abs/1511.00213">Vovk, Petej and Fedorova 2015, Large-scale
 *     probabilistic predictors with and without guarantees of validity</a>
 */
public final class VennAbers extends OneVersusRest {

  /** The name of the method. */
  public static final String METHOD = "venn-abers";

  private VennAbers(int classes, FitOrigin fittedOn, BinaryMap[] maps) {
    super(METHOD, classes, fittedOn, BinaryMap.Score.PROBABILITY, maps);
  }

  /**
   * Fits on labelled rows.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   */
  public static VennAbers fit(Predictions predictions) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    BinaryMap[] maps = fitAll(fit, BinaryMap.Score.PROBABILITY, VennAbersMap::fit);
    return new VennAbers(fit.classes, fit.origin(), maps);
  }

  static VennAbers ofParameters(RecalibratorParameters p) {
    return new VennAbers(p.classes(), p.fittedOn(), readAll(p, name -> VennAbersMap.read(p, name)));
  }

  /**
   * The pair of probabilities of a class, before merging.
   *
   * @param k the class; 1 in a binary problem
   * @param probability its predicted probability, in [0, 1]
   * @return p0 and p1, with p0 at most p1
   * @throws IllegalArgumentException if the problem is binary and k is not 1
   */
  public double[] interval(int k, double probability) {
    VennAbersMap map = (VennAbersMap) map(k);
    return new double[] {map.lower(probability), map.upper(probability)};
  }
}
