package io.github.swag4j.swa.quantize;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The running mean of low-precision weights (SWALP): {@code mean += (w - mean) / n}, in double, or
 * rounded to a format after each of them.
 *
 * <p>In high precision the mean lies between the grid's points, which is where the gain is. A mean
 * that is kept in few bits should be rounded stochastically: once {@code |w - mean| / n} is less
 * than half a cell, rounding to the nearest leaves it where it is. Not for use by several threads.
 *
 * @see <a href="https://arxiv.org/abs/1904.11943">Yang et al. 2019, SWALP, algorithm 1</a>
 */
public final class LowPrecisionAverage {

  /**
   * What an average is resumed from. Immutable.
   *
   * @param count weights that were averaged
   * @param mean {@code [tensors][elements]}; in double, as floats of it would go on to other bits
   */
  public record State(long count, double[][] mean) {
    /**
     * Copies the values.
     *
     * @param count weights that were averaged
     * @param mean {@code [tensors][elements]}
     * @throws IllegalArgumentException if the count is negative or a value is not finite
     */
    public State {
      if (count < 0) {
        throw new IllegalArgumentException("count of an average must be at least 0, got " + count);
      }
      mean = copy(mean);
      for (int t = 0; t < mean.length; t++) {
        for (int i = 0; i < mean[t].length; i++) {
          if (!Double.isFinite(mean[t][i])) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "a saved mean must be finite, element %d of tensor %d is %s: go on from a state"
                        + " saved before",
                    i,
                    t,
                    mean[t][i]));
          }
        }
      }
    }

    /**
     * The mean.
     *
     * @return {@code [tensors][elements]}, a copy
     */
    @Override
    public double[][] mean() {
      return copy(mean);
    }
  }

  private final Quantizer quantizer;
  private final long seed;
  private final List<long[]> shapes;
  private final double[][] mean;
  private long count;

  /**
   * A mean of nothing yet.
   *
   * @param quantizer how the mean is kept; {@link Quantizer#none()} for high precision
   * @param seed of its stochastic rounding
   * @param shapes of the tensors
   */
  public LowPrecisionAverage(Quantizer quantizer, long seed, List<long[]> shapes) {
    this.quantizer = Objects.requireNonNull(quantizer, "quantizer");
    this.seed = seed;
    this.shapes = shapes.stream().map(long[]::clone).toList();
    this.mean =
        this.shapes.stream()
            .map(s -> new double[Math.toIntExact(Arrays.stream(s).reduce(1, Math::multiplyExact))])
            .toArray(double[][]::new);
  }

  /**
   * Adds weights.
   *
   * @param weights {@code [tensors][elements]}
   * @throws IllegalArgumentException if the tensors do not fit or a weight is not finite; the mean
   *     is as it was then
   */
  public void add(float[][] weights) {
    for (int t = 0; t < mean.length; t++) {
      if (weights.length != mean.length || weights[t].length != mean[t].length) {
        throw new IllegalArgumentException(
            "weights must have the tensors of the average, tensor " + t + " does not fit");
      }
    }
    FiniteTensors.require("weights", weights);
    count++;
    for (int t = 0; t < mean.length; t++) {
      double[] of = mean[t];
      for (int i = 0; i < of.length; i++) {
        of[i] += (weights[t][i] - of[i]) / count;
      }
      if (quantizer.rounds()) {
        float[] rounded = rounded(t, quantizer, count);
        for (int i = 0; i < of.length; i++) {
          of[i] = rounded[i];
        }
      }
    }
  }

  private float[] rounded(int tensor, Quantizer by, long step) {
    float[] values = floats(mean[tensor]);
    by.quantize(values, new Draw(seed, Role.AVERAGE, step, tensor), shapes.get(tensor));
    return values;
  }

  private static float[] floats(double[] from) {
    float[] to = new float[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) from[i];
    }
    return to;
  }

  /**
   * How many weights it is the mean of.
   *
   * @return at least 0
   */
  public long count() {
    return count;
  }

  /**
   * The mean.
   *
   * @return {@code [tensors][elements]}, a copy; zeros before anything was added
   */
  public float[][] mean() {
    return Arrays.stream(mean).map(LowPrecisionAverage::floats).toArray(float[][]::new);
  }

  /**
   * The mean rounded once, as it would be deployed.
   *
   * @param to the format of the deployed model
   * @return {@code [tensors][elements]}, a copy
   */
  public float[][] mean(Quantizer to) {
    float[][] rounded = new float[mean.length][];
    for (int t = 0; t < mean.length; t++) {
      rounded[t] = rounded(t, to, 0);
    }
    return rounded;
  }

  /**
   * What to save with the weights and {@link LowPrecisionSgd#state()}.
   *
   * @return a copy
   */
  public State state() {
    return new State(count, mean);
  }

  /**
   * Goes on from a saved state: every mean is, bit for bit, what it would have been.
   *
   * @param state of an average of the same tensors, quantizer and seed
   * @throws IllegalArgumentException if its tensors do not fit; the average is as it was then
   */
  public void restore(State state) {
    double[][] saved = state.mean();
    if (saved.length != mean.length) {
      throw new IllegalArgumentException(
          "a saved mean must have "
              + mean.length
              + " tensors, got "
              + saved.length
              + ": the state is of another network");
    }
    for (int t = 0; t < mean.length; t++) {
      if (saved[t].length != mean[t].length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "tensor %d of a saved mean must have %d elements, got %d: the state is of another"
                    + " network",
                t,
                mean[t].length,
                saved[t].length));
      }
    }
    count = state.count();
    for (int t = 0; t < mean.length; t++) {
      System.arraycopy(saved[t], 0, mean[t], 0, mean[t].length);
    }
  }

  private static double[][] copy(double[][] tensors) {
    return Arrays.stream(tensors).map(double[]::clone).toArray(double[][]::new);
  }
}
