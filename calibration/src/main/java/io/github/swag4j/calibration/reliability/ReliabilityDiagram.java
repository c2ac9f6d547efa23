package io.github.swag4j.calibration.reliability;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The numbers of a reliability diagram: for each bin how many rows it holds, how confident they are
 * on average and how often they are right, with 95 % intervals for the latter. Empty bins are kept,
 * and say NaN.
 *
 * <p>For a binary problem given as one column, "accuracy" is the share of positive rows and
 * "confidence" the probability of the positive class. Intervals of weighted rows use the effective
 * count of {@link BinTotals#effectiveCount()}.
 *
 * <p>Immutable; safe for use by several threads.
 *
 * @see <a href="https://doi.org/10.1145/1102351.1102430">Niculescu-Mizil and Caruana 2005</a>
 */
public final class ReliabilityDiagram {

  /** Level of the bins' intervals. */
  public static final double LEVEL = 0.95;

  private final Forecasts forecasts;
  private final Binning binning;
  private final double eventRate;
  private final double meanProbability;
  private final List<Bin> bins;

  /**
   * One bar.
   *
   * @param lower lower bound of the confidences
   * @param upper upper bound of the confidences
   * @param count number of rows
   * @param weight sum of the rows' weights, the count without weights
   * @param meanConfidence weighted mean confidence, NaN where empty
   * @param accuracy weighted share of right rows, NaN where empty
   * @param clopperPearson 95 % Clopper-Pearson interval of the accuracy, NaN where empty
   * @param wilson 95 % Wilson interval of the accuracy, NaN where empty
   */
  public record Bin(
      double lower,
      double upper,
      long count,
      double weight,
      double meanConfidence,
      double accuracy,
      Interval clopperPearson,
      Interval wilson) {

    /**
     * Whether the bar is not to be drawn.
     *
     * @return true if no row of positive weight is in the bin
     */
    public boolean isEmpty() {
      return !(weight > 0);
    }

    /**
     * Signed gap as in the SWAG paper's curve.
     *
     * @return meanConfidence - accuracy: above 0 over-confident, below 0 under-confident
     */
    public double overconfidence() {
      return meanConfidence - accuracy;
    }
  }

  /** Of forecasts, or of their bins alone. */
  private ReliabilityDiagram(
      Forecasts forecasts, Binning binning, double eventRate, double meanProbability) {
    this.forecasts = forecasts;
    this.binning = binning;
    this.eventRate = eventRate;
    this.meanProbability = meanProbability;
    List<Bin> out = new ArrayList<>();
    for (BinTotals totals : binning.bins()) {
      out.add(bin(totals));
    }
    this.bins = List.copyOf(out);
  }

  /**
   * The diagram of the default convention, {@link BinningConvention#GUO}.
   *
   * @param predictions labelled predictions
   * @return the diagram
   * @throws IllegalStateException if there are no labels
   */
  public static ReliabilityDiagram of(Predictions predictions) {
    return of(predictions, BinningConvention.GUO);
  }

  /**
   * The diagram of a convention.
   *
   * @param predictions labelled predictions
   * @param convention the bins
   * @return the diagram
   * @throws IllegalStateException if there are no labels
   */
  public static ReliabilityDiagram of(Predictions predictions, BinningConvention convention) {
    return of(convention.forecasts(predictions), convention);
  }

  /**
   * The diagram of any forecasts, such as those of one class.
   *
   * @param forecasts the forecasts
   * @param convention the bins
   * @return the diagram
   */
  public static ReliabilityDiagram of(Forecasts forecasts, BinningConvention convention) {
    return new ReliabilityDiagram(
        forecasts, convention.bin(forecasts), forecasts.eventRate(), forecasts.meanProbability());
  }

  /**
   * The diagram of bins that are filled, such as those of a sketch. It has no {@link #forecasts()}.
   *
   * @param binning the bins
   * @return the diagram
   */
  public static ReliabilityDiagram of(Binning binning) {
    CompensatedSum hits = new CompensatedSum();
    CompensatedSum probabilities = new CompensatedSum();
    for (BinTotals bin : binning.bins()) {
      hits.add(bin.hitSum());
      probabilities.add(bin.confidenceSum());
    }
    double weight = binning.weight();
    return new ReliabilityDiagram(
        null, binning, hits.value() / weight, probabilities.value() / weight);
  }

  /**
   * The bars in ascending order, empty ones included.
   *
   * @return the bins, unmodifiable
   */
  public List<Bin> bins() {
    return bins;
  }

  /**
   * Number of rows.
   *
   * @return the rows
   */
  public long rows() {
    return binning.rows();
  }

  /**
   * Weighted share of right rows over all rows.
   *
   * @return the accuracy
   */
  public double accuracy() {
    return eventRate;
  }

  /**
   * Weighted mean confidence over all rows.
   *
   * @return the mean
   */
  public double meanConfidence() {
    return meanProbability;
  }

  /**
   * Expected calibration error of the bars.
   *
   * @return as {@link CalibrationError#ece()}
   */
  public double ece() {
    return binning.meanGapPower(1);
  }

  /**
   * The convention of the bars.
   *
   * @return the convention
   */
  public BinningConvention convention() {
    return binning.convention();
  }

  /**
   * The totals behind the bars.
   *
   * @return the binning
   */
  public Binning binning() {
    return binning;
  }

  /**
   * The forecasts behind the bars.
   *
   * @return the forecasts
   * @throws IllegalStateException if the diagram is of a sketch, which keeps no rows
   */
  public Forecasts forecasts() {
    if (forecasts == null) {
      throw new IllegalStateException(
          "a diagram of a sketch has no forecasts: make it of the predictions");
    }
    return forecasts;
  }

  /**
   * ECE, accuracy and mean confidence with the convention.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "reliability diagram: ECE %.4f, accuracy %.4f, mean confidence %.4f (%s)",
        ece(),
        accuracy(),
        meanConfidence(),
        binning.describe());
  }

  /**
   * One bar of the diagram.
   *
   * @param t what the bin holds
   * @return its mean confidence, accuracy and interval
   */
  public static Bin bin(BinTotals t) {
    double n = t.effectiveCount();
    double k = t.isEmpty() ? 0 : Math.min(n, t.accuracy() * n);
    // Without weights these are whole numbers, which the quotient above may miss by rounding.
    if (t.squaredWeight() == t.weight()) {
      n = t.weight();
      k = Math.min(n, t.hitSum());
    }
    return new Bin(
        t.lower(),
        t.upper(),
        t.count(),
        t.weight(),
        t.meanConfidence(),
        t.accuracy(),
        BinomialInterval.clopperPearson(k, n, LEVEL),
        BinomialInterval.wilson(k, n, LEVEL));
  }
}
