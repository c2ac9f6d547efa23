package io.github.swag4j.cli.run;

import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * What a trained model from Python makes of images of noise. They do not come from the engine's
 * generator, which goes on as if nobody had looked.
 *
 * @param archive where it comes from, for messages
 * @param model the model
 * @param input what it takes
 */
record ArchiveOutputs(Path archive, Model model, RunDescription.Input input) {
  private static final String WITHOUT = "export the model without its ";

  /**
   * Checks that outputs can be logits: a softmax of probabilities trains and predicts something
   * else without a word. Logits of trained networks do not all lie in [0, 1].
   *
   * @param rows enough to tell
   * @throws IOException if they are distributions or all lie in [0, 1]
   */
  void requireLogits(int rows) throws IOException {
    LogitEvidence evidence = new LogitEvidence(WITHOUT + "softmax", WITHOUT + "sigmoids");
    boolean inside = true;
    try (NDManager manager = model.getNDManager().newSubManager()) {
      float[] outputs = outputs(manager, rows, false).toFloatArray();
      int classes = input.classNames().size();
      double[] row = new double[classes];
      for (int from = 0; from < outputs.length; from += classes) {
        for (int k = 0; k < classes; k++) {
          row[k] = outputs[from + k];
          inside &= row[k] >= 0 && row[k] <= 1;
        }
        evidence.add(row, 0, classes);
      }
      evidence.requireLogits(false);
    } catch (IllegalArgumentException e) {
      throw new IOException(archive + ": " + e.getMessage(), e);
    }
    if (inside) {
      throw new IOException(
          archive
              + ": outputs must be logits, got numbers between 0 and 1 alone for "
              + rows
              + " images of noise: "
              + WITHOUT
              + "sigmoids");
    }
  }

  /**
   * Checks that training can change something.
   *
   * @throws IOException if outputs have no gradient
   */
  void requireGradients() throws IOException {
    // In evaluation mode the engine's modules record nothing; in training mode statistics move.
    ModelWeights statistics = ModelWeights.statistics(model.getBlock());
    Weights before = statistics.capture();
    NDManager manager = model.getNDManager().newSubManager();
    GradientCollector recording = manager.getEngine().newGradientCollector();
    try {
      // The engine says of no output whether it has a gradient: only asking for it tells.
      recording.backward(outputs(manager, 2, true).sum());
      recording.zeroGradients();
    } catch (EngineException e) {
      throw new IOException(
          archive
              + ": outputs must have gradients for training to go on, got none: take"
              + " torch.no_grad, detach and torch.jit.freeze off before exporting the model",
          e);
    } finally {
      recording.close();
      manager.close();
      statistics.restore(before);
    }
  }

  private NDArray outputs(NDManager manager, int rows, boolean training) {
    Shape images = input.shape(rows);
    Random random = new Random(1);
    float[] noise = new float[Math.toIntExact(images.size())];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    return model
        .getBlock()
        .forward(
            new ParameterStore(manager, false), new NDList(manager.create(noise, images)), training)
        .head();
  }
}
