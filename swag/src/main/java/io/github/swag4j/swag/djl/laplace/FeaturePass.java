package io.github.swag4j.swag.djl.laplace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.laplace.LaplaceLayer;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Reads the inputs of the last layer. DJL has no hooks, but the layer itself can show what it sees:
 * with the identity for its weights and no bias, its outputs are its inputs, bit for bit. Blocks
 * ask a {@link ParameterStore} for their weights, so the live ones are not touched. A TorchScript
 * module does not ask: there rows of the identity, as many as there are classes, are written into
 * its memory one after the other, and it runs inputs / classes times for each batch; {@link #close}
 * puts the weights back.
 *
 * <p>In the first batch the logits computed from the features are compared with the model's.
 */
final class FeaturePass implements AutoCloseable {
  private static final double TOLERANCE = 1e-4;

  private final LastLayer last;
  private final LaplaceLayer layer;
  private final InferencePass pass;
  private final ModelWeights own;
  private final Weights before;
  private final float[] weight;
  private final float[] bias;
  private final Substitute substitute;
  private boolean compared;

  FeaturePass(LastLayer last) {
    this.last = last;
    this.layer = last.layer();
    String names =
        Pattern.quote(layer.weight())
            + (layer.bias() == null ? "" : "|" + Pattern.quote(layer.bias()));
    this.own = ModelWeights.of(last.model(), Selection.all().onlyNames(names));
    this.before = own.capture();
    this.weight = before.toArray(index(layer.weight()));
    this.bias = layer.bias() == null ? null : before.toArray(index(layer.bias()));
    this.pass = InferencePass.of(last.model());
    try {
      this.substitute = last.linear() == null ? null : new Substitute(pass.manager());
    } catch (RuntimeException | Error e) {
      pass.close();
      throw e;
    }
  }

  private int index(String name) {
    WeightLayout layout = own.layout();
    for (int t = 0; t < layout.tensors().size(); t++) {
      if (layout.tensor(t).name().equals(name)) {
        return t;
      }
    }
    throw new IllegalStateException("selected tensors are all there");
  }

  NDManager manager() {
    return pass.manager();
  }

  /** {@code [outputs][inputs]}. */
  float[] weight() {
    return weight.clone();
  }

  /** {@code [outputs]}, null if there is none. */
  float[] bias() {
    return bias == null ? null : bias.clone();
  }

  /**
   * The layer's inputs for a batch, {@code [rows][inputs]}.
   *
   * @throws IllegalArgumentException if the model cannot run the batch, or its outputs are not this
   *     layer's
   */
  float[] features(NDList batch) {
    float[] logits = compared ? null : logits(batch);
    float[] features = substitute == null ? byRows(batch) : substitute.features(batch);
    if (logits != null) {
      requireLast(features, logits);
      requireBias(batch, features);
      compared = true;
    }
    return features;
  }

  private float[] logits(NDList batch) {
    NDArray output = pass.run(batch);
    Shape shape = output.getShape();
    if (shape.dimension() != 2
        || shape.get(1) != layer.outputs()
        || output.getDataType() != DataType.FLOAT32) {
      throw notLast("the model gives " + output.getDataType().name() + " " + shape);
    }
    return output.toFloatArray();
  }

  private float[] byRows(NDList batch) {
    int inputs = layer.inputs();
    int outputs = layer.outputs();
    float[] features = null;
    try {
      for (int from = 0; from < inputs; from += outputs) {
        int width = Math.min(outputs, inputs - from);
        float[] rows = new float[outputs * inputs];
        for (int o = 0; o < width; o++) {
          rows[o * inputs + from + o] = 1;
        }
        own.write(substituted(rows));
        float[] part = pass.run(batch).toFloatArray();
        int count = part.length / outputs;
        features = features == null ? new float[count * inputs] : features;
        for (int r = 0; r < count; r++) {
          System.arraycopy(part, r * outputs, features, r * inputs + from, width);
        }
      }
    } finally {
      own.restore(before);
    }
    return features;
  }

  private Weights substituted(float[] rows) {
    float[][] values = new float[own.layout().tensors().size()][];
    values[index(layer.weight())] = rows;
    if (layer.bias() != null) {
      values[index(layer.bias())] = new float[layer.outputs()];
    }
    return Weights.adopt(own.layout(), values);
  }

  private void requireLast(float[] features, float[] logits) {
    int inputs = layer.inputs();
    int outputs = layer.outputs();
    int rows = logits.length / outputs;
    if (features.length != rows * inputs) {
      throw notLast(
          "it is applied to " + features.length / inputs + " inputs of " + rows + " rows");
    }
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < outputs; c++) {
        double sum = bias == null ? 0 : bias[c];
        double size = Math.abs(sum);
        for (int i = 0; i < inputs; i++) {
          double term = (double) weight[c * inputs + i] * features[r * inputs + i];
          sum += term;
          size += Math.abs(term);
        }
        float logit = logits[r * outputs + c];
        if (!Float.isFinite(logit)) {
          throw new IllegalArgumentException(
              "the model's outputs must be finite, got " + logit + " in row " + r);
        }
        if (!(Math.abs(logit - sum) <= TOLERANCE * (size + 1e-6))) {
          throw notLast("output " + c + " of row " + r + " is " + logit + " and not " + sum);
        }
      }
    }
  }

  /** Where the bias is 0, logits do not tell whether something scales them: 1 in its place does. */
  private void requireBias(NDList batch, float[] features) {
    if (bias == null) {
      return;
    }
    boolean bySubstitute = substitute != null;
    float[] moved = bySubstitute ? substitute.withBiasOne(batch) : biasAlone(batch);
    for (int i = 0; i < moved.length; i++) {
      float expected = bySubstitute ? features[i] + 1 : 1;
      if (!(Math.abs(moved[i] - expected) <= TOLERANCE * (1 + Math.abs(expected)))) {
        throw notLast("1 for its bias makes " + moved[i] + " of " + expected);
      }
    }
  }

  private float[] biasAlone(NDList batch) {
    float[][] values = new float[own.layout().tensors().size()][];
    values[index(layer.weight())] = new float[layer.outputs() * layer.inputs()];
    values[index(layer.bias())] = new float[layer.outputs()];
    Arrays.fill(values[index(layer.bias())], 1);
    try {
      own.write(Weights.adopt(own.layout(), values));
      return pass.run(batch).toFloatArray();
    } finally {
      own.restore(before);
    }
  }

  private IllegalArgumentException notLast(String seen) {
    return new IllegalArgumentException(
        "the model's outputs must be those of its last linear layer "
            + layer.weight()
            + " of "
            + layer.outputs()
            + " outputs, but "
            + seen
            + ": take off a softmax or whatever follows it, or use DiagonalLaplace");
  }

  @Override
  public void close() {
    pass.close();
  }

  /** Gives the identity to the last layer and its own values to all others. */
  private final class Substitute extends ParameterStore {
    private final Parameter shown;
    private final NDArray identity;
    private final NDArray zero;
    private final NDArray one;
    private boolean biasIsOne;
    private int asked;

    Substitute(NDManager manager) {
      super(manager, false);
      this.shown = last.linear().getDirectParameters().get("weight");
      this.identity = manager.eye(layer.inputs());
      this.zero = manager.zeros(new Shape(layer.inputs()));
      this.one = manager.ones(new Shape(layer.inputs()));
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      if (parameter == null) {
        return null;
      }
      if (parameter.equals(shown)) {
        asked++;
        return identity;
      }
      boolean isBias =
          layer.bias() != null && parameter.equals(last.linear().getDirectParameters().get("bias"));
      if (!isBias) {
        return parameter.getArray();
      }
      return biasIsOne ? one : zero;
    }

    float[] withBiasOne(NDList batch) {
      biasIsOne = true;
      try {
        return features(batch);
      } finally {
        biasIsOne = false;
      }
    }

    float[] features(NDList batch) {
      asked = 0;
      NDArray output =
          pass.run(batch, (parameters, inputs) -> last.model().forward(this, inputs, false));
      if (asked != 1) {
        throw notLast("it is used " + asked + " times");
      }
      Shape shape = output.getShape();
      if (shape.dimension() != 2 || shape.get(1) != layer.inputs()) {
        throw notLast("something follows it that gives " + shape + " for its " + layer.inputs());
      }
      return output.toFloatArray();
    }
  }
}
