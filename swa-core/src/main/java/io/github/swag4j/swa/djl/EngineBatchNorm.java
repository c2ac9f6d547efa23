package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * A layer of DJL's own. The engine offers no access to its momentum. With running statistics set to
 * 0, a pass leaves (1 - keep) times the batch's own; keep itself shows when a huge variance is put
 * in first, because the batch's share is then lost in rounding.
 */
final class EngineBatchNorm extends BatchNormLayer {

  /** Large enough that a batch's own variance vanishes beside it in float32. */
  private static final float PROBE = 0x1p60f;

  private final Parameter mean;
  private final long valuesOfRows;
  private final long rows;
  private double keep = Double.NaN;

  /**
   * A layer.
   *
   * @param mean what the layer fetches once a run
   * @param seen the layer's input shape when the block was initialised
   * @param blockRows rows of the block's own input then
   */
  EngineBatchNorm(
      String name,
      Parameter mean,
      NDArray runningMean,
      NDArray runningVariance,
      Shape seen,
      long blockRows) {
    super(name, runningMean, runningVariance);
    this.mean = mean;
    this.valuesOfRows = seen.size() / runningMean.size();
    this.rows = blockRows;
    if (valuesOfRows < 1 || blockRows < 1 || seen.size() % runningMean.size() != 0) {
      throw new IllegalStateException(
          "batch-norm layer "
              + name
              + " must know how many values reach it, its input shape is "
              + seen
              + " for "
              + blockRows
              + " rows: initialise the block with the whole shape of a batch");
    }
  }

  /**
   * Values a channel that a batch brings to the layer: height times width times rows for images,
   * steps times rows for sequences that were reshaped into rows.
   *
   * @throws IllegalArgumentException if the number is not whole
   */
  long count(long batchRows) {
    long values = Math.multiplyExact(valuesOfRows, batchRows);
    if (values % rows != 0) {
      throw new IllegalArgumentException(
          "a batch must have a multiple of "
              + rows
              + " rows as the block was initialised with, because batch-norm layer "
              + name
              + " gets "
              + valuesOfRows
              + " values a channel for these, got "
              + batchRows
              + " rows");
    }
    return values / rows;
  }

  @Override
  void askFirst() {
    fill(0f, Double.isNaN(keep) ? PROBE : 0f);
  }

  @Override
  double readFirst() {
    if (!Double.isNaN(keep)) {
      return keep;
    }
    float left = firstVariance();
    double read = left / PROBE;
    if (Double.isNaN(read)) {
      throw new IllegalArgumentException(
          "values that reach batch-norm layer "
              + name
              + " must be finite, got a variance that is not a number: the weights before the layer"
              + " give values that overflow");
    }
    if (!(read >= 0 && read < 1)) {
      throw new IllegalArgumentException(
          "batch-norm layer "
              + name
              + " must update its running variance in training mode, it keeps "
              + read
              + " of the old one: it must run in every forward pass, and its momentum be below 1");
    }
    return read;
  }

  @Override
  void commit(double read) {
    keep = read;
  }

  @Override
  void ask() {
    fill(0f, 0f);
  }

  @Override
  double batchMean(FloatBuffer means, int channel) {
    return means.get(channel) / (1 - keep);
  }

  @Override
  double batchVariance(FloatBuffer variances, int channel) {
    return variances.get(channel) / (1 - keep);
  }

  @Override
  void requireRanOnce(Map<Parameter, Integer> reads, long batchRows) {
    int runs = reads.getOrDefault(mean, 0);
    if (runs > 1) {
      throw new IllegalArgumentException(
          "batch-norm layer "
              + name
              + " must run once in a forward pass, ran "
              + runs
              + " times for "
              + batchRows
              + " rows, whose statistics the engine has mixed: give each place a layer of its"
              + " own, and a GhostBatchNorm no more rows than its virtual batch");
    }
  }
}
