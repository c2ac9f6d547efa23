package io.github.swag4j.swag;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealVector;

/**
 * The K x K system M = I + U^T V^-1 U of the weights that share their low-rank noise. Immutable.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Woodbury_matrix_identity">Woodbury's identity</a>
 */
final class WoodburySystem {
  private final int[] tensors;
  private final int rank;
  private final CholeskyDecomposition system;
  private final double logDeterminant;

  /**
   * Of the sum of M - I.
   *
   * @param tensors places of the tensors that share the noise
   * @param rank K, 0 without a low-rank part
   * @param gram U^T V^-1 U
   */
  WoodburySystem(int[] tensors, int rank, GramMatrix gram) {
    this.tensors = tensors;
    this.rank = rank;
    if (rank == 0) {
      system = null;
      logDeterminant = 0;
      return;
    }
    double[][] m = gram.block(0, rank, 0, rank);
    for (int j = 0; j < rank; j++) {
      m[j][j] += 1;
    }
    system = new CholeskyDecomposition(new Array2DRowRealMatrix(m, false), 1e-9, 0);
    double sum = 0;
    for (int j = 0; j < rank; j++) {
      sum += 2 * Math.log(system.getL().getEntry(j, j));
    }
    logDeterminant = sum;
  }

  int[] tensors() {
    return tensors;
  }

  /** log det M. */
  double logDeterminant() {
    return logDeterminant;
  }

  /** b^T M^-1 b. */
  double quadratic(double[] b) {
    if (rank == 0) {
      return 0;
    }
    RealVector right = new ArrayRealVector(b, false);
    return right.dotProduct(system.getSolver().solve(right));
  }

  /** tr(M^-1 X). */
  double traceOfSolved(double[][] x) {
    return rank == 0 ? 0 : system.getSolver().solve(new Array2DRowRealMatrix(x, false)).getTrace();
  }
}
