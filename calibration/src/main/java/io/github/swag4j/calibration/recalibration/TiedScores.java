package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.Arrays;

/**
 * Weighted values pooled by distinct score, ascending: what every method that sorts starts from, so
 * that ties cannot make it depend on the order of rows. Rows of weight 0 count as absent.
 */
final class TiedScores {
  // Absorbs the rounding of j/bins and rows of almost no weight, never a whole row.
  private static final double ROUNDING = 1e-9;

  final double[] scores;
  final double[] weights;
  final double[] sums;
  final double[] means;
  final double totalWeight;

  TiedScores(double[] x, double[] y, double[] w) {
    double[] sorted = new double[x.length];
    int used = 0;
    for (int i = 0; i < x.length; i++) {
      if (w[i] > 0) {
        // Adding 0 turns -0 into 0, which sorting would otherwise tell apart.
        sorted[used++] = x[i] + 0.0;
      }
    }
    Arrays.sort(sorted, 0, used);
    int distinct = 0;
    for (int i = 0; i < used; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[distinct++] = sorted[i];
      }
    }
    scores = Arrays.copyOf(sorted, distinct);
    weights = new double[distinct];
    sums = new double[distinct];
    means = new double[distinct];
    CompensatedSum[] w1 = new CompensatedSum[distinct];
    CompensatedSum[] wy = new CompensatedSum[distinct];
    int[] counts = new int[distinct];
    CompensatedSum total = new CompensatedSum();
    Arrays.setAll(w1, i -> new CompensatedSum());
    Arrays.setAll(wy, i -> new CompensatedSum());
    for (int i = 0; i < x.length; i++) {
      if (w[i] > 0) {
        int at = Arrays.binarySearch(scores, x[i] + 0.0);
        w1[at].add(w[i]);
        wy[at].add(w[i] * y[i]);
        total.add(w[i]);
        counts[at]++;
        means[at] = y[i];
      }
    }
    for (int i = 0; i < distinct; i++) {
      weights[i] = w1[i].value();
      sums[i] = wy[i].value();
      // A score seen once keeps its value to the last bit.
      means[i] = counts[i] == 1 ? means[i] : sums[i] / weights[i];
    }
    totalWeight = total.value();
  }

  int size() {
    return scores.length;
  }

  /**
   * Where the bin that ends with distinct score i ends: half way to the next one, or with score i
   * itself where no double lies between.
   */
  double edgeAfter(int i) {
    double middle = scores[i] + 0.5 * (scores[i + 1] - scores[i]);
    return middle < scores[i + 1] ? middle : scores[i];
  }

  /**
   * Ends (inclusive) of at most {@code bins} bins of equal mass: bin j ends with the first distinct
   * score at which at least j/bins of the weight is reached, and the last one with the last score.
   * Ties are never split.
   */
  int[] equalMassEnds(int bins) {
    int[] ends = new int[Math.min(bins, size())];
    int found = 0;
    int next = 1;
    double reached = 0;
    for (int i = 0; i < size() - 1; i++) {
      reached += weights[i];
      if (reached >= totalWeight * (1 - ROUNDING)) {
        break; // what follows weighs nothing: no bin of its own
      }
      if (reached >= totalWeight * next / bins * (1 - ROUNDING)) {
        ends[found++] = i;
        while (reached >= totalWeight * next / bins * (1 - ROUNDING)) {
          next++;
        }
      }
    }
    ends[found++] = size() - 1;
    return Arrays.copyOf(ends, found);
  }
}
