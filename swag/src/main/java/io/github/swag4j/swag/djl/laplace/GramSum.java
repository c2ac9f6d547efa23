package io.github.swag4j.swag.djl.laplace;

import ai.djl.ndarray.NDArray;

/**
 * Sum over batches of X X^T, with 1 appended to the columns of X on request: products of a batch in
 * the engine's float32, sums over batches in double.
 */
final class GramSum {
  private final int n;
  private final int order;
  private final double[] sums;
  private double columns;

  /**
   * An empty sum.
   *
   * @param n rows of X
   * @param withOne whether 1 is appended
   */
  GramSum(int n, boolean withOne) {
    this.n = n;
    this.order = withOne ? n + 1 : n;
    this.sums = new double[Math.multiplyExact(order, order)];
  }

  /** Adds X X^T; what the engine makes of it is attached to X's manager. */
  void add(NDArray x) {
    float[] product = x.matMul(x.transpose()).toFloatArray();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        sums[i * order + j] += product[i * n + j];
      }
    }
    if (order > n) {
      float[] rowSums = x.sum(new int[] {1}).toFloatArray();
      for (int i = 0; i < n; i++) {
        sums[i * order + n] += rowSums[i];
        sums[n * order + i] += rowSums[i];
      }
      sums[n * order + n] += x.getShape().get(1);
    }
    columns += x.getShape().get(1);
  }

  /** Columns so far. */
  double columns() {
    return columns;
  }

  /** The sum over a divisor, {@code [order][order]}. */
  double[] dividedBy(double divisor) {
    double[] divided = new double[sums.length];
    for (int i = 0; i < order; i++) {
      for (int j = 0; j < order; j++) {
        // Both triangles are the same but for the order of the engine's additions.
        divided[i * order + j] = (sums[i * order + j] + sums[j * order + i]) / (2 * divisor);
      }
    }
    return divided;
  }
}
