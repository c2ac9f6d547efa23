package io.github.swag4j.swa.quantize;

import io.github.swag4j.swa.quantize.NumberFormat.BlockFloatingPoint;
import io.github.swag4j.swa.quantize.NumberFormat.FixedPoint;
import io.github.swag4j.swa.quantize.NumberFormat.Float32;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * Rounds arrays to the numbers that a format can hold: {@code clip(round(x / delta)) delta}.
 * Immutable; safe for use by several threads, and the same bits on every machine.
 *
 * <p>Quotients are scaled by powers of two and rounded in double, which is exact; what comes out
 * are floats that lie on the format's grid. Zero has no sign.
 *
 * @param format what the words can hold
 * @param rounding which neighbour a number becomes
 */
public record Quantizer(NumberFormat format, Rounding rounding) {

  private static final Quantizer NONE = new Quantizer(new Float32(), Rounding.NEAREST);

  /**
   * Checks that both are there.
   *
   * @param format what the words can hold
   * @param rounding which neighbour a number becomes
   */
  public Quantizer {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(rounding, "rounding");
  }

  /**
   * One that leaves every number as it is.
   *
   * @return the quantiser of {@link Float32}
   */
  public static Quantizer none() {
    return NONE;
  }

  /**
   * Rounds stochastically.
   *
   * @param format what the words can hold
   * @return the quantiser
   */
  public static Quantizer stochastic(NumberFormat format) {
    return new Quantizer(format, Rounding.STOCHASTIC);
  }

  /**
   * Rounds to the nearest.
   *
   * @param format what the words can hold
   * @return the quantiser
   */
  public static Quantizer nearest(NumberFormat format) {
    return new Quantizer(format, Rounding.NEAREST);
  }

  /**
   * Whether numbers change at all.
   *
   * @return false for {@link Float32}
   */
  public boolean rounds() {
    return !(format instanceof Float32);
  }

  /**
   * Rounds a tensor in place.
   *
   * @param values {@code [elements]} in row-major order
   * @param draw the random numbers; only stochastic rounding looks at them
   * @param shape of the tensor, which decides its blocks
   * @throws IllegalArgumentException if a number is NaN or infinite, or the shape does not fit; the
   *     values are as they were then
   */
  public void quantize(float[] values, Draw draw, long... shape) {
    int block = Blocks.TENSOR.size(shape);
    if (values.length != (values.length == 0 ? 0 : block)) {
      throw new IllegalArgumentException(
          "values must be as many as the shape "
              + Arrays.toString(shape)
              + " says, got "
              + values.length);
    }
    requireFinite(values, draw);
    if (format instanceof FixedPoint fixed) {
      double[] limits = limits(fixed.wordLength(), fixed.clip());
      round(values, 0, values.length, fixed.delta(), limits, draw);
    } else if (format instanceof BlockFloatingPoint floating) {
      int size = floating.blocks().size(shape);
      for (int from = 0; from < values.length; from += size) {
        float largest = largest(values, from, from + size);
        // The logarithm of nothing has no delta: zeros are zeros in every format.
        double delta = largest == 0 ? 1 : floating.delta(largest);
        double[] limits = limits(floating.wordLength(), floating.clip());
        if (limits[0] * delta < -Float.MAX_VALUE) {
          // -2^128 is in the word but is no float: the last multiple that is one.
          limits[0]++;
        }
        round(values, from, from + size, delta, limits, draw);
      }
    }
  }

  /**
   * Rounds a copy of a tensor.
   *
   * @param values {@code [elements]} in row-major order
   * @param draw the random numbers; only stochastic rounding looks at them
   * @param shape of the tensor, which decides its blocks
   * @return {@code [elements]}
   * @throws IllegalArgumentException if a number is NaN or infinite, or the shape does not fit
   */
  public float[] quantized(float[] values, Draw draw, long... shape) {
    float[] copy = values.clone();
    quantize(copy, draw, shape);
    return copy;
  }

  /** Smallest and largest multiple. */
  private static double[] limits(int wordLength, Clip clip) {
    double largest = Math.scalb(1.0, wordLength - 1) - 1;
    return new double[] {clip == Clip.SYMMETRIC ? -largest : -largest - 1, largest};
  }

  private static float largest(float[] values, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return largest;
  }

  private void round(float[] values, int from, int to, double delta, double[] limits, Draw draw) {
    double scale = 1 / delta;
    if (rounding == Rounding.NEAREST) {
      for (int i = from; i < to; i++) {
        values[i] = value(Math.rint(values[i] * scale), delta, limits);
      }
      return;
    }
    int[] words = new int[4];
    double[] uniform = new double[4];
    for (int i = from; i < to; ) {
      draw.four(i & ~3, words, uniform);
      for (int lane = i & 3; lane < 4 && i < to; lane++, i++) {
        double multiple = values[i] * scale;
        double below = Math.floor(multiple);
        // floor(multiple + u) without the rounding of that sum, which would move large multiples.
        double up = uniform[lane] >= 1 - (multiple - below) ? 1 : 0;
        values[i] = value(below + up, delta, limits);
      }
    }
  }

  private static float value(double multiple, double delta, double[] limits) {
    // Adding zero takes the sign from a negative one.
    return (float) (Math.max(limits[0], Math.min(limits[1], multiple)) * delta + 0.0);
  }

  private void requireFinite(float[] values, Draw draw) {
    if (!rounds()) {
      return;
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "numbers to round must be finite, element "
                + i
                + " of "
                + draw.role().name().toLowerCase(Locale.ROOT)
                + " tensor "
                + draw.tensor()
                + " at step "
                + draw.step()
                + " is "
                + values[i]
                + ": lower the learning rate");
      }
    }
  }
}
