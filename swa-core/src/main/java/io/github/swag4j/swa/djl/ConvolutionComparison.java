package io.github.swag4j.swa.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * One convolution computed by oneDNN and by PyTorch's own code: outputs with and without gradients,
 * and the gradients of sum(y * g) by inputs, weights and bias. All values are whole and small, so
 * that float32 is exact in any order of summation and the two must agree in every bit.
 *
 * <p>Rows are 1, 2 and, up to a limit of work, those of the model's initialisation, 5, 16 and 128;
 * places are those of the initialisation and, with 2 rows, others; memory is ordered by channels
 * first and last. Threads are the calling thread's.
 */
final class ConvolutionComparison {
  private static final long ALWAYS = 2;
  private static final long[] MORE_ROWS = {5, 16, 128};
  private static final double MOST_WORK = 5e8;
  private static final long MOST_VALUES = 1L << 22;
  private static final long MOST_VALUES_AT_ALL = 1L << 26;
  private static final String[] NAMES = {
    "outputs",
    "outputs without gradients",
    "gradients of inputs",
    "gradients of weights",
    "gradients of bias"
  };

  /** How outputs are computed, and what computes them. */
  interface Switched {
    void leaveToOneDnn(boolean on);

    NDArray outputs(ConvolutionShape shape, NDArray x, NDArray w, NDArray b);
  }

  private final NDManager manager;
  private final Switched engine;

  private ConvolutionComparison(NDManager manager, Switched engine) {
    this.manager = manager;
    this.engine = engine;
  }

  /**
   * Compares; oneDNN is off afterwards.
   *
   * @return what differs, or null
   */
  static String firstWrong(Engine engine, ConvolutionShape shape) {
    return firstWrong(
        engine,
        shape,
        new Switched() {
          @Override
          public void leaveToOneDnn(boolean on) {
            OneDnn.set(on);
          }

          @Override
          public NDArray outputs(ConvolutionShape of, NDArray x, NDArray w, NDArray b) {
            return of.outputs(x, w, b);
          }
        });
  }

  static String firstWrong(Engine engine, ConvolutionShape shape, Switched switched) {
    try (NDManager manager = engine.newBaseManager(Device.cpu())) {
      return new ConvolutionComparison(manager, switched).firstWrong(shape);
    } finally {
      switched.leaveToOneDnn(false);
    }
  }

  private String firstWrong(ConvolutionShape shape) {
    Set<ConvolutionShape> variants = new LinkedHashSet<>();
    long[] places = shape.places();
    long[] others = places.clone();
    for (int a = 0; a < others.length; a++) {
      others[a] = Math.max(shape.leastPlaces(a), places[a] > 16 ? 13 : places[a] + 5);
    }
    ConvolutionShape least = shape.with(ALWAYS, places);
    if (values(least) > MOST_VALUES_AT_ALL) {
      return shape + ", which is too large to be compared";
    }
    variants.add(shape.with(1, places));
    variants.add(least);
    variants.add(shape.with(ALWAYS, others));
    long initialized = Math.max(1, shape.input().get(0));
    LongStream.concat(LongStream.of(initialized), Arrays.stream(MORE_ROWS))
        .mapToObj(rows -> shape.with(rows, places))
        .filter(more -> more.work() <= MOST_WORK && values(more) <= MOST_VALUES)
        .forEach(variants::add);
    for (ConvolutionShape variant : variants) {
      String wrong = compare(variant);
      if (wrong != null) {
        return wrong;
      }
    }
    return null;
  }

  private static long values(ConvolutionShape shape) {
    return Math.max(shape.input().size(), shape.output().size());
  }

  /** All arrays live to the end: memory that held right values must not be had by wrong ones. */
  private String compare(ConvolutionShape shape) {
    try (NDManager own = manager.newSubManager()) {
      engine.leaveToOneDnn(false);
      NDList right = compute(own, shape, false);
      engine.leaveToOneDnn(true);
      for (boolean channelsLast : new boolean[] {false, true}) {
        fillFreeMemory(shape);
        NDList values = compute(own, shape, channelsLast);
        for (int i = 0; i < values.size(); i++) {
          if (!values.get(i).contentEquals(right.get(i))) {
            return "wrong " + NAMES[i] + " for " + shape;
          }
        }
      }
      return null;
    }
  }

  /**
   * Leaves NaN in memory of all sizes at hand: what reads memory that it did not write may find
   * zeros in it, or what another convolution left, and be right by chance.
   */
  private void fillFreeMemory(ConvolutionShape shape) {
    try (NDManager own = manager.newSubManager()) {
      long all = 0;
      for (Shape each : new Shape[] {shape.input(), shape.weight(), shape.output()}) {
        long filled = each.size() / each.get(1) * blocks(each.get(1));
        for (int i = 0; i < 3; i++) {
          own.full(each, Float.NaN);
          own.full(new Shape(filled), Float.NaN);
        }
        all += filled;
      }
      own.full(new Shape(4 * all), Float.NaN);
    }
  }

  private static long blocks(long channels) {
    return (channels + 15) / 16 * 16;
  }

  private NDList compute(NDManager manager, ConvolutionShape shape, boolean channelsLast) {
    NDArray x = inputs(manager, shape.input(), channelsLast);
    NDArray w = whole(manager, shape.weight(), 2);
    NDArray b = shape.bias() ? whole(manager, new Shape(shape.weight().get(0)), 4) : null;
    NDList results = new NDList();
    TorchEngine.recorded(
        () -> {
          x.setRequiresGradient(true);
          w.setRequiresGradient(true);
          if (b != null) {
            b.setRequiresGradient(true);
          }
          NDArray y = engine.outputs(shape, x, w, b);
          TorchEngine.backward(y, whole(manager, y.getShape(), 3));
          results.add(y);
        });
    TorchEngine.GradientsOff gradients = TorchEngine.gradientsOff();
    results.add(engine.outputs(shape, x, w, b));
    gradients.close();
    results.add(x.getGradient());
    results.add(w.getGradient());
    if (b != null) {
      results.add(b.getGradient());
    }
    return results;
  }

  private static NDArray inputs(NDManager manager, Shape shape, boolean channelsLast) {
    float[] values = ConvolutionProbe.whole(Math.toIntExact(shape.size()), 1);
    if (!channelsLast) {
      return manager.create(values, shape);
    }
    int rows = (int) shape.get(0);
    int channels = (int) shape.get(1);
    int places = values.length / rows / channels;
    float[] last = new float[values.length];
    for (int n = 0; n < rows; n++) {
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < places; p++) {
          last[(n * places + p) * channels + c] = values[(n * channels + c) * places + p];
        }
      }
    }
    int axes = shape.dimension();
    long[] sizes = new long[axes];
    int[] order = new int[axes];
    for (int a = 0; a < axes; a++) {
      order[a] = a < 2 ? a * (axes - 1) : a - 1;
      sizes[order[a]] = shape.get(a);
    }
    return manager.create(last, new Shape(sizes)).transpose(order);
  }

  private static NDArray whole(NDManager manager, Shape shape, int seed) {
    return manager.create(ConvolutionProbe.whole(Math.toIntExact(shape.size()), seed), shape);
  }
}
