package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.util.Pair;

/**
 * Ends training at the batch whose gradients are not finite, before its step, so that the model
 * still holds the weights before it; and at the epoch after which a weight or running statistic is
 * not finite. Without it an optimiser writes NaN into the weights and goes on. Running statistics
 * have seen the batch: where its inputs were not finite, they are to be recomputed.
 *
 * <p>{@link SwaTrainingListener} does the same and needs no other beside it. For training on one
 * device.
 */
public final class FiniteTraining extends TrainingListenerAdapter {
  private long batches;
  private Block verified;

  private FiniteTraining() {}

  /**
   * A listener that checks.
   *
   * @return the listener, for {@code TrainingConfig.addTrainingListeners}
   */
  public static FiniteTraining required() {
    return new FiniteTraining();
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {
    EngineConvolutions.verified(trainer.getManager().getEngine(), trainer.getModel().getBlock());
  }

  /**
   * Checks the gradients.
   *
   * @throws NotFiniteException if one is not finite
   */
  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    Block block = trainer.getModel().getBlock();
    if (block != verified) {
      EngineConvolutions.verified(block);
      verified = block;
    }
    requireGradients(block, batches);
    batches++;
  }

  /**
   * Checks the weights.
   *
   * @throws NotFiniteException if one is not finite
   */
  @Override
  public void onEpoch(Trainer trainer) {
    requireWeights(trainer.getModel().getBlock(), batches);
  }

  /** Checks what the backward pass left, after so many batches that were good. */
  static void requireGradients(Block model, long batches) {
    for (Pair<String, Parameter> pair : model.getParameters()) {
      Parameter parameter = pair.getValue();
      if (parameter.isInitialized() && parameter.getArray().hasGradient()) {
        try (NDArray gradient = parameter.getArray().getGradient()) {
          if (!isFinite(gradient)) {
            throw new NotFiniteException(
                "gradients must be finite, got "
                    + described(pair.getKey(), gradient)
                    + " in batch "
                    + (batches + 1)
                    + "; the weights are those before it, running statistics have seen it: lower"
                    + " the learning rate, or look for inputs that are not finite in this batch, and"
                    + " recompute the statistics");
          }
        }
      }
    }
  }

  /** Checks all parameters, statistics too, after so many batches. */
  static void requireWeights(Block model, long batches) {
    for (Pair<String, Parameter> pair : model.getParameters()) {
      Parameter parameter = pair.getValue();
      if (parameter.isInitialized() && !isFinite(parameter.getArray())) {
        throw new NotFiniteException(
            "weights must be finite, got "
                + described(pair.getKey(), parameter.getArray())
                + " after batch "
                + batches
                + ": go back to a checkpoint and lower the learning rate");
      }
    }
  }

  /** A sum is finite only if all values are; where it is not, it may just be too large. */
  private static boolean isFinite(NDArray array) {
    if (array.isEmpty() || !array.getDataType().isFloating()) {
      return true;
    }
    try (NDArray sum = array.sum();
        NDArray single = sum.toType(DataType.FLOAT32, true)) {
      return Float.isFinite(single.getFloat()) || firstNotFinite(values(array)) < 0;
    }
  }

  private static float[] values(NDArray array) {
    try (NDArray single = array.toType(DataType.FLOAT32, true)) {
      return single.toFloatArray();
    }
  }

  private static int firstNotFinite(float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  private static String described(String name, NDArray array) {
    float[] values = values(array);
    int first = firstNotFinite(values);
    return values[first] + " in " + name + " " + array.getShape() + " at position " + first;
  }
}
