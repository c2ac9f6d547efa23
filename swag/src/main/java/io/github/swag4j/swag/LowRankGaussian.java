package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * The Gaussian that a {@link SwagPosterior} draws from, S = scale (V + U U^T) with V the diagonal
 * of variances and U = D / sqrt(K - 1), as a density: exact, by Woodbury's identity on a K x K
 * system.
 *
 * <p>With M = I + U^T V^-1 U: log det S = n log scale + log det V + log det M, and for r = w - mean
 * the squared Mahalanobis distance is (r^T V^-1 r - b^T M^-1 b) / scale, b = U^T V^-1 r. To prepare
 * M takes O(weights K^2), each question after it O(weights K), in double precision on all cores;
 * results have the same bits whatever the number of threads.
 *
 * <p>It follows the posterior's {@link SampleMode}. Block-wise, the density is the product of one
 * such Gaussian for each tensor. Where some tensors only are stochastic, it is a density over their
 * weights, n of them: the others, which never leave the mean, are not looked at, and a divergence
 * is between posteriors with the same stochastic tensors. The low-rank part alone has no density
 * over its weights, which lie on a plane of K directions at most: only {@link #spectrum} and {@link
 * #effectiveRank} are defined then.
 *
 * <p>Immutable; safe for use by several threads. It keeps the posterior and K x K numbers,
 * block-wise for each tensor.
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, eq. 1, for the covariance</a>
 */
public final class LowRankGaussian {
  private final SwagPosterior posterior;
  private final int rank;
  private final long size;
  private final List<WoodburySystem> systems = new ArrayList<>();
  private final double logDeterminantOfSystems;
  private final double logDeterminant;

  private LowRankGaussian(SwagPosterior posterior) {
    this.posterior = posterior;
    this.rank = posterior.moments().lowRank().size();
    this.size = Arrays.stream(posterior.places()).mapToLong(t -> layout().tensor(t).size()).sum();
    double logDet = size * Math.log(posterior.scale());
    double logDetOfSystems = 0;
    for (int[] group : hasDensity() ? groups() : new int[0][]) {
      GramMatrix gram = new GramMatrix(rank);
      for (Whitened segment : Segments.run(layout(), group, () -> new Whitened(posterior, rank))) {
        gram.add(segment.gram);
        logDet += segment.variances.log();
      }
      systems.add(new WoodburySystem(group, rank, gram));
      logDetOfSystems += systems.get(systems.size() - 1).logDeterminant();
    }
    logDeterminantOfSystems = logDetOfSystems;
    logDeterminant = logDet + logDetOfSystems;
  }

  static LowRankGaussian of(SwagPosterior posterior) {
    if (posterior.isPoint()) {
      throw new IllegalStateException("a posterior of scale 0 is a point and has no density");
    }
    return new LowRankGaussian(posterior);
  }

  /**
   * Natural logarithm of the determinant of the covariance of the stochastic weights.
   *
   * @return log det (scale (V + U U^T))
   * @throws IllegalStateException if the posterior is of the low-rank part alone
   */
  public double logDeterminant() {
    requireDensity();
    return logDeterminant;
  }

  /**
   * Squared Mahalanobis distance from the mean. Of a sample it is chi-squared distributed with as
   * many degrees of freedom as there are stochastic weights.
   *
   * @param weights where to evaluate it
   * @return (w - mean)^T S^-1 (w - mean), at least 0
   * @throws IllegalArgumentException if the weights are of another layout
   * @throws IllegalStateException if the posterior is of the low-rank part alone
   */
  public double squaredMahalanobis(WeightSource weights) {
    requireDensity();
    layout().requireSame(weights.layout());
    FloatBuffer[] views = Blocks.views(weights);
    double sum = 0;
    for (WoodburySystem system : systems) {
      double[] b = new double[rank];
      double distance = 0;
      for (Residual segment :
          Segments.run(layout(), system.tensors(), () -> new Residual(posterior, views, rank))) {
        distance += segment.distance;
        for (int j = 0; j < rank; j++) {
          b[j] += segment.products[j];
        }
      }
      sum += Math.max(0, distance - system.quadratic(b));
    }
    return sum / posterior.scale();
  }

  /**
   * Natural logarithm of the density.
   *
   * @param weights where to evaluate it
   * @return log N(weights; mean, S)
   * @throws IllegalArgumentException if the weights are of another layout
   * @throws IllegalStateException if the posterior is of the low-rank part alone
   */
  public double logDensity(WeightSource weights) {
    requireDensity();
    return -0.5 * (size * Math.log(2 * Math.PI) + logDeterminant + squaredMahalanobis(weights));
  }

  /**
   * Kullback-Leibler divergence from another posterior of the same layout, in nats: (tr(S_q^-1 S_p)
   * + (m_q - m_p)^T S_q^-1 (m_q - m_p) - n + log det S_q - log det S_p) / 2, p this and q the
   * other. O(weights K^2).
   *
   * @param other q
   * @return KL(p || q), at least 0
   * @throws IllegalArgumentException if the layouts or the stochastic tensors differ
   * @throws IllegalStateException if one of them is of the low-rank part alone
   */
  public double klDivergence(LowRankGaussian other) {
    requireDensity();
    other.requireDensity();
    layout().requireSame(other.layout());
    if (!Arrays.equals(posterior.places(), other.posterior.places())) {
      throw new IllegalArgumentException(
          "both posteriors must have the same stochastic tensors, got those of "
              + posterior
              + " and of "
              + other.posterior
              + ": a divergence from a point is infinite, take withStochastic of both");
    }
    return KullbackLeibler.divergence(this, other);
  }

  /**
   * Eigenvalues of the low-rank part of the covariance, scale U U^T: how much variance the
   * directions of the deviations carry.
   *
   * @return K values in falling order, block-wise K for each stochastic tensor, none below 0; empty
   *     without a low-rank part
   */
  public double[] spectrum() {
    int[][] groups = rank == 0 ? new int[0][] : groups();
    double[] rising = new double[groups.length * rank];
    int at = 0;
    for (int[] group : groups) {
      GramMatrix gram = new GramMatrix(rank);
      Segments.run(layout(), group, () -> new Deviations(posterior, rank))
          .forEach(segment -> gram.add(segment.gram));
      // Singular values are the eigenvalues here, and are found where the eigensolver does not
      // converge.
      SingularValueDecomposition values =
          new SingularValueDecomposition(
              new Array2DRowRealMatrix(gram.block(0, rank, 0, rank), false));
      for (double value : values.getSingularValues()) {
        rising[at++] = value * posterior.scale();
      }
    }
    Arrays.sort(rising);
    double[] falling = new double[at];
    for (int j = 0; j < at; j++) {
      falling[j] = rising[at - 1 - j];
    }
    return falling;
  }

  /**
   * Effective rank of the deviations: the exponential of the entropy of the spectrum divided by its
   * sum. 1 where one direction carries all variance, K where all K carry the same.
   *
   * @return the rank, between 1 and the number of eigenvalues; 0 without a low-rank part or where
   *     all deviations are 0
   * @see <a href="https://doi.org/10.5281/zenodo.40328">Roy and Vetterli 2007, The effective rank:
   *     a measure of effective dimensionality, eq. 4</a>
   */
  public double effectiveRank() {
    double[] values = spectrum();
    double total = Arrays.stream(values).sum();
    if (!(total > 0)) {
      return 0;
    }
    double entropy = 0;
    for (double value : values) {
      double share = value / total;
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return Math.exp(entropy);
  }

  WeightLayout layout() {
    return posterior.layout();
  }

  SwagPosterior posterior() {
    return posterior;
  }

  /** Columns of the low-rank part, 0 where there is none. */
  int rank() {
    return rank;
  }

  /** One system for each group of tensors that share the noise. */
  List<WoodburySystem> systems() {
    return systems;
  }

  /** Sum of log det M. */
  double logDeterminantOfSystems() {
    return logDeterminantOfSystems;
  }

  private int[][] groups() {
    return posterior.mode().groups(posterior.places());
  }

  private boolean hasDensity() {
    return posterior.mode().parts() == SampleMode.Parts.BOTH;
  }

  private void requireDensity() {
    if (!hasDensity()) {
      throw new IllegalStateException(
          "the low-rank part alone has no density, its samples lie on a plane of "
              + rank
              + " directions at most: take a posterior with its diagonal");
    }
  }

  /** V^-1/2 U, and the product of the variances. */
  private static final class Whitened implements Segments.Pass {
    private final PosteriorChunk chunk;
    private final GramMatrix gram;
    private final LogProduct variances = new LogProduct();
    private final double[] factors = new double[Segments.CHUNK];
    private final int rank;

    Whitened(SwagPosterior posterior, int rank) {
      this.chunk = new PosteriorChunk(posterior);
      this.gram = new GramMatrix(rank);
      this.rank = rank;
    }

    @Override
    public void add(int tensor, int from, int length) {
      chunk.at(tensor, from, length);
      chunk.variances(factors);
      for (int i = 0; i < length; i++) {
        variances.multiply(factors[i]);
      }
      if (rank > 0) {
        inverseRoots(factors, length);
        for (int j = 0; j < rank; j++) {
          chunk.column(j, factors, gram.column(j));
        }
        gram.add(length);
      }
    }
  }

  static void inverseRoots(double[] variances, int length) {
    for (int i = 0; i < length; i++) {
      variances[i] = 1 / Math.sqrt(variances[i]);
    }
  }

  /** r^T V^-1 r and U^T V^-1 r. */
  private static final class Residual implements Segments.Pass {
    private final PosteriorChunk chunk;
    private final FloatBuffer[] weights;
    private final double[] scaled = new double[Segments.CHUNK];
    private final double[] means = new double[Segments.CHUNK];
    private final double[] values = new double[Segments.CHUNK];
    private final double[] products;
    private double distance;

    Residual(SwagPosterior posterior, FloatBuffer[] weights, int rank) {
      this.chunk = new PosteriorChunk(posterior);
      this.weights = weights;
      this.products = new double[rank];
    }

    @Override
    public void add(int tensor, int from, int length) {
      chunk.at(tensor, from, length);
      chunk.read(weights[tensor], values);
      chunk.means(means);
      chunk.variances(scaled);
      for (int i = 0; i < length; i++) {
        double r = values[i] - means[i];
        double variance = scaled[i];
        scaled[i] = r / variance;
        distance += r * scaled[i];
      }
      for (int j = 0; j < products.length; j++) {
        products[j] += chunk.product(j, scaled);
      }
    }
  }

  /** U alone. */
  private static final class Deviations implements Segments.Pass {
    private final PosteriorChunk chunk;
    private final GramMatrix gram;
    private final double[] ones = new double[Segments.CHUNK];
    private final int rank;

    Deviations(SwagPosterior posterior, int rank) {
      this.chunk = new PosteriorChunk(posterior);
      this.gram = new GramMatrix(rank);
      this.rank = rank;
      Arrays.fill(ones, 1);
    }

    @Override
    public void add(int tensor, int from, int length) {
      chunk.at(tensor, from, length);
      for (int j = 0; j < rank; j++) {
        chunk.column(j, ones, gram.column(j));
      }
      gram.add(length);
    }
  }
}
