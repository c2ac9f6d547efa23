package io.github.swag4j.spark.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.swa.djl.InputBatches;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * How a column's numbers become batches of a network's input.
 *
 * @param column name of the column
 * @param shape of one row
 * @param batch rows at once
 * @param piece numbers of the rows that are read before they are predicted
 */
record InputShape(String column, long[] shape, int batch, int piece) implements Serializable {
  /** What a task holds at once, unless a batch is larger. */
  static final int PIECE = 1 << 20;

  /** Numbers of a batch, 64 MiB. */
  private static final long MOST = 1 << 24;

  /** Checks that a batch of it can be. */
  static InputShape of(String column, long[] shape, int batch, int piece) {
    long size = 1;
    for (long dimension : shape) {
      if (dimension < 1) {
        throw new IllegalArgumentException(
            "the shape of a row must have sizes from 1, got " + Arrays.toString(shape));
      }
      size = Math.min(MOST + 1, size * Math.min(dimension, MOST + 1));
    }
    if (shape.length == 0) {
      throw new IllegalArgumentException(
          "the shape of a row must have one size or more, got none: 1, 28, 28 for a grey image");
    }
    if (size * batch > MOST) {
      throw new IllegalArgumentException(
          "a batch must have "
              + MOST
              + " numbers at most, got "
              + batch
              + " rows of shape "
              + Arrays.toString(shape)
              + (size > MOST ? "" : ": call batchRows(" + MOST / size + ") or fewer"));
    }
    return new InputShape(column, shape.clone(), batch, piece);
  }

  /** Numbers of one row. */
  int size() {
    return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** Rows that are read before they are predicted, whole batches. */
  int rows() {
    return Math.max(batch, piece / size() / batch * batch);
  }

  /**
   * Puts a row's numbers into their place.
   *
   * @param values the row's, null if there are none
   * @throws IllegalArgumentException if they are not what the network takes
   */
  void put(List<? extends Number> values, float[] inputs, int row) {
    int size = size();
    if (values == null || values.size() != size) {
      throw new IllegalArgumentException(
          "column "
              + column
              + " must hold "
              + size
              + " numbers for shape "
              + Arrays.toString(shape)
              + ", got "
              + (values == null ? "null" : values.size()));
    }
    int at = row * size;
    for (Number value : values) {
      float number = value == null ? Float.NaN : value.floatValue();
      if (!Float.isFinite(number)) {
        throw new IllegalArgumentException(
            "column " + column + " must hold finite float numbers, got " + value);
      }
      inputs[at++] = number;
    }
  }

  /**
   * Batches of one size.
   *
   * @param inputs of at least {@code rows} rows
   * @param rows the last of which fills the last batch up
   */
  InputBatches batches(float[] inputs, int rows) {
    int size = size();
    long[] dimensions = new long[shape.length + 1];
    dimensions[0] = batch;
    System.arraycopy(shape, 0, dimensions, 1, shape.length);
    return (manager, consumer) -> {
      for (int from = 0; from < rows; from += batch) {
        float[] values = new float[batch * size];
        int own = Math.min(batch, rows - from);
        System.arraycopy(inputs, from * size, values, 0, own * size);
        for (int row = own; row < batch; row++) {
          System.arraycopy(inputs, (rows - 1) * size, values, row * size, size);
        }
        try (NDManager ours = manager.newSubManager()) {
          consumer.accept(new NDList(ours.create(FloatBuffer.wrap(values), new Shape(dimensions))));
        }
      }
    };
  }
}
