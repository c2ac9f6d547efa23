package io.github.swag4j.calibration.ood;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Distance to the k-th nearest training row, features scaled to unit length: in [0, 2].
 *
 * <p>All training rows are kept and compared with; rows of zeros stay zeros.
 *
 * @see <a href="https://arxiv.org/abs/2204.06507">Sun et al. 2022, Out-of-Distribution Detection
 *     with Deep Nearest Neighbors, section 3</a>
 */
public final class NearestNeighbours implements FeatureDetector {
  private final double[][] bank;
  private final int neighbours;

  private NearestNeighbours(double[][] bank, int neighbours) {
    if (neighbours < 1 || neighbours > bank.length) {
      throw new IllegalArgumentException(
          "neighbours must be between 1 and the " + bank.length + " rows, got " + neighbours);
    }
    this.bank = bank;
    this.neighbours = neighbours;
  }

  /**
   * Keeps the training rows.
   *
   * @param train features of training rows
   * @param neighbours k, between 1 and the number of rows; the paper uses 50 for CIFAR-10
   * @return the detector {@code knn(k=...)}
   * @throws IllegalArgumentException if k is out of range
   */
  public static NearestNeighbours fit(FeatureBatch train, int neighbours) {
    double[][] bank = new double[train.rows()][];
    Arrays.setAll(bank, r -> unit(train.features()[r]));
    return new NearestNeighbours(bank, neighbours);
  }

  private static double[] unit(double[] x) {
    double largest = 0;
    for (double v : x) {
      largest = Math.max(largest, Math.abs(v));
    }
    if (largest == 0) {
      return x.clone();
    }
    double sum = 0;
    double[] unit = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      unit[i] = x[i] / largest; // squares of huge or tiny features would over- or underflow
      sum += unit[i] * unit[i];
    }
    double length = Math.sqrt(sum);
    for (int i = 0; i < x.length; i++) {
      unit[i] /= length;
    }
    return unit;
  }

  @Override
  public String name() {
    return "knn(k=" + neighbours + ")";
  }

  @Override
  public double[] score(FeatureBatch batch) {
    batch.needDimensions(name(), bank[0].length);
    double[] scores = new double[batch.rows()];
    IntStream.range(0, scores.length)
        .parallel()
        .forEach(r -> scores[r] = score(unit(batch.features()[r])));
    return scores;
  }

  private double score(double[] x) {
    double[] nearest = new double[neighbours]; // ascending
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (double[] row : bank) {
      double d = Whitening.squaredDistance(x, row);
      if (d < nearest[neighbours - 1]) {
        int i = neighbours - 1;
        for (; i > 0 && nearest[i - 1] > d; i--) {
          nearest[i] = nearest[i - 1];
        }
        nearest[i] = d;
      }
    }
    return Math.sqrt(nearest[neighbours - 1]);
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("neighbours", new double[][] {{neighbours}});
    state.put("bank", bank);
    return state;
  }

  static NearestNeighbours of(DetectorState state) {
    return new NearestNeighbours(state.matrix("bank"), state.count("neighbours"));
  }
}
