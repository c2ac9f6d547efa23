package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowCount;
import io.github.swag4j.calibration.internal.SeededUniform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * A lower bound of the grouping loss: how far true probabilities of rows with the same forecast
 * differ. A calibrated classifier may still be too sure of some rows and too unsure of others; no
 * recalibration of its probabilities can mend that, and no calibration error shows it.
 *
 * <p>With Q the true probability of the event given all of a row, and S the forecast, GL =
 * E[Var(Q|S)], the second part of the Brier score besides calibration and irreducible loss; in [0,
 * 1/4]. Rows are divided into bins of S, and rows of a bin into regions in which the event may come
 * more or less often. The regions explain a part of it,
 *
 * <pre>
 * explained = sum_b n_b / n [ sum_j n_bj / n_b (y_bj - y_b)^2 - bias_b ]
 * bias_b    = sum_j n_bj / n_b  y_bj (1 - y_bj) / (n_bj - 1) - y_b (1 - y_b) / (n_b - 1)
 * </pre>
 *
 * with y the rates at which the event came; bias is what chance adds, so that the estimate is right
 * on average, and may be negative. S differs within a bin, too: the variance of the calibrated
 * forecast there, by the slope of a least-squares line through its rows, also without the bias of
 * chance, is {@link #induced}. GL &gt;= {@link #lowerBound} = explained - induced, on average over
 * data sets. The factor 2 that two classes have in the Brier score is not in it.
 *
 * <p>Regions come from features by a regression tree grown in each bin on one half of its rows and
 * judged on the other, in turn; or they are the groups of the rows. A higher bound for other
 * features is not a worse classifier: the bound says what was found, not what there is.
 *
 * <p>Neither the order of rows nor the number of threads changes a bit. Weights are refused unless
 * equal: the bias counts rows.
 *
 * @see <a href="https://arxiv.org/abs/2210.16315">Perez-Lebel, Le Morvan and Varoquaux 2023, Beyond
 *     Calibration: Estimating the Grouping Loss of Modern Neural Networks, section 4</a>
 */
public final class GroupingLoss {
  /** Bins unless told otherwise, that of the paper. */
  public static final int DEFAULT_BINS = 15;

  /** Rows of a region of a tree, at least, unless told otherwise. */
  public static final int DEFAULT_ROWS_PER_REGION = 30;

  private final List<Bin> bins;
  private final String event;
  private final int rows;

  /**
   * What the rows of one bin say. A bin without regions to compare explains nothing.
   *
   * @param lower forecasts are above it, or at it in the first bin
   * @param upper forecasts are at most it
   * @param rows the rows
   * @param rate the rate at which the event came, 0 without rows
   * @param regions how many regions were compared, on both halves together where there are halves
   * @param plugIn the variance of the rates of regions, chance included
   * @param bias what chance adds to it
   * @param induced variance of the calibrated forecast within the bin
   * @param standardError standard error of plugIn - bias, about
   */
  public record Bin(
      double lower,
      double upper,
      int rows,
      double rate,
      int regions,
      double plugIn,
      double bias,
      double induced,
      double standardError) {}

  private GroupingLoss(List<Bin> bins, String event, int rows) {
    this.bins = List.copyOf(bins);
    this.event = event;
    this.rows = rows;
  }

  /**
   * The bound of the top label, or of the positive class of one column, with regions by features,
   * in {@value #DEFAULT_BINS} bins and regions of at least {@value #DEFAULT_ROWS_PER_REGION} rows,
   * with seed 0.
   *
   * @param predictions labelled predictions
   * @param features {@code [rows][dimensions]}, finite; such as a network's penultimate activations
   * @return the bound
   * @throws IllegalArgumentException if there are not as many rows of features, rows differ in
   *     length, a value is not finite, or weights are not equal
   * @throws IllegalStateException if there are no labels
   */
  public static GroupingLoss of(Predictions predictions, double[][] features) {
    return of(predictions, features, DEFAULT_BINS, DEFAULT_ROWS_PER_REGION, 0);
  }

  /**
   * The bound of the top label, or of the positive class of one column, with regions by features.
   *
   * @param predictions labelled predictions
   * @param features {@code [rows][dimensions]}, finite
   * @param bins number of equal-width bins, at least 1
   * @param rowsPerRegion rows of a region of a tree, at least 2, on the half it is grown on
   * @param seed of the halves
   * @return the bound
   * @throws IllegalArgumentException if a number is out of range, there are not as many rows of
   *     features, rows differ in length, a value is not finite, or weights are not equal
   * @throws IllegalStateException if there are no labels
   */
  public static GroupingLoss of(
      Predictions predictions, double[][] features, int bins, int rowsPerRegion, long seed) {
    UnsortedForecasts judged = UnsortedForecasts.of(predictions);
    checkBins(bins);
    if (rowsPerRegion < 2) {
      throw new IllegalArgumentException("rowsPerRegion must be at least 2, got " + rowsPerRegion);
    }
    checkFeatures(features, judged.rows());
    boolean[] y = judged.came();
    Comparator<Integer> byContent =
        Comparator.<Integer>comparingDouble(i -> judged.p()[i])
            .thenComparing((i, j) -> Arrays.compare(features[i], features[j]))
            .thenComparing((i, j) -> Boolean.compare(y[i], y[j]));
    return of(
        judged,
        bins,
        (b, rows) -> {
          Integer[] sorted = Arrays.stream(rows).boxed().toArray(Integer[]::new);
          Arrays.sort(sorted, byContent);
          int[][] halves = halves(sorted, b, seed);
          List<RegionMoments> moments = new ArrayList<>();
          for (int h = 0; h < 2; h++) {
            RegionTree tree = RegionTree.fit(features, halves[1 - h], y, rowsPerRegion);
            moments.add(moments(tree.regions(features, halves[h]), halves[h], y));
          }
          return moments;
        });
  }

  /**
   * The bound of the top label, or of the positive class of one column, with the groups of rows as
   * regions: how unequally the same forecast comes true in them. Groups with a single row in a bin
   * are taken together there.
   *
   * @param predictions labelled predictions with groups
   * @return the bound
   * @throws IllegalArgumentException if weights are not equal
   * @throws IllegalStateException if there are no labels or no groups
   */
  public static GroupingLoss ofGroups(Predictions predictions) {
    return ofGroups(predictions, DEFAULT_BINS);
  }

  /**
   * The bound of the top label, or of the positive class of one column, with the groups of rows as
   * regions.
   *
   * @param predictions labelled predictions with groups
   * @param bins number of equal-width bins, at least 1
   * @return the bound
   * @throws IllegalArgumentException if bins is below 1 or weights are not equal
   * @throws IllegalStateException if there are no labels or no groups
   */
  public static GroupingLoss ofGroups(Predictions predictions, int bins) {
    UnsortedForecasts judged = UnsortedForecasts.of(predictions);
    checkBins(bins);
    boolean[] y = judged.came();
    String[] names = new String[predictions.rows()];
    Arrays.setAll(names, predictions::group);
    String[] distinct = Arrays.stream(names).distinct().sorted().toArray(String[]::new);
    ToIntFunction<String> number = name -> Arrays.binarySearch(distinct, name);
    int[] groups = Arrays.stream(names).mapToInt(number).toArray();
    return of(
        judged,
        bins,
        (b, rows) -> List.of(moments(withoutSingles(rows, groups, distinct.length), rows, y)));
  }

  /** Compares the regions of the rows of a bin. */
  private interface Comparing {
    List<RegionMoments> compare(int bin, int[] rows);
  }

  private static GroupingLoss of(UnsortedForecasts judged, int bins, Comparing comparing) {
    int[][] byBin = judged.byBin(bins);
    List<Bin> out = new ArrayList<>();
    for (int b = 0; b < bins; b++) {
      int[] rows = byBin[b];
      int hits = 0;
      for (int row : rows) {
        hits += judged.came()[row] ? 1 : 0;
      }
      int regions = 0;
      double plugIn = 0;
      double bias = 0;
      double variance = 0;
      for (RegionMoments m : comparing.compare(b, rows)) {
        double share = (double) m.rows() / Math.max(1, rows.length);
        regions += m.regions();
        plugIn += share * m.plugIn();
        bias += share * m.bias();
        variance += share * share * m.variance();
      }
      out.add(
          new Bin(
              (double) b / bins,
              (double) (b + 1) / bins,
              rows.length,
              rows.length == 0 ? 0 : (double) hits / rows.length,
              regions,
              plugIn,
              bias,
              WithinBin.variance(judged, rows),
              Math.sqrt(variance)));
    }
    return new GroupingLoss(out, judged.event(), judged.rows());
  }

  private static void checkBins(int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException("bins must be at least 1, got " + bins);
    }
  }

  private static void checkFeatures(double[][] features, int rows) {
    if (features.length != rows) {
      throw new IllegalArgumentException(
          "features must have " + rows + " rows, got " + features.length);
    }
    for (int i = 0; i < rows; i++) {
      if (features[i].length != features[0].length || features[i].length == 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "features[%d] must have at least 1 value and as many as features[0], %d; got %d",
                i,
                features[0].length,
                features[i].length));
      }
      for (int d = 0; d < features[i].length; d++) {
        if (!Double.isFinite(features[i][d])) {
          throw new IllegalArgumentException(
              "features[" + i + "][" + d + "] must be finite, got " + features[i][d]);
        }
      }
    }
  }

  /** Deals sorted rows into halves: of each two neighbours one goes to either. */
  private static int[][] halves(Integer[] sorted, int bin, long seed) {
    int[][] halves = {new int[(sorted.length + 1) / 2], new int[sorted.length / 2]};
    for (int i = 0; i < sorted.length; i++) {
      boolean swap = (SeededUniform.bits(seed, bin, i / 2) & 1) == 1 && (i | 1) < sorted.length;
      halves[(i & 1) ^ (swap ? 1 : 0)][i / 2] = sorted[i];
    }
    return halves;
  }

  private static RegionMoments moments(int[] regions, int[] rows, boolean[] y) {
    boolean[] came = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      came[i] = y[rows[i]];
    }
    return RegionMoments.of(regions, came);
  }

  /** The groups of rows; those of one row are one, with another's if only one row is such. */
  private static int[] withoutSingles(int[] rows, int[] groups, int count) {
    int[] counts = new int[count];
    for (int row : rows) {
      counts[groups[row]]++;
    }
    int singles = 0;
    int smallest = -1;
    for (int g = 0; g < count; g++) {
      singles += counts[g] == 1 ? 1 : 0;
      if (counts[g] > 1 && (smallest < 0 || counts[g] < counts[smallest])) {
        smallest = g;
      }
    }
    int rest = singles == 1 && smallest >= 0 ? smallest : count;
    int[] out = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      out[i] = counts[groups[rows[i]]] == 1 ? rest : groups[rows[i]];
    }
    return out;
  }

  private double mean(ToDoubleFunction<Bin> of) {
    CompensatedSum sum = new CompensatedSum();
    for (Bin bin : bins) {
      sum.add((double) bin.rows() / rows * of.applyAsDouble(bin));
    }
    return sum.value();
  }

  /**
   * What the grouping loss is at least, on average over data sets.
   *
   * @return explained - induced, at most 1/4; may be negative by chance, which says nothing was
   *     found
   */
  public double lowerBound() {
    return explained() - induced();
  }

  /**
   * The part of the variance that the regions explain, without what chance adds.
   *
   * @return sum_b n_b / n (plugIn_b - bias_b)
   */
  public double explained() {
    return mean(bin -> bin.plugIn() - bin.bias());
  }

  /**
   * The variance of the regions' rates as they are: regions of few rows differ by chance alone, so
   * it is too large.
   *
   * @return sum_b n_b / n plugIn_b, at least 0
   */
  public double plugIn() {
    return mean(Bin::plugIn);
  }

  /**
   * The variance of the calibrated forecast within bins, without what chance adds.
   *
   * @return sum_b n_b / n induced_b; may be negative by chance
   */
  public double induced() {
    return mean(Bin::induced);
  }

  /**
   * Standard error of {@link #explained}, about: regions are taken as independent and {@link
   * #induced} as known.
   *
   * @return the standard error
   */
  public double standardError() {
    double variance = 0;
    for (Bin bin : bins) {
      double part = (double) bin.rows() / rows * bin.standardError();
      variance += part * part;
    }
    return Math.sqrt(variance);
  }

  /**
   * The bins from 0 to 1, empty ones too.
   *
   * @return unmodifiable
   */
  public List<Bin> bins() {
    return bins;
  }

  /**
   * The bound in words.
   *
   * @return such as "grouping loss >= 0.0123 (standard error 0.0010; top label, 15 equal-width
   *     bins, 10,000 rows)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "grouping loss >= %.4f (standard error %.4f; %s, %d equal-width bins, %s)",
        lowerBound(),
        standardError(),
        event,
        bins.size(),
        RowCount.words(rows));
  }
}
