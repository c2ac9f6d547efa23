package io.github.swag4j.calibration.sketch;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.internal.RowCount;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * One pass over predictions that keeps all that calibration error, proper scores and the
 * reliability diagram need, in memory that does not grow with the rows: O(bins x classes).
 *
 * <p>Bins are those of a {@link BinningConvention} whose bins are known before the rows; the
 * default is {@code guo}. Judged is what {@link CalibrationError#of(Predictions,
 * BinningConvention)} judges: of class columns the most probable class, also of two; of rows given
 * as one column the positive class. The first row decides which, and the other kind is refused from
 * then on.
 *
 * <p>State: counts as longs, sums as integers in units of 2^-43 (probabilities, their squares and
 * logarithms are rounded to it, an error of at most 5.7e-14 each; float32 probabilities of 2^-20
 * and more are exact), times the row's weight, exactly. Integer sums do not depend on the order of
 * their terms. What is promised, therefore:
 *
 * <ul>
 *   <li>{@link #merge} is associative and commutative, <b>bit for bit</b>: the same rows give the
 *       same bits in {@link #summary} and the same {@link #toBytes bytes} however they are ordered,
 *       split over threads, files or machines, and merged, weighted and unweighted rows together;
 *   <li>accuracy, NLL, Brier score, ECE, MCE, RMSCE, ACE and class-wise ECE are within 1e-12 of
 *       exact arithmetic, counts are exact, up to 2^40 rows.
 * </ul>
 *
 * <p>Weights act as frequencies, as everywhere in this module. A weight is 0 or between 2^-100
 * (8e-31) and 2^100 (1e30); a row of weight 1 is a row without weight, bit for bit. A row of weight
 * 0 is counted where rows are counted, whatever they weigh: in {@link #rows}, the counts of bins,
 * saturated and zero-probability rows, as in memory; it changes no other number. {@link
 * Predictions} take a wider range: predictions with a weight outside it are refused, the sketch
 * stays as it was; multiply all weights by one number.
 *
 * <p>A row that breaks the rules of {@link Predictions} is an error, and the sketch refuses to go
 * on: it never drops a row.
 *
 * <p>Mutable, for one thread at a time: give each thread its own and merge. This holds for reading
 * too: {@link #rows}, {@link #summary}, {@link #toBytes}, {@link #write} and {@link #toString}
 * finish sums that were put off, without changing a number, and {@link #merge} does so in both
 * sketches. A {@link CalibrationSummary} is immutable.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, On Calibration of Modern Neural
 *     Networks, eq. 3</a>
 */
public final class CalibrationSketch {
  /** Bins unless told otherwise. */
  public static final int DEFAULT_BINS = 15;

  private final SketchContents contents;
  private boolean failed;

  /**
   * An empty sketch with 15 bins of the {@code guo} convention.
   *
   * @param classes number of classes, 2 to 65,536
   * @throws IllegalArgumentException if it is not
   */
  public CalibrationSketch(int classes) {
    this(classes, BinningConvention.GUO);
  }

  /**
   * An empty sketch of the {@code guo} convention.
   *
   * @param classes number of classes, 2 to 65,536
   * @param bins number of bins, 1 to 65,536
   * @throws IllegalArgumentException if a number is out of range, or classes x (bins + 1) above
   *     2^24
   */
  public CalibrationSketch(int classes, int bins) {
    this(classes, SketchShape.guo(bins));
  }

  /**
   * An empty sketch.
   *
   * @param classes number of classes, 2 to 65,536; 2 for one column of the positive class
   * @param convention one with {@link BinningConvention#hasFixedBins}: {@code guo}, {@code netcal},
   *     {@code torchmetrics}, {@code sklearn}, {@code mapie}; 1 to 65,536 bins
   * @throws IllegalArgumentException if the convention's bins depend on the rows, a number is out
   *     of range, or classes x (bins + 1) is above 2^24
   */
  public CalibrationSketch(int classes, BinningConvention convention) {
    SketchShape.check(classes, convention);
    contents = new SketchContents(classes, convention);
  }

  private CalibrationSketch(SketchContents contents) {
    this.contents = contents;
  }

  /**
   * The sketch of predictions, with 15 bins of the {@code guo} convention.
   *
   * @param predictions with labels
   * @return their sketch
   * @throws IllegalArgumentException as {@link #add(Predictions)}
   */
  public static CalibrationSketch of(Predictions predictions) {
    return of(predictions, BinningConvention.GUO);
  }

  /**
   * The sketch of predictions, made by all threads of the common pool: the same bits as by one.
   *
   * @param predictions with labels
   * @param convention the bins
   * @return their sketch
   * @throws IllegalArgumentException as {@link #add(Predictions)}, or if the convention's bins
   *     depend on the rows
   */
  public static CalibrationSketch of(Predictions predictions, BinningConvention convention) {
    return of(LabelledRows.of(predictions), convention);
  }

  /**
   * The sketch of labelled rows, made by all threads of the common pool: the same bits as by one.
   *
   * @param rows the rows
   * @param convention the bins
   * @return their sketch
   * @throws InvalidRowException if a row, label or weight is not valid
   * @throws IllegalArgumentException as the constructor
   */
  public static CalibrationSketch of(LabelledRows rows, BinningConvention convention) {
    return new CalibrationSketch(
        SketchParts.contents(rows.content(), rows.classes(), convention, rows.rows()));
  }

  /**
   * Adds rows; their arrays are read in place.
   *
   * @param rows of as many classes
   * @throws InvalidRowException if a weight is not valid; or if a row or label is not, and the
   *     sketch then refuses all else
   * @throws IllegalArgumentException if the number of classes is another, or this sketch judges the
   *     other of top label and positive class; the sketch stays as it was
   */
  public void add(LabelledRows rows) {
    add(rows, 0, rows.rows());
  }

  /**
   * Adds some of the rows; their arrays are read in place.
   *
   * @param rows of as many classes
   * @param from first row
   * @param to row after the last
   * @throws InvalidRowException as {@link #add(LabelledRows)}
   * @throws IllegalArgumentException as {@link #add(LabelledRows)}
   * @throws IndexOutOfBoundsException if the rows are not in {@code rows}
   */
  public void add(LabelledRows rows, int from, int to) {
    Objects.checkFromToIndex(from, to, rows.rows());
    if (rows.classes() != classes()) {
      throw new IllegalArgumentException(
          "predictions must have " + classes() + " classes, got " + rows.classes());
    }
    checkUsable();
    contents.admit(rows.content(), from, to);
    failed = true; // until the rows are in
    contents.add(rows.content(), from, to);
    failed = false;
  }

  /**
   * Adds all rows of predictions, with their weights; rows given as one column are judged by the
   * positive class.
   *
   * @param predictions with labels
   * @throws IllegalArgumentException if there are no labels, the number of classes is another, a
   *     weight is neither 0 nor between 2^-100 and 2^100, or this sketch judges the other of top
   *     label and positive class; the sketch stays as it was
   */
  public void add(Predictions predictions) {
    add(LabelledRows.of(predictions));
  }

  private void checkUsable() {
    if (failed) {
      throw new IllegalStateException(
          "this sketch met an invalid row and holds a part of the rows given: start a new one");
    }
  }

  /**
   * Adds all rows that another sketch has seen. The other's rows stay as they are, but sums that it
   * put off are finished: no other thread may use either meanwhile.
   *
   * @param other a sketch with as many classes and the same convention and bins; may be this one
   * @throws IllegalArgumentException if these differ, or one judges the top label and the other the
   *     positive class
   * @throws IllegalStateException if either met an invalid row
   */
  public void merge(CalibrationSketch other) {
    checkUsable();
    Objects.requireNonNull(other, "other").checkUsable();
    if (other.classes() != classes() || !other.convention().equals(convention())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "sketches must agree: %d classes and %s, got %d and %s",
              classes(),
              convention(),
              other.classes(),
              other.convention()));
    }
    contents.merge(other.contents);
  }

  /**
   * Number of classes.
   *
   * @return the classes
   */
  public int classes() {
    return contents.classes();
  }

  /**
   * The number of bins asked for; a convention may have one more of its own.
   *
   * @return {@code convention().bins()}
   */
  public int bins() {
    return convention().bins();
  }

  /**
   * The convention of the bins.
   *
   * @return the convention
   */
  public BinningConvention convention() {
    return contents.convention();
  }

  /**
   * Rows seen, those of weight 0 too.
   *
   * @return the rows
   */
  public long rows() {
    return contents.rows();
  }

  /**
   * Whether some row has a weight above 0, without which there is no {@link #summary}.
   *
   * @return whether there is such a row
   * @throws IllegalStateException if a row was not valid
   */
  public boolean hasWeight() {
    checkUsable();
    return rows() > 0 && contents.totals().weight() > 0;
  }

  /**
   * All numbers of the rows seen so far.
   *
   * @return an immutable value
   * @throws IllegalStateException if no row was seen, none of a weight above 0, or one was not
   *     valid
   */
  public CalibrationSummary summary() {
    checkUsable();
    if (rows() == 0) {
      throw new IllegalStateException("a summary needs at least 1 row, got 0");
    }
    SketchTotals totals = contents.totals();
    if (!(totals.weight() > 0)) {
      throw new IllegalStateException(
          "a summary needs rows of a weight above 0, got " + RowCount.words(rows()) + " of 0");
    }
    return new CalibrationSummary(totals, convention(), contents.event());
  }

  /**
   * The sketch as bytes, for another process to go on with or merge: versioned, with a checksum.
   * The same rows give the same bytes, in whatever order and parts they came.
   *
   * @return the bytes; the format is in docs/file-formats.md
   * @throws IllegalStateException if a row was not valid, or there are more than 2^31 bytes:
   *     sketches near 2^24 cells with weights of very different sizes
   */
  public byte[] toBytes() {
    checkUsable();
    return contents.toBytes();
  }

  /**
   * A sketch from its bytes; it gives the same bits as the one that was written, also after more
   * rows and merges.
   *
   * @param bytes as {@link #toBytes} gives them
   * @return the sketch
   * @throws SketchFormatException if the bytes are not those of a sketch, are damaged or cut off
   */
  public static CalibrationSketch fromBytes(byte[] bytes) throws SketchFormatException {
    return new CalibrationSketch(SketchReader.read(Objects.requireNonNull(bytes, "bytes")));
  }

  /**
   * Writes the sketch to a file, whole or not at all.
   *
   * @param file where to; replaced if it is there
   * @throws IOException if it cannot be written
   * @throws IllegalStateException as {@link #toBytes}
   */
  public void write(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    byte[] bytes = toBytes();
    AtomicFile.write(file, out -> out.write(bytes));
  }

  /**
   * Reads a sketch from a file.
   *
   * @param file as {@link #write} wrote it
   * @return the sketch
   * @throws SketchFormatException if the file is not a sketch, is damaged or cut off
   * @throws IOException if it cannot be read
   */
  public static CalibrationSketch read(Path file) throws IOException {
    return new CalibrationSketch(SketchReader.read(Objects.requireNonNull(file, "file")));
  }

  /**
   * Whether a file begins as those of sketches do. What comes after may still be damaged.
   *
   * @param file any path
   * @return false also where there is no file
   * @throws IOException if it cannot be read
   */
  public static boolean isSketch(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(SketchFormat.MAGIC.length), SketchFormat.MAGIC);
    }
  }

  /**
   * Rows, classes and convention.
   *
   * @return such as "sketch of 10,000 rows and 10 classes (guo: 15 equal-width bins)"
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "sketch of %s and %,d classes (%s)",
        RowCount.words(rows()),
        classes(),
        convention());
  }
}
