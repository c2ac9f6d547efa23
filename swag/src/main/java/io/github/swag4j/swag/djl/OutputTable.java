package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * One sample's outputs over one data set, decoded, {@code [rows * width]} in float64. Used by one
 * thread at a time. What can be refused is refused in the batch it shows in.
 */
final class OutputTable {
  private final int sample;
  private final AgreedShape shape;
  private final RowDecoder decoder;
  private final IntConsumer widthCheck;
  private double[] values = new double[0];
  private int width;
  private int rows;

  /**
   * An empty table.
   *
   * @param sample index of the sample
   * @param shape what the passes over this data set have in common
   * @param decoder what rows mean; of this table alone
   * @param widthCheck hears of the width in the first batch, and may refuse it
   */
  OutputTable(int sample, AgreedShape shape, RowDecoder decoder, IntConsumer widthCheck) {
    this.sample = sample;
    this.shape = shape;
    this.decoder = decoder;
    this.widthCheck = widthCheck;
  }

  /**
   * Takes in the next batch of the model's outputs.
   *
   * @param outputs {@code [rows]...}, of float32, float64 or float16, which are widened
   * @param inputRows rows that went in
   */
  void add(NDArray outputs, long inputRows) {
    double[] batch = doubles(outputs);
    Shape got = outputs.getShape();
    int columns = decoder.width(got);
    shape.requireWidth(columns, rows);
    if (width == 0) {
      width = columns;
      widthCheck.accept(width);
    }
    int added = batch.length / width;
    if (added != inputRows) {
      throw new IllegalArgumentException(
          "the model must give a row of outputs for each row of inputs, got "
              + got
              + " for "
              + inputRows
              + " rows");
    }
    makeRoom(added);
    System.arraycopy(batch, 0, values, rows * width, batch.length);
    for (int r = rows; r < rows + added; r++) {
      requireFinite(r);
      decoder.decode(values, r * width, width, r);
    }
    rows += added;
    if (sample == 0) {
      decoder.requireKind(true);
    }
  }

  private static double[] doubles(NDArray outputs) {
    DataType type = outputs.getDataType();
    if (type == DataType.FLOAT64) {
      return outputs.toDoubleArray();
    }
    float[] singles;
    if (type == DataType.FLOAT32) {
      singles = outputs.toFloatArray();
    } else if (type == DataType.FLOAT16) {
      try (NDArray wide = outputs.toType(DataType.FLOAT32, false)) {
        singles = wide.toFloatArray();
      }
    } else {
      throw new IllegalArgumentException(
          "the model's output must be FLOAT32 (FLOAT16 and FLOAT64 are taken too), got "
              + type.name());
    }
    double[] out = new double[singles.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = singles[i];
    }
    return out;
  }

  private void requireFinite(int row) {
    for (int i = row * width; i < (row + 1) * width; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "the model's output must be finite, got " + values[i] + " in row " + row);
      }
    }
  }

  private void makeRoom(int added) {
    long needed = (long) rows + added;
    shape.requireRoom(sample, needed);
    if (needed * width > values.length) {
      int capacity = capacity(needed, values.length / width, width, shape.expectedRows());
      values = Arrays.copyOf(values, capacity * width);
    }
  }

  /**
   * Rows to make room for: all if their number is known, else at least twice as many as there were,
   * so that each value is moved twice at most on average.
   */
  static int capacity(long needed, int now, int width, int known) {
    long most = (Integer.MAX_VALUE - 8L) / width;
    if (needed > most) {
      throw new IllegalArgumentException(
          "predictions must have fewer than 2^31 values, got "
              + needed
              + " rows or more of "
              + width
              + " classes: predict the data in parts");
    }
    return (int) Math.min(most, Math.max(needed, Math.max(known, 2L * now)));
  }

  /** Ends the pass over the rows. */
  void end() {
    shape.requireRows(sample, rows);
    if (sample == 0) {
      decoder.requireKind(false);
    }
    values = values.length == rows * width ? values : Arrays.copyOf(values, rows * width);
  }

  /** The decoded outputs of all rows; the caller may keep them once the table is folded. */
  double[] values() {
    return values;
  }

  int rows() {
    return rows;
  }

  int width() {
    return width;
  }
}
