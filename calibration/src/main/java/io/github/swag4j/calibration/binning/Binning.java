package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowCount;
import java.util.List;
import java.util.Locale;

/**
 * Forecasts sorted into bins by a convention: the state that binned calibration errors, the
 * reliability diagram and the Murphy terms are read from.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class Binning {
  private final BinningConvention convention;
  private final String event;
  private final List<BinTotals> bins;
  private final long rows;
  private final double weight;
  private final long binned;

  /**
   * Forecasts in bins.
   *
   * @param convention how they were cut
   * @param forecasts the forecasts
   * @param bins their totals, in ascending order
   */
  public Binning(BinningConvention convention, Forecasts forecasts, List<BinTotals> bins) {
    this(convention, forecasts.event(), bins, forecasts.rows(), forecasts.totalWeight());
  }

  /**
   * Totals of bins, whoever added them up.
   *
   * @param convention how forecasts were cut
   * @param event what they are about
   * @param bins totals in ascending order
   * @param rows rows in all, binned or not
   * @param weight sum of their weights
   */
  public Binning(
      BinningConvention convention, String event, List<BinTotals> bins, long rows, double weight) {
    this.convention = convention;
    this.event = event;
    this.bins = List.copyOf(bins);
    this.rows = rows;
    this.weight = weight;
    this.binned = bins.stream().mapToLong(BinTotals::count).sum();
  }

  /**
   * The convention that made the bins.
   *
   * @return the convention
   */
  public BinningConvention convention() {
    return convention;
  }

  /**
   * What the forecasts are about.
   *
   * @return as {@link Forecasts#event()}
   */
  public String event() {
    return event;
  }

  /**
   * The bins in ascending order, empty ones included.
   *
   * @return the bins, unmodifiable
   */
  public List<BinTotals> bins() {
    return bins;
  }

  /**
   * Number of rows given.
   *
   * @return the rows
   */
  public long rows() {
    return rows;
  }

  /**
   * Rows in no bin: 0 in every convention of our own; some peers lose rows, and the conventions
   * that reproduce them say how many.
   *
   * @return rows minus the bins' counts
   */
  public long lostRows() {
    return rows - binned;
  }

  /**
   * Total weight of the rows given, lost ones included.
   *
   * @return W, the number of rows without weights
   */
  public double weight() {
    return weight;
  }

  /**
   * Weighted mean over the bins of gap^p: sum_b w_b / W |acc_b - conf_b|^p.
   *
   * @param p the power, above 0
   * @return the mean, lost rows counting as gap 0
   * @throws IllegalArgumentException if p is not above 0
   */
  public double meanGapPower(double p) {
    if (!(p > 0)) {
      throw new IllegalArgumentException("the norm's power must be above 0, got " + p);
    }
    CompensatedSum sum = new CompensatedSum();
    for (BinTotals bin : bins) {
      if (!bin.isEmpty()) {
        double gap = bin.gap();
        sum.add(bin.weight() / weight * (p == 1 ? gap : p == 2 ? gap * gap : Math.pow(gap, p)));
      }
    }
    return sum.value();
  }

  /**
   * Weighted mean over the bins of the squared gap less what chance adds to it: the squared L2
   * calibration error without bias.
   *
   * @return sum_b w_b / W of {@link BinTotals#squaredGapWithoutBias}, n_b being the effective
   *     count; below 0 where chance explains more than all of it
   */
  public double squaredGapWithoutBias() {
    CompensatedSum sum = new CompensatedSum();
    for (BinTotals bin : bins) {
      double square =
          BinTotals.squaredGapWithoutBias(bin.effectiveCount(), bin.accuracy(), bin.gap());
      sum.add(bin.weight() / weight * square);
    }
    return sum.value();
  }

  /**
   * Murphy's parts of the Brier score, with those within the bins.
   *
   * @return the parts; a bin's variance is at least 0 whatever the rounding
   * @throws IllegalArgumentException if rows are in no bin
   */
  public BrierParts murphy() {
    if (lostRows() > 0) {
      throw new IllegalArgumentException(
          "the parts of the Brier score need every row in a bin, got "
              + describe()
              + ": use a convention that loses no row");
    }
    CompensatedSum hits = new CompensatedSum();
    bins.forEach(bin -> hits.add(bin.hitSum()));
    double rate = hits.value() / weight;
    CompensatedSum resolution = new CompensatedSum();
    CompensatedSum variance = new CompensatedSum();
    CompensatedSum covariance = new CompensatedSum();
    for (BinTotals bin : bins) {
      if (!bin.isEmpty()) {
        double mean = bin.meanConfidence();
        double strayed = bin.accuracy() - rate;
        resolution.add(bin.weight() / weight * strayed * strayed);
        variance.add(Math.max(0, bin.squaredConfidenceSum() - mean * bin.confidenceSum()) / weight);
        covariance.add(2 * (bin.confidentHitSum() - mean * bin.hitSum()) / weight);
      }
    }
    return new BrierParts(
        meanGapPower(2),
        resolution.value(),
        rate * (1 - rate),
        variance.value(),
        covariance.value());
  }

  /**
   * How the bins were made, for printing beside every number.
   *
   * @return such as "guo: 15 equal-width bins, 10,000 rows"
   */
  public String describe() {
    StringBuilder text = new StringBuilder(convention.toString());
    if (!event.equals(Forecasts.TOP_LABEL)) {
      text.append(", ").append(event);
    }
    text.append(", ").append(RowCount.words(rows));
    if (lostRows() > 0) {
      text.append(String.format(Locale.ROOT, ", %,d in no bin", lostRows()));
    }
    return text.toString();
  }
}
