package io.github.swag4j.spark;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * What an aggregator has seen: a sketch, and some rows that wait for it. An object through a whole
 * partition; bytes of the sketch alone when it is sent elsewhere. For Spark, which has it public.
 */
public final class SketchBuffer implements Externalizable {
  private static final long serialVersionUID = 1L;

  /** What waits: 512 rows, or half a megabyte of many classes; a task has a buffer a group. */
  private static final int ROWS = 512;

  private static final int NUMBERS = 1 << 16;

  private transient BinningConvention convention;
  private transient CalibrationSketch sketch;
  private transient double[] values = new double[0];
  private transient int[] labels = new int[0];
  private transient double[] weights = new double[0];
  private transient int width;
  private transient int waiting;

  /** For what reads it. */
  public SketchBuffer() {}

  /** Of no rows. */
  SketchBuffer(BinningConvention convention) {
    this.convention = convention;
  }

  void add(Row row) {
    if (row == null || row.isNullAt(0) || row.isNullAt(1) || row.isNullAt(2)) {
      throw new IllegalArgumentException(
          "probabilities, label and weight must all be there, got a null among "
              + row
              + ": fill it, or filter such rows out");
    }
    List<Double> probabilities = row.getList(0);
    if (width == 0) {
      begin(probabilities.size());
    }
    if (probabilities.size() != width) {
      throw new IllegalArgumentException(
          "each row must have " + width + " probabilities as the first, got " + row);
    }
    for (int k = 0; k < width; k++) {
      Double p = probabilities.get(k);
      if (p == null) {
        throw new IllegalArgumentException("probabilities must all be there, got a null in " + row);
      }
      values[waiting * width + k] = p;
    }
    // A double, so that in SQL, where Spark casts arguments, no digit of a label is cut off.
    double label = row.getDouble(1);
    if (!(label >= 0 && label < Math.max(width, 2) && label == Math.rint(label))) {
      throw new IllegalArgumentException(
          "label must be a whole number between 0 and "
              + (Math.max(width, 2) - 1)
              + ", got "
              + (label == Math.rint(label) && Math.abs(label) < 1e15
                  ? Long.toString((long) label)
                  : Double.toString(label)));
    }
    labels[waiting] = (int) label;
    weights[waiting] = row.getDouble(2);
    waiting++;
    if (waiting == labels.length) {
      flush();
    }
  }

  private void begin(int classes) {
    if (classes == 0) {
      throw new IllegalArgumentException("a row must have probabilities, got an empty array");
    }
    width = classes;
    int rows = Math.max(1, Math.min(ROWS, NUMBERS / width));
    values = new double[rows * width];
    labels = new int[rows];
    weights = new double[rows];
  }

  private void flush() {
    if (waiting == 0) {
      return;
    }
    double[] some = Arrays.copyOf(values, waiting * width);
    int[] of = Arrays.copyOf(labels, waiting);
    LabelledRows rows =
        width == 1 ? LabelledRows.ofPositive(some, of) : LabelledRows.of(some, of, width);
    if (sketch == null) {
      sketch = new CalibrationSketch(rows.classes(), convention);
    }
    try {
      sketch.add(rows.weights(Arrays.copyOf(weights, waiting)));
    } catch (InvalidRowException e) {
      throw new IllegalArgumentException(words(e), e);
    }
    waiting = 0;
  }

  /** A place among the rows that waited says nothing to who has a table: the row itself does. */
  private String words(InvalidRowException e) {
    int row = e.row();
    double[] its = Arrays.copyOfRange(values, row * width, (row + 1) * width);
    return e.getMessage().replaceFirst("^([a-z ]+)\\[\\d+\\]", "$1")
        + ", in the row of probabilities "
        + Arrays.toString(its)
        + ", label "
        + labels[row]
        + ", weight "
        + weights[row];
  }

  void merge(SketchBuffer other) {
    other.flush();
    if (other.sketch != null) {
      merge(other.sketch);
    }
  }

  void merge(CalibrationSketch other) {
    flush();
    if (sketch == null) {
      sketch = new CalibrationSketch(other.classes(), other.convention());
    }
    sketch.merge(other);
  }

  /** The sketch of all rows; none if there was no row. */
  Optional<CalibrationSketch> sketch() {
    flush();
    return Optional.ofNullable(sketch);
  }

  /** Bytes of the sketch; none if there was no row. */
  byte[] bytes() {
    return sketch().map(CalibrationSketch::toBytes).orElseGet(() -> new byte[0]);
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    byte[] bytes = bytes();
    out.writeUTF(convention.name());
    out.writeInt(convention.bins());
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    convention = BinningConvention.named(in.readUTF()).withBins(in.readInt());
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    sketch = bytes.length == 0 ? null : CalibrationSketch.fromBytes(bytes);
  }
}
