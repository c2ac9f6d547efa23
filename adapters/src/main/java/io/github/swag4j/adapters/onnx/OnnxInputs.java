package io.github.swag4j.adapters.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.Map;

/** Rows that a model is given, batch by batch, in the same order at every pass. */
@FunctionalInterface
public interface OnnxInputs {

  /** Takes batches. */
  @FunctionalInterface
  interface Batches {
    /**
     * Takes a batch.
     *
     * @param inputs tensors by the names of the model's inputs; closed by who made them, after this
     *     returns
     * @throws OrtException if the model cannot run it
     */
    void accept(Map<String, OnnxTensor> inputs) throws OrtException;
  }

  /**
   * Gives all batches.
   *
   * @param batches takes them in order
   * @throws OrtException if a tensor cannot be made or run
   */
  void forEach(Batches batches) throws OrtException;

  /**
   * Rows of numbers for a model with one input.
   *
   * @param name of the input, which is its name in the export ({@code x}, {@code input})
   * @param values {@code [rows][product of the shape]}, row-major
   * @param rowShape the shape of one row, without the dimension of the batch
   * @param batchRows rows a batch, the last may have fewer
   * @return batches of {@code [rows, rowShape...]}
   * @throws IllegalArgumentException if a row has another number of values or there is none
   */
  static OnnxInputs rows(String name, float[][] values, long[] rowShape, int batchRows) {
    int width = 1;
    for (long dimension : rowShape) {
      width = Math.toIntExact(width * dimension);
    }
    if (values.length == 0 || batchRows < 1) {
      throw new IllegalArgumentException(
          "inputs must have at least 1 row and batches at least 1, got "
              + values.length
              + " and "
              + batchRows);
    }
    float[][] rows = new float[values.length][];
    for (int r = 0; r < rows.length; r++) {
      if (values[r].length != width) {
        throw new IllegalArgumentException(
            "row " + r + " must have " + width + " values, got " + values[r].length);
      }
      rows[r] = values[r].clone();
    }
    long[] shape = new long[rowShape.length + 1];
    System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
    int rowWidth = width;
    return batches -> {
      for (int from = 0; from < rows.length; from += batchRows) {
        int count = Math.min(batchRows, rows.length - from);
        FloatBuffer flat = FloatBuffer.allocate(count * rowWidth);
        for (int r = from; r < from + count; r++) {
          flat.put(rows[r]);
        }
        long[] own = shape.clone();
        own[0] = count;
        try (OnnxTensor tensor =
            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), flat.flip(), own)) {
          batches.accept(Map.of(name, tensor));
        }
      }
    };
  }

  /**
   * Rows of numbers in batches of 256, for a model with one input of shape {@code [rows, width]}.
   *
   * @param name of the input
   * @param values {@code [rows][width]}
   * @return batches
   * @throws IllegalArgumentException if rows differ in length or there is none
   */
  static OnnxInputs rows(String name, float[][] values) {
    long width = values.length == 0 ? 0 : values[0].length;
    return rows(name, values, new long[] {width}, 256);
  }
}
