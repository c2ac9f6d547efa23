package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * One batch-norm layer and its statistics in the making. Before a forward pass the layer's running
 * statistics are set to what makes it leave the batch's own there; after it they are read.
 */
abstract sealed class BatchNormLayer permits EngineBatchNorm, ScriptBatchNorm {
  final String name;
  private final NDArray runningMean;
  private final NDArray runningVariance;
  private final double[] mean;
  private final double[] squares;
  private final double[] between;
  private double[] firstMeans;
  private long values;
  private double weights;
  private long batches;

  BatchNormLayer(String name, NDArray runningMean, NDArray runningVariance) {
    this.name = name;
    this.runningMean = runningMean;
    this.runningVariance = runningVariance;
    this.mean = new double[Math.toIntExact(runningMean.size())];
    this.squares = new double[mean.length];
    this.between = new double[mean.length];
  }

  /** Prepares the first pass of all, which shows what must be known of the layer. */
  abstract void askFirst();

  /**
   * Reads the first pass.
   *
   * @return what {@link #commit} takes over when every layer has been read
   * @throws IllegalArgumentException if the layer does not update its statistics
   */
  abstract double readFirst();

  /** Takes over what the first pass showed. */
  abstract void commit(double read);

  /** Prepares a pass that leaves the batch's statistics. */
  abstract void ask();

  /** The batch's mean in a channel, after a pass. */
  abstract double batchMean(FloatBuffer means, int channel);

  /** The batch's unbiased variance in a channel, after a pass. */
  abstract double batchVariance(FloatBuffer variances, int channel);

  /**
   * Checks that the layer ran once in a pass.
   *
   * @throws IllegalArgumentException if it did not
   */
  abstract void requireRanOnce(Map<Parameter, Integer> reads, long rows);

  /** Begins a refresh. */
  final void clear() {
    Arrays.fill(mean, 0);
    Arrays.fill(squares, 0);
    Arrays.fill(between, 0);
    values = 0;
    weights = 0;
    batches = 0;
    firstMeans = null;
  }

  /**
   * Merges a batch's moments, by count (Chan, Golub and LeVeque 1979).
   *
   * @param added values a channel in the batch, 2 or more
   */
  final void pool(long added) {
    FloatBuffer means = view(runningMean);
    FloatBuffer variances = view(runningVariance);
    double all = (double) values + added;
    for (int c = 0; c < mean.length; c++) {
      double delta = batchMean(means, c) - mean[c];
      double spread = delta * delta * (values * (added / all));
      mean[c] += delta * (added / all);
      between[c] += spread;
      squares[c] += batchVariance(variances, c) * (added - 1) + spread;
    }
    values += added;
    batches++;
  }

  /** Merges a batch's statistics with the weight of one batch, as PyTorch's update_bn. */
  final void average(long added) {
    FloatBuffer means = view(runningMean);
    FloatBuffer variances = view(runningVariance);
    weights++;
    for (int c = 0; c < mean.length; c++) {
      mean[c] += (batchMean(means, c) - mean[c]) / weights;
      squares[c] += (batchVariance(variances, c) - squares[c]) / weights;
    }
    values += added;
    batches++;
  }

  /**
   * Holds the first batch's means against those the first pass left.
   *
   * @throws IllegalArgumentException if the same batch gave others
   */
  final void requireSameAsFirst() {
    double[] now = rawMeans();
    FloatBuffer variances = view(runningVariance);
    for (int c = 0; c < now.length; c++) {
      double deviation = Math.sqrt(Math.max(batchVariance(variances, c), 0));
      double allowed = 1e-4 * (Math.abs(now[c]) + deviation) + 1e-30;
      if (Math.abs(now[c] - firstMeans[c]) > allowed) {
        throw new IllegalArgumentException(
            "the same batch must give the same statistics, batch-norm layer "
                + name
                + " got means "
                + firstMeans[c]
                + " and "
                + now[c]
                + ": something random that is no Dropout layer runs in training mode, leave it out"
                + " while statistics are taken");
      }
    }
  }

  final void rememberFirst() {
    firstMeans = rawMeans();
  }

  private double[] rawMeans() {
    FloatBuffer means = view(runningMean);
    double[] raw = new double[mean.length];
    Arrays.setAll(raw, c -> batchMean(means, c));
    return raw;
  }

  /**
   * Leaves the statistics in the model.
   *
   * @throws IllegalArgumentException if one is not finite
   */
  final void store() {
    FloatBuffer means = view(runningMean);
    FloatBuffer variances = view(runningVariance);
    for (int c = 0; c < mean.length; c++) {
      double variance = weights > 0 ? squares[c] : squares[c] / (values - 1);
      float storedMean = (float) mean[c];
      float storedVariance = (float) variance;
      if (!Float.isFinite(storedMean) || !Float.isFinite(storedVariance)) {
        throw new IllegalArgumentException(
            "batch-norm statistics of layer "
                + name
                + " must be finite, got mean "
                + mean[c]
                + " and variance "
                + variance
                + " in channel "
                + c
                + ": the weights before the layer give values that overflow");
      }
      means.put(c, storedMean);
      variances.put(c, storedVariance);
    }
  }

  /** Values a channel taken in so far. */
  final long values() {
    return values;
  }

  /** Batches taken in so far. */
  final long batches() {
    return batches;
  }

  /**
   * How far the means of batches lie apart, as a multiple of what batches in mixed order show at
   * most: the mean over channels of (sum_b n_b (m_b - m)^2 / (B - 1)) / (variance n_b / rows_b).
   * Only for pooled statistics.
   *
   * @param rows rows taken in
   */
  final double batchSpread(long rows) {
    double sum = 0;
    int channels = 0;
    for (int c = 0; c < mean.length; c++) {
      double variance = squares[c] / (values - 1);
      if (variance > 0) {
        sum += between[c] / (batches - 1) / variance * ((double) rows / values);
        channels++;
      }
    }
    return channels == 0 ? 0 : sum / channels;
  }

  final void fill(float means, float variances) {
    FloatBuffer meanView = view(runningMean);
    FloatBuffer varianceView = view(runningVariance);
    for (int c = 0; c < mean.length; c++) {
      meanView.put(c, means);
      varianceView.put(c, variances);
    }
  }

  final float firstMean() {
    return view(runningMean).get(0);
  }

  final float firstVariance() {
    return view(runningVariance).get(0);
  }

  private static FloatBuffer view(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
