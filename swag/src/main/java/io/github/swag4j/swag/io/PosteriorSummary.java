package io.github.swag4j.swag.io;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swag.SampleMode;
import io.github.swag4j.swag.StoredMoments;
import io.github.swag4j.swag.SwagPosterior;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * A posterior in numbers for people: how large the weights of each tensor are and how far they
 * spread, and how many directions the deviations really have. One pass over all values, O(weights
 * K^2), a tensor at a time on all cores. Immutable.
 *
 * @param layers a line for each tensor, in the order of the layout
 * @param spectrum eigenvalues of the low-rank part of the covariance over the stochastic tensors,
 *     scale D D^T / (K - 1) with z2 shared, in falling order; empty with fewer than two deviations
 * @param effectiveRank the exponential of the entropy of the spectrum divided by its sum, between 1
 *     and K; 0 without a spectrum or where all deviations are 0
 * @see <a href="https://doi.org/10.5281/zenodo.40328">Roy and Vetterli 2007, The effective rank: a
 *     measure of effective dimensionality, eq. 4</a>
 */
public record PosteriorSummary(List<Layer> layers, List<Double> spectrum, double effectiveRank) {

  /**
   * One tensor.
   *
   * @param name its name
   * @param role what it does in its layer
   * @param shape its dimensions
   * @param meanMagnitude mean over its weights of |mean|; NaN if it has none
   * @param iterateDeviation mean over its weights of sqrt(variance), the spread of the iterates;
   *     NaN where variances were not kept
   * @param sampleDeviation mean over its weights of the standard deviation of samples, sqrt(scale
   *     (variance + sum of squared deviations / (K - 1))), without the variance where the low-rank
   *     part alone is drawn; 0 for a tensor that is not stochastic
   */
  public record Layer(
      String name,
      Role role,
      List<Long> shape,
      double meanMagnitude,
      double iterateDeviation,
      double sampleDeviation) {}

  private static final int CHUNK = 256;

  /**
   * Copies the lists.
   *
   * @param layers a line for each tensor
   * @param spectrum eigenvalues in falling order
   * @param effectiveRank the effective rank
   */
  public PosteriorSummary {
    layers = List.copyOf(layers);
    spectrum = List.copyOf(spectrum);
  }

  /**
   * Reads all of a posterior.
   *
   * @param posterior the posterior
   * @return its numbers
   */
  public static PosteriorSummary of(SwagPosterior posterior) {
    int all = StoredMoments.columns(posterior);
    int rank = all < 2 ? 0 : all;
    List<Pass> passes =
        IntStream.range(0, posterior.layout().tensors().size())
            .parallel()
            .mapToObj(t -> new Pass(posterior, rank, t))
            .toList();
    double[][] gram = new double[rank][rank];
    List<Layer> layers = new ArrayList<>();
    for (Pass pass : passes) {
      layers.add(pass.layer);
      for (int j = 0; j < rank; j++) {
        for (int k = 0; k <= j; k++) {
          gram[j][k] += pass.gram[j][k];
          gram[k][j] = gram[j][k];
        }
      }
    }
    double[] spectrum =
        rank == 0
            ? new double[0]
            : new SingularValueDecomposition(new Array2DRowRealMatrix(gram, false))
                .getSingularValues();
    for (int j = 0; j < rank; j++) {
      spectrum[j] *= posterior.scale() / (rank - 1);
    }
    return new PosteriorSummary(
        layers, Arrays.stream(spectrum).boxed().toList(), effectiveRank(spectrum));
  }

  private static double effectiveRank(double[] spectrum) {
    double total = Arrays.stream(spectrum).sum();
    if (!(total > 0)) {
      return 0;
    }
    double entropy = 0;
    for (double value : spectrum) {
      double share = value / total;
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return Math.exp(entropy);
  }

  /** Sums over one tensor; columns of a chunk stay in the cache. */
  private static final class Pass {
    private final double[][] gram;
    private final Layer layer;

    Pass(SwagPosterior posterior, int rank, int t) {
      WeightLayout.Tensor tensor = posterior.layout().tensor(t);
      Optional<List<String>> names = posterior.mode().stochastic();
      boolean stochastic = names.isEmpty() || names.get().contains(tensor.name());
      double diagonal = posterior.mode().parts() == SampleMode.Parts.BOTH ? 1 : 0;
      gram = new double[rank][rank];
      FloatBuffer mean = posterior.mean().values(t);
      FloatBuffer variance = posterior.hasVariance() ? posterior.variance().values(t) : null;
      float[] means = new float[CHUNK];
      float[] variances = new float[CHUNK];
      float[][] rows = new float[rank][CHUNK];
      double[] squares = new double[CHUNK];
      double magnitude = 0;
      double iterates = 0;
      double samples = 0;
      for (int at = 0; at < tensor.size(); at += CHUNK) {
        int length = Math.min(CHUNK, tensor.size() - at);
        mean.get(at, means, 0, length);
        if (variance != null) {
          variance.get(at, variances, 0, length);
        }
        Arrays.fill(squares, 0);
        for (int k = 0; k < rank; k++) {
          StoredMoments.readDeviation(posterior, k, t, at, rows[k], length);
          for (int i = 0; i < length; i++) {
            squares[i] += (double) rows[k][i] * rows[k][i];
          }
        }
        if (stochastic) {
          multiply(rows, length);
        }
        for (int i = 0; i < length; i++) {
          magnitude += Math.abs(means[i]);
          iterates += Math.sqrt(variances[i]);
          double sum = diagonal * variances[i] + (rank == 0 ? 0 : squares[i] / (rank - 1));
          samples += stochastic ? Math.sqrt(posterior.scale() * sum) : 0;
        }
      }
      double n = tensor.size();
      layer =
          new Layer(
              tensor.name(),
              tensor.role(),
              tensor.shape(),
              magnitude / n,
              variance == null ? Double.NaN : iterates / n,
              samples / n);
    }

    private void multiply(float[][] rows, int length) {
      for (int j = 0; j < rows.length; j++) {
        float[] a = rows[j];
        for (int k = 0; k <= j; k++) {
          float[] b = rows[k];
          double sum = 0;
          for (int i = 0; i < length; i++) {
            sum += (double) a[i] * b[i];
          }
          gram[j][k] += sum;
        }
      }
    }
  }
}
