package io.github.swag4j.adapters.onnx;

import io.github.swag4j.adapters.onnx.OnnxGraph.Initializer;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An ONNX model as a file whose float32 weights can be read and replaced.
 *
 * <p>Weights are replaced in a copy of the file's bytes, from which a session is then made. ONNX
 * Runtime's own way, {@code SessionOptions.addInitializer}, is not used: with its graph
 * optimisation on, as it is unless said otherwise, it folds constants and batch norm from the
 * file's values and leaves the given ones aside without a word (measured with 1.29 and 1.30).
 *
 * <p>Immutable; safe for use by several threads. Memory: the bytes of the file.
 */
public final class OnnxModel {
  private final String name;
  private final OnnxGraph graph;
  private final WeightLayout layout;
  private final List<Initializer> places;

  private OnnxModel(String name, byte[] bytes) {
    this.name = name;
    this.graph = graph(name, bytes);
    if (graph.trainingNorms() > 0) {
      throw new IllegalArgumentException(
          name
              + " must not normalise by the batch, but batch norm was exported in training mode:"
              + " call model.eval() before torch.onnx.export, with"
              + " training=TrainingMode.EVAL or PRESERVE");
    }
    List<Tensor> tensors = new ArrayList<>();
    places = new ArrayList<>();
    for (Initializer initializer : graph.initializers().values()) {
      if (initializer.outside()) {
        throw new IllegalArgumentException(
            name
                + " must hold its weights, but those of "
                + initializer.name()
                + " lie in another file: call torch.onnx.export with external_data=False, or"
                + " onnx.save_model(onnx.load(file), other)");
      }
      if (isReadable(initializer)) {
        places.add(initializer);
        tensors.add(new Tensor(initializer.name(), role(initializer.name()), initializer.shape()));
      }
    }
    layout = WeightLayout.of(tensors);
  }

  private static OnnxGraph graph(String name, byte[] bytes) {
    try {
      return new OnnxGraph(bytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static boolean isReadable(Initializer initializer) {
    long bytes = Float.BYTES;
    for (long dimension : initializer.shape()) {
      bytes *= dimension;
    }
    return initializer.isFloat32() && initializer.from() >= 0 && initializer.length() == bytes;
  }

  private Role role(String tensor) {
    return graph.means().contains(tensor)
        ? Role.RUNNING_MEAN
        : graph.variances().contains(tensor) ? Role.RUNNING_VARIANCE : Role.OTHER;
  }

  /**
   * Reads a model.
   *
   * @param file an ONNX file with its weights inside, below 2 GiB
   * @return the model
   * @throws IllegalArgumentException if the file is no ONNX model, has no initializers, has weights
   *     in another file, or normalises by the batch
   * @throws IOException if it cannot be read
   */
  public static OnnxModel read(Path file) throws IOException {
    return new OnnxModel(file.toString(), Files.readAllBytes(file));
  }

  /**
   * A model that was read already.
   *
   * @param bytes those of an ONNX file; copied
   * @return the model
   * @throws IllegalArgumentException as {@link #read}
   */
  public static OnnxModel of(byte[] bytes) {
    return new OnnxModel("the model", bytes.clone());
  }

  /**
   * The float32 initializers, in the file's order; of batch norm the running mean and variance by
   * their roles.
   *
   * @return names, roles and shapes
   */
  public WeightLayout layout() {
    return layout;
  }

  /**
   * The values of the float32 initializers.
   *
   * @return a copy
   */
  public Weights weights() {
    float[][] values = new float[places.size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[layout.tensor(t).size()];
      floats(graph.bytes(), places.get(t)).get(values[t]);
    }
    return Weights.adopt(layout, values);
  }

  /**
   * Whether the model has batch norm, whose statistics belong to one weight vector alone.
   *
   * @return true if so
   */
  public boolean hasBatchNorm() {
    return graph.hiddenNorms() > 0 || !graph.means().isEmpty();
  }

  OnnxGraph graph() {
    return graph;
  }

  String name() {
    return name;
  }

  /** Where an initializer's values lie, as little-endian numbers. */
  static FloatBuffer floats(byte[] bytes, Initializer place) {
    return ByteBuffer.wrap(bytes, place.from(), place.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  @Override
  public String toString() {
    return name + ": " + layout + (hasBatchNorm() ? ", batch norm" : "");
  }
}
