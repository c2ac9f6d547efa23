package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.Pair;
import io.github.swag4j.swa.Weights;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Recomputes the running statistics of batch normalisation for the weights a model has now.
 * Averaged or sampled weights never saw the data, so the statistics of training do not belong to
 * them.
 *
 * <p>Statistics are pooled over all values that reach a layer: with n_b values of mean m_b and
 * squared deviations M_b in batch b, mean = sum n_b m_b / N and variance = (sum M_b + sum n_b (m_b
 * - mean)^2) / (N - 1), in double precision, so a short last batch weighs less. Every layer sees
 * inputs normalised by batch statistics, as in training; dropout is off, so the result is a pure
 * function of weights and inputs. One pass over the data.
 *
 * <p>DJL has one training flag for both. It is set for batch normalisation alone by running the
 * children of each {@link ai.djl.nn.SequentialBlock} one by one. Another composite block with batch
 * normalisation inside runs as a whole: with a {@link ai.djl.nn.norm.Dropout} in it too it is
 * refused, and randomness of its own making is not recognised. A layer must run once in a forward
 * pass; one that runs again (the same layer or parameters in two places, a {@link
 * ai.djl.nn.norm.GhostBatchNorm} given more rows than its virtual batch) is refused.
 *
 * <p>The engine offers no access to a layer's momentum. With running statistics set to 0, a forward
 * pass leaves (1 - keep) times the batch's own; keep itself shows when a huge variance is put in
 * first, because the batch's share is then lost in rounding.
 *
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, algorithm 1, last step</a>
 */
public final class BatchNormRefresh {

  /** Large enough that a batch's own variance vanishes beside it in float32. */
  private static final float PROBE = 0x1p60f;

  private static final class Layer {
    final String name;
    final Parameter parameter;
    final NDArray runningMean;
    final NDArray runningVariance;
    final long positions;
    final double[] mean;
    final double[] squares;
    double keep = Double.NaN;

    Layer(String name, Parameter runningMean, Parameter runningVariance, long positions) {
      this.name = name;
      this.parameter = runningMean;
      this.runningMean = runningMean.getArray();
      this.runningVariance = runningVariance.getArray();
      this.positions = positions;
      this.mean = new double[(int) this.runningMean.size()];
      this.squares = new double[mean.length];
    }
  }

  private final Block block;
  private final BatchStatisticsForward pass;
  private final Shape inputShape;
  private final List<Layer> layers = new ArrayList<>();

  private BatchNormRefresh(Block block) {
    this.block = block;
    this.pass = new BatchStatisticsForward(block);
    Shape[] inputs = block.getInputShapes();
    this.inputShape = inputs.length == 0 ? null : inputs[0];
    addLayers("", block);
  }

  /**
   * A refresh for a model.
   *
   * @param block an initialised block; its own and its children's batch normalisation is refreshed
   * @return the refresh, to be used for this block as often as its weights change
   * @throws IllegalStateException if the block is not initialised
   */
  public static BatchNormRefresh of(Block block) {
    if (!block.isInitialized()) {
      throw new IllegalStateException("the block has no values yet: initialise it first");
    }
    return new BatchNormRefresh(block);
  }

  /**
   * Whether there is anything to refresh.
   *
   * @return true if the model has batch normalisation
   */
  public boolean isNeeded() {
    return !layers.isEmpty();
  }

  /**
   * Recomputes the statistics from inputs and leaves them in the model. If it fails, the model
   * keeps the statistics it had.
   *
   * @param inputs what the model was trained on, or a fair sample of it
   * @throws IllegalArgumentException if there are no inputs, a statistic is not finite, a layer
   *     runs more than once in a forward pass, or a composite block other than SequentialBlock has
   *     both batch normalisation and dropout inside
   * @throws IOException if the inputs cannot be read
   */
  public void refresh(InputBatches inputs) throws IOException {
    if (layers.isEmpty()) {
      return;
    }
    pass.requireDropoutCanBeOff();
    ModelWeights statistics = ModelWeights.statistics(block);
    Weights before = statistics.capture();
    boolean done = false;
    try {
      accumulate(inputs);
      done = true;
    } finally {
      if (!done) {
        statistics.restore(before);
      }
    }
  }

  private void accumulate(InputBatches inputs) throws IOException {
    for (Layer layer : layers) {
      Arrays.fill(layer.mean, 0);
      Arrays.fill(layer.squares, 0);
    }
    long[] rows = new long[1];
    try (NDManager manager = layers.get(0).runningMean.getManager().newSubManager()) {
      inputs.forEach(
          manager,
          batch -> {
            requireShape(batch);
            if (Double.isNaN(layers.get(0).keep)) {
              probeMomentum(manager, batch);
            }
            fill(0f, 0f);
            forward(manager, batch);
            long batchRows = batch.head().getShape().get(0);
            for (Layer layer : layers) {
              merge(layer, rows[0] * layer.positions, batchRows * layer.positions);
            }
            rows[0] += batchRows;
          });
    }
    if (rows[0] == 0) {
      throw new IllegalArgumentException("batch-norm statistics need at least 1 row, got 0");
    }
    layers.forEach(layer -> store(layer, rows[0] * layer.positions));
  }

  private void addLayers(String prefix, Block parent) {
    ParameterList own = parent.getDirectParameters();
    Parameter mean = null;
    Parameter variance = null;
    for (Pair<String, Parameter> pair : own) {
      Parameter.Type type = pair.getValue().getType();
      if (type == Parameter.Type.RUNNING_MEAN) {
        mean = pair.getValue();
      } else if (type == Parameter.Type.RUNNING_VAR) {
        variance = pair.getValue();
      }
    }
    if (mean != null && variance != null) {
      long channels = mean.getArray().size();
      layers.add(new Layer(prefix, mean, variance, positions(prefix, parent, channels)));
    }
    for (Pair<String, Block> child : parent.getChildren()) {
      addLayers(prefix + "/" + child.getKey(), child.getValue());
    }
  }

  /** Values of a channel in one row: height times width for images, 1 for vectors. */
  private static long positions(String name, Block layer, long channels) {
    Shape[] inputs = layer.getInputShapes();
    if (inputs.length == 0 || inputs[0].dimension() < 2) {
      throw new IllegalStateException(
          "batch-norm layer "
              + name
              + " does not know its input shape: initialise the block with"
              + " the shape of its input");
    }
    return inputs[0].slice(1).size() / channels;
  }

  private void requireShape(NDList batch) {
    Shape got = batch.head().getShape();
    if (inputShape != null && !got.slice(1).equals(inputShape.slice(1))) {
      throw new IllegalArgumentException(
          "rows must have shape "
              + inputShape.slice(1)
              + " as the block was initialised with, got "
              + got.slice(1));
    }
  }

  private void probeMomentum(NDManager manager, NDList batch) {
    fill(0f, PROBE);
    forward(manager, batch);
    for (Layer layer : layers) {
      layer.keep = view(layer.runningVariance).get(0) / PROBE;
      if (!(layer.keep >= 0 && layer.keep < 1)) {
        throw new IllegalArgumentException(
            "batch-norm layer "
                + layer.name
                + " must update its running variance in training mode, it keeps "
                + layer.keep
                + " of the old one: was the model exported in evaluation mode?");
      }
    }
  }

  private void forward(NDManager manager, NDList batch) {
    Map<Parameter, Integer> reads = pass.run(manager, batch);
    for (Layer layer : layers) {
      int runs = reads.getOrDefault(layer.parameter, 0);
      if (runs > 1) {
        throw new IllegalArgumentException(
            "batch-norm layer "
                + layer.name
                + " must run once in a forward pass, ran "
                + runs
                + " times for "
                + batch.head().getShape().get(0)
                + " rows, whose statistics the engine has mixed: give each place a layer of its"
                + " own, and a GhostBatchNorm no more rows than its virtual batch");
      }
    }
  }

  private void fill(float mean, float variance) {
    for (Layer layer : layers) {
      FloatBuffer means = view(layer.runningMean);
      FloatBuffer variances = view(layer.runningVariance);
      for (int c = 0; c < layer.mean.length; c++) {
        means.put(c, mean);
        variances.put(c, variance);
      }
    }
  }

  /** Merges a batch's moments into the layer's (Chan, Golub and LeVeque 1979). */
  private static void merge(Layer layer, long seen, long added) {
    FloatBuffer means = view(layer.runningMean);
    FloatBuffer variances = view(layer.runningVariance);
    double all = (double) seen + added;
    for (int c = 0; c < layer.mean.length; c++) {
      double mean = means.get(c) / (1 - layer.keep);
      // The engine's batch variance is the unbiased one, and undefined for a single value.
      double squares = added == 1 ? 0 : variances.get(c) / (1 - layer.keep) * (added - 1);
      double delta = mean - layer.mean[c];
      layer.mean[c] += delta * (added / all);
      layer.squares[c] += squares + delta * delta * (seen * (added / all));
    }
  }

  private static void store(Layer layer, long values) {
    FloatBuffer means = view(layer.runningMean);
    FloatBuffer variances = view(layer.runningVariance);
    for (int c = 0; c < layer.mean.length; c++) {
      double variance = layer.squares[c] / Math.max(values - 1, 1);
      if (!Double.isFinite(layer.mean[c]) || !Double.isFinite(variance)) {
        throw new IllegalArgumentException(
            "batch-norm statistics of layer "
                + layer.name
                + " must be finite, got mean "
                + layer.mean[c]
                + " and variance "
                + variance
                + " in channel "
                + c);
      }
      means.put(c, (float) layer.mean[c]);
      variances.put(c, (float) variance);
    }
  }

  private static FloatBuffer view(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
