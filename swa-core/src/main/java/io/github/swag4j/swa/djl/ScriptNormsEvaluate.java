package io.github.swag4j.swa.djl;

import ai.djl.nn.Block;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.Weights;

/**
 * Makes batch normalisation of a TorchScript module evaluate while the module is in training mode:
 * running variances with the sign bit set ask for it, see {@link TorchScriptCode#FUNCTION}.
 */
final class ScriptNormsEvaluate {
  private final String name;
  private final ModelWeights statistics;
  private Weights before;
  private Weights asked;

  /**
   * A module.
   *
   * @param block from {@link TorchScriptModels#load}
   */
  ScriptNormsEvaluate(String name, Block block) {
    this.name = name;
    this.statistics = ModelWeights.statistics(block);
  }

  /** Leaves the question in the module, whose statistics are remembered. */
  void ask() {
    before = statistics.capture();
    float[][] values = new float[before.layout().tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      float[] tensor = new float[before.layout().tensor(t).size()];
      before.values(t).get(0, tensor);
      boolean variance = before.layout().tensor(t).role() == Role.RUNNING_VARIANCE;
      for (int i = 0; variance && i < tensor.length; i++) {
        tensor[i] = Math.copySign(tensor[i], -1f);
      }
      values[t] = tensor;
    }
    asked = Weights.of(before.layout(), values);
    statistics.restore(asked);
  }

  /**
   * Checks after a pass that the question is still there: who normalised by the batch left its
   * statistics.
   *
   * @throws IllegalStateException if it is not
   */
  void requireAsked() {
    if (!statistics.capture().equals(asked)) {
      throw new IllegalStateException(
          "normalisation in TorchScript module "
              + (name.isEmpty() ? "itself" : name)
              + " must evaluate while dropout is active, some layer updated its running statistics:"
              + " it keeps them otherwise than torch.batch_norm does (an InstanceNorm with"
              + " track_running_stats), Monte Carlo dropout cannot be had for this model");
    }
  }

  /** Gives the module its own statistics again. */
  void restore() {
    if (before != null) {
      statistics.restore(before);
      before = null;
    }
  }
}
