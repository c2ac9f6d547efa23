package io.github.swag4j.cli.run;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** A trained model from Python, a TorchScript archive that must fit the images. */
final class TrainedArchive {

  /** Enough for statistics that nobody warns of, and to tell logits from what lies in [0, 1]. */
  private static final int NOISE_ROWS = 128;

  private TrainedArchive() {}

  /**
   * Loads an archive and looks at what it makes of some images.
   *
   * @throws IOException if it is no such archive, or takes other images, or gives something else
   *     than one logit a class, or cannot be trained
   */
  static Model load(Path archive, RunDescription.Input input) throws IOException {
    Model model = TorchScriptModels.load(archive);
    boolean fits = false;
    try (NDManager manager = model.getNDManager().newSubManager()) {
      requireFiniteFloats(archive, model);
      requireClasses(archive, model, manager, input);
      requireAnyBatch(archive, model, manager, input);
      requireTrainable(archive, model);
      requireBatchNormAlone(archive, model, input);
      ArchiveOutputs outputs = new ArchiveOutputs(archive, model, input);
      outputs.requireLogits(NOISE_ROWS);
      outputs.requireGradients();
      fits = true;
      return model;
    } finally {
      if (!fits) {
        model.close();
      }
    }
  }

  private static void requireFiniteFloats(Path archive, Model model) throws IOException {
    for (Pair<String, Parameter> pair : model.getBlock().getParameters()) {
      NDArray values = pair.getValue().getArray();
      DataType type = values.getDataType();
      if (type.isFloating() && type != DataType.FLOAT32) {
        throw new IOException(
            archive
                + ": weights must be float32, "
                + pair.getKey()
                + " is "
                + type.name().toLowerCase(Locale.ROOT)
                + ": call model.float() before torch.jit.script");
      }
      if (type != DataType.FLOAT32) {
        continue;
      }
      for (float value : values.toFloatArray()) {
        if (!Float.isFinite(value)) {
          throw new IOException(
              archive
                  + ": weights must be finite, "
                  + pair.getKey()
                  + " has "
                  + value
                  + ": its training diverged, export an earlier state");
        }
      }
    }
  }

  private static void requireClasses(
      Path archive, Model model, NDManager manager, RunDescription.Input input) throws IOException {
    Shape images = input.shape(2);
    NDList all;
    try {
      all = forward(model, manager, images);
    } catch (RuntimeException e) {
      throw new IOException(
          archive
              + ": must take images of shape "
              + images
              + ", which it does not ("
              + last(e)
              + "): if it was traced with another number of rows, export it with"
              + " torch.jit.script(model)",
          e);
    }
    if (all.size() != 1) {
      throw new IOException(
          archive
              + ": must give one tensor of logits, got "
              + all.size()
              + ": export a module whose forward returns the logits alone");
    }
    NDArray outputs = all.head();
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
    if (outputs.getDataType() != DataType.FLOAT32) {
      throw new IOException(
          archive
              + ": outputs must be float32, got "
              + outputs.getDataType().name().toLowerCase(Locale.ROOT)
              + ": let its forward return logits.float()");
    }
  }

  /** A model that was traced may hold the number of rows it was traced with. */
  private static void requireAnyBatch(
      Path archive, Model model, NDManager manager, RunDescription.Input input) throws IOException {
    int rows = 3;
    Shape images = input.shape(rows);
    String found;
    try {
      Shape given = forward(model, manager, images).head().getShape();
      if (given.get(0) == rows) {
        return;
      }
      found = given.get(0) + " rows come out";
    } catch (RuntimeException e) {
      found = last(e);
    }
    throw new IOException(
        archive
            + ": must take batches of any size, it takes 2 images and not 3 ("
            + found
            + "): tracing made a constant of the number of rows, export it with"
            + " torch.jit.script(model)");
  }

  /** What was frozen in Python would be trained here all the same. */
  private static void requireTrainable(Path archive, Model model) throws IOException {
    Set<String> frozen = FrozenTensors.of(archive);
    for (Pair<String, Parameter> pair : model.getBlock().getParameters()) {
      Parameter.Type type = pair.getValue().getType();
      boolean statistic = type == Parameter.Type.RUNNING_MEAN || type == Parameter.Type.RUNNING_VAR;
      if (!statistic && frozen.contains(pair.getKey())) {
        throw new IOException(
            archive
                + ": all weights must be trained, "
                + pair.getKey()
                + " was frozen (requires_grad is False) and would be trained nevertheless: call"
                + " model.requires_grad_(True) before torch.jit.script if that is meant, else"
                + " average in a loop of your own");
      }
    }
  }

  /** Statistics of other normalisations belong to the weights, too, and nobody recomputes them. */
  private static void requireBatchNormAlone(Path archive, Model model, RunDescription.Input input)
      throws IOException {
    BatchNormRefresh refresh = BatchNormRefresh.of(model.getBlock());
    if (!refresh.isNeeded()) {
      return;
    }
    ModelWeights statistics = ModelWeights.statistics(model.getBlock());
    Weights before = statistics.capture();
    try {
      refresh.refresh(
          (manager, consumer) -> {
            Shape images = input.shape(NOISE_ROWS);
            consumer.accept(new NDList(manager.randomNormal(images)));
          });
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IOException(
          archive
              + ": running statistics must be those of batch normalisation alone, which are"
              + " recomputed for averaged weights: "
              + e.getMessage()
              + "; InstanceNorm takes track_running_stats=False",
          e);
    } finally {
      statistics.restore(before);
    }
  }

  private static NDList forward(Model model, NDManager manager, Shape images) {
    return model
        .getBlock()
        .forward(new ParameterStore(manager, false), new NDList(manager.zeros(images)), false);
  }

  /** The engine's errors end with what happened, after the program that it happened in. */
  private static String last(RuntimeException e) {
    String[] lines = String.valueOf(e.getMessage()).strip().split("\\R", -1);
    return lines[lines.length - 1].strip();
  }
}
