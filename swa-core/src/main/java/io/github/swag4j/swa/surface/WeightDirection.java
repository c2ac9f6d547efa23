package io.github.swag4j.swa.surface;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;

/**
 * A direction in the space of weights: one number for each weight, in double precision. Immutable;
 * safe for use by several threads. 8 bytes a weight.
 */
public final class WeightDirection {
  private final WeightLayout layout;
  private final double[][] values;

  private WeightDirection(WeightLayout layout, double[][] values) {
    this.layout = layout;
    this.values = values;
  }

  /**
   * The way from one weight vector to another.
   *
   * @param from where it begins
   * @param to where it ends
   * @return to - from
   * @throws IllegalArgumentException if the layouts differ
   */
  public static WeightDirection between(WeightSource from, WeightSource to) {
    from.layout().requireSame(to.layout());
    double[][] difference = new double[from.layout().tensors().size()][];
    for (int t = 0; t < difference.length; t++) {
      FloatBuffer a = from.values(t);
      FloatBuffer b = to.values(t);
      double[] tensor = new double[from.layout().tensor(t).size()];
      for (int i = 0; i < tensor.length; i++) {
        tensor[i] = (double) b.get(i) - a.get(i);
      }
      difference[t] = tensor;
    }
    return new WeightDirection(from.layout(), difference);
  }

  /**
   * A direction given by its numbers.
   *
   * @param values one number for each weight
   * @return the direction
   */
  public static WeightDirection of(WeightSource values) {
    double[][] copy = new double[values.layout().tensors().size()][];
    for (int t = 0; t < copy.length; t++) {
      FloatBuffer from = values.values(t);
      copy[t] = new double[values.layout().tensor(t).size()];
      for (int i = 0; i < copy[t].length; i++) {
        copy[t][i] = from.get(i);
      }
    }
    return new WeightDirection(values.layout(), copy);
  }

  /**
   * A random direction whose filters are as long as those of a weight vector: normal numbers d,
   * then for each filter f of each tensor d_f := d_f |w_f| / |d_f|. A filter is what the first
   * dimension of a tensor counts: the kernel of an output channel, the row of an output unit. So a
   * step of 1 along it changes each filter by its own length, whatever the scale of its layer, and
   * steps of different networks compare. Biases, batch normalisation and all tensors of fewer than
   * two dimensions are 0.
   *
   * @param around the weight vector w
   * @param seed which series of directions
   * @param index which direction of the series, at least 0; a pure function of the layout's shapes,
   *     seed and index before it is brought to the lengths of w
   * @return the direction
   * @throws IllegalArgumentException if index is below 0, a weight is not finite, or no tensor is
   *     left
   * @see <a href="https://arxiv.org/abs/1712.09913">Li et al. 2018, Visualizing the Loss Landscape
   *     of Neural Nets, section 4</a>
   */
  public static WeightDirection filterNormalised(WeightSource around, long seed, int index) {
    if (index < 0) {
      throw new IllegalArgumentException("direction index must be at least 0, got " + index);
    }
    WeightLayout layout = around.layout();
    double[][] values = new double[layout.tensors().size()][];
    boolean any = false;
    for (int t = 0; t < values.length; t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      values[t] = new double[tensor.size()];
      if (hasFilters(tensor)) {
        fill(values[t], stream(seed, index, t));
        int filters = Math.toIntExact(tensor.shape().get(0));
        int length = tensor.size() / filters;
        for (int f = 0; f < filters; f++) {
          normalise(values[t], around.values(t), f * length, length, tensor.name());
        }
        any = true;
      }
    }
    if (!any) {
      throw new IllegalArgumentException(
          "a filter-normalised direction needs a tensor of two dimensions or more, got " + layout);
    }
    return new WeightDirection(layout, values);
  }

  private static boolean hasFilters(WeightLayout.Tensor tensor) {
    boolean shift =
        tensor.role() == Role.BIAS || tensor.role() == Role.SCALE || tensor.role() == Role.SHIFT;
    return !shift && tensor.shape().size() >= 2 && tensor.size() > 0;
  }

  private static SplitMix stream(long seed, int index, int tensor) {
    long mixed = SplitMix.mix(seed + SplitMix.GAMMA);
    mixed = SplitMix.mix(mixed + SplitMix.GAMMA * (index + 1L));
    return new SplitMix(SplitMix.mix(mixed + SplitMix.GAMMA * (tensor + 1L)));
  }

  private static void fill(double[] values, SplitMix random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = random.gaussian();
    }
  }

  private static void normalise(
      double[] direction, FloatBuffer weights, int from, int length, String name) {
    double own = 0;
    double wanted = 0;
    for (int i = from; i < from + length; i++) {
      own += direction[i] * direction[i];
      double w = weights.get(i);
      wanted += w * w;
    }
    if (!Double.isFinite(wanted)) {
      throw new IllegalArgumentException("weights of " + name + " must be finite to have lengths");
    }
    double factor = own > 0 ? Math.sqrt(wanted / own) : 0;
    for (int i = from; i < from + length; i++) {
      direction[i] *= factor;
    }
  }

  /**
   * The tensors.
   *
   * @return the layout
   */
  public WeightLayout layout() {
    return layout;
  }

  /**
   * A copy of one tensor's numbers.
   *
   * @param tensor its place in the layout
   * @return row-major values
   */
  public double[] toArray(int tensor) {
    return values[tensor].clone();
  }

  /**
   * The Euclidean norm.
   *
   * @return the length, at least 0
   */
  public double length() {
    return Math.sqrt(dot(this));
  }

  /**
   * The inner product.
   *
   * @param other of the same layout
   * @return the sum over all weights of this times other
   * @throws IllegalArgumentException if the layouts differ
   */
  public double dot(WeightDirection other) {
    layout.requireSame(other.layout);
    double sum = 0;
    for (int t = 0; t < values.length; t++) {
      // Tensor by tensor: partial sums of like sizes lose less.
      double part = 0;
      for (int i = 0; i < values[t].length; i++) {
        part += values[t][i] * other.values[t][i];
      }
      sum += part;
    }
    return sum;
  }

  /**
   * The same direction, longer or shorter.
   *
   * @param factor any number
   * @return factor times this
   */
  public WeightDirection times(double factor) {
    double[][] out = new double[values.length][];
    for (int t = 0; t < out.length; t++) {
      out[t] = values[t].clone();
      for (int i = 0; i < out[t].length; i++) {
        out[t][i] *= factor;
      }
    }
    return new WeightDirection(layout, out);
  }

  /**
   * This direction less a multiple of another.
   *
   * @param factor any number
   * @param other of the same layout
   * @return this - factor other
   * @throws IllegalArgumentException if the layouts differ
   */
  public WeightDirection minus(double factor, WeightDirection other) {
    layout.requireSame(other.layout);
    double[][] out = new double[values.length][];
    for (int t = 0; t < out.length; t++) {
      out[t] = values[t].clone();
      for (int i = 0; i < out[t].length; i++) {
        out[t][i] -= factor * other.values[t][i];
      }
    }
    return new WeightDirection(layout, out);
  }

  /**
   * Where a step along this direction ends.
   *
   * @param origin where it begins
   * @param step how far, in lengths of this direction
   * @return origin + step this, summed in double precision
   * @throws IllegalArgumentException if the layouts differ
   */
  public Weights from(WeightSource origin, double step) {
    return combination(origin, step, this, 0, this);
  }

  /** Origin + x u + y v. */
  static Weights combination(
      WeightSource origin, double x, WeightDirection u, double y, WeightDirection v) {
    origin.layout().requireSame(u.layout);
    float[][] out = new float[u.values.length][];
    for (int t = 0; t < out.length; t++) {
      FloatBuffer from = origin.values(t);
      double[] us = u.values[t];
      double[] vs = v.values[t];
      out[t] = new float[us.length];
      for (int i = 0; i < us.length; i++) {
        out[t][i] = (float) (from.get(i) + (x * us[i] + y * vs[i]));
      }
    }
    return Weights.adopt(origin.layout(), out);
  }

  @Override
  public String toString() {
    return "direction of length " + length() + " in " + layout;
  }
}
