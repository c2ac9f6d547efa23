package io.github.swag4j.swag;

import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.RealVector;
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
 * <p>Immutable; safe for use by several threads. It keeps the posterior and K x K numbers.
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, eq. 1, for the covariance</a>
 */
public final class LowRankGaussian {
  private final SwagPosterior posterior;
  private final int rank;
  private final CholeskyDecomposition system;
  private final double logDeterminantOfSystem;
  private final double logDeterminant;

  private LowRankGaussian(SwagPosterior posterior) {
    this.posterior = posterior;
    this.rank = PosteriorChunk.lowRank(posterior).size();
    GramMatrix gram = new GramMatrix(rank);
    double logDet = posterior.layout().size() * Math.log(posterior.scale());
    for (Whitened segment : Segments.run(layout(), () -> new Whitened(posterior, rank))) {
      gram.add(segment.gram);
      logDet += segment.variances.log();
    }
    if (rank == 0) {
      system = null;
      logDeterminantOfSystem = 0;
    } else {
      double[][] m = gram.block(0, rank, 0, rank);
      for (int j = 0; j < rank; j++) {
        m[j][j] += 1;
      }
      system = new CholeskyDecomposition(new Array2DRowRealMatrix(m, false), 1e-9, 0);
      double sum = 0;
      for (int j = 0; j < rank; j++) {
        sum += 2 * Math.log(system.getL().getEntry(j, j));
      }
      logDeterminantOfSystem = sum;
    }
    logDeterminant = logDet + logDeterminantOfSystem;
  }

  static LowRankGaussian of(SwagPosterior posterior) {
    if (posterior.isPoint()) {
      throw new IllegalStateException("a posterior of scale 0 is a point and has no density");
    }
    return new LowRankGaussian(posterior);
  }

  /**
   * Natural logarithm of the determinant of the covariance.
   *
   * @return log det (scale (V + U U^T))
   */
  public double logDeterminant() {
    return logDeterminant;
  }

  /**
   * Squared Mahalanobis distance from the mean. Of a sample it is chi-squared distributed with as
   * many degrees of freedom as there are weights.
   *
   * @param weights where to evaluate it
   * @return (w - mean)^T S^-1 (w - mean), at least 0
   * @throws IllegalArgumentException if the weights are of another layout
   */
  public double squaredMahalanobis(WeightSource weights) {
    layout().requireSame(weights.layout());
    double[] b = new double[rank];
    double distance = 0;
    FloatBuffer[] views = Blocks.views(weights);
    for (Residual segment : Segments.run(layout(), () -> new Residual(posterior, views, rank))) {
      distance += segment.distance;
      for (int j = 0; j < rank; j++) {
        b[j] += segment.products[j];
      }
    }
    return Math.max(0, distance - quadratic(b)) / posterior.scale();
  }

  /**
   * Natural logarithm of the density.
   *
   * @param weights where to evaluate it
   * @return log N(weights; mean, S)
   * @throws IllegalArgumentException if the weights are of another layout
   */
  public double logDensity(WeightSource weights) {
    double n = layout().size();
    return -0.5 * (n * Math.log(2 * Math.PI) + logDeterminant + squaredMahalanobis(weights));
  }

  /**
   * Kullback-Leibler divergence from another posterior of the same layout, in nats: (tr(S_q^-1 S_p)
   * + (m_q - m_p)^T S_q^-1 (m_q - m_p) - n + log det S_q - log det S_p) / 2, p this and q the
   * other. O(weights K^2).
   *
   * @param other q
   * @return KL(p || q), at least 0
   * @throws IllegalArgumentException if the layouts differ
   */
  public double klDivergence(LowRankGaussian other) {
    layout().requireSame(other.layout());
    return KullbackLeibler.divergence(this, other);
  }

  /**
   * Eigenvalues of the low-rank part of the covariance, scale U U^T: how much variance the
   * directions of the deviations carry.
   *
   * @return K values in falling order, none below 0; empty without a low-rank part
   */
  public double[] spectrum() {
    if (rank == 0) {
      return new double[0];
    }
    GramMatrix gram = new GramMatrix(rank);
    Segments.run(layout(), () -> new Deviations(posterior, rank)).forEach(s -> gram.add(s.gram));
    // Singular values are the eigenvalues here, and are found where the eigensolver does not
    // converge.
    double[] falling =
        new SingularValueDecomposition(
                new Array2DRowRealMatrix(gram.block(0, rank, 0, rank), false))
            .getSingularValues();
    for (int j = 0; j < rank; j++) {
      falling[j] *= posterior.scale();
    }
    return falling;
  }

  /**
   * Effective rank of the deviations: the exponential of the entropy of the spectrum divided by its
   * sum. 1 where one direction carries all variance, K where all K carry the same.
   *
   * @return the rank, between 1 and K; 0 without a low-rank part or where all deviations are 0
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

  /** log det M. */
  double logDeterminantOfSystem() {
    return logDeterminantOfSystem;
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
