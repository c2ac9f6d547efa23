package io.github.swag4j.calibration.monitoring;

import io.github.swag4j.calibration.Predictions;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.util.Arrays;

/**
 * Labelled rows of a stretch of time (a minute, a thousand requests) as what a {@link
 * MiscalibrationDetector} needs of them: 72 whole numbers, however many rows. Panes of the same
 * time from several machines merge to the same bits in any order.
 *
 * <p>Mutable, for one thread at a time.
 */
public final class MiscalibrationPane {
  /** Costs are rounded up to these, so that a bet never gains by rounding. */
  private static final double UNIT = 0x1p24;

  private static final int CELLS = MiscalibrationBets.SCOPES * MiscalibrationBets.BETS;

  private final double tolerance;
  private final long[] rows = new long[MiscalibrationBets.SCOPES];
  private final long[] hits = new long[MiscalibrationBets.SCOPES];
  private final long[] costs = new long[CELLS];

  /**
   * A pane without rows.
   *
   * @param options of the detector
   */
  public MiscalibrationPane(MiscalibrationOptions options) {
    this(options.tolerance());
  }

  private MiscalibrationPane(double tolerance) {
    this.tolerance = tolerance;
  }

  /**
   * Adds rows. Which rows have labels must not depend on whether they are right.
   *
   * @param labelled predictions with labels; weights are refused
   * @throws IllegalArgumentException if they have no labels, or weights; nothing is added
   */
  public void add(Predictions labelled) {
    if (!labelled.hasLabels()) {
      throw new IllegalArgumentException(
          "a pane is of labelled rows, got " + labelled + ": add rows when their labels are there");
    }
    if (labelled.hasWeights()) {
      throw new IllegalArgumentException(
          "a pane counts rows as one each, got weights: add the rows without them");
    }
    for (int r = 0; r < labelled.rows(); r++) {
      add(labelled.confidence(r), labelled.isCorrect(r));
    }
  }

  /**
   * Adds a row.
   *
   * @param confidence probability of the predicted class, in [0, 1]
   * @param right whether the predicted class is the label
   * @throws IllegalArgumentException if the confidence is no probability
   */
  public void add(double confidence, boolean right) {
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("a confidence must lie in [0, 1], got " + confidence);
    }
    int scope = 1 + MiscalibrationBets.bin(confidence);
    for (int bet = 0; bet < MiscalibrationBets.BETS; bet++) {
      long cost = (long) Math.ceil(MiscalibrationBets.cost(bet, confidence, tolerance) * UNIT);
      costs[bet] += cost;
      costs[scope * MiscalibrationBets.BETS + bet] += cost;
    }
    rows[0]++;
    rows[scope]++;
    hits[0] += right ? 1 : 0;
    hits[scope] += right ? 1 : 0;
  }

  /**
   * Adds the rows of another pane.
   *
   * @param other a pane of the same tolerance, not changed
   * @throws IllegalArgumentException if its tolerance is another
   */
  public void merge(MiscalibrationPane other) {
    if (Double.compare(other.tolerance, tolerance) != 0) {
      throw new IllegalArgumentException(
          "panes must have the same tolerance, got " + tolerance + " and " + other.tolerance);
    }
    // All sums are there before anything is changed.
    long[] allRows = sum(rows, other.rows);
    long[] allHits = sum(hits, other.hits);
    long[] allCosts = sum(costs, other.costs);
    System.arraycopy(allRows, 0, rows, 0, rows.length);
    System.arraycopy(allHits, 0, hits, 0, hits.length);
    System.arraycopy(allCosts, 0, costs, 0, costs.length);
  }

  private static long[] sum(long[] one, long[] other) {
    long[] sum = new long[one.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.addExact(one[i], other[i]);
    }
    return sum;
  }

  /**
   * Rows added.
   *
   * @return how many
   */
  public long rows() {
    return rows[0];
  }

  /**
   * Rows that were right.
   *
   * @return how many
   */
  public long rightRows() {
    return hits[0];
  }

  /** Rows of a scope: all, or a bin. */
  long rows(int scope) {
    return rows[scope];
  }

  double tolerance() {
    return tolerance;
  }

  /** Logarithm of a bet's gain over all rows of a scope, never above the exact one. */
  double logGain(int scope, int bet) {
    return MiscalibrationBets.shift(bet) * hits[scope]
        - costs[scope * MiscalibrationBets.BETS + bet] / UNIT;
  }

  /**
   * Whether a bet of a scope could gain in this pane, known before any label: there is a row, and
   * one whose probability is not at the end of its range within the tolerance.
   */
  boolean canGain(int scope, int bet) {
    long cost = costs[scope * MiscalibrationBets.BETS + bet];
    if (MiscalibrationBets.isAgainstConfidence(bet)) {
      return cost < 0;
    }
    long most = (long) Math.ceil(MiscalibrationBets.cost(bet, 1, 0) * UNIT);
    return cost < most * rows[scope];
  }

  /**
   * Writes the pane, 584 bytes.
   *
   * @param out where to
   * @throws IOException if it cannot be written
   */
  public void write(DataOutput out) throws IOException {
    out.writeDouble(tolerance);
    for (long[] values : new long[][] {rows, hits, costs}) {
      for (long value : values) {
        out.writeLong(value);
      }
    }
  }

  /**
   * Reads a pane.
   *
   * @param in where {@link #write} wrote
   * @return the pane
   * @throws IOException if it cannot be read or is no pane
   */
  public static MiscalibrationPane read(DataInput in) throws IOException {
    MiscalibrationPane pane = new MiscalibrationPane(in.readDouble());
    for (long[] values : new long[][] {pane.rows, pane.hits, pane.costs}) {
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readLong();
      }
    }
    pane.requireSound();
    return pane;
  }

  private void requireSound() throws InvalidObjectException {
    boolean sound = tolerance >= 0 && tolerance < 0.5;
    for (int scope = 0; scope < rows.length; scope++) {
      sound &= hits[scope] >= 0 && hits[scope] <= rows[scope];
    }
    sound &= rows[0] == Arrays.stream(rows, 1, rows.length).sum();
    sound &= hits[0] == Arrays.stream(hits, 1, hits.length).sum();
    for (int bet = 0; bet < MiscalibrationBets.BETS; bet++) {
      long sum = 0;
      for (int scope = 1; scope < rows.length; scope++) {
        sum += costs[scope * MiscalibrationBets.BETS + bet];
      }
      sound &= costs[bet] == sum;
    }
    if (!sound) {
      throw new InvalidObjectException(
          "a pane must have sums of its bins that are those of its rows");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MiscalibrationPane that
        && Double.compare(tolerance, that.tolerance) == 0
        && Arrays.equals(rows, that.rows)
        && Arrays.equals(hits, that.hits)
        && Arrays.equals(costs, that.costs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(costs);
  }

  @Override
  public String toString() {
    return rows[0] + " rows, " + hits[0] + " right";
  }
}
