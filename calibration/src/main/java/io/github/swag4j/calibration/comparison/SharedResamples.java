package io.github.swag4j.calibration.comparison;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several statistics of the same rows on the same draws, which are made once for all of them: each
 * has the same replicates, bit for bit, as it has by itself.
 */
final class SharedResamples {
  private final int[] order;
  private final long seed;
  private final List<Metric.OnRows> statistics;

  /** {@code [statistic][replicate]}. */
  private final double[][] replicates;

  /** The rows of each block that the jackknife leaves out; made when first needed. */
  private int[][] blocks;

  private SharedResamples(List<Metric.OnRows> statistics, int[] order, long seed, int replicates) {
    this.statistics = statistics;
    this.order = order;
    this.seed = seed;
    this.replicates = new double[statistics.size()][replicates];
    IntStream.range(0, replicates).parallel().forEach(this::draw);
  }

  /**
   * The resamples of each statistic.
   *
   * @param statistics functions of how often each row appears
   * @param order the rows by their place in the draws
   */
  static List<Resamples> of(
      List<Metric.OnRows> statistics, int[] order, long seed, int replicates) {
    SharedResamples shared = new SharedResamples(statistics, order, seed, replicates);
    List<Resamples> all = new ArrayList<>();
    for (int i = 0; i < statistics.size(); i++) {
      all.add(shared.new One(i));
    }
    return all;
  }

  private void draw(int b) {
    int[] times = new ReplicateRandom(seed, b, JackknifeBlocks.ROWS).multiplicities(order);
    for (int i = 0; i < replicates.length; i++) {
      replicates[i][b] = statistics.get(i).of(times);
    }
  }

  private synchronized int[][] blocks() {
    if (blocks == null) {
      int[] blockOf = JackknifeBlocks.of(order, seed);
      int[] sizes = new int[JackknifeBlocks.count(order.length)];
      Arrays.stream(blockOf).forEach(block -> sizes[block]++);
      blocks = new int[sizes.length][];
      Arrays.setAll(blocks, block -> new int[sizes[block]]);
      for (int row = 0; row < blockOf.length; row++) {
        blocks[blockOf[row]][--sizes[blockOf[row]]] = row;
      }
    }
    return blocks;
  }

  private double without(Metric.OnRows statistic, int[] left) {
    int[] times = new int[order.length];
    Arrays.fill(times, 1);
    Arrays.stream(left).forEach(row -> times[row] = 0);
    return statistic.of(times);
  }

  /** One of the statistics. */
  private final class One implements Resamples {
    private final int statistic;
    private double[] withoutRows;

    One(int statistic) {
      this.statistic = statistic;
    }

    @Override
    public double estimate() {
      return without(statistics.get(statistic), new int[0]);
    }

    @Override
    public double replicate(long b) {
      return replicates[statistic][(int) b];
    }

    @Override
    public synchronized double[] withoutRows() {
      if (withoutRows == null && statistics.get(statistic) instanceof LeavesOut quick) {
        int[] blockOf = JackknifeBlocks.of(order, seed);
        withoutRows = quick.withoutBlocks(blockOf, JackknifeBlocks.count(order.length));
      }
      if (withoutRows == null) {
        withoutRows =
            Arrays.stream(blocks())
                .parallel()
                .mapToDouble(block -> without(statistics.get(statistic), block))
                .toArray();
      }
      return withoutRows.clone(); // differences are written over it
    }

    @Override
    public List<double[]> withoutDraws() {
      return List.of();
    }
  }
}
