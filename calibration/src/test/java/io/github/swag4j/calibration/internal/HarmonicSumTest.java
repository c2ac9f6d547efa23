package io.github.swag4j.calibration.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import io.github.swag4j.calibration.ood.WeightedGolden;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HarmonicSumTest {

  @Test
  void differencesOfDigammaKeepTheirDigits() {
    for (JsonElement each : WeightedGolden.rows("harmonic")) {
      double a = each.getAsJsonArray().get(0).getAsDouble();
      double s = each.getAsJsonArray().get(1).getAsDouble();
      double expected = each.getAsJsonArray().get(2).getAsDouble();
      assertThat(HarmonicSum.of(a, s) / expected).as(a + ", " + s).isCloseTo(1, within(4e-15));
    }
  }

  @Property(tries = 200)
  void wholeNumbersOfTermsAreSummed(
      @ForAll @DoubleRange(max = 1e4) double a, @ForAll @IntRange(max = 400) int terms) {
    double sum = 0;
    for (int j = terms; j > 0; j--) {
      sum += 1 / (a + j);
    }
    assertThat(HarmonicSum.of(a, terms)).isCloseTo(sum, within(1e-13 * Math.max(sum, 1e-300)));
  }

  @Property(tries = 200)
  void sumsOfPartsAreTheWhole(
      @ForAll @DoubleRange(max = 1e3) double a,
      @ForAll @DoubleRange(min = 0.01, max = 50) double first,
      @ForAll @DoubleRange(min = 0.01, max = 50) double second) {
    double whole = HarmonicSum.of(a, first + second);
    assertThat(HarmonicSum.of(a, first) + HarmonicSum.of(a + first, second))
        .isCloseTo(whole, within(1e-13 * whole));
  }
}
