package io.github.swag4j.cli.run;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.github.swag4j.swa.djl.TorchScriptModels;
import java.io.IOException;
import java.nio.file.Path;

/** A trained model from Python, a TorchScript archive that must fit the images. */
final class TrainedArchive {

  private TrainedArchive() {}

  /**
   * Loads an archive and looks at what it makes of two grey images.
   *
   * @throws IOException if it is no such archive, or takes other images, or gives something else
   *     than one logit a class
   */
  static Model load(Path archive, RunDescription.Input input) throws IOException {
    Model model = TorchScriptModels.load(archive);
    boolean fits = false;
    try (NDManager manager = model.getNDManager().newSubManager()) {
      float[] outputs = outputs(archive, model, manager, input);
      if (areProbabilities(outputs, input.classNames().size())) {
        throw new IOException(
            archive
                + ": outputs must be logits, got rows that are at least 0 and sum to 1:"
                + " export the model without its softmax");
      }
      fits = true;
      return model;
    } finally {
      if (!fits) {
        model.close();
      }
    }
  }

  private static float[] outputs(
      Path archive, Model model, NDManager manager, RunDescription.Input input) throws IOException {
    Shape images = new Shape(2, 1, input.height(), input.width());
    NDArray outputs;
    try {
      outputs =
          model
              .getBlock()
              .forward(new ParameterStore(manager, false), new NDList(manager.zeros(images)), false)
              .singletonOrThrow();
    } catch (RuntimeException e) {
      throw new IOException(
          archive + ": must take images of shape " + images + ", which it does not: " + last(e), e);
    }
    Shape expected = new Shape(2, input.classNames().size());
    if (!outputs.getShape().equals(expected)) {
      throw new IOException(
          archive
              + ": outputs must have shape "
              + expected
              + " for 2 images and the "
              + input.classNames().size()
              + " classes of the data, got "
              + outputs.getShape());
    }
    return outputs.toFloatArray();
  }

  /** The engine's errors end with what happened, after the program that it happened in. */
  private static String last(RuntimeException e) {
    String[] lines = String.valueOf(e.getMessage()).strip().split("\\R", -1);
    return lines[lines.length - 1].strip();
  }

  private static boolean areProbabilities(float[] outputs, int classes) {
    for (int from = 0; from < outputs.length; from += classes) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        if (!(outputs[from + k] >= 0)) {
          return false;
        }
        sum += outputs[from + k];
      }
      if (Math.abs(sum - 1) > 1e-4) {
        return false;
      }
    }
    return true;
  }
}
