package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.BrierParts;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The numbers of a {@link CalibrationSketch}: calibration errors in the bins of its convention,
 * proper scores, and the bins they come from. They are those of {@link CalibrationError}, {@link
 * ProperScores}, {@code BrierDecomposition} and the others for the same rows in memory, within
 * 1e-12 (of the debiased error, the root of a difference, the square is). Immutable.
 *
 * <p>The ranges given are those of rows that sum to 1; rows may be {@value
 * Predictions#SUM_TOLERANCE} off, and mean confidence and Brier score with them.
 *
 * <p>Bin b has weight w_b of W in all (numbers of rows, without weights), mean confidence c_b and
 * accuracy a_b, both weighted. Confidence is the forecast judged: the largest probability of a row,
 * right if its class is the label; of rows given as one column the probability of the positive
 * class, "right" if that is the label.
 */
public final class CalibrationSummary {

  /**
   * A bin of confidences.
   *
   * @param lower lower edge
   * @param upper upper edge
   * @param count rows in the bin
   * @param correct rows in the bin that are right
   * @param meanConfidence weighted mean confidence, NaN if the bin is empty
   * @param accuracy weighted share of right rows, NaN if the bin is empty
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

  /** The smallest variance that squares in steps of 2^-30 resolve. */
  private static final double RESOLVED = 0x1p-28;

  private final SketchTotals totals;
  private final Binning binning;
  private final CalibrationError errors;
  private final List<Bin> bins;
  private final BrierParts murphy;

  CalibrationSummary(SketchTotals totals, BinningConvention convention, SketchEvent event) {
    this.totals = totals;
    binning = new Binning(convention, event.words, totals.bins(), totals.rows(), totals.weight());
    errors = CalibrationError.of(binning);
    List<Bin> list = new ArrayList<>();
    for (int b = 0; b < totals.bins().size(); b++) {
      BinTotals t = totals.bins().get(b);
      list.add(
          new Bin(
              t.lower(), t.upper(), t.count(), totals.hits()[b], t.meanConfidence(), t.accuracy()));
    }
    bins = List.copyOf(list);
    murphy = binning.murphy();
  }

  /**
   * Rows seen.
   *
   * @return at least 1
   */
  public long rows() {
    return totals.rows();
  }

  /**
   * Number of classes.
   *
   * @return at least 2
   */
  public int classes() {
    return totals.classGaps().length;
  }

  /**
   * Weighted share of rows whose most probable class (the lowest among equals) is the label.
   *
   * @return in [0, 1]
   */
  public double accuracy() {
    return totals.correct() / totals.weight();
  }

  /**
   * Weighted mean of the largest probability of each row.
   *
   * @return in [1 / classes, 1]
   */
  public double meanConfidence() {
    return totals.confidence() / totals.weight();
  }

  /**
   * Negative log-likelihood: mean of -ln max(p_label, {@value ProperScores#NLL_FLOOR}), in nats.
   *
   * @return at least 0
   */
  public double nll() {
    return totals.nll() / totals.weight();
  }

  /**
   * Brier score: mean over rows of sum_k (p_k - [k = label])^2.
   *
   * @return in [0, 2]
   */
  public double brier() {
    return totals.brier() / totals.weight();
  }

  /**
   * Standard deviation of the rows' negative log-likelihoods, divided by n - 1: over sqrt(n) it is
   * the standard error of {@link #nll}.
   *
   * @return above 2^-14; NaN where it is not known: of one row, of weighted rows, of rows that came
   *     from the bytes of a sketch, which do not hold it, and where it is smaller than that, which
   *     squares in steps of 2^-30 do not tell from 0
   */
  public double nllDeviation() {
    return deviation(totals.squaredNll(), nll());
  }

  /**
   * Standard deviation of the rows' Brier scores, divided by n - 1.
   *
   * @return above 2^-14; NaN as of {@link #nllDeviation}
   */
  public double brierDeviation() {
    return deviation(totals.squaredBrier(), brier());
  }

  private double deviation(double squares, double mean) {
    double n = totals.rows();
    double around = squares - n * mean * mean;
    return n < 2 || around < n * RESOLVED ? Double.NaN : Math.sqrt(around / (n - 1));
  }

  /**
   * Rows whose label has probability exactly 0: their NLL is the floor's.
   *
   * @return a count of rows
   */
  public long zeroProbabilityRows() {
    return totals.zeroProbabilities();
  }

  /**
   * Rows whose confidence is exactly 1.
   *
   * @return a count of rows
   */
  public long saturatedRows() {
    return totals.saturated();
  }

  /**
   * Expected calibration error: sum_b w_b / W |a_b - c_b|.
   *
   * @return in [0, 1]
   */
  public double ece() {
    return errors.ece();
  }

  /**
   * Maximum calibration error: max_b |a_b - c_b| over bins that are not empty.
   *
   * @return in [0, 1]
   */
  public double mce() {
    return errors.mce();
  }

  /**
   * Root mean square calibration error: sqrt(sum_b w_b / W (a_b - c_b)^2).
   *
   * @return in [0, 1]
   */
  public double rmsce() {
    return errors.rmsce();
  }

  /**
   * Average calibration error: mean of |a_b - c_b| over bins that are not empty.
   *
   * @return in [0, 1]
   */
  public double ace() {
    return errors.ace();
  }

  /**
   * Debiased L2 calibration error: sqrt(max(0, sum_b w_b / W [(a_b - c_b)^2 - a_b (1 - a_b) / (n_b
   * - 1)])), n_b the effective count of {@link BinTotals#effectiveCount}; a bin of one row has no
   * estimable variance and counts as 0, as in {@link BinTotals#squaredGapWithoutBias}.
   *
   * @return in [0, 1], at most {@link #rmsce()}
   * @see <a href="https://arxiv.org/abs/1909.10155">Kumar et al. 2019, Verified Uncertainty
   *     Calibration, section 5</a>
   */
  public double debiasedL2() {
    return Math.sqrt(Math.max(0, binning.squaredGapWithoutBias()));
  }

  /**
   * Class-wise calibration error: mean over classes k of sum_b w_bk / W |freq_bk(label = k) - mean
   * p_k|, with the bins of p_k.
   *
   * @return in [0, 1]
   * @see <a href="https://arxiv.org/abs/1910.12656">Kull et al. 2019, Beyond temperature scaling,
   *     section 2</a>
   */
  public double classwiseEce() {
    double sum = 0;
    for (double gap : totals.classGaps()) {
      sum += gap;
    }
    return sum / totals.weight() / classes();
  }

  /**
   * Calibration error of one class against the rest.
   *
   * @param k the class
   * @return in [0, 1]
   */
  public double classwiseEce(int k) {
    return totals.classGaps()[k] / totals.weight();
  }

  /**
   * The Brier score of the forecast judged in its parts.
   *
   * @return the decomposition
   */
  public BrierParts murphy() {
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

  /**
   * The same bins as totals, which {@link CalibrationError#of(Binning)} and its like for the
   * debiased errors and the Brier score's parts take.
   *
   * @return the bins with their convention
   */
  public Binning binning() {
    return binning;
  }

  /**
   * The reliability diagram: that of the same rows in memory, bit for bit where the bins do not
   * depend on the rows. It has no forecasts.
   *
   * @return the diagram
   */
  public ReliabilityDiagram reliabilityDiagram() {
    return ReliabilityDiagram.of(binning);
  }

  /**
   * The bars of the reliability diagram.
   *
   * @return the bins with their weights and 95 % intervals, as {@link ReliabilityDiagram#bins()}
   */
  public List<ReliabilityDiagram.Bin> diagram() {
    return binning.bins().stream().map(ReliabilityDiagram::bin).toList();
  }

  /**
   * The convention of the bins.
   *
   * @return the sketch's convention
   */
  public BinningConvention convention() {
    return binning.convention();
  }

  /**
   * What is judged.
   *
   * @return "top label", or "positive class" of rows given as one column
   */
  public String event() {
    return binning.event();
  }

  /**
   * Sum of the rows' weights.
   *
   * @return W, the number of rows without weights
   */
  public double weight() {
    return totals.weight();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "accuracy %.4f, NLL %.4f, Brier %.4f, ECE %.4f (%s)",
        accuracy(),
        nll(),
        brier(),
        ece(),
        binning.describe());
  }
}
