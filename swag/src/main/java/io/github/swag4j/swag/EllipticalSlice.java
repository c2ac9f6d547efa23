package io.github.swag4j.swag;

import io.github.swag4j.base.SplitMix;
import java.io.IOException;
import java.util.Locale;

/**
 * Elliptical slice sampling of p(z) proportional to N(z; 0, sigma^2 I) L(z): a Markov chain without
 * a step size that never stays where it is. A step draws nu from the prior and a height ln y = ln
 * L(z) + ln u, and looks on the ellipse z cos t + nu sin t for a place above that height: at a
 * random angle first, then in the bracket that shrinks around z with every miss.
 *
 * @see <a href="https://proceedings.mlr.press/v9/murray10a.html">Murray, Adams and MacKay 2010,
 *     Elliptical slice sampling, figure 2</a>
 */
final class EllipticalSlice {

  /** After so many halvings, on average, nothing of the bracket is left but z itself. */
  private static final int MOST_PROPOSALS = 400;

  /** The likelihood of a place, in natural logarithm. */
  @FunctionalInterface
  interface Target {
    double at(double[] z) throws IOException;
  }

  private final Target target;
  private final double deviation;
  private final SplitMix random;
  private double[] place;
  private double height;
  private long evaluations;

  /** Starts at z = 0. */
  EllipticalSlice(Target target, int dimensions, double deviation, long seed) throws IOException {
    this.target = target;
    this.deviation = deviation;
    this.random = new SplitMix(seed);
    this.place = new double[dimensions];
    this.height = evaluate(place);
    if (height == Double.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException(
          "the log likelihood must be finite at the origin, got " + height);
    }
  }

  private double evaluate(double[] z) throws IOException {
    evaluations++;
    double value = target.at(z);
    if (Double.isNaN(value) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the log likelihood must be finite or negative infinity, got %s at %.4g from the"
                  + " origin: give negative infinity where the model's outputs are not finite",
              value,
              norm(z)));
    }
    return value;
  }

  private static double norm(double[] z) {
    double squares = 0;
    for (double v : z) {
      squares += v * v;
    }
    return Math.sqrt(squares);
  }

  /** Takes a step. */
  void step() throws IOException {
    double[] other = new double[place.length];
    for (int j = 0; j < other.length; j++) {
      other[j] = deviation * random.gaussian();
    }
    // In (0, 1): the present place is above the height and ends every search.
    double threshold = height + StrictMath.log(inside());
    double angle = 2 * Math.PI * inside();
    double low = angle - 2 * Math.PI;
    double high = angle;
    for (int proposal = 0; proposal < MOST_PROPOSALS; proposal++) {
      double[] next = new double[place.length];
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      for (int j = 0; j < next.length; j++) {
        next[j] = place[j] * cos + other[j] * sin;
      }
      double value = evaluate(next);
      if (value > threshold) {
        place = next;
        height = value;
        return;
      }
      if (angle < 0) {
        low = angle;
      } else {
        high = angle;
      }
      angle = low + (high - low) * random.uniform();
    }
    throw new IllegalStateException(
        "the log likelihood must be the same at every call, but fell from "
            + height
            + " where nothing moved: switch off dropout and augmentation, and take the same rows"
            + " each time");
  }

  private double inside() {
    return ((random.nextLong() >>> 11) + 0.5) * 0x1.0p-53;
  }

  double[] place() {
    return place.clone();
  }

  /** The log likelihood at the place. */
  double height() {
    return height;
  }

  /** Likelihoods computed so far, that of the start among them. */
  long evaluations() {
    return evaluations;
  }
}
