package io.github.swag4j.swa.io;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.ShortBuffer;

/**
 * Real numbers as files have them to floats and doubles and back. Half precisions are widened
 * exactly, and rounded once, to the nearest, ties to even.
 */
public final class TensorCodec {
  private static final float[] HALVES = halves();

  private TensorCodec() {}

  /**
   * Values as floats: exact for single and half precision, the nearest for double.
   *
   * @param type a real type
   * @param bytes little-endian, from its position on
   * @param into where to
   * @param at first place to fill
   * @param count number of values
   * @throws IllegalArgumentException if the type is not a real one
   */
  public static void widen(TensorType type, ByteBuffer bytes, float[] into, int at, int count) {
    switch (type) {
      case F32 -> bytes.asFloatBuffer().get(into, at, count);
      case F64 -> {
        DoubleBuffer doubles = bytes.asDoubleBuffer();
        for (int i = 0; i < count; i++) {
          into[at + i] = (float) doubles.get(i);
        }
      }
      case F16 -> {
        ShortBuffer shorts = bytes.asShortBuffer();
        for (int i = 0; i < count; i++) {
          into[at + i] = HALVES[shorts.get(i) & 0xffff];
        }
      }
      case BF16 -> {
        ShortBuffer shorts = bytes.asShortBuffer();
        for (int i = 0; i < count; i++) {
          into[at + i] = Float.intBitsToFloat(shorts.get(i) << 16);
        }
      }
      default -> throw notReal(type);
    }
  }

  /**
   * Doubles as a type has them; infinite where they do not fit it.
   *
   * @param values the values
   * @param count how many of them
   * @param type a real type
   * @param into little-endian, filled from byte 0
   * @throws IllegalArgumentException if the type is not a real one
   */
  public static void narrow(double[] values, int count, TensorType type, ByteBuffer into) {
    switch (type) {
      case F64 -> into.asDoubleBuffer().put(values, 0, count);
      case F32 -> {
        for (int i = 0; i < count; i++) {
          into.putFloat(i * Float.BYTES, (float) values[i]);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          into.putShort(i * Short.BYTES, toHalf(values[i]));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          into.putShort(i * Short.BYTES, toBrainFloat(values[i]));
        }
      }
      default -> throw notReal(type);
    }
  }

  /**
   * Largest finite value of a type.
   *
   * @param type a real type
   * @return the value
   * @throws IllegalArgumentException if the type is not a real one
   */
  public static double largest(TensorType type) {
    return switch (type) {
      case F64 -> Double.MAX_VALUE;
      case F32 -> Float.MAX_VALUE;
      case F16 -> 65504;
      case BF16 -> Float.intBitsToFloat(0x7f7f0000);
      default -> throw notReal(type);
    };
  }

  /**
   * What a type makes of a double.
   *
   * @param value the value
   * @param type a real type
   * @return the nearest value of the type, infinite if it does not fit
   * @throws IllegalArgumentException if the type is not a real one
   */
  public static double rounded(double value, TensorType type) {
    return switch (type) {
      case F64 -> value;
      case F32 -> (float) value;
      case F16 -> HALVES[toHalf(value) & 0xffff];
      case BF16 -> Float.intBitsToFloat(toBrainFloat(value) << 16);
      default -> throw notReal(type);
    };
  }

  private static IllegalArgumentException notReal(TensorType type) {
    return new IllegalArgumentException(type + " must be F64, F32, F16 or BF16");
  }

  private static short toBrainFloat(double value) {
    int bits = oddBits(value);
    if (Double.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  private static short toHalf(double value) {
    if (Double.isNaN(value)) {
      return 0x7e00;
    }
    int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
    double size = Math.abs(value);
    if (size >= 65520) { // halfway between the largest half and the next power of two
      return (short) (sign | 0x7c00);
    }
    // The spacing of halves around the value; rint rounds ties to even. Both steps are exact.
    int exponent = Math.max(Math.getExponent(size), -14);
    double spacing = Math.scalb(1.0, exponent - 10);
    int steps = (int) Math.rint(size / spacing);
    // A step past the mantissa carries into the exponent, as it should.
    return (short) (sign | ((exponent + 14) << 10) + steps);
  }

  /**
   * The float next to a double on the side of zero, its last bit set if it is not equal ("round to
   * odd"): rounding that once more gives what rounding the double would.
   */
  private static int oddBits(double value) {
    float nearest = (float) value;
    int bits = Float.floatToRawIntBits(nearest);
    if (nearest == value || Double.isNaN(value)) {
      return bits;
    }
    return (Math.abs((double) nearest) > Math.abs(value) ? bits - 1 : bits) | 1;
  }

  private static float[] halves() {
    float[] halves = new float[1 << 16];
    for (int bits = 0; bits < halves.length; bits++) {
      int exponent = bits >>> 10 & 0x1f;
      int fraction = bits & 0x3ff;
      float size;
      if (exponent == 0x1f) {
        size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
      } else if (exponent == 0) {
        size = fraction * 0x1p-24f;
      } else {
        size = Math.scalb(1024 + fraction, exponent - 25);
      }
      halves[bits] = (bits & 0x8000) == 0 ? size : -size;
    }
    return halves;
  }
}
