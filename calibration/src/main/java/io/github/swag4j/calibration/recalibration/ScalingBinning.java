package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.Checks;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;

/**
 * Scaling-binning: a {@link Sigmoid} of the log odds, then equal-mass bins of its output, each with
 * the mean output in it. As few distinct outputs as binning, whose calibration error can be
 * measured, at the sample size of scaling. Each class against the rest, divided by their sum.
 *
 * <p>As in the authors' program, sigmoid and bins see the same rows.
 *
 * @see <a href="https://arxiv.org/abs/1909.10155">Kumar, Liang and Ma 2019, Verified uncertainty
 *     calibration, section 4</a>
 */
public final class ScalingBinning extends OneVersusRest {

  /** The name of the method. */
  public static final String METHOD = "scaling-binning";

  /** The number of bins where none is given. */
  public static final int DEFAULT_BINS = 10;

  private ScalingBinning(int classes, FitOrigin fittedOn, BinaryMap[] maps) {
    super(METHOD, classes, fittedOn, BinaryMap.Score.LOG_ODDS, maps);
  }

  /**
   * Fits with {@value #DEFAULT_BINS} bins.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   */
  public static ScalingBinning fit(Predictions predictions) {
    return fit(predictions, DEFAULT_BINS);
  }

  /**
   * Fits.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @param bins the most bins there can be, at least 1; ties are never split
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels, a class has no row, or bins is not
   *     positive
   */
  public static ScalingBinning fit(Predictions predictions, int bins) {
    Checks.between("bins", bins, 1, Integer.MAX_VALUE);
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    BinaryMap[] maps =
        fitAll(fit, BinaryMap.Score.LOG_ODDS, (x, y, w) -> BinnedSigmoid.fit(x, y, w, bins));
    return new ScalingBinning(fit.classes, fit.origin(), maps);
  }

  /**
   * Values of a class's bins, before division by the sum over classes.
   *
   * @param k the class; 1 in a binary problem
   * @return a probability for each bin, ascending
   * @throws IllegalArgumentException if the problem is binary and k is not 1
   */
  public double[] values(int k) {
    return ((BinnedSigmoid) map(k)).bins().values().clone();
  }

  static ScalingBinning ofParameters(RecalibratorParameters p) {
    return new ScalingBinning(
        p.classes(), p.fittedOn(), readAll(p, name -> BinnedSigmoid.read(p, name)));
  }
}
