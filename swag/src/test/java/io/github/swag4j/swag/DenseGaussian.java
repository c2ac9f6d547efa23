package io.github.swag4j.swag;

import io.github.swag4j.swa.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * What a posterior should draw from, written out: the covariance of all weights in float64, built
 * entry by entry from variances, deviations and {@link SampleMode}, with none of the library's
 * sums.
 */
final class DenseGaussian {
  private DenseGaussian() {}

  static double[] flat(Weights weights) {
    double[] out = new double[(int) weights.layout().size()];
    int at = 0;
    for (int t = 0; t < weights.layout().tensors().size(); t++) {
      for (float value : weights.toArray(t)) {
        out[at++] = value;
      }
    }
    return out;
  }

  /** Place of each weight's tensor. */
  private static int[] tensors(SwagPosterior posterior) {
    return IntStream.range(0, posterior.layout().tensors().size())
        .flatMap(t -> IntStream.generate(() -> t).limit(posterior.layout().tensor(t).size()))
        .toArray();
  }

  /** Places of the stochastic weights. */
  static int[] stochastic(SwagPosterior posterior) {
    int[] tensors = tensors(posterior);
    return IntStream.range(0, tensors.length)
        .filter(
            i ->
                posterior
                    .mode()
                    .stochastic()
                    .map(n -> n.contains(posterior.layout().tensor(tensors[i]).name()))
                    .orElse(true))
        .toArray();
  }

  /** The covariance of all weights. */
  static RealMatrix covariance(SwagPosterior posterior) {
    int[] tensors = tensors(posterior);
    int n = tensors.length;
    double[] variance = flat(posterior.variance());
    List<double[]> columns = posterior.deviations().stream().map(DenseGaussian::flat).toList();
    double k = columns.size();
    SampleMode mode = posterior.mode();
    double[][] out = new double[n][n];
    for (int i : stochastic(posterior)) {
      for (int j : stochastic(posterior)) {
        double sum = 0;
        if (k >= 2 && (!mode.blockwise() || tensors[i] == tensors[j])) {
          for (double[] column : columns) {
            sum += column[i] * column[j] / (k - 1);
          }
        }
        if (i == j && mode.parts() == SampleMode.Parts.BOTH) {
          sum += variance[i];
        }
        out[i][j] = posterior.scale() * sum;
      }
    }
    return new Array2DRowRealMatrix(out, false);
  }

  /** The covariance of the stochastic weights. */
  static RealMatrix stochasticCovariance(SwagPosterior posterior) {
    int[] places = stochastic(posterior);
    return covariance(posterior).getSubMatrix(places, places);
  }

  /**
   * Squared distance r^T S^+ r on the directions in which S has variance, and how many there are.
   */
  record Plane(RealMatrix vectors, double[] values) {

    static Plane of(RealMatrix covariance) {
      EigenDecomposition eigen = new EigenDecomposition(covariance);
      double[] all = eigen.getRealEigenvalues();
      double largest = Arrays.stream(all).max().orElse(0);
      int[] kept = IntStream.range(0, all.length).filter(i -> all[i] > 1e-9 * largest).toArray();
      int[] rows = IntStream.range(0, all.length).toArray();
      return new Plane(
          eigen.getV().getSubMatrix(rows, kept),
          Arrays.stream(kept).mapToDouble(i -> all[i]).toArray());
    }

    double squaredDistance(double[] r) {
      double[] along = vectors.preMultiply(r);
      double sum = 0;
      for (int i = 0; i < along.length; i++) {
        sum += along[i] * along[i] / values[i];
      }
      return sum;
    }
  }
}
