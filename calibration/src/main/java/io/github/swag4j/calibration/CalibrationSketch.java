package io.github.swag4j.calibration;

import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.RecursiveTask;

/**
 * One pass over predictions that keeps all that calibration error, proper scores and the
 * reliability diagram need, in memory that does not grow with the rows: O(bins x classes).
 *
 * <p>Bins are those of the {@code guo} convention: equal width, bin b is ({@code (double) b /
 * bins}, {@code (double) (b + 1) / bins}], 0 lies in the first and 1 in the last. State: counts as
 * longs, sums as integers in units of 2^-43 (probabilities, their squares and logarithms are
 * rounded to it, an error of at most 5.7e-14 each; float32 probabilities of 2^-20 and more are
 * exact). Integer sums do not depend on the order of their terms. What is promised, therefore:
 *
 * <ul>
 *   <li>{@link #merge} is associative and commutative, <b>bit for bit</b>: the same rows give the
 *       same bits in {@link #summary} however they are ordered, split over threads, files or
 *       machines, and merged;
 *   <li>accuracy, NLL, Brier score, ECE, MCE, RMSCE, ACE and class-wise ECE are within 1e-12 of
 *       exact arithmetic, counts are exact, up to 2^40 rows.
 * </ul>
 *
 * <p>Judged is the most probable class, also of two. Rows are counted equally; there are no
 * weights. A row that breaks the rules of {@link Predictions} is an error, and the sketch refuses
 * to go on: it never drops a row. Mutable, for one thread: give each thread its own and merge.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, On Calibration of Modern Neural
 *     Networks, eq. 3</a>
 */
public final class CalibrationSketch {
  /** Bins unless told otherwise. */
  public static final int DEFAULT_BINS = 15;

  static final int MAX_BINS = 1000;
  static final int MAX_CLASSES = 65_536;
  private static final long MAX_ROWS = 1L << 40;
  private static final int ROWS_A_TASK = 1 << 14;

  private final SketchState state;
  private final SketchKernel kernel;
  private boolean failed;

  /**
   * An empty sketch with 15 bins.
   *
   * @param classes number of classes, 2 to 65,536
   * @throws IllegalArgumentException if it is not
   */
  public CalibrationSketch(int classes) {
    this(classes, DEFAULT_BINS);
  }

  /**
   * An empty sketch.
   *
   * @param classes number of classes, 2 to 65,536
   * @param bins number of bins, 1 to 1000
   * @throws IllegalArgumentException if a number is out of range
   */
  public CalibrationSketch(int classes, int bins) {
    if (classes < 2 || classes > MAX_CLASSES) {
      throw new IllegalArgumentException(
          "classes must be between 2 and " + MAX_CLASSES + ", got " + classes);
    }
    if (bins < 1 || bins > MAX_BINS) {
      throw new IllegalArgumentException(
          "bins must be between 1 and " + MAX_BINS + ", got " + bins);
    }
    state = new SketchState(classes, bins);
    kernel = new SketchKernel(state);
  }

  /**
   * The sketch of predictions, with 15 bins.
   *
   * @param predictions with labels and without weights
   * @return their sketch
   * @throws IllegalArgumentException if there are no labels, there are weights, or the predictions
   *     are one column of the positive class, which is not what a sketch judges
   */
  public static CalibrationSketch of(Predictions predictions) {
    CalibrationSketch sketch = new CalibrationSketch(predictions.classes());
    sketch.add(predictions);
    return sketch;
  }

  /**
   * The sketch of float32 rows, made by all threads of the common pool. The same bits as by one.
   *
   * @param probabilities {@code [rows * classes]}, row-major; not copied
   * @param labels {@code [rows]}
   * @param classes number of classes
   * @return their sketch, with 15 bins
   * @throws InvalidRowException if a row or label is not valid
   * @throws IllegalArgumentException if the lengths differ or classes is out of range
   */
  public static CalibrationSketch parallel(float[] probabilities, int[] labels, int classes) {
    checkLengths(probabilities.length, labels.length, classes);
    return new Part(probabilities, labels, classes, 0, labels.length).invoke();
  }

  private static void checkLengths(int values, int labels, int classes) {
    if ((long) labels * classes != values) {
      throw new IllegalArgumentException(
          "probabilities must have rows x classes = "
              + (long) labels * classes
              + " values, got "
              + values);
    }
  }

  /** Halves the rows until a part is small enough. */
  private static final class Part extends RecursiveTask<CalibrationSketch> {
    private static final long serialVersionUID = 1L;
    private final transient float[] probabilities;
    private final transient int[] labels;
    private final int classes;
    private final int from;
    private final int to;

    Part(float[] probabilities, int[] labels, int classes, int from, int to) {
      this.probabilities = probabilities;
      this.labels = labels;
      this.classes = classes;
      this.from = from;
      this.to = to;
    }

    @Override
    protected CalibrationSketch compute() {
      if (to - from <= ROWS_A_TASK) {
        CalibrationSketch sketch = new CalibrationSketch(classes);
        sketch.add(probabilities, labels, from, to);
        return sketch;
      }
      int middle = (from + to) >>> 1;
      Part right = new Part(probabilities, labels, classes, middle, to);
      right.fork();
      CalibrationSketch left = new Part(probabilities, labels, classes, from, middle).compute();
      left.merge(right.join());
      return left;
    }
  }

  /**
   * Adds float32 rows; the arrays are read in place.
   *
   * @param probabilities row-major, row r starting at {@code r * classes}
   * @param labels the label of row r at r
   * @param from first row
   * @param to row after the last
   * @throws InvalidRowException if a row or label is not valid; the sketch then refuses all else
   * @throws IndexOutOfBoundsException if the rows are not in both arrays
   */
  public void add(float[] probabilities, int[] labels, int from, int to) {
    begin(probabilities.length, labels.length, from, to);
    kernel.add(probabilities, labels, from, to);
    failed = false;
  }

  /**
   * Adds float64 rows; the arrays are read in place.
   *
   * @param probabilities row-major, row r starting at {@code r * classes}
   * @param labels the label of row r at r
   * @param from first row
   * @param to row after the last
   * @throws InvalidRowException if a row or label is not valid; the sketch then refuses all else
   * @throws IndexOutOfBoundsException if the rows are not in both arrays
   */
  public void add(double[] probabilities, int[] labels, int from, int to) {
    begin(probabilities.length, labels.length, from, to);
    kernel.add(probabilities, labels, from, to);
    failed = false;
  }

  /**
   * Adds all rows of predictions.
   *
   * @param predictions with labels and without weights
   * @throws IllegalArgumentException if there are no labels, there are weights, the number of
   *     classes is another, or the predictions are one column of the positive class
   */
  public void add(Predictions predictions) {
    if (!predictions.hasLabels() || predictions.hasWeights()) {
      throw new IllegalArgumentException(
          "a sketch needs labels and takes no weights, got predictions "
              + (predictions.hasLabels() ? "with weights" : "without labels"));
    }
    if (predictions.classes() != classes()) {
      throw new IllegalArgumentException(
          "predictions must have " + classes() + " classes, got " + predictions.classes());
    }
    if (predictions.isBinary()) {
      throw new IllegalArgumentException(
          "a sketch judges the most probable class and needs a column for each class, got one"
              + " column of the positive class: give the two columns 1 - p and p, or take"
              + " CalibrationError.of, which judges the positive class");
    }
    begin(Integer.MAX_VALUE, predictions.rows(), 0, predictions.rows());
    double[] row = new double[classes()];
    int[] label = new int[1];
    for (int r = 0; r < predictions.rows(); r++) {
      for (int k = 0; k < row.length; k++) {
        row[k] = predictions.probability(r, k);
      }
      label[0] = predictions.label(r);
      kernel.add(row, label, 0, 1);
    }
    failed = false;
  }

  private void begin(int values, int labels, int from, int to) {
    checkUsable();
    Objects.checkFromToIndex(from, to, Math.min(labels, values / classes()));
    checkRoom((long) to - from);
    failed = true; // until the rows are in
  }

  private void checkRoom(long more) {
    if (rows() + more > MAX_ROWS) {
      throw new IllegalArgumentException("a sketch holds at most 2^40 rows");
    }
  }

  private void checkUsable() {
    if (failed) {
      throw new IllegalStateException(
          "this sketch met an invalid row and holds a part of the rows given: start a new one");
    }
  }

  /**
   * Adds all rows that another sketch has seen; the other stays as it is.
   *
   * @param other a sketch with as many classes and bins
   * @throws IllegalArgumentException if classes or bins differ
   * @throws IllegalStateException if either met an invalid row
   */
  public void merge(CalibrationSketch other) {
    checkUsable();
    other.checkUsable();
    if (other.classes() != classes() || other.bins() != bins()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "sketches must agree: %d classes and %d bins, got %d and %d",
              classes(),
              bins(),
              other.classes(),
              other.bins()));
    }
    checkRoom(other.rows());
    kernel.flush();
    other.kernel.flush();
    state.merge(other.state);
  }

  /**
   * Number of classes.
   *
   * @return the classes
   */
  public int classes() {
    return state.classes;
  }

  /**
   * Number of bins.
   *
   * @return the bins
   */
  public int bins() {
    return state.bins;
  }

  /**
   * Rows seen.
   *
   * @return the rows
   */
  public long rows() {
    kernel.flush();
    return state.rows;
  }

  /**
   * All numbers of the rows seen so far.
   *
   * @return an immutable value
   * @throws IllegalStateException if no row was seen, or one was not valid
   */
  public CalibrationSummary summary() {
    checkUsable();
    if (rows() == 0) {
      throw new IllegalStateException("a summary needs at least 1 row, got 0");
    }
    return new CalibrationSummary(state);
  }
}
