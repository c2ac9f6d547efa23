package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.util.Pair;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * Recomputes the running statistics of batch normalisation for the weights a model has now.
 * Averaged or sampled weights never saw the data, so the statistics of training do not belong to
 * them.
 *
 * <p>Statistics are pooled over all values that reach a layer: with n_b values of mean m_b and
 * squared deviations M_b in batch b, mean = sum n_b m_b / N and variance = (sum M_b + sum n_b (m_b
 * - mean)^2) / (N - 1), in double precision, so a short last batch weighs less. {@link
 * Weighting#PER_BATCH} gives what PyTorch's {@code update_bn} gives instead. Every layer sees
 * inputs normalised by batch statistics, as in training; dropout is off, so the result is a pure
 * function of weights and inputs. One pass over the data, with the first batch run twice.
 *
 * <p>The number of values a row brings to a layer is taken from the shapes the block was
 * initialised with, so it is right for images and for sequences reshaped into rows; rows of another
 * shape are refused. A TorchScript module from {@link TorchScriptModels#load} counts them itself. A
 * batch that brings a layer a single value has no variance: it is left out, with a warning.
 *
 * <p>A layer must run once in a forward pass; one that runs again (the same layer or parameters in
 * two places, a {@link ai.djl.nn.norm.GhostBatchNorm} given more rows than its virtual batch) is
 * refused, and so is a model in which something random other than DJL's own dropout runs.
 *
 * <p>Warns once if batches seem sorted (their means lie further apart than chance allows, and then
 * deeper layers are wrong) or if there are too few values. Layers' modes and momentum, weights and
 * the counters of PyTorch's layers stay as they were. Not safe while another thread uses the model.
 *
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, algorithm 1, last step</a>
 */
public final class BatchNormRefresh {

  /** How batches of different sizes count. */
  public enum Weighting {
    /** Every value counts the same: the statistics of all values together. */
    POOLED,
    /**
     * Every batch counts the same: the mean of batches' means, and the mean of their unbiased
     * variances, as {@code torch.optim.swa_utils.update_bn}.
     */
    PER_BATCH
  }

  private final Block block;
  private final Function<Parameter, NDArray> values;
  private final Weighting weighting;
  private final BatchStatisticsForward forward;
  private final Shape[] inputShapes;
  private final List<BatchNormLayer> layers;
  private final RefreshWarnings warnings = new RefreshWarnings();

  private BatchNormRefresh(Block block, Weighting weighting, Function<Parameter, NDArray> values) {
    this.block = block;
    this.values = values;
    this.weighting = weighting;
    this.inputShapes = block instanceof SymbolBlock ? new Shape[0] : block.getInputShapes();
    this.layers = BatchNormLayers.of(block, inputShapes, values);
    this.forward = new BatchStatisticsForward(block, values);
  }

  /**
   * A refresh for a model, with pooled statistics.
   *
   * @param block an initialised block; its own and its children's batch normalisation is refreshed
   * @return the refresh, to be used for this block as often as its weights change
   * @throws IllegalStateException if the block is not initialised, batch normalisation of a
   *     TorchScript module cannot be seen because {@link TorchScriptModels} did not load it, or
   *     dropout cannot be switched off alone
   * @throws IllegalArgumentException if a statistic is not float32 in contiguous CPU memory
   */
  public static BatchNormRefresh of(Block block) {
    return of(block, Weighting.POOLED);
  }

  /**
   * A refresh for a model.
   *
   * @param block an initialised block; its own and its children's batch normalisation is refreshed
   * @param weighting how batches of different sizes count
   * @return the refresh, to be used for this block as often as its weights change
   * @throws IllegalStateException as {@link #of(Block)}
   * @throws IllegalArgumentException as {@link #of(Block)}
   */
  public static BatchNormRefresh of(Block block, Weighting weighting) {
    return of(block, weighting, Parameter::getArray);
  }

  /** A refresh of values other than the parameters' own, of the same shapes. */
  static BatchNormRefresh of(
      Block block, Weighting weighting, Function<Parameter, NDArray> values) {
    EngineDefaults.apply();
    TorchScriptModels.requireKnown(block);
    for (Pair<String, Parameter> pair : block.getParameters()) {
      if (!pair.getValue().isInitialized()) {
        throw new IllegalStateException(
            "parameter " + pair.getKey() + " has no values yet: initialise the block first");
      }
    }
    ModelWeights.statistics(block, values);
    return new BatchNormRefresh(block, weighting, values);
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
   * keeps the statistics it had. Without batch normalisation nothing is read.
   *
   * @param inputs what the model was trained on, or a fair sample of it, in mixed order: batches
   *     sorted by class give wrong statistics
   * @throws IllegalArgumentException if no batch has 2 values for each layer, an input or a
   *     statistic is not finite, a layer does not run once in a forward pass, the model is random
   *     without its dropout, or the engine cannot run a batch
   * @throws IOException if the inputs cannot be read
   */
  public void refresh(InputBatches inputs) throws IOException {
    if (layers.isEmpty()) {
      return;
    }
    ModelWeights statistics = ModelWeights.statistics(block, values);
    Weights before = statistics.capture();
    TorchEngine.GradientsOff gradients = TorchEngine.gradientsOff();
    boolean done = false;
    try {
      accumulate(inputs);
      done = true;
    } finally {
      gradients.close();
      if (!done) {
        statistics.restore(before);
      }
    }
  }

  private void accumulate(InputBatches inputs) throws IOException {
    layers.forEach(BatchNormLayer::clear);
    BatchNormPass pass = new BatchNormPass(layers, forward, weighting, warnings);
    NDArray any = values.apply(block.getParameters().get(0).getValue());
    try (NDManager manager = any.getManager().newSubManager()) {
      inputs.forEach(
          manager,
          batch -> {
            requireShapes(batch);
            pass.take(manager, batch);
          });
    }
    if (pass.rows() == 0) {
      throw new IllegalArgumentException(
          "batch-norm statistics need at least 1 row"
              + (pass.leftOut() == 0
                  ? ", got 0"
                  : " in a batch with others, got "
                      + pass.leftOut()
                      + " batches of a single row: take larger batches"));
    }
    layers.forEach(BatchNormLayer::store);
    warnings.judge(layers, weighting, pass.rows());
  }

  private void requireShapes(NDList batch) {
    if (inputShapes.length == 0) {
      return;
    }
    if (batch.size() != inputShapes.length) {
      throw new IllegalArgumentException(
          "batches must have "
              + inputShapes.length
              + " inputs as the block was initialised with, got "
              + batch.size());
    }
    for (int i = 0; i < inputShapes.length; i++) {
      Shape got = batch.get(i).getShape();
      Shape expected = inputShapes[i];
      if (got.dimension() != expected.dimension()
          || got.dimension() > 0 && !got.slice(1).equals(expected.slice(1))) {
        throw new IllegalArgumentException(
            "rows must have shape "
                + expected.slice(1)
                + " as the block was initialised with, got "
                + got.slice(Math.min(1, got.dimension())));
      }
    }
  }
}
