package io.github.swag4j.swag;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.internal.Blocks;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An affine subspace of the weights, w = origin + sum_j z_j p_j, with k directions p_j that are
 * linearly independent. Immutable; 4 (k + 1) bytes a weight.
 *
 * @see <a href="https://arxiv.org/abs/1907.07504">Izmailov et al. 2019, Subspace Inference for
 *     Bayesian Deep Learning, section 3 and eq. 1</a>
 */
public final class Subspace {

  /** Directions count as dependent where their Gram matrix has an eigenvalue below this share. */
  private static final double DEPENDENT = 1e-10;

  private static final int MAX_DIMENSIONS = SwagPosterior.MAX_RANK;

  private final Weights origin;
  private final List<Weights> directions;
  private final double[][] gram;

  private Subspace(Weights origin, List<Weights> directions) {
    this.origin = origin;
    this.directions = List.copyOf(directions);
    if (this.directions.isEmpty() || this.directions.size() > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "a subspace must have between 1 and "
              + MAX_DIMENSIONS
              + " directions, got "
              + this.directions.size());
    }
    this.directions.forEach(d -> layout().requireSame(d.layout()));
    this.gram = SubspaceGram.of(this.directions);
    requireIndependent();
  }

  /** By angles, not by lengths: directions may be as long and as short as they like. */
  private void requireIndependent() {
    int k = gram.length;
    double[][] cosines = new double[k][k];
    for (int i = 0; i < k; i++) {
      if (!(gram[i][i] > 0)) {
        throw new IllegalArgumentException("directions must not be 0, direction " + i + " is");
      }
      for (int j = 0; j < k; j++) {
        cosines[i][j] = gram[i][j] / (length(i) * length(j));
      }
    }
    double[] values = SubspaceGram.spectrum(cosines).values();
    if (rank(values) < k) {
      throw new IllegalArgumentException(
          "directions must be linearly independent, got "
              + k
              + " of rank "
              + rank(values)
              + ": take fewer");
    }
  }

  private static int rank(double[] falling) {
    int rank = 0;
    while (rank < falling.length && falling[rank] > DEPENDENT * falling[0]) {
      rank++;
    }
    return rank;
  }

  /**
   * The directions given, as they are.
   *
   * @param origin weights at z = 0, for example an SWA solution
   * @param directions 1 to {@value SwagPosterior#MAX_RANK}, linearly independent
   * @return the subspace
   * @throws IllegalArgumentException if layouts differ, a value is not finite, or the directions
   *     are too many or dependent
   */
  public static Subspace of(Weights origin, List<Weights> directions) {
    return new Subspace(origin, directions);
  }

  /**
   * The plane (line, ...) through weight vectors: the first is the origin, directions lead to the
   * others. A curve of low loss between two networks and its bend lie in such a plane.
   *
   * @param points 2 or more, not on a plane of fewer dimensions
   * @return the subspace
   * @throws IllegalArgumentException if layouts differ or the points are too few or too many, or
   *     lie in fewer dimensions
   */
  public static Subspace through(List<Weights> points) {
    if (points.size() < 2) {
      throw new IllegalArgumentException(
          "a subspace must go through at least 2 points, got " + points.size());
    }
    List<Weights> directions = new ArrayList<>();
    for (Weights point : points.subList(1, points.size())) {
      points.get(0).layout().requireSame(point.layout());
      directions.add(SubspaceGram.difference(point, points.get(0)));
    }
    return new Subspace(points.get(0), directions);
  }

  /**
   * The principal directions of a trajectory: with U = D / sqrt(K - 1) the scaled deviations of a
   * SWAG posterior and U^T U = Q L Q^T, direction j is U q_j. It is as long as the standard
   * deviation of the trajectory along it, sqrt(l_j), so that a prior of standard deviation 1 in z
   * is the low-rank part of SWAG at scale 1. Exact, by the K x K Gram matrix.
   *
   * @param posterior whose mean is the origin
   * @param dimensions how many of the longest directions, 1 or more
   * @return the subspace
   * @throws IllegalArgumentException if the deviations have a lower rank; a posterior of fewer than
   *     two has none
   */
  public static Subspace principal(SwagPosterior posterior, int dimensions) {
    List<DeviationColumn> columns = posterior.moments().lowRank();
    int[] tensors = posterior.mode().places(posterior.layout());
    if (dimensions < 1) {
      throw new IllegalArgumentException("dimensions must be at least 1, got " + dimensions);
    }
    if (columns.isEmpty()) {
      throw new IllegalArgumentException(
          "the posterior has no low-rank part to take directions from, got "
              + posterior.deviations().size()
              + " deviations: collect at least 2 with a rank of 2 or more, or take random"
              + " directions");
    }
    SubspaceGram.Spectrum spectrum =
        SubspaceGram.spectrum(SubspaceGram.of(posterior.layout(), columns, tensors));
    int rank = spectrum.values()[0] > 0 ? rank(spectrum.values()) : 0;
    if (dimensions > rank) {
      throw new IllegalArgumentException(
          "dimensions must be at most the rank of the deviations, "
              + rank
              + " of "
              + columns.size()
              + ", got "
              + dimensions);
    }
    double unit = 1 / Math.sqrt(columns.size() - 1.0);
    List<Weights> directions = new ArrayList<>();
    for (int j = 0; j < dimensions; j++) {
      double[] factors = spectrum.vectors()[j].clone();
      for (int k = 0; k < factors.length; k++) {
        factors[k] *= unit;
      }
      directions.add(combination(posterior.layout(), null, columns, factors, tensors));
    }
    return new Subspace(posterior.mean(), directions);
  }

  /**
   * Random directions: normal numbers, made orthogonal and brought to length 1.
   *
   * @param origin weights at z = 0
   * @param dimensions how many, from 1 to the number of weights
   * @param seed which directions
   * @return the subspace
   * @throws IllegalArgumentException if there are more dimensions than weights
   */
  public static Subspace random(Weights origin, int dimensions, long seed) {
    long weights = origin.layout().size();
    if (dimensions < 1 || dimensions > Math.min(weights, MAX_DIMENSIONS)) {
      throw new IllegalArgumentException(
          "dimensions must be between 1 and "
              + Math.min(weights, MAX_DIMENSIONS)
              + ", got "
              + dimensions);
    }
    List<Weights> directions = new ArrayList<>();
    for (int j = 0; j < dimensions; j++) {
      Weights direction = normal(origin.layout(), SplitMix.mix(seed + SplitMix.GAMMA * (j + 1)));
      // Twice is enough: what the first pass leaves of the earlier directions is rounding.
      for (int pass = 0; pass < 2; pass++) {
        double[] factors = new double[j + 1];
        List<Weights> with = new ArrayList<>(directions);
        with.add(direction);
        for (int l = 0; l < j; l++) {
          factors[l] = -SubspaceGram.product(direction, directions.get(l));
        }
        factors[j] = 1;
        Weights rest = combination(null, with, factors);
        double length = Math.sqrt(SubspaceGram.product(rest, rest));
        direction = combination(null, List.of(rest), new double[] {1 / length});
      }
      directions.add(direction);
    }
    return new Subspace(origin, directions);
  }

  private static Weights normal(WeightLayout layout, long seed) {
    SplitMix random = new SplitMix(seed);
    float[][] values = Blocks.allocate(layout);
    for (float[] tensor : values) {
      for (int i = 0; i < tensor.length; i++) {
        tensor[i] = (float) random.gaussian();
      }
    }
    return Weights.adopt(layout, values);
  }

  /**
   * How many directions there are.
   *
   * @return k, at least 1
   */
  public int dimensions() {
    return directions.size();
  }

  /**
   * The tensors.
   *
   * @return the layout
   */
  public WeightLayout layout() {
    return origin.layout();
  }

  /**
   * The weights at z = 0.
   *
   * @return the origin
   */
  public Weights origin() {
    return origin;
  }

  /**
   * The directions.
   *
   * @return k of them
   */
  public List<Weights> directions() {
    return directions;
  }

  /**
   * The length of a direction: how far z_j = 1 leads from the origin.
   *
   * @param j which direction
   * @return the Euclidean norm, above 0
   */
  public double length(int j) {
    return Math.sqrt(gram[j][j]);
  }

  /**
   * The weights at a place.
   *
   * @param z {@code [k]}
   * @return origin + sum_j z_j p_j, summed in double precision
   * @throws IllegalArgumentException if z has another length
   */
  public Weights at(double... z) {
    if (z.length != dimensions()) {
      throw new IllegalArgumentException(
          "a place must have " + dimensions() + " coordinates, got " + z.length);
    }
    return combination(origin, directions, z);
  }

  /** from + sum_j factor_j column_j; from may be null for 0. */
  private static Weights combination(Weights from, List<Weights> columns, double[] factors) {
    WeightLayout layout = columns.get(0).layout();
    int[] all = IntStream.range(0, layout.tensors().size()).toArray();
    return combination(
        layout, from, columns.stream().map(DeviationColumn::of).toList(), factors, all);
  }

  /** The same in some tensors, 0 in the others. */
  private static Weights combination(
      WeightLayout layout,
      Weights from,
      List<DeviationColumn> columns,
      double[] factors,
      int[] tensors) {
    boolean[] wanted = new boolean[layout.tensors().size()];
    Arrays.stream(tensors).forEach(t -> wanted[t] = true);
    float[][] out = Blocks.allocate(layout);
    Blocks.forEach(
        layout,
        (tensor, begin, end) -> {
          if (wanted[tensor]) {
            float[] block = new float[end - begin];
            combine(columns, factors, tensor, begin, from, block);
            System.arraycopy(block, 0, out[tensor], begin, block.length);
          }
        });
    return Weights.adopt(layout, out);
  }

  /** The same of one stretch of a tensor, as long as the array it goes to. */
  private static void combine(
      List<DeviationColumn> columns,
      double[] factors,
      int tensor,
      int begin,
      Weights from,
      float[] out) {
    double[] sums = new double[out.length];
    if (from != null) {
      from.values(tensor).get(begin, out, 0, out.length);
      for (int i = 0; i < sums.length; i++) {
        sums[i] = out[i];
      }
    }
    for (int j = 0; j < factors.length; j++) {
      columns.get(j).read(tensor, begin, out, out.length);
      double factor = factors[j];
      for (int i = 0; i < sums.length; i++) {
        sums[i] += factor * out[i];
      }
    }
    for (int i = 0; i < sums.length; i++) {
      out[i] = (float) sums[i];
    }
  }

  @Override
  public String toString() {
    return "subspace of " + dimensions() + " dimensions in " + layout();
  }
}
