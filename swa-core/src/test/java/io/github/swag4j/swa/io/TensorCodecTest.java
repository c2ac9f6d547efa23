package io.github.swag4j.swa.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class TensorCodecTest {

  @Test
  void everyHalfIsItselfAfterWideningAndRounding() {
    for (TensorType type : new TensorType[] {TensorType.F16, TensorType.BF16}) {
      float[] wide = ALL.get(type);
      for (int bits = 0; bits < wide.length; bits++) {
        int back = bits(type, wide[bits]);
        if (Float.isNaN(wide[bits])) {
          assertThat(ALL.get(type)[back]).isNaN();
        } else {
          assertThat(back).as("%s %04x", type, bits).isEqualTo(bits);
        }
      }
    }
  }

  /** By the neighbours: no half lies nearer, and of two as near the even one is taken. */
  @Property
  void roundingGivesTheNearestTiesToEven(
      @ForAll @DoubleRange(min = 0, max = 1) double part, @ForAll("bits") int low) {
    for (TensorType type : new TensorType[] {TensorType.F16, TensorType.BF16}) {
      float[] wide = ALL.get(type);
      int largest = type == TensorType.F16 ? 0x7bff : 0x7f7f;
      int below = low % largest;
      double a = wide[below];
      double b = wide[below + 1];
      for (double value :
          new double[] {a + part * (b - a), (a + b) / 2, Math.nextUp((a + b) / 2)}) {
        int expected;
        if (value - a == b - value) {
          expected = below % 2 == 0 ? below : below + 1;
        } else {
          expected = value - a < b - value ? below : below + 1;
        }
        assertThat(bits(type, value)).isEqualTo(expected);
        assertThat(bits(type, -value)).isEqualTo(expected | 0x8000);
        assertThat(TensorCodec.rounded(value, type)).isEqualTo(wide[expected]);
      }
    }
  }

  @Provide
  Arbitrary<Integer> bits() {
    return Arbitraries.integers().between(0, 0x7fff);
  }

  @Test
  void whatDoesNotFitIsInfinite() {
    assertThat(TensorCodec.rounded(65519.999, TensorType.F16)).isEqualTo(65504);
    assertThat(TensorCodec.rounded(65520, TensorType.F16)).isInfinite();
    assertThat(TensorCodec.rounded(1e300, TensorType.BF16)).isInfinite();
    assertThat(TensorCodec.rounded(Float.MAX_VALUE, TensorType.BF16)).isInfinite();
    assertThat(TensorCodec.rounded(-1e300, TensorType.F32)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(TensorCodec.rounded(Double.NaN, TensorType.F16)).isNaN();
    assertThat(TensorCodec.rounded(Double.NaN, TensorType.BF16)).isNaN();
  }

  private static final Map<TensorType, float[]> ALL = new EnumMap<>(TensorType.class);

  static {
    ALL.put(TensorType.F16, all(TensorType.F16));
    ALL.put(TensorType.BF16, all(TensorType.BF16));
  }

  private static float[] all(TensorType type) {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < 1 << 16; bits++) {
      bytes.putShort((short) bits);
    }
    float[] wide = new float[1 << 16];
    TensorCodec.widen(type, bytes.flip(), wide, 0, wide.length);
    return wide;
  }

  private static int bits(TensorType type, double value) {
    ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    TensorCodec.narrow(new double[] {value}, 1, type, bytes);
    return bytes.getShort(0) & 0xffff;
  }
}
