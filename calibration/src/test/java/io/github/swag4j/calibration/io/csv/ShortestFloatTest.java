package io.github.swag4j.calibration.io.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShortestFloatTest {

  @Test
  void digitsAreThoseThatAreNeeded() {
    assertThat(ShortestFloat.of(0.1)).isEqualTo("0.1");
    assertThat(ShortestFloat.of(1 / 3.0)).isEqualTo("0.33333334");
    assertThat(ShortestFloat.of(0.00025)).isEqualTo("0.00025");
    assertThat(ShortestFloat.of(0)).isEqualTo("0");
    assertThat(ShortestFloat.of(1)).isEqualTo("1");
    assertThat(ShortestFloat.of(-2.5)).isEqualTo("-2.5");
    assertThat(ShortestFloat.of(-0.25)).isEqualTo("-0.25");
  }

  @Test
  void whatIsTooSmallForAFloatKeepsItsDigits() {
    assertThat(Double.parseDouble(ShortestFloat.of(1e-60))).isEqualTo(1e-60);
    assertThat(Double.parseDouble(ShortestFloat.of(3e-45))).isEqualTo(3e-45);
  }

  /** No decimal of fewer digits reads back, by either rounding. */
  @Property(tries = 3000)
  void theSameFloatIsReadBackAndNoShorterTextWouldDo(
      @ForAll @IntRange(min = 0x0DA24260, max = 0x42C80000) int bits) { // 1e-30 to 100
    float value = Float.intBitsToFloat(bits);
    String text = ShortestFloat.of(value);
    assertThat(Float.parseFloat(text)).isEqualTo(value);
    int digits = new BigDecimal(text).stripTrailingZeros().precision();
    if (digits > 1) {
      for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
        BigDecimal shorter =
            new BigDecimal((double) value).round(new MathContext(digits - 1, mode));
        assertThat(shorter.floatValue()).as(text).isNotEqualTo(value);
      }
    }
  }
}
