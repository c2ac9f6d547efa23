package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.Checks;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;
import java.util.Objects;

/**
 * Histogram binning: the frequency of the label in the bin of the probability, each class against
 * the rest. Several classes are divided by their sum. A bin without rows keeps its middle.
 *
 * @see <a href="https://dl.acm.org/doi/10.5555/645530.655658">Zadrozny and Elkan 2001, Obtaining
 *     calibrated probability estimates from decision trees and naive Bayesian classifiers</a>
 */
public final class HistogramBinning extends OneVersusRest {

  /** The name of the method. */
  public static final String METHOD = "histogram";

  private static final int MAX_BINS = 1 << 20;

  /**
   * How bins are cut.
   *
   * @param bins number of bins; with equal mass the most there can be
   * @param scheme equal width or equal mass
   */
  public record Options(int bins, BinningScheme scheme) {
    /**
     * Checks the number of bins.
     *
     * @param bins number of bins; with equal mass the most there can be
     * @param scheme equal width or equal mass
     * @throws IllegalArgumentException if it is not positive
     */
    public Options {
      Checks.between("bins", bins, 1, MAX_BINS);
      Objects.requireNonNull(scheme, "scheme");
    }

    /**
     * 15 bins of equal mass.
     *
     * @return the defaults
     */
    public static Options defaults() {
      return new Options(15, BinningScheme.EQUAL_MASS);
    }
  }

  private HistogramBinning(int classes, FitOrigin fittedOn, BinaryMap[] maps) {
    super(METHOD, classes, fittedOn, BinaryMap.Score.PROBABILITY, maps);
  }

  /**
   * Fits with {@link Options#defaults()}.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   */
  public static HistogramBinning fit(Predictions predictions) {
    return fit(predictions, Options.defaults());
  }

  /**
   * Fits.
   *
   * @param predictions labelled rows of every class, not those to be judged
   * @param options how bins are cut
   * @return the fitted recalibrator
   * @throws IllegalArgumentException if there are no labels or a class has no row
   */
  public static HistogramBinning fit(Predictions predictions, Options options) {
    FittingSet fit = FittingSet.ofEveryClass(METHOD, predictions);
    BinaryMap[] maps =
        fitAll(
            fit, BinaryMap.Score.PROBABILITY, (x, y, w) -> bin(new TiedScores(x, y, w), options));
    return new HistogramBinning(fit.classes, fit.origin(), maps);
  }

  private static StepFunction bin(TiedScores scores, Options options) {
    double[] edges;
    if (options.scheme() == BinningScheme.EQUAL_MASS) {
      edges = StepFunction.edges(scores, scores.equalMassEnds(options.bins()));
    } else {
      edges = new double[options.bins() - 1];
      for (int i = 0; i < edges.length; i++) {
        edges[i] = (i + 1.0) / options.bins();
      }
    }
    double[] sums = new double[edges.length + 1];
    double[] weights = new double[edges.length + 1];
    for (int i = 0, bin = 0; i < scores.size(); i++) {
      while (bin < edges.length && scores.scores[i] > edges[bin]) {
        bin++;
      }
      sums[bin] += scores.sums[i];
      weights[bin] += scores.weights[i];
    }
    for (int bin = 0; bin < sums.length; bin++) {
      double lower = bin == 0 ? 0 : edges[bin - 1];
      double upper = bin == edges.length ? 1 : edges[bin];
      sums[bin] = weights[bin] > 0 ? sums[bin] / weights[bin] : 0.5 * (lower + upper);
    }
    return new StepFunction(edges, sums);
  }

  /**
   * Inner edges of a class's bins; bins are (lower, upper].
   *
   * @param k the class; 1 in a binary problem
   * @return ascending edges, one fewer than bins
   * @throws IllegalArgumentException if the problem is binary and k is not 1
   */
  public double[] edges(int k) {
    return ((StepFunction) map(k)).edges().clone();
  }

  /**
   * Values of a class's bins, before division by the sum over classes.
   *
   * @param k the class; 1 in a binary problem
   * @return a probability for each bin
   * @throws IllegalArgumentException if the problem is binary and k is not 1
   */
  public double[] values(int k) {
    return ((StepFunction) map(k)).values().clone();
  }

  static HistogramBinning ofParameters(RecalibratorParameters p) {
    return new HistogramBinning(
        p.classes(), p.fittedOn(), readAll(p, name -> StepFunction.read(p, name)));
  }
}
