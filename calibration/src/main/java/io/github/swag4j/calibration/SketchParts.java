package io.github.swag4j.calibration;

import java.util.concurrent.RecursiveTask;

/** Sketches rows by all threads of the common pool: halves them until a part is small enough. */
final class SketchParts extends RecursiveTask<CalibrationSketch> {
  private static final long serialVersionUID = 1L;
  private static final int ROWS_A_TASK = 1 << 15;

  /** Rows for each bin of a part at least, so that merging costs less than reading. */
  private static final int ROWS_A_BIN = 4;

  private final transient SketchRows rows;
  private final int classes;
  private final transient BinningConvention convention;
  private final int from;
  private final int to;

  SketchParts(SketchRows rows, int classes, BinningConvention convention, int from, int to) {
    this.rows = rows;
    this.classes = classes;
    this.convention = convention;
    this.from = from;
    this.to = to;
  }

  @Override
  protected CalibrationSketch compute() {
    if (to - from <= Math.max(ROWS_A_TASK, ROWS_A_BIN * convention.bins())) {
      CalibrationSketch sketch = new CalibrationSketch(classes, convention);
      sketch.add(rows, from, to);
      return sketch;
    }
    int middle = (from + to) >>> 1;
    SketchParts right = new SketchParts(rows, classes, convention, middle, to);
    right.fork();
    CalibrationSketch left = new SketchParts(rows, classes, convention, from, middle).compute();
    left.merge(right.join());
    return left;
  }
}
