package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;

/** Running mean over samples of one row's class probabilities and their entropy. */
final class RowMean {
  private final Output output;
  private double[] mean;
  private double entropy;
  private int samples;

  RowMean(Output output) {
    this.output = output;
  }

  /** Takes in the output of the next sample, {@code [1][classes]}. */
  void add(NDArray outputs) {
    Shape shape = outputs.getShape();
    if (shape.dimension() != 2 || shape.get(0) != 1 || shape.get(1) < 2) {
      throw new IllegalArgumentException(
          "the model's output for a row must have shape [1][classes] with 2 classes or more, got "
              + shape);
    }
    if (outputs.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "the model's output must be FLOAT32, got " + outputs.getDataType().name());
    }
    float[] values = outputs.toFloatArray();
    double[] p = new double[values.length];
    for (int k = 0; k < p.length; k++) {
      p[k] = values[k];
    }
    ClassRow.decode(output, p);
    take(p);
  }

  private void take(double[] p) {
    samples++;
    mean = mean == null ? new double[p.length] : mean;
    double own = 0;
    for (int k = 0; k < p.length; k++) {
      mean[k] += (p[k] - mean[k]) / samples;
      own -= p[k] > 0 ? p[k] * StrictMath.log(p[k]) : 0;
    }
    entropy += (Math.max(own, 0) - entropy) / samples;
  }

  RowPrediction prediction() {
    return RowPrediction.of(mean, entropy);
  }
}
