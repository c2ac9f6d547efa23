package io.github.swag4j.swa.surface;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.util.Objects;

/**
 * A plane in the space of weights with orthonormal axes u and v, on which distances are those of
 * the weights: P(x, y) = origin + x u + y v.
 *
 * <p>Through three weight vectors, u = (w2 - w1) / |w2 - w1| and v is what (w3 - w1) has beside u,
 * brought to length 1 (Gram-Schmidt, twice, in double precision). Immutable; safe for use by
 * several threads. 16 bytes a weight beside the origin.
 *
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, section 3.4 and figure
 *     1</a>
 */
public final class WeightPlane {

  /** The sine of the smallest angle between two axes that is told from rounding. */
  private static final double SMALLEST_SINE = 1e-5;

  private final Weights origin;
  private final WeightDirection u;
  private final WeightDirection v;

  private WeightPlane(Weights origin, WeightDirection u, WeightDirection v) {
    this.origin = origin;
    this.u = u;
    this.v = v;
  }

  /**
   * The plane through three weight vectors.
   *
   * @param first the origin
   * @param second lies on the first axis, at (|w2 - w1|, 0)
   * @param third lies above it, at y &gt; 0
   * @return the plane
   * @throws IllegalArgumentException if the layouts differ, a weight is not finite, or the three
   *     lie on one line
   */
  public static WeightPlane through(Weights first, Weights second, Weights third) {
    return spanned(
        first, WeightDirection.between(first, second), WeightDirection.between(first, third));
  }

  /**
   * The plane of two directions, which are made orthonormal.
   *
   * @param origin where the plane's coordinates are 0
   * @param along the first axis
   * @param beside gives the second axis what it has beside the first
   * @return the plane
   * @throws IllegalArgumentException if the layouts differ, a number is not finite, or the
   *     directions lie on one line
   */
  public static WeightPlane spanned(Weights origin, WeightDirection along, WeightDirection beside) {
    Objects.requireNonNull(origin, "origin").layout().requireSame(along.layout());
    double first = along.length();
    double second = beside.length();
    if (!Double.isFinite(first) || !Double.isFinite(second)) {
      throw new IllegalArgumentException(
          "a plane must go through finite weights, got directions of lengths "
              + first
              + " and "
              + second);
    }
    if (first == 0 || second == 0) {
      throw new IllegalArgumentException(
          "a plane needs three different weight vectors, two are equal: take others");
    }
    WeightDirection u = along.times(1 / first);
    u = u.times(1 / u.length());
    WeightDirection rest = beside.minus(beside.dot(u), u);
    // What the first pass leaves of u is rounding, and as long as the rest where that is short.
    rest = rest.minus(rest.dot(u), u);
    double length = rest.length();
    if (!(length > SMALLEST_SINE * second)) {
      throw new IllegalArgumentException(
          "a plane needs three weight vectors that do not lie on one line, the angle's sine is "
              + length / second
              + ": take others, or a line through two of them");
    }
    return new WeightPlane(origin, u, rest.times(1 / length));
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
   * Weights at (0, 0).
   *
   * @return the origin
   */
  public Weights origin() {
    return origin;
  }

  /**
   * The first axis.
   *
   * @return u, of length 1
   */
  public WeightDirection first() {
    return u;
  }

  /**
   * The second axis.
   *
   * @return v, of length 1, orthogonal to the first
   */
  public WeightDirection second() {
    return v;
  }

  /**
   * The weights at a place.
   *
   * @param x along the first axis
   * @param y along the second axis
   * @return origin + x u + y v, summed in double precision
   */
  public Weights at(double x, double y) {
    return WeightDirection.combination(origin, x, u, y, v);
  }

  /**
   * Where weights lie in the picture: the nearest place of the plane.
   *
   * @param weights of the same layout
   * @return its coordinates, and the distance from there to the weights
   * @throws IllegalArgumentException if the layouts differ
   */
  public PlanePlace project(WeightSource weights) {
    WeightDirection way = WeightDirection.between(origin, weights);
    double x = way.dot(u);
    double y = way.dot(v);
    // Of the difference itself: a difference of squares would lose half of the digits.
    double distance = way.minus(x, u).minus(y, v).length();
    return new PlanePlace(x, y, distance);
  }

  @Override
  public String toString() {
    return "plane in " + layout();
  }
}
