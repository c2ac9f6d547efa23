package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.List;

/** A metric on resampled rows, drawn by their place in {@link CanonicalOrder}. */
final class RowResamples implements Resamples {

  private final int[] order;
  private final long seed;
  private final Metric.OnRows metric;
  private final double estimate;

  RowResamples(Metric metric, Predictions predictions, long seed) {
    this(metric, predictions, CanonicalOrder.of(predictions), seed);
  }

  /** Draws by the place in an order: two methods with one order see the same rows. */
  RowResamples(Metric metric, Predictions predictions, int[] order, long seed) {
    this.order = order;
    this.seed = seed;
    this.metric = metric.on(predictions);
    // Like the replicates on rows in an order of their own: the same bits in any order.
    int[] once = new int[order.length];
    Arrays.fill(once, 1);
    this.estimate = this.metric.of(once);
  }

  @Override
  public double estimate() {
    return estimate;
  }

  @Override
  public double replicate(long b) {
    return metric.of(draw(b));
  }

  /** This less another that draws the same rows, which are drawn once: that is most of the work. */
  double difference(RowResamples other, long b) {
    int[] times = draw(b);
    return metric.of(times) - other.metric.of(times);
  }

  /** Whether another draws the same rows in every replicate. */
  boolean isPairedWith(RowResamples other) {
    return seed == other.seed && Arrays.equals(order, other.order);
  }

  private int[] draw(long b) {
    return new ReplicateRandom(seed, b, JackknifeBlocks.ROWS).multiplicities(order);
  }

  @Override
  public double[] withoutRows() {
    int rows = order.length;
    int[] blockOf = JackknifeBlocks.of(order, seed);
    double[] out = new double[JackknifeBlocks.count(rows)];
    if (metric instanceof LeavesOut quick) {
      return quick.withoutBlocks(blockOf, out.length);
    }
    int[] times = new int[rows];
    Arrays.setAll(
        out,
        block -> {
          for (int row = 0; row < rows; row++) {
            times[row] = blockOf[row] == block ? 0 : 1;
          }
          return metric.of(times);
        });
    return out;
  }

  @Override
  public List<double[]> withoutDraws() {
    return List.of();
  }
}
