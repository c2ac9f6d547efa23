package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.FixedBins;

/**
 * What a sketch holds and what it judges. Rows of weight 1 are in one state, the others in another
 * that is made when the first of them comes. Which way a row goes depends on the row alone, so that
 * the states do not depend on the order of rows.
 */
final class SketchContents {
  static final long MAX_ROWS = 1L << 40;

  /** Bins up to which {@link SketchKernel} is exact, with a margin. */
  private static final int MAX_FAST_BINS = 1000;

  private final BinningConvention convention;
  private final SketchState ones;
  private SketchEvent event;
  private WeightedState others;

  /** Made when first needed: most sketches need only one of these. */
  private SketchKernel kernel;

  private SketchTerms terms;

  /** One row, overwritten by the next. */
  private final double[] row;

  SketchContents(int classes, BinningConvention convention) {
    this(
        convention, SketchEvent.UNDECIDED, new SketchState(classes, convention.fixedCount()), null);
  }

  /** Keeps the states; the second is null if all rows have weight 1. */
  SketchContents(
      BinningConvention convention, SketchEvent event, SketchState ones, WeightedState others) {
    this.convention = convention;
    this.event = event;
    this.ones = ones;
    this.others = others;
    row = new double[ones.classes];
  }

  BinningConvention convention() {
    return convention;
  }

  SketchEvent event() {
    return event;
  }

  int classes() {
    return ones.classes;
  }

  long rows() {
    long pending = kernel == null ? 0 : kernel.pending();
    return ones.rows + pending + (others == null ? 0 : others.rows);
  }

  private void flush() {
    if (kernel != null) {
      kernel.flush();
    }
  }

  /** Refuses rows that cannot be added and stays as it was; decides what is judged. */
  void admit(SketchInput rows, int from, int to) {
    checkRoom((long) to - from);
    WeightedState.checkWeights(rows.weights(), from, to);
    if (from < to) {
      event = event.with(rows.event());
    }
  }

  private void checkRoom(long more) {
    if (rows() + more > MAX_ROWS) {
      throw new IllegalArgumentException("a sketch holds at most 2^40 rows");
    }
  }

  /** Adds rows that were admitted; those of weight 1 by the fast way if there is one. */
  void add(SketchInput rows, int from, int to) {
    double[] weights = rows.weights();
    boolean fast = event == SketchEvent.TOP_LABEL && hasKernel();
    for (int start = from; start < to; ) {
      int end = weights == null ? to : endOfRun(weights, start, to);
      if (fast && (weights == null || weights[start] == 1)) {
        kernel = kernel == null ? new SketchKernel(ones) : kernel;
        kernel.add(rows, start, end);
      } else {
        addOneByOne(rows, start, end);
      }
      start = end;
    }
  }

  private boolean hasKernel() {
    return convention.name().equals(BinningConvention.GUO.name())
        && convention.bins() <= MAX_FAST_BINS;
  }

  /** The rows that all weigh 1, or all do not, end here. */
  private static int endOfRun(double[] weights, int start, int to) {
    boolean one = weights[start] == 1;
    int end = start + 1;
    while (end < to && weights[end] == 1 == one) {
      end++;
    }
    return end;
  }

  private void addOneByOne(SketchInput rows, int from, int to) {
    if (terms == null) {
      terms = new SketchTerms(classes(), convention, event == SketchEvent.POSITIVE_CLASS);
    }
    double[] weights = rows.weights();
    for (int r = from; r < to; r++) {
      rows.readValid(r, row);
      terms.set(row, rows.label(r));
      if (weights == null || weights[r] == 1) {
        ones.add(terms);
      } else {
        others().add(terms, weights[r]);
      }
    }
  }

  private WeightedState others() {
    others = others == null ? new WeightedState(classes(), ones.bins) : others;
    return others;
  }

  /** Adds what another has; refuses another judgement, and stays as it was. */
  void merge(SketchContents other) {
    SketchEvent both = event.with(other.event);
    checkRoom(other.rows());
    event = both;
    flush();
    other.flush();
    ones.merge(other.ones);
    if (other.others != null) {
      others().merge(other.others);
    }
  }

  SketchTotals totals() {
    flush();
    boolean positive = event == SketchEvent.POSITIVE_CLASS;
    FixedBins bounds = convention.fixedBins(positive).orElseThrow();
    return others == null
        ? SketchTotals.of(ones, bounds, positive)
        : SketchTotals.of(others.with(ones), bounds, positive);
  }

  byte[] toBytes() {
    flush();
    return others == null
        ? SketchWriter.write(convention, event, ones)
        : SketchWriter.write(convention, event, others.with(ones));
  }
}
