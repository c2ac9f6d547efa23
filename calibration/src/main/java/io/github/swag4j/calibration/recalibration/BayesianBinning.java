package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;
import io.github.swag4j.calibration.recalibration.fit.Softmax;
import java.util.Arrays;
import org.apache.commons.math3.special.Gamma;

/**
 * Bayesian binning into quantiles (BBQ): equal-mass binnings of every size between n^(1/3) / 10 and
 * 10 n^(1/3), averaged by their marginal likelihood under beta priors around each bin's middle. The
 * average is itself a step function. Each class against the rest, divided by their sum.
 *
 * @see <a href="https://doi.org/10.1609/aaai.v29i1.9602">Naeini, Cooper and Hauskrecht 2015,
 *     Obtaining well calibrated probabilities using Bayesian binning</a>
 */
public final class BayesianBinning extends OneVersusRest {

  /** The name of the method. */
  public static final String METHOD = "bbq";

  private static final double RANGE = 10;
  private static final double EQUIVALENT_ROWS = 2;

  /** Nearest that the middle of a bin may be to 0 or 1: the spacing of doubles below 1. */
  private static final double END = 0x1p-53;

  private BayesianBinning(int classes, FitOrigin fittedOn, BinaryMap[] maps) {
    super(METHOD, classes, fittedOn, BinaryMap.Score.PROBABILITY, maps);
  }

  /**
   * Fits on labelled rows.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   */
  public static BayesianBinning fit(Predictions predictions) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    BinaryMap[] maps =
        fitAll(fit, BinaryMap.Score.PROBABILITY, (x, y, w) -> average(new TiedScores(x, y, w)));
    return new BayesianBinning(fit.classes, fit.origin(), maps);
  }

  private static StepFunction average(TiedScores scores) {
    double root = Math.cbrt(scores.totalWeight);
    int least = (int) Math.max(1, Math.floor(root / RANGE));
    int most = (int) Math.min(scores.size(), Math.ceil(root * RANGE));
    int models = Math.max(most - least + 1, 1);
    double[] logScores = new double[models];
    for (int m = 0; m < models; m++) {
      logScores[m] = fill(scores, least + m, new double[scores.size()]);
    }
    double total = Softmax.logSumExp(logScores, 0, models);
    double[] mean = new double[scores.size()];
    double[] values = new double[scores.size()];
    for (int m = 0; m < models; m++) {
      double weight = Math.exp(logScores[m] - total);
      if (weight > 0) {
        fill(scores, least + m, values);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += weight * values[i];
        }
      }
    }
    return StepFunction.ofDistinct(scores, mean);
  }

  /**
   * Posterior mean of each distinct score's bin into values; returns the log marginal likelihood.
   */
  private static double fill(TiedScores scores, int bins, double[] values) {
    int[] ends = scores.equalMassEnds(bins);
    double prior = EQUIVALENT_ROWS / ends.length;
    double log = 0;
    int from = 0;
    for (int b = 0; b < ends.length; b++) {
      double weight = 0;
      double positive = 0;
      for (int i = from; i <= ends[b]; i++) {
        weight += scores.weights[i];
        positive += scores.sums[i];
      }
      double lower = b == 0 ? 0 : scores.edgeAfter(ends[b - 1]);
      double upper = b == ends.length - 1 ? 1 : scores.edgeAfter(ends[b]);
      // A bin at the very end of the scale: in doubles its middle would be 0 or 1, no beta prior.
      double middle = Math.min(Math.max(0.5 * (lower + upper), END), 1 - END);
      double alpha = prior * middle;
      double beta = prior * (1 - middle);
      log +=
          Gamma.logGamma(prior)
              - Gamma.logGamma(weight + prior)
              + Gamma.logGamma(positive + alpha)
              - Gamma.logGamma(alpha)
              + Gamma.logGamma(Math.max(weight - positive, 0) + beta)
              - Gamma.logGamma(beta);
      Arrays.fill(values, from, ends[b] + 1, (positive + alpha) / (weight + prior));
      from = ends[b] + 1;
    }
    return log;
  }

  /**
   * The averaged map of a class, before division by the sum over classes.
   *
   * @param k the class; 1 in a binary problem
   * @param probability its predicted probability
   * @return its recalibrated probability
   * @throws IllegalArgumentException if the problem is binary and k is not 1
   */
  public double predict(int k, double probability) {
    return map(k).apply(probability);
  }

  static BayesianBinning ofParameters(RecalibratorParameters p) {
    return new BayesianBinning(
        p.classes(), p.fittedOn(), readAll(p, name -> StepFunction.read(p, name)));
  }
}
