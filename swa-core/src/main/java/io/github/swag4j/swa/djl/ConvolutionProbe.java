package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.List;

/**
 * Small convolutions y[n,o,i,j] = sum over c,u,v of x[n,c,i*s+u-p,j*s+v-p] * w[o,c,u,v] and the
 * gradients of sum(y * g) by x and w, as the engine gives them and as they are defined. All values
 * are whole and small, so that float32 is exact in any order of summation.
 */
final class ConvolutionProbe {
  private static final int ROWS = 3;

  /** Channels that fill blocks of 4, 8 and 16 and that do not, in and out; strides, 1 x 1. */
  private static final List<ConvolutionProbe> PROBES =
      List.of(
          new ConvolutionProbe(6, 6, 8, 3, 1, 1),
          new ConvolutionProbe(8, 24, 7, 3, 1, 1),
          new ConvolutionProbe(17, 24, 8, 3, 1, 1),
          new ConvolutionProbe(24, 17, 9, 3, 2, 1),
          new ConvolutionProbe(40, 12, 6, 1, 1, 0),
          new ConvolutionProbe(3, 20, 10, 5, 1, 2),
          new ConvolutionProbe(16, 32, 8, 3, 1, 1));

  private final int in;
  private final int out;
  private final int side;
  private final int kernel;
  private final int stride;
  private final int padding;
  private final int outSide;
  private final float[] x;
  private final float[] w;
  private final float[] g;

  ConvolutionProbe(int in, int out, int side, int kernel, int stride, int padding) {
    this.in = in;
    this.out = out;
    this.side = side;
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.outSide = (side + 2 * padding - kernel) / stride + 1;
    this.x = whole(ROWS * in * side * side, 1);
    this.w = whole(out * in * kernel * kernel, 2);
    this.g = whole(ROWS * out * outSide * outSide, 3);
  }

  /** Numbers from -3 to 3 in an order without period in the shapes at hand. */
  private static float[] whole(int size, int seed) {
    float[] values = new float[size];
    int state = seed;
    for (int i = 0; i < size; i++) {
      state = state * 1_664_525 + 1_013_904_223;
      values[i] = (state >>> 16) % 7 - 3;
    }
    return values;
  }

  /** What the engine computes wrongly, or null. */
  static String firstWrong(Engine engine, GradientCollector collector) {
    try (NDManager manager = engine.newBaseManager(Device.cpu())) {
      for (ConvolutionProbe probe : PROBES) {
        String wrong = probe.wrong(manager, collector);
        if (wrong != null) {
          return wrong;
        }
      }
      return null;
    }
  }

  private String wrong(NDManager manager, GradientCollector collector) {
    float[] y = new float[g.length];
    float[] dx = new float[x.length];
    float[] dw = new float[w.length];
    define(y, dx, dw);
    NDArray inputs = manager.create(x, new Shape(ROWS, in, side, side));
    NDArray weights = manager.create(w, new Shape(out, in, kernel, kernel));
    inputs.setRequiresGradient(true);
    weights.setRequiresGradient(true);
    NDArray outputs =
        Conv2d.conv2d(
                inputs,
                weights,
                null,
                new Shape(stride, stride),
                new Shape(padding, padding),
                new Shape(1, 1))
            .singletonOrThrow();
    NDArray factors = manager.create(g, outputs.getShape());
    collector.backward(outputs.mul(factors).sum());
    NDArray last =
        Conv2d.conv2d(
                ChannelsLast.ordered(manager.create(x, inputs.getShape())),
                weights,
                null,
                new Shape(stride, stride),
                new Shape(padding, padding),
                new Shape(1, 1))
            .singletonOrThrow();
    String what =
        !Arrays.equals(y, outputs.toFloatArray())
                || !Arrays.equals(y, last.flatten().toFloatArray())
            ? "outputs"
            : !Arrays.equals(dx, inputs.getGradient().toFloatArray())
                ? "gradients of inputs"
                : !Arrays.equals(dw, weights.getGradient().toFloatArray())
                    ? "gradients of weights"
                    : null;
    return what == null
        ? null
        : "wrong " + what + " for " + in + " channels in and " + out + " out";
  }

  private void define(float[] y, float[] dx, float[] dw) {
    for (int n = 0; n < ROWS; n++) {
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < outSide; i++) {
          for (int j = 0; j < outSide; j++) {
            defineAt(n, o, i, j, y, dx, dw);
          }
        }
      }
    }
  }

  private void defineAt(int n, int o, int i, int j, float[] y, float[] dx, float[] dw) {
    int to = ((n * out + o) * outSide + i) * outSide + j;
    for (int c = 0; c < in; c++) {
      for (int u = 0; u < kernel; u++) {
        for (int v = 0; v < kernel; v++) {
          int row = i * stride + u - padding;
          int column = j * stride + v - padding;
          if (row >= 0 && row < side && column >= 0 && column < side) {
            int from = ((n * in + c) * side + row) * side + column;
            int weight = ((o * in + c) * kernel + u) * kernel + v;
            y[to] += x[from] * w[weight];
            dx[from] += g[to] * w[weight];
            dw[weight] += g[to] * x[from];
          }
        }
      }
    }
  }
}
