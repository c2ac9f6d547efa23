package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * A layer inside a TorchScript module from {@link TorchScriptModels#load}. It is asked by values of
 * its running statistics that no layer has, see {@link TorchScriptCode#FUNCTION}; the module stays
 * in evaluation mode, so everything else in it evaluates, whatever it is.
 */
final class ScriptBatchNorm extends BatchNormLayer {

  ScriptBatchNorm(String name, NDArray runningMean, NDArray runningVariance) {
    super(name, runningMean, runningVariance);
  }

  /** Prepares a pass that leaves the number of values a channel. */
  void askCount() {
    fill(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }

  /** Values a channel that the batch brought, after a pass; exact below 2^24. */
  long readCount() {
    return (long) firstMean();
  }

  @Override
  void askFirst() {
    ask();
  }

  @Override
  double readFirst() {
    return 0;
  }

  @Override
  void commit(double read) {
    // Nothing of the layer but its answers is needed.
  }

  @Override
  void ask() {
    fill(0f, Float.NEGATIVE_INFINITY);
  }

  @Override
  double batchMean(FloatBuffer means, int channel) {
    return means.get(channel);
  }

  @Override
  double batchVariance(FloatBuffer variances, int channel) {
    return -variances.get(channel);
  }

  @Override
  void requireRanOnce(Map<Parameter, Integer> reads, long rows) {
    if (firstMean() == Float.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException(
          "batch-norm layer "
              + name
              + " must run once in a forward pass, ran several times: give each place a layer of its"
              + " own");
    }
    if (firstVariance() == Float.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException(
          "batch-norm layer "
              + name
              + " must run as torch.batch_norm in every forward pass, it did not: remove layers that"
              + " are not used, and running statistics of other normalisations");
    }
  }
}
