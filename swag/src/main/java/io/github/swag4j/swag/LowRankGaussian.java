package io.github.swag4j.swag;

import io.github.swag4j.swa.WeightLayout;
import io.github.swag4j.swa.WeightSource;
import io.github.swag4j.swa.Weights;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealVector;

/**
 * Log density of a Gaussian whose covariance is diagonal plus low rank.
 *
 * <p>With V the diagonal, U = D / sqrt(K - 1), r = w - mean and M = I + U^T V^-1 U: log det = log
 * det V + log det M, and r^T (V + U U^T)^-1 r = r^T V^-1 r - b^T M^-1 b with b = U^T V^-1 r.
 */
final class LowRankGaussian {

  private LowRankGaussian() {}

  static double logDensity(SwagPosterior posterior, WeightSource weights) {
    WeightLayout layout = posterior.layout();
    List<Weights> columns = posterior.deviations().size() < 2 ? List.of() : posterior.deviations();
    int k = columns.size();
    double unit = k == 0 ? 0 : 1 / Math.sqrt(k - 1.0);
    double[][] m = new double[k][k];
    double[] b = new double[k];
    double logDet = 0;
    double distance = 0;
    float[][] u = new float[k][];
    for (int t = 0; t < layout.tensors().size(); t++) {
      float[] w = read(weights, t);
      float[] mean = read(posterior.mean(), t);
      float[] variance = read(posterior.variance(), t);
      for (int j = 0; j < k; j++) {
        u[j] = read(columns.get(j), t);
      }
      for (int i = 0; i < w.length; i++) {
        double v = variance[i];
        double r = (double) w[i] - mean[i];
        logDet += Math.log(v);
        distance += r * r / v;
        for (int j = 0; j < k; j++) {
          double scaled = u[j][i] * unit / v;
          b[j] += scaled * r;
          for (int l = 0; l <= j; l++) {
            m[j][l] += scaled * u[l][i] * unit;
          }
        }
      }
    }
    if (k > 0) {
      for (int j = 0; j < k; j++) {
        m[j][j] += 1;
        for (int l = 0; l < j; l++) {
          m[l][j] = m[j][l];
        }
      }
      CholeskyDecomposition cholesky =
          new CholeskyDecomposition(new Array2DRowRealMatrix(m, false), 1e-9, 0);
      RealVector rhs = new ArrayRealVector(b, false);
      distance -= rhs.dotProduct(cholesky.getSolver().solve(rhs));
      for (int j = 0; j < k; j++) {
        logDet += 2 * Math.log(cholesky.getL().getEntry(j, j));
      }
    }
    double n = layout.size();
    logDet += n * Math.log(posterior.scale());
    return -0.5 * (n * Math.log(2 * Math.PI) + logDet + distance / posterior.scale());
  }

  private static float[] read(WeightSource source, int tensor) {
    float[] values = new float[source.layout().tensor(tensor).size()];
    source.values(tensor).get(0, values);
    return values;
  }
}
