package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A convolution x = w * in + a and the batch normalisation y = s (x - m) + beta after it, with s =
 * gamma / sqrt(v + epsilon), as one convolution of weights s w and bias s (a - m) + beta, computed
 * in double precision and rounded once.
 *
 * <p>In float32 the two ways differ by rounding: with sums of n terms by about sqrt(n) 6e-8 times
 * the numbers that are added, of which s m may be much larger than what remains of them. A pair is
 * folded where |s m| and |s a| are at most {@value #MOST_SHIFT} times the largest |gamma| + |beta|
 * of the layer, about the size of its outputs; there the difference is below 1e-5 of the largest
 * output, tested with n up to 4,608. Elsewhere the layers stay two.
 */
final class FoldedConvolution implements FoldedForward.Step {
  static final double MOST_SHIFT = 4;

  private final Conv2d layer;
  private final NDArray weight;
  private final NDArray bias;

  private FoldedConvolution(Conv2d layer, NDArray weight, NDArray bias) {
    this.layer = layer;
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * Folds a pair.
   *
   * @param parameters hands out the values
   * @param manager of the new weights
   * @return null if the result might differ by more than rounding
   */
  static FoldedConvolution of(
      Conv2d layer, BatchNorm norm, ParameterStore parameters, NDManager manager) {
    Map<Parameter.Type, Parameter> of = byType(layer);
    Map<Parameter.Type, Parameter> with = byType(norm);
    Device device = manager.getDevice();
    Function<Parameter, NDArray> values =
        p -> p == null ? null : parameters.getValue(p, device, false);
    NDArray weight = values.apply(of.get(Parameter.Type.WEIGHT));
    NDArray mean = values.apply(with.get(Parameter.Type.RUNNING_MEAN));
    if (!isPlain(weight) || !isPlain(mean) || with.size() != 4) {
      return null;
    }
    int channels = Math.toIntExact(weight.getShape().get(0));
    double epsilon = epsilon(norm, channels, manager);
    if (!(epsilon >= 0) || mean.size() != channels) {
      return null;
    }
    float[] gamma = values.apply(with.get(Parameter.Type.GAMMA)).toFloatArray();
    float[] beta = values.apply(with.get(Parameter.Type.BETA)).toFloatArray();
    float[] variance = values.apply(with.get(Parameter.Type.RUNNING_VAR)).toFloatArray();
    float[] added =
        layer.isIncludeBias()
            ? values.apply(of.get(Parameter.Type.BIAS)).toFloatArray()
            : new float[channels];
    double[] scale = new double[channels];
    for (int c = 0; c < channels; c++) {
      scale[c] = gamma[c] / Math.sqrt(variance[c] + epsilon);
    }
    float[] means = mean.toFloatArray();
    return isExact(scale, means, added, gamma, beta)
        ? folded(layer, weight, scale, means, added, beta, manager)
        : null;
  }

  private static Map<Parameter.Type, Parameter> byType(Block block) {
    Map<Parameter.Type, Parameter> found = new EnumMap<>(Parameter.Type.class);
    block.getDirectParameters().values().forEach(p -> found.put(p.getType(), p));
    return found;
  }

  private static boolean isPlain(NDArray array) {
    return array != null && array.getDataType() == DataType.FLOAT32 && !array.getDevice().isGpu();
  }

  /** Also false for what is not a number. */
  private static boolean isExact(
      double[] scale, float[] means, float[] added, float[] gamma, float[] beta) {
    double size = 0;
    for (int c = 0; c < scale.length; c++) {
      size = Math.max(size, Math.abs(gamma[c]) + Math.abs(beta[c]));
    }
    for (int c = 0; c < scale.length; c++) {
      boolean small =
          Math.abs(scale[c] * means[c]) <= MOST_SHIFT * size
              && Math.abs(scale[c] * added[c]) <= MOST_SHIFT * size;
      if (!small || !Double.isFinite(scale[c])) {
        return false;
      }
    }
    return true;
  }

  private static FoldedConvolution folded(
      Conv2d layer,
      NDArray weight,
      double[] scale,
      float[] means,
      float[] added,
      float[] beta,
      NDManager manager) {
    float[] weights = weight.toFloatArray();
    float[] bias = new float[scale.length];
    int size = weights.length / scale.length;
    for (int c = 0; c < scale.length; c++) {
      for (int i = c * size; i < (c + 1) * size; i++) {
        weights[i] = (float) (scale[c] * weights[i]);
      }
      bias[c] = (float) (scale[c] * ((double) added[c] - means[c]) + beta[c]);
    }
    return new FoldedConvolution(
        layer, manager.create(weights, weight.getShape()), manager.create(bias));
  }

  /** Gamma 1, 2, ... over the channels, no shift and no variance. */
  private static final class ProbeParameters extends ParameterStore {
    private final NDManager manager;
    private final float[] gamma;

    ProbeParameters(NDManager manager, float[] gamma) {
      super(manager, false);
      this.manager = manager;
      this.gamma = gamma;
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      return parameter.getType() == Parameter.Type.GAMMA
          ? manager.create(gamma)
          : manager.zeros(new Shape(gamma.length));
    }
  }

  /**
   * A layer does not tell its epsilon and the axis of its channels: of ones it makes gamma /
   * sqrt(epsilon), in each channel.
   *
   * @return NaN if it does something else
   */
  static double epsilon(BatchNorm norm, int channels, NDManager parent) {
    float[] gamma = new float[channels];
    for (int c = 0; c < channels; c++) {
      gamma[c] = c % 7 + 1;
    }
    try (NDManager manager = parent.newSubManager()) {
      NDList ones = new NDList(manager.ones(new Shape(1, channels, 2, 3)));
      float[] made =
          norm.forward(new ProbeParameters(manager, gamma), ones, false)
              .singletonOrThrow()
              .toFloatArray();
      double first = made[0];
      for (int i = 0; i < made.length; i++) {
        double expected = first * gamma[i / 6];
        if (!(Math.abs(made[i] - expected) <= 1e-6 * expected)) {
          return Double.NaN;
        }
      }
      return made.length == 6 * channels ? 1 / (first * first) : Double.NaN;
    } catch (EngineException | IllegalArgumentException | IllegalStateException otherAxis) {
      return Double.NaN;
    }
  }

  @Override
  public NDList run(NDList inputs) {
    return Conv2d.conv2d(
        inputs.singletonOrThrow(),
        weight,
        bias,
        layer.getStride(),
        layer.getPadding(),
        layer.getDilation(),
        layer.getGroups());
  }
}
