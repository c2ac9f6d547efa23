package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How confidences are sorted into bins: the part of a calibration error on which libraries
 * disagree, so that "ECE" alone is not one number. A convention has a name that is printed with
 * every result.
 *
 * <p>The default, {@link #GUO}, loses no row and shares no row between bins. The other named
 * conventions reproduce what a well-known library computes, its behaviour at the edges included.
 *
 * <p>Immutable; safe for use by several threads.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, On Calibration of Modern Neural
 *     Networks, eq. 3</a>
 */
public final class BinningConvention {

  /**
   * The default: 15 equal-width bins (lo, hi] with edges i / 15; 0 is in the first bin and 1 in the
   * last.
   */
  public static final BinningConvention GUO =
      new BinningConvention(
          "guo", 15, new EqualWidth(EqualWidth.Edges.EXACT, true, false, ""), true);

  /**
   * netcal: 10 equal-width bins [lo, hi), the last closed, edges by numpy.linspace.
   *
   * @see <a href="https://github.com/EFS-OpenSource/calibration-framework">netcal</a>
   */
  public static final BinningConvention NETCAL =
      new BinningConvention(
          "netcal", 10, new EqualWidth(EqualWidth.Edges.NUMPY, false, false, " [lo, hi)"), true);

  /**
   * torchmetrics: 15 equal-width bins [lo, hi) with edges by torch.linspace, and a hidden 16th bin
   * that holds the confidences of exactly 1. As there, multi-class confidences are rounded to
   * float32 to find their bin; sums are exact.
   *
   * @see <a href="https://github.com/Lightning-AI/torchmetrics">torchmetrics</a>
   */
  public static final BinningConvention TORCHMETRICS =
      new BinningConvention(
          "torchmetrics",
          15,
          new EqualWidth(EqualWidth.Edges.TORCH, false, true, " [lo, hi) and one for 1.0"),
          true);

  /**
   * scikit-learn's calibration_curve: 5 equal-width bins (lo, hi], 0 in the first, edges by
   * numpy.linspace.
   *
   * @see <a
   *     href="https://scikit-learn.org/stable/modules/generated/sklearn.calibration.calibration_curve.html">calibration_curve</a>
   */
  public static final BinningConvention SKLEARN =
      new BinningConvention(
          "sklearn", 5, new EqualWidth(EqualWidth.Edges.NUMPY, true, false, ""), true);

  /**
   * The SWAG paper's code (swa_gaussian): 20 equal-mass bins, open at both ends. Rows equal to an
   * edge, all saturated ones among them, are in no bin; {@link Binning#lostRows()} counts them.
   *
   * @see <a href="https://github.com/wjmaddox/swa_gaussian">swa_gaussian</a>
   */
  public static final BinningConvention SWAG_PAPER =
      new BinningConvention("swag-paper", 20, new StrictQuantiles(), false);

  /**
   * MAPIE: asked for 50 bins it makes 49 of equal width, (lo, hi], and one for 0 alone.
   *
   * @see <a href="https://github.com/scikit-learn-contrib/MAPIE">MAPIE</a>
   */
  public static final BinningConvention MAPIE =
      new BinningConvention("mapie", 50, new EqualWidth.OneFewer(), true);

  /**
   * Hendrycks et al. (and pytorch-ood): bins of 100 rows in order of confidence, without the last
   * and most confident bin; {@link Binning#lostRows()} counts its rows. {@link #bins()} is the
   * number of rows. Their calibration error is {@code CalibrationError.rmsce()}.
   *
   * @see <a href="https://github.com/hendrycks/natural-adv-examples">natural-adv-examples</a>
   */
  public static final BinningConvention HENDRYCKS =
      new BinningConvention(
          "hendrycks", 100, new EqualCount(EqualCount.Split.ROWS_WITHOUT_LAST), false);

  /**
   * verified_calibration: 15 equal-mass bins, edges half-way between neighbours, (lo, hi], ties in
   * one bin. Its equal-width get_ece is {@link #GUO}.
   *
   * @see <a href="https://arxiv.org/abs/1909.10155">Kumar et al. 2019, Verified Uncertainty
   *     Calibration</a>
   */
  public static final BinningConvention VERIFIED =
      new BinningConvention("verified", 15, new EqualMass(), true);

  /**
   * Our own equal-mass bins: 15, edges half-way between neighbours, (lo, hi], ties in one bin,
   * whole-number weights as so many rows. The same rule as {@link #VERIFIED}.
   */
  public static final BinningConvention EQUAL_MASS =
      new BinningConvention("equal-mass", 15, new EqualMass(), true);

  /**
   * Bins of equal numbers of rows whatever the ties, 10, of the top label: TorchUncertainty's
   * adaptive calibration error. Ties across a boundary are shared in expectation.
   *
   * @see <a href="https://github.com/torch-uncertainty/torch-uncertainty">TorchUncertainty</a>
   */
  public static final BinningConvention EQUAL_COUNT =
      new BinningConvention("equal-count", 10, new EqualCount(EqualCount.Split.PARTS), false);

  private static final int MAX_BINS = 1_000_000;
  private static final List<BinningConvention> NAMED =
      List.of(
          GUO,
          NETCAL,
          TORCHMETRICS,
          SKLEARN,
          SWAG_PAPER,
          MAPIE,
          HENDRYCKS,
          VERIFIED,
          EQUAL_MASS,
          EQUAL_COUNT);

  private final String name;
  private final int bins;
  private final Partition partition;
  private final boolean positiveClassIfBinary;

  private BinningConvention(
      String name, int bins, Partition partition, boolean positiveClassIfBinary) {
    if (bins < 1 || bins > MAX_BINS) {
      throw new IllegalArgumentException(
          "bins must be between 1 and " + MAX_BINS + ", got " + bins);
    }
    this.name = name;
    this.bins = bins;
    this.partition = partition;
    this.positiveClassIfBinary = positiveClassIfBinary;
  }

  /**
   * All named conventions, the default first.
   *
   * @return the conventions with their own numbers of bins
   */
  public static List<BinningConvention> all() {
    return NAMED;
  }

  /**
   * The convention of a name.
   *
   * @param name such as "guo" or "torchmetrics"
   * @return the convention with its own number of bins
   * @throws IllegalArgumentException if there is none
   */
  public static BinningConvention named(String name) {
    for (BinningConvention convention : NAMED) {
      if (convention.name.equals(name)) {
        return convention;
      }
    }
    throw new IllegalArgumentException(
        "convention must be one of "
            + String.join(", ", NAMED.stream().map(BinningConvention::name).toList())
            + ", got "
            + name);
  }

  /**
   * The convention's name.
   *
   * @return such as "guo"
   */
  public String name() {
    return name;
  }

  /**
   * The number asked for: of bins, or of rows in a bin where the convention counts so.
   *
   * @return the number
   */
  public int bins() {
    return bins;
  }

  /**
   * The same convention with another number of bins.
   *
   * @param newBins from 1 to a million
   * @return the convention
   * @throws IllegalArgumentException if the number is out of range
   */
  public BinningConvention withBins(int newBins) {
    return new BinningConvention(name, newBins, partition, positiveClassIfBinary);
  }

  /**
   * Whether the bins are known before the rows, so that a {@code CalibrationSketch} can count rows
   * into them one by one. Equal-mass and equal-count bins are not.
   *
   * @return true for bins of equal width
   */
  public boolean hasFixedBins() {
    return partition.isFixed();
  }

  /**
   * Number of bins of a convention whose bins do not depend on the rows.
   *
   * @return the number, at least 1
   */
  public int fixedCount() {
    return partition.fixedCount(bins);
  }

  /**
   * The bins, where they do not depend on the rows.
   *
   * @param positiveClass whether forecasts are of the positive class, not of the top label
   * @return the bins, empty if they depend on the rows
   */
  public Optional<FixedBins> fixedBins(boolean positiveClass) {
    // As EqualWidth.bins has it: one column is float64, see PredictionsBuilder.
    return partition.fixed(bins, !positiveClass);
  }

  /**
   * The forecasts that this convention judges: top-label for class columns; for a binary problem
   * given as one column the positive class, unless the peer takes the top label there too.
   *
   * @param predictions labelled predictions
   * @return one forecast a row
   * @throws IllegalStateException if there are no labels
   */
  public Forecasts forecasts(Predictions predictions) {
    return predictions.isBinary() && positiveClassIfBinary
        ? Forecasts.ofClass(predictions, 1)
        : Forecasts.topLabel(predictions);
  }

  /**
   * Sorts forecasts into bins.
   *
   * @param forecasts the forecasts
   * @return the bins
   * @throws IllegalArgumentException if the convention cannot bin so few rows
   */
  public Binning bin(Forecasts forecasts) {
    return new Binning(this, forecasts, partition.bins(forecasts, bins));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BinningConvention that && name.equals(that.name) && bins == that.bins;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, bins);
  }

  /**
   * Name and rule.
   *
   * @return such as "guo: 15 equal-width bins"
   */
  @Override
  public String toString() {
    return name + ": " + partition.describe(bins);
  }
}
