package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.GradientCollector;
import java.io.IOException;

/**
 * Gradients of a model's outputs in its input, in evaluation mode. They are taken through a {@link
 * Replica}: a backward pass through the live model would leave gradients in its parameters, which
 * the next training step would add to its own.
 *
 * <p>The engine collects gradients for one piece of work at a time in a process. The weights of the
 * outputs are an array that stays open until after the backward pass, see the decision on numbers
 * in a recorded graph; a block that multiplies by a Java number in its own forward pass can still
 * lose a part of the gradient, which nobody can see from outside.
 */
public final class InputGradient implements AutoCloseable {

  /** Weights of outputs whose weighted sum is differentiated. */
  @FunctionalInterface
  public interface OutputWeights {

    /**
     * Gives the weights, which are constants: they are not differentiated.
     *
     * @param outputs {@code [rows * columns]} the model's outputs
     * @param columns outputs of a row
     * @return as many weights
     */
    float[] of(float[] outputs, int columns);
  }

  private final Replica replica;
  private final NDManager manager;
  private final boolean module;

  private InputGradient(Replica replica) {
    this.replica = replica;
    this.manager = replica.manager().newSubManager();
    this.module = replica.block() instanceof SymbolBlock;
    if (module) {
      // Without training the engine's modules record nothing, with it they would drop out.
      TorchEngine.evaluateInTrainingMode(replica.block());
    }
  }

  /**
   * Gradients through a model with the weights it has now.
   *
   * @param block an initialised block
   * @return to be closed
   * @throws IllegalArgumentException if the model cannot be replicated
   * @throws IOException if a TorchScript module cannot be copied through a temporary file
   */
  public static InputGradient of(Block block) throws IOException {
    ModelWeights.of(block);
    return new InputGradient(Replica.of(block));
  }

  /**
   * The parent for batches' managers, on the model's device.
   *
   * @return closed with this
   */
  public NDManager manager() {
    return manager;
  }

  /**
   * The model's outputs, without gradients.
   *
   * @param batch the inputs
   * @return {@code [rows][columns]}, attached to the batch's manager
   * @throws IllegalArgumentException if the engine fails or the outputs are not of that shape
   */
  public NDArray outputs(NDList batch) {
    TorchEngine.GradientsOff gradients = TorchEngine.gradientsOff();
    try {
      return forward(batch);
    } finally {
      gradients.close();
    }
  }

  private NDArray forward(NDList batch) {
    NDList outputs =
        EngineFailures.explained(
            batch, () -> replica.block().forward(replica.parameters(), batch, module));
    replica.requireFetched();
    if (outputs.size() != 1) {
      throw new IllegalArgumentException("the model must have 1 output, got " + outputs.size());
    }
    return requireMatrix(outputs.head());
  }

  private static NDArray requireMatrix(NDArray outputs) {
    if (outputs.getShape().dimension() != 2 || outputs.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "the model's output must be FLOAT32 of shape [rows][columns], got "
              + outputs.getDataType()
              + " "
              + outputs.getShape());
    }
    return outputs;
  }

  /**
   * The gradient of sum_i weight_i output_i in the input.
   *
   * @param batch one float32 input
   * @param weights of the outputs
   * @return as many values as the input, row-major
   * @throws IllegalArgumentException if the model has several inputs or one that is not float32, or
   *     the engine fails
   * @throws IllegalStateException if gradients are being collected elsewhere in the process
   */
  public float[] of(NDList batch, OutputWeights weights) {
    if (batch.size() != 1 || batch.head().getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "the gradient in the input needs 1 input of FLOAT32, got "
              + batch.size()
              + " of "
              + batch.head().getDataType().name());
    }
    try (NDManager own = manager.newSubManager();
        GradientCollector collector = manager.getEngine().newGradientCollector()) {
      NDArray input = batch.head().duplicate();
      input.attach(own);
      input.setRequiresGradient(true);
      NDArray outputs = forward(new NDList(input));
      Shape shape = outputs.getShape();
      float[] values = weights.of(outputs.toFloatArray(), Math.toIntExact(shape.get(1)));
      NDArray constants = own.create(values, shape);
      collector.backward(outputs.mul(constants).sum());
      NDArray gradient = input.getGradient();
      return gradient.toFloatArray();
    }
  }

  @Override
  public void close() {
    try {
      manager.close();
    } finally {
      replica.close();
    }
  }
}
