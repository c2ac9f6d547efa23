package io.github.swag4j.swa.surface;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;

/**
 * The line through two weight vectors, past both ends: w(t) = (1 - t) w1 + t w2, in double
 * precision. Immutable; safe for use by several threads.
 *
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, figure 5, where t is told
 *     as the distance t |w2 - w1|</a>
 */
public final class WeightLine {
  private final Weights from;
  private final WeightDirection way;
  private final double length;

  private WeightLine(Weights from, WeightDirection way, double length) {
    this.from = from;
    this.way = way;
    this.length = length;
  }

  /**
   * The line through two weight vectors.
   *
   * @param from at t = 0
   * @param to at t = 1
   * @return the line
   * @throws IllegalArgumentException if the layouts differ, a weight is not finite, or both are
   *     equal
   */
  public static WeightLine between(Weights from, Weights to) {
    return along(from, WeightDirection.between(from, to));
  }

  /**
   * The line of a direction.
   *
   * @param from at t = 0
   * @param direction leads to t = 1
   * @return the line
   * @throws IllegalArgumentException if the layouts differ, a number is not finite, or the
   *     direction is 0
   */
  public static WeightLine along(Weights from, WeightDirection direction) {
    from.layout().requireSame(direction.layout());
    double length = direction.length();
    if (!(length > 0 && Double.isFinite(length))) {
      throw new IllegalArgumentException(
          "a line needs two different, finite weight vectors, their distance is " + length);
    }
    return new WeightLine(from, direction, length);
  }

  /**
   * The tensors.
   *
   * @return the layout
   */
  public WeightLayout layout() {
    return from.layout();
  }

  /**
   * How far it is from t = 0 to t = 1.
   *
   * @return the Euclidean distance, above 0
   */
  public double length() {
    return length;
  }

  /**
   * The weights at a place.
   *
   * @param t 0 and 1 are the ends, below 0 and above 1 lies past them
   * @return (1 - t) w1 + t w2
   */
  public Weights at(double t) {
    return way.from(from, t);
  }

  /**
   * Where weights lie beside the line.
   *
   * @param weights of the same layout
   * @return t of the nearest place as x, 0 as y, and the distance from there
   * @throws IllegalArgumentException if the layouts differ
   */
  public PlanePlace project(WeightSource weights) {
    WeightDirection other = WeightDirection.between(from, weights);
    double t = other.dot(way) / length / length;
    return new PlanePlace(t, 0, other.minus(t, way).length());
  }

  @Override
  public String toString() {
    return "line of length " + length + " between its ends in " + layout();
  }
}
