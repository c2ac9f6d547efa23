package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

/**
 * Forward passes of a model in evaluation mode: on the model's own device, without gradients (which
 * the engine switches off only in the thread that loaded it), and with the engine's errors told by
 * the batch that caused them. Belongs to the thread that opened it, and must be closed there; the
 * thread's gradient mode is then as it was.
 */
public final class InferencePass implements AutoCloseable {
  private final Block block;
  private final NDManager manager;
  private final ParameterStore parameters;
  private final TorchEngine.GradientsOff gradients;

  private InferencePass(Block block, NDManager manager) {
    this.block = block;
    this.manager = manager;
    this.parameters = new ParameterStore(manager, false);
    this.gradients = TorchEngine.gradientsOff();
  }

  /**
   * Opens a pass.
   *
   * @param block an initialised block
   * @return the pass
   */
  public static InferencePass of(Block block) {
    return new InferencePass(block, manager(block));
  }

  private static NDManager manager(Block block) {
    for (Parameter parameter : block.getParameters().values()) {
      if (parameter.isInitialized()) {
        return parameter.getArray().getManager().newSubManager();
      }
    }
    return NDManager.newBaseManager();
  }

  /**
   * The parent for batches' managers, on the model's device.
   *
   * @return closed with this pass
   */
  public NDManager manager() {
    return manager;
  }

  /**
   * Runs a batch.
   *
   * @param batch the inputs
   * @return the model's only output, attached to the batch's manager
   * @throws IllegalArgumentException if the engine fails or the model has more outputs than one
   */
  public NDArray run(NDList batch) {
    NDList outputs = EngineFailures.explained(batch, () -> block.forward(parameters, batch, false));
    if (outputs.size() != 1) {
      throw new IllegalArgumentException(
          "the model must have 1 output, got " + outputs.size() + ": wrap it in a block of one");
    }
    return outputs.head();
  }

  @Override
  public void close() {
    try {
      manager.close();
    } finally {
      gradients.close();
    }
  }
}
