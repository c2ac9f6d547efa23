package io.github.swag4j.adapters.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.swag4j.swag.djl.RowPrediction;
import io.github.swag4j.swag.djl.ServingPredictor;

/**
 * A block whose output is a Bayesian average: mean probabilities {@code [rows, classes]} and the
 * means of the samples' entropies {@code [rows]}, float64.
 */
final class AveragedBlock extends AbstractBlock {
  private static final byte VERSION = 1;

  private final ServingPredictor serving;

  AveragedBlock(ServingPredictor serving) {
    super(VERSION);
    this.serving = serving;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> parameters) {
    NDManager manager = inputs.head().getManager();
    int rows = Math.toIntExact(inputs.head().getShape().get(0));
    double[] entropies = new double[rows];
    double[] probabilities = new double[0];
    int classes = 0;
    for (int r = 0; r < rows; r++) {
      RowPrediction prediction = predict(inputs, r);
      classes = prediction.probabilities().length;
      probabilities = r == 0 ? new double[rows * classes] : probabilities;
      System.arraycopy(prediction.probabilities(), 0, probabilities, r * classes, classes);
      entropies[r] = prediction.expectedEntropy();
    }
    return new NDList(
        manager.create(probabilities, new Shape(rows, classes)), manager.create(entropies));
  }

  private RowPrediction predict(NDList inputs, int row) {
    try (NDList own = new NDList()) {
      for (NDArray input : inputs) {
        own.add(input.get(row));
      }
      return serving.predict(own);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    throw new UnsupportedOperationException(
        "the number of classes of a Bayesian average is known from its first prediction");
  }
}
