package io.github.swag4j.calibration.conformal;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.conformal.ConformalClassifier.Stratum;
import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A set of classes for each row, and how often and at what size the sets hold the label.
 *
 * <p>Coverage counts rows: row weights are not used, since the promise is about rows. An empty set
 * is a set of size 0 that does not cover. Immutable; safe for use by several threads.
 */
public final class PredictionSets {

  /**
   * Coverage of a part of the rows that has its own threshold.
   *
   * @param name {@code all}, the class's name, the group, or {@code unseen groups}
   * @param rows rows in it
   * @param covered rows whose set holds the label
   * @param expected distribution of the coverage, from the calibration rows
   */
  public record StratumCoverage(
      String name, long rows, long covered, CoverageDistribution expected) {
    /**
     * Share of the rows whose set holds the label.
     *
     * @return the coverage; NaN without rows
     */
    public double coverage() {
      return rows == 0 ? Double.NaN : (double) covered / rows;
    }
  }

  /**
   * Coverage of the sets of one size.
   *
   * @param size number of classes in the set
   * @param rows rows with such a set, at least 1
   * @param covered those whose set holds the label
   */
  public record SizeCoverage(int size, long rows, long covered) {
    /**
     * Share of the rows whose set holds the label.
     *
     * @return the coverage
     */
    public double coverage() {
      return (double) covered / rows;
    }
  }

  // 0.7 + 0.2 is below 1 - 0.1 in doubles.
  private static final double ROUNDING = 1e-12;

  private final int rows;
  private final int classes;
  private final BitSet members;
  private final int[] labels;
  private final int[] stratum;
  private final List<Stratum> strata;

  PredictionSets(
      Predictions predictions, BitSet members, Conditioning conditioning, List<Stratum> known) {
    rows = predictions.rows();
    classes = predictions.classes();
    this.members = members;
    labels = predictions.hasLabels() ? new int[rows] : null;
    stratum = new int[rows];
    boolean unseen = false;
    for (int row = 0; row < rows; row++) {
      if (labels != null) {
        labels[row] = predictions.label(row);
      }
      if (conditioning == Conditioning.CLASS && labels != null) {
        stratum[row] = labels[row];
      } else if (conditioning == Conditioning.GROUP) {
        int at = ConformalClassifier.indexOf(known, predictions.group(row));
        stratum[row] = at < 0 ? known.size() : at;
        unseen |= at < 0;
      }
    }
    List<Stratum> all = new ArrayList<>(known);
    if (unseen) {
      all.add(
          new Stratum("unseen groups", Double.POSITIVE_INFINITY, new CoverageDistribution(0, 1)));
    }
    strata = List.copyOf(all);
  }

  /**
   * Sets that take the probabilities at their word: the most probable classes until their sum is at
   * least 1 - alpha, within 1e-12, and all that equal the last one taken, so that no set depends on
   * the order of classes. They cover as promised only if the probabilities are right, so that their
   * coverage beside that of conformal sets says how far they are not.
   *
   * @param predictions any predictions
   * @param alpha error rate, in (0, 1)
   * @return a set for each row, never empty, without strata
   * @throws IllegalArgumentException if alpha is out of range, or rows x classes is beyond 2^31 - 1
   */
  public static PredictionSets naive(Predictions predictions, double alpha) {
    RiskControl.requireOpen("alpha", alpha);
    int classes = predictions.classes();
    BitSet members = new BitSet(cells(predictions.rows(), classes));
    for (int row = 0; row < predictions.rows(); row++) {
      double[] p = predictions.probabilities(row);
      CompensatedSum sum = new CompensatedSum();
      double last = 0;
      for (int k : ConformalScore.falling(p)) {
        if (sum.value() >= 1 - alpha - ROUNDING && p[k] != last) {
          break;
        }
        members.set(row * classes + k);
        sum.add(p[k]);
        last = p[k];
      }
    }
    return new PredictionSets(predictions, members, Conditioning.MARGINAL, List.of());
  }

  /** One bit for each class of each row, refused where an index cannot count them. */
  static int cells(int rows, int classes) {
    long cells = (long) rows * classes;
    if (cells > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "rows x classes of sets must be at most %,d, got %,d x %,d: predict in batches, with"
                  + " predict(batch, firstRow)",
              Integer.MAX_VALUE,
              rows,
              classes));
    }
    return (int) cells;
  }

  /**
   * Number of rows.
   *
   * @return the rows
   */
  public int rows() {
    return rows;
  }

  /**
   * Number of classes.
   *
   * @return the classes
   */
  public int classes() {
    return classes;
  }

  /**
   * Whether a row's set holds a class.
   *
   * @param row the row
   * @param k the class
   * @return true if so
   * @throws IndexOutOfBoundsException if the row or class does not exist
   */
  public boolean contains(int row, int k) {
    return members.get(cell(row) + Objects.checkIndex(k, classes));
  }

  /**
   * A row's set.
   *
   * @param row the row
   * @return ascending class indices
   * @throws IndexOutOfBoundsException if the row does not exist
   */
  public int[] set(int row) {
    int from = cell(row);
    return members.get(from, from + classes).stream().toArray();
  }

  /**
   * Number of classes in a row's set.
   *
   * @param row the row
   * @return from 0 to the number of classes
   * @throws IndexOutOfBoundsException if the row does not exist
   */
  public int size(int row) {
    int from = cell(row);
    return members.get(from, from + classes).cardinality();
  }

  /**
   * Mean number of classes in a set.
   *
   * @return from 0 to the number of classes
   */
  public double meanSize() {
    return (double) members.cardinality() / rows;
  }

  /**
   * How many sets there are of each size.
   *
   * @return {@code [classes + 1]}, by size from 0
   */
  public long[] sizeCounts() {
    long[] counts = new long[classes + 1];
    for (int row = 0; row < rows; row++) {
      counts[size(row)]++;
    }
    return counts;
  }

  /**
   * Whether a row's set holds its label.
   *
   * @param row the row
   * @return true if so
   * @throws IllegalStateException if there are no labels
   */
  public boolean covers(int row) {
    requireLabels();
    return contains(row, labels[row]);
  }

  /**
   * Share of the rows whose set holds the label.
   *
   * @return the coverage, in [0, 1]
   * @throws IllegalStateException if there are no labels
   */
  public double coverage() {
    requireLabels();
    long covered = 0;
    for (int row = 0; row < rows; row++) {
      covered += covers(row) ? 1 : 0;
    }
    return (double) covered / rows;
  }

  /**
   * Coverage of each stratum that has its own threshold, beside what calibration lets expect.
   *
   * @return one for marginal sets, else one for each class or group; none for naive sets
   * @throws IllegalStateException if there are no labels
   */
  public List<StratumCoverage> strata() {
    requireLabels();
    if (strata.isEmpty()) {
      return List.of();
    }
    long[] count = new long[strata.size()];
    long[] covered = new long[strata.size()];
    for (int row = 0; row < rows; row++) {
      count[stratum[row]]++;
      covered[stratum[row]] += covers(row) ? 1 : 0;
    }
    List<StratumCoverage> out = new ArrayList<>();
    for (int s = 0; s < count.length; s++) {
      Stratum known = strata.get(s);
      out.add(new StratumCoverage(known.name(), count[s], covered[s], known.coverage()));
    }
    return List.copyOf(out);
  }

  /**
   * Coverage by the size of the set; sizes that do not occur are left out.
   *
   * @return by ascending size
   * @throws IllegalStateException if there are no labels
   */
  public List<SizeCoverage> sizeStratified() {
    requireLabels();
    long[] count = sizeCounts();
    long[] covered = new long[classes + 1];
    for (int row = 0; row < rows; row++) {
      covered[size(row)] += covers(row) ? 1 : 0;
    }
    List<SizeCoverage> out = new ArrayList<>();
    for (int size = 0; size <= classes; size++) {
      if (count[size] > 0) {
        out.add(new SizeCoverage(size, count[size], covered[size]));
      }
    }
    return List.copyOf(out);
  }

  /**
   * Size-stratified coverage: the least coverage over set sizes that occur.
   *
   * @return the worst coverage, in [0, 1]; always a number
   * @throws IllegalStateException if there are no labels
   * @see <a href="https://arxiv.org/abs/2009.14193">Angelopoulos et al. 2021, section 4</a>
   */
  public double worstSizeStratifiedCoverage() {
    return sizeStratified().stream().mapToDouble(SizeCoverage::coverage).min().orElseThrow();
  }

  private int cell(int row) {
    return Objects.checkIndex(row, rows) * classes;
  }

  private void requireLabels() {
    if (labels == null) {
      throw new IllegalStateException("coverage needs labels, these sets have none");
    }
  }

  /** Coverage, where labels are known, mean size and empty sets, on one line. */
  @Override
  public String toString() {
    String text = String.format(Locale.ROOT, "mean set size %.3f over %,d rows", meanSize(), rows);
    long empty = sizeCounts()[0];
    return (labels == null ? "" : String.format(Locale.ROOT, "coverage %.4f, ", coverage()))
        + text
        + (empty == 0 ? "" : String.format(Locale.ROOT, ", %,d empty", empty));
  }
}
