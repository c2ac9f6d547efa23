package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.concurrent.RecursiveTask;

/** Sketches rows by all threads of the common pool: halves them until a part is small enough. */
final class SketchParts extends RecursiveTask<SketchContents> {
  private static final long serialVersionUID = 1L;
  private static final int ROWS_A_TASK = 1 << 15;

  /** Rows for each bin of a part at least, so that merging costs less than reading. */
  private static final int ROWS_A_BIN = 4;

  /** Cells of all parts together, about: some 400 MB, 2 GB with weights, as the largest sketch. */
  private static final long CELLS = SketchShape.MAX_CELLS;

  private final transient SketchInput rows;
  private final int classes;
  private final transient BinningConvention convention;
  private final int from;
  private final int to;
  private final int most;

  private SketchParts(
      SketchInput rows, int classes, BinningConvention convention, int from, int to, int most) {
    this.rows = rows;
    this.classes = classes;
    this.convention = convention;
    this.from = from;
    this.to = to;
    this.most = most;
  }

  /** What a sketch of all rows holds; their arrays must be of the right lengths. */
  static SketchContents contents(
      SketchInput rows, int classes, BinningConvention convention, int count) {
    int most = rowsOfAPart(count, SketchShape.check(classes, convention), convention.bins());
    return new SketchParts(rows, classes, convention, 0, count, most).invoke();
  }

  /** Rows that a part may have before it is halved: parts of many cells must be few. */
  static int rowsOfAPart(int count, long cells, int bins) {
    long parts = Math.max(1, CELLS / cells);
    long least = (count + parts - 1) / parts;
    return (int) Math.max(least, Math.max(ROWS_A_TASK, ROWS_A_BIN * bins));
  }

  @Override
  protected SketchContents compute() {
    if (to - from <= most) {
      SketchContents part = new SketchContents(classes, convention);
      part.admit(rows, from, to);
      part.add(rows, from, to);
      return part;
    }
    int middle = (from + to) >>> 1;
    SketchParts right = new SketchParts(rows, classes, convention, middle, to, most);
    right.fork();
    SketchContents left = new SketchParts(rows, classes, convention, from, middle, most).compute();
    left.merge(right.join());
    return left;
  }
}
