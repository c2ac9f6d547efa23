package io.github.swag4j.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The numbers of a {@link CalibrationSketch}: calibration error in equal-width bins as in Guo et
 * al. 2017, proper scores, and the bins they come from. Immutable.
 *
 * <p>n rows, n_b of them in bin b with mean confidence c_b and accuracy a_b; w_b = n_b / n.
 */
public final class CalibrationSummary {

  /**
   * A bin of confidences.
   *
   * @param lower lower edge, outside the bin (inside in the first)
   * @param upper upper edge, inside the bin
   * @param count rows in the bin
   * @param correct rows in the bin that are right
   * @param meanConfidence mean confidence, NaN if the bin is empty
   * @param accuracy share of right rows, NaN if the bin is empty
   */
  public record Bin(
      double lower,
      double upper,
      long count,
      long correct,
      double meanConfidence,
      double accuracy) {

    /**
     * Accuracy minus mean confidence.
     *
     * @return the gap, in [-1, 1]; NaN if the bin is empty
     */
    public double gap() {
      return accuracy - meanConfidence;
    }
  }

  /**
   * Brier score of the top label, mean (conf - right)^2, in its parts: reliability - resolution +
   * uncertainty + withinBinVariance - withinBinCovariance.
   *
   * @param reliability sum_b w_b (c_b - a_b)^2
   * @param resolution sum_b w_b (a_b - a)^2, a the accuracy
   * @param uncertainty a (1 - a)
   * @param withinBinVariance sum_b w_b var_b(conf)
   * @param withinBinCovariance 2 sum_b w_b cov_b(conf, right)
   * @see <a href="https://doi.org/10.1175/2007WAF2006116.1">Stephenson et al. 2008, Two Extra
   *     Components in the Brier Score Decomposition</a>
   */
  public record Murphy(
      double reliability,
      double resolution,
      double uncertainty,
      double withinBinVariance,
      double withinBinCovariance) {

    /**
     * The top-label Brier score that the parts sum to.
     *
     * @return mean (conf - right)^2
     */
    public double brier() {
      return reliability - resolution + uncertainty + withinBinVariance - withinBinCovariance;
    }
  }

  private final long rows;
  private final int classes;
  private final double accuracy;
  private final double meanConfidence;
  private final double nll;
  private final double brier;
  private final long zeroProbabilities;
  private final long saturated;
  private final List<Bin> bins;
  private final double[] classwise;
  private final Murphy murphy;

  CalibrationSummary(SketchState s) {
    rows = s.rows;
    classes = s.classes;
    accuracy = (double) s.correct / rows;
    nll = s.scores.value(0) / rows;
    brier = s.scores.value(1) / rows;
    zeroProbabilities = s.zeroProbabilities;
    saturated = s.saturated;
    double confidence = 0;
    double variance = 0;
    double covariance = 0;
    List<Bin> list = new ArrayList<>();
    for (int b = 0; b < s.bins; b++) {
      int i = b + 1;
      int j = b == 0 ? 0 : -1; // the first bin has slot 0 as well
      long count = s.counts[i] + (b == 0 ? s.counts[0] : 0);
      long hits = s.hits[i] + (b == 0 ? s.hits[0] : 0);
      double sum = sum(s.confidences, i, j);
      double mean = sum / count;
      double right = (double) hits / count;
      confidence += sum;
      if (count > 0) {
        variance += Math.max(sum(s.squares, i, j) - sum * mean, 0);
        covariance += sum(s.hitConfidences, i, j) - mean * hits;
      }
      list.add(new Bin((double) b / s.bins, (double) i / s.bins, count, hits, mean, right));
    }
    bins = List.copyOf(list);
    meanConfidence = confidence / rows;
    murphy =
        new Murphy(
            power(2),
            resolution(),
            accuracy * (1 - accuracy),
            variance / rows,
            2 * covariance / rows);
    classwise = new double[classes];
    for (int k = 0; k < classes; k++) {
      classwise[k] = classwise(s, k);
    }
  }

  private static double sum(SketchState.Sums sums, int i, int j) {
    return j < 0 ? sums.value(i) : sums.value(i, j);
  }

  private double classwise(SketchState s, int k) {
    double error = 0;
    for (int b = 0; b < s.bins; b++) {
      int i = k * s.slots + b + 1;
      double sum = sum(s.classSums, i, b == 0 ? i - 1 : -1);
      long hits = s.classHits[i] + (b == 0 ? s.classHits[i - 1] : 0);
      error += Math.abs(sum - hits);
    }
    return error / rows;
  }

  /** sum_b w_b |gap_b|^p. */
  private double power(int p) {
    double sum = 0;
    for (Bin bin : bins) {
      if (bin.count() > 0) {
        sum += (double) bin.count() / rows * Math.pow(Math.abs(bin.gap()), p);
      }
    }
    return sum;
  }

  private double resolution() {
    double sum = 0;
    for (Bin bin : bins) {
      if (bin.count() > 0) {
        double gap = bin.accuracy() - accuracy;
        sum += (double) bin.count() / rows * gap * gap;
      }
    }
    return sum;
  }

  /**
   * Rows seen.
   *
   * @return at least 1
   */
  public long rows() {
    return rows;
  }

  /**
   * Number of classes.
   *
   * @return at least 2
   */
  public int classes() {
    return classes;
  }

  /**
   * Share of rows whose most probable class (the lowest among equals) is the label.
   *
   * @return in [0, 1]
   */
  public double accuracy() {
    return accuracy;
  }

  /**
   * Mean of the largest probability of each row.
   *
   * @return in [1 / classes, 1]
   */
  public double meanConfidence() {
    return meanConfidence;
  }

  /**
   * Negative log-likelihood: mean of -ln max(p_label, {@value ProperScores#NLL_FLOOR}), in nats.
   *
   * @return at least 0
   */
  public double nll() {
    return nll;
  }

  /**
   * Brier score: mean over rows of sum_k (p_k - [k = label])^2.
   *
   * @return in [0, 2]
   */
  public double brier() {
    return brier;
  }

  /**
   * Rows whose label has probability exactly 0: their NLL is the floor's.
   *
   * @return a count of rows
   */
  public long zeroProbabilityRows() {
    return zeroProbabilities;
  }

  /**
   * Rows whose confidence is exactly 1.
   *
   * @return a count of rows
   */
  public long saturatedRows() {
    return saturated;
  }

  /**
   * Expected calibration error: sum_b w_b |a_b - c_b|.
   *
   * @return in [0, 1]
   */
  public double ece() {
    return power(1);
  }

  /**
   * Maximum calibration error: max_b |a_b - c_b| over bins with rows.
   *
   * @return in [0, 1]
   */
  public double mce() {
    return bins.stream()
        .filter(b -> b.count() > 0)
        .mapToDouble(b -> Math.abs(b.gap()))
        .max()
        .orElse(0);
  }

  /**
   * Root mean square calibration error: sqrt(sum_b w_b (a_b - c_b)^2).
   *
   * @return in [0, 1]
   */
  public double rmsce() {
    return Math.sqrt(power(2));
  }

  /**
   * Average calibration error: mean of |a_b - c_b| over bins with rows.
   *
   * @return in [0, 1]
   */
  public double ace() {
    return bins.stream()
        .filter(b -> b.count() > 0)
        .mapToDouble(b -> Math.abs(b.gap()))
        .average()
        .orElse(0);
  }

  /**
   * Debiased L2 calibration error: sqrt(max(0, sum_b w_b [(a_b - c_b)^2 - a_b (1 - a_b) / (n_b -
   * 1)])); a bin of one row has no estimable variance and counts as 0, as in {@link
   * BinTotals#squaredGapWithoutBias}.
   *
   * @return in [0, 1], at most {@link #rmsce()}
   * @see <a href="https://arxiv.org/abs/1909.10155">Kumar et al. 2019, Verified Uncertainty
   *     Calibration, section 5</a>
   */
  public double debiasedL2() {
    double sum = 0;
    for (Bin bin : bins) {
      if (bin.count() > 0) {
        double square = BinTotals.squaredGapWithoutBias(bin.count(), bin.accuracy(), bin.gap());
        sum += (double) bin.count() / rows * square;
      }
    }
    return Math.sqrt(Math.max(sum, 0));
  }

  /**
   * Class-wise calibration error: mean over classes k of sum_b n_bk / n |freq_bk(label = k) - mean
   * p_k|, with the bins of p_k.
   *
   * @return in [0, 1]
   * @see <a href="https://arxiv.org/abs/1910.12656">Kull et al. 2019, Beyond temperature scaling,
   *     section 2</a>
   */
  public double classwiseEce() {
    double sum = 0;
    for (double error : classwise) {
      sum += error;
    }
    return sum / classes;
  }

  /**
   * Calibration error of one class against the rest.
   *
   * @param k the class
   * @return in [0, 1]
   */
  public double classwiseEce(int k) {
    return classwise[k];
  }

  /**
   * The top-label Brier score in its parts.
   *
   * @return the decomposition
   */
  public Murphy murphy() {
    return murphy;
  }

  /**
   * The bins, from confidence 0 to 1.
   *
   * @return as many as the sketch has, empty ones too
   */
  public List<Bin> bins() {
    return bins;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "accuracy %.4f, NLL %.4f, Brier %.4f, ECE %.4f (guo: %d equal-width bins, %,d rows)",
        accuracy,
        nll,
        brier,
        ece(),
        bins.size(),
        rows);
  }
}
