package io.github.swag4j.calibration.ood.features;

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
  private static final int STRIP = 256; // training rows that stay in cache with all their features
  private static final int TILE = 16; // rows scored against a strip while it is there

  private final double[][][] strips; // [strips][features][rows of the strip]
  private final int rows;
  private final int neighbours;

  private NearestNeighbours(double[][] bank, int neighbours) {
    if (neighbours < 1 || neighbours > bank.length) {
      throw new IllegalArgumentException(
          "neighbours must be between 1 and the " + bank.length + " rows, got " + neighbours);
    }
    rows = bank.length;
    strips = new double[(rows - 1) / STRIP + 1][][];
    Arrays.setAll(strips, b -> columns(bank, b * STRIP, (int) Math.min(rows, (b + 1L) * STRIP)));
    this.neighbours = neighbours;
  }

  /** The features of some rows, each feature's values side by side. */
  private static double[][] columns(double[][] bank, int from, int to) {
    double[][] columns = new double[bank[0].length][to - from];
    for (int r = from; r < to; r++) {
      for (int i = 0; i < columns.length; i++) {
        columns[i][r - from] = bank[r][i];
      }
    }
    return columns;
  }

  private int dimensions() {
    return strips[0].length;
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
    batch.needDimensions(name(), dimensions());
    double[] scores = new double[batch.rows()];
    IntStream.range(0, (scores.length - 1) / TILE + 1)
        .parallel()
        .forEach(t -> score(batch, t * TILE, Math.min(scores.length, (t + 1) * TILE), scores));
    return scores;
  }

  /**
   * Scores a tile of rows: each strip of training rows is read from memory once for all of them.
   */
  private void score(FeatureBatch batch, int from, int to, double[] scores) {
    double[][] nearest = new double[to - from][neighbours]; // squares, ascending
    double[][] units = new double[to - from][];
    for (int q = 0; q < nearest.length; q++) {
      Arrays.fill(nearest[q], Double.POSITIVE_INFINITY);
      units[q] = unit(batch.features()[from + q]);
    }
    double[] squares = new double[STRIP];
    for (double[][] strip : strips) {
      for (int q = 0; q < nearest.length; q++) {
        squaredDistances(units[q], strip, squares);
        for (int j = 0; j < strip[0].length; j++) {
          keep(squares[j], nearest[q]);
        }
      }
    }
    for (int q = 0; q < nearest.length; q++) {
      scores[from + q] = Math.sqrt(nearest[q][neighbours - 1]);
    }
  }

  /** To all rows of a strip at once: the rows are independent, so the inner loop vectorises. */
  private static void squaredDistances(double[] x, double[][] strip, double[] squares) {
    int rows = strip[0].length;
    Arrays.fill(squares, 0, rows, 0);
    int i = 0;
    for (; i + 1 < x.length; i += 2) {
      double[] left = strip[i];
      double[] right = strip[i + 1];
      double a = x[i];
      double b = x[i + 1];
      for (int j = 0; j < rows; j++) {
        double c = a - left[j];
        double d = b - right[j];
        squares[j] = squares[j] + c * c + d * d;
      }
    }
    if (i < x.length) {
      double[] last = strip[i];
      for (int j = 0; j < rows; j++) {
        double c = x[i] - last[j];
        squares[j] += c * c;
      }
    }
  }

  private static void keep(double square, double[] nearest) {
    int i = nearest.length - 1;
    if (square < nearest[i]) {
      for (; i > 0 && nearest[i - 1] > square; i--) {
        nearest[i] = nearest[i - 1];
      }
      nearest[i] = square;
    }
  }

  private double[][] bank() {
    double[][] bank = new double[rows][dimensions()];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < bank[r].length; i++) {
        bank[r][i] = strips[r / STRIP][i][r % STRIP];
      }
    }
    return bank;
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("neighbours", new double[][] {{neighbours}});
    state.put("bank", bank());
    return state;
  }

  static NearestNeighbours of(DetectorState state) {
    return new NearestNeighbours(state.matrix("bank"), state.count("neighbours"));
  }
}
