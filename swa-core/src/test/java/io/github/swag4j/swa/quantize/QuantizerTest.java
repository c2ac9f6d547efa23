package io.github.swag4j.swa.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.quantize.NumberFormat.BlockFloatingPoint;
import io.github.swag4j.swa.quantize.NumberFormat.FixedPoint;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What rounding to few bits promises. */
class QuantizerTest {
  private static final Draw DRAW = new Draw(11, Role.WEIGHT, 5, 0);

  @Provide
  Arbitrary<float[]> tensors() {
    return Arbitraries.floats()
        .between(-3e30f, 3e30f)
        .array(float[].class)
        .ofMinSize(1)
        .ofMaxSize(33);
  }

  @Provide
  Arbitrary<Quantizer> quantizers() {
    Arbitrary<Integer> words = Arbitraries.integers().between(2, 25);
    Arbitrary<NumberFormat> fixed =
        words.flatMap(
            w ->
                Arbitraries.integers()
                    .between(-100, 100)
                    .map(f -> (NumberFormat) new FixedPoint(w, f, Clip.SYMMETRIC)));
    Arbitrary<NumberFormat> block =
        words.flatMap(
            w ->
                Arbitraries.of(Blocks.values())
                    .flatMap(
                        b ->
                            Arbitraries.integers()
                                .between(2, 8)
                                .map(e -> new BlockFloatingPoint(w, e, b, Clip.SYMMETRIC))));
    return Arbitraries.oneOf(fixed, block)
        .flatMap(f -> Arbitraries.of(Rounding.values()).map(r -> new Quantizer(f, r)));
  }

  @Property(tries = 400)
  void roundingTwiceIsRoundingOnce(
      @ForAll("tensors") float[] x, @ForAll("quantizers") Quantizer quantizer, @ForAll int step) {
    float[] once = quantizer.quantized(x, DRAW, x.length);
    Draw other = new Draw(12, Role.WEIGHT, step & 0xff, 0);
    assertThat(quantizer.quantized(once, other, x.length)).isEqualTo(once);
  }

  @Property(tries = 400)
  void whatIsInsideTheRangeMovesByLessThanItsCell(
      @ForAll("tensors") float[] x, @ForAll @IntRange(min = 2, max = 25) int word) {
    BlockFloatingPoint format = new BlockFloatingPoint(word, Blocks.TENSOR);
    float largest = 0;
    for (float each : x) {
      largest = Math.max(largest, Math.abs(each));
    }
    double delta = largest == 0 ? 0 : format.delta(largest);
    // The last half cell below the next power of two is clipped.
    double top =
        largest == 0 ? 0 : Math.scalb(2 - Math.scalb(1.0, 2 - word), format.exponent(largest));
    float[] nearest = Quantizer.nearest(format).quantized(x, DRAW, x.length);
    float[] either = Quantizer.stochastic(format).quantized(x, DRAW, x.length);
    for (int i = 0; i < x.length; i++) {
      double beyond = Math.max(0, Math.abs(x[i]) - top);
      assertThat(Math.abs((double) nearest[i] - x[i])).isLessThanOrEqualTo(delta / 2 + beyond);
      assertThat(Math.abs((double) either[i] - x[i])).isLessThanOrEqualTo(delta);
      assertThat(Math.abs((double) nearest[i])).isLessThanOrEqualTo(top);
      if (delta > 0) {
        assertThat(either[i] / delta).isEqualTo(Math.rint(either[i] / delta));
      }
    }
  }

  @Property(tries = 200)
  void negatedNumbersRoundToNegatedOnesToTheNearest(
      @ForAll("tensors") float[] x, @ForAll("quantizers") Quantizer any) {
    Quantizer quantizer = Quantizer.nearest(any.format());
    float[] negated = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      negated[i] = -x[i];
    }
    float[] of = quantizer.quantized(x, DRAW, x.length);
    float[] ofNegated = quantizer.quantized(negated, DRAW, x.length);
    for (int i = 0; i < x.length; i++) {
      assertThat(ofNegated[i] + of[i]).isZero();
    }
  }

  @Property(tries = 200)
  void scalingByAPowerOfTwoScalesBlocks(
      @ForAll @IntRange(min = -20, max = 20) int power,
      @ForAll("tensors") float[] any,
      @ForAll Rounding rounding) {
    Quantizer quantizer = new Quantizer(new BlockFloatingPoint(8, Blocks.TENSOR), rounding);
    float[] x = new float[any.length];
    float[] scaled = new float[any.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = any[i] * 1e-30f;
      scaled[i] = Math.scalb(x[i], power);
    }
    float[] of = quantizer.quantized(x, DRAW, x.length);
    float[] ofScaled = quantizer.quantized(scaled, DRAW, x.length);
    for (int i = 0; i < x.length; i++) {
      // What becomes subnormal loses digits before it is rounded.
      if (Math.abs(scaled[i]) >= Float.MIN_NORMAL) {
        assertThat(ofScaled[i]).isEqualTo(Math.scalb(of[i], power));
      }
    }
  }

  @Property(tries = 100)
  void aBlockIsFixedPointOfItsExponent(
      @ForAll("tensors") float[] any, @ForAll @IntRange(min = 2, max = 20) int word) {
    float[] x = new float[any.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = any[i] * 1e-30f;
    }
    x[0] = 1.5f;
    BlockFloatingPoint block = new BlockFloatingPoint(word, Blocks.TENSOR);
    float largest = 0;
    for (float each : x) {
      largest = Math.max(largest, Math.abs(each));
    }
    int exponent = block.exponent(largest);
    FixedPoint fixed = new FixedPoint(word, word - 2 - exponent, Clip.SYMMETRIC);
    assertThat(Quantizer.stochastic(block).quantized(x, DRAW, x.length))
        .isEqualTo(Quantizer.stochastic(fixed).quantized(x, DRAW, x.length));
  }

  @Property(tries = 30)
  void stochasticRoundingIsRightInTheMeanAndItsVarianceIsThatOfACoin(
      @ForAll @FloatRange(min = -0.9f, max = 0.9f) float x) {
    FixedPoint format = new FixedPoint(8, 6);
    int draws = 4000;
    float[] all = new float[draws];
    Arrays.fill(all, x);
    Quantizer.stochastic(format).quantize(all, DRAW, draws);
    double mean = 0;
    double square = 0;
    for (float each : all) {
      mean += each / draws;
      square += ((double) each - x) * ((double) each - x) / draws;
    }
    double delta = format.delta();
    double share = x / delta - Math.floor(x / delta);
    // Four and a half standard errors of a mean of coins.
    assertThat(mean).isCloseTo(x, within(4.5 * delta * 0.5 / Math.sqrt(draws)));
    assertThat(square).isCloseTo(delta * delta * share * (1 - share), within(0.05 * delta * delta));
  }

  @Property(tries = 100)
  void theSameRandomNumberKeepsOrder(@ForAll float a, @ForAll float b) {
    float x = Float.isNaN(a) ? 0 : Math.max(-1, Math.min(1, a));
    float y = Float.isNaN(b) ? 0 : Math.max(-1, Math.min(1, b));
    Quantizer quantizer = Quantizer.stochastic(new FixedPoint(6, 4));
    float low = quantizer.quantized(new float[] {Math.min(x, y)}, DRAW, 1)[0];
    float high = quantizer.quantized(new float[] {Math.max(x, y)}, DRAW, 1)[0];
    assertThat(low).isLessThanOrEqualTo(high);
  }

  @Test
  void whatLiesBeyondTheRangeSaturates() {
    Quantizer twos = Quantizer.nearest(new FixedPoint(8, 6));
    assertThat(twos.quantized(new float[] {5, -5, Float.MAX_VALUE, -Float.MAX_VALUE}, DRAW, 4))
        .containsExactly(1.984375f, -2, 1.984375f, -2);
    Quantizer symmetric = Quantizer.nearest(new FixedPoint(8, 6, Clip.SYMMETRIC));
    assertThat(symmetric.quantized(new float[] {5, -5}, DRAW, 2))
        .containsExactly(1.984375f, -1.984375f);
    // Three bits of exponent reach 2^3, so the largest is (2 - 2^-6) 2^3.
    Quantizer narrow =
        Quantizer.nearest(new BlockFloatingPoint(8, 3, Blocks.TENSOR, Clip.SYMMETRIC));
    assertThat(narrow.quantized(new float[] {1e9f, -1e9f, 1}, DRAW, 3))
        .containsExactly(15.875f, -15.875f, 1);
  }

  @Test
  void extremesOfFloatsKeepTheirMeaning() {
    Quantizer eight = Quantizer.nearest(new BlockFloatingPoint(8, Blocks.TENSOR));
    assertThat(eight.quantized(new float[] {Float.MIN_VALUE}, DRAW, 1)).containsExactly(0);
    assertThat(eight.quantized(new float[] {Float.MAX_VALUE}, DRAW, 1))
        .containsExactly((float) Math.scalb(1.984375, 127));
    // -2^128 is in a word of two's complement, but no float.
    BlockFloatingPoint twos = new BlockFloatingPoint(8, 8, Blocks.TENSOR, Clip.TWOS_COMPLEMENT);
    assertThat(Quantizer.nearest(twos).quantized(new float[] {-Float.MAX_VALUE, 0}, DRAW, 2))
        .containsExactly((float) Math.scalb(-1.984375, 127), 0);
    assertThat(Quantizer.nearest(twos).quantized(new float[] {-0x1.fffp126f, 0}, DRAW, 2))
        .containsExactly(-0x1p127f, 0);
    float[] signed = eight.quantized(new float[] {-0.0f, 1}, DRAW, 2);
    assertThat(Float.floatToRawIntBits(signed[0])).isZero();
    Quantizer exact = Quantizer.stochastic(new BlockFloatingPoint(25, Blocks.TENSOR));
    Random random = new Random(3);
    float[] top = new float[1000];
    for (int i = 0; i < top.length; i++) {
      top[i] = (random.nextBoolean() ? 1 : -1) * (1 + random.nextFloat());
    }
    assertThat(exact.quantized(top, DRAW, top.length)).isEqualTo(top);
  }

  @Test
  void blocksAreThoseOfTheirDesign() {
    assertThat(Blocks.TENSOR.size(4, 3, 2, 2)).isEqualTo(48);
    assertThat(Blocks.FIRST_DIMENSION.size(4, 3, 2, 2)).isEqualTo(12);
    assertThat(Blocks.FIRST_DIMENSION.size(5)).isEqualTo(5);
    assertThat(Blocks.FIRST_DIMENSION_ALWAYS.size(5)).isEqualTo(1);
    assertThat(Blocks.FILTERS.size(4, 3)).isEqualTo(12);
    assertThat(Blocks.FILTERS.size(4, 3, 2, 2)).isEqualTo(12);
    assertThat(Blocks.FIRST_TWO_DIMENSIONS.size(4, 3, 2, 2)).isEqualTo(4);
    assertThat(Blocks.TENSOR.size()).isEqualTo(1);
    assertThat(Blocks.FIRST_DIMENSION.size(0, 3)).isEqualTo(1);
    float[] two = {1, 0.01f, 100, 1.01f};
    Quantizer rows = Quantizer.nearest(new BlockFloatingPoint(4, Blocks.FIRST_DIMENSION));
    assertThat(rows.quantized(two, DRAW, 2, 2)).containsExactly(1, 0, 96, 0);
    Quantizer whole = Quantizer.nearest(new BlockFloatingPoint(4, Blocks.TENSOR));
    assertThat(whole.quantized(two, DRAW, 2, 2)).containsExactly(0, 0, 96, 0);
  }

  @Test
  void numbersThatAreNoneAreRefusedByTheirPlace() {
    Quantizer quantizer = Quantizer.stochastic(new BlockFloatingPoint(8, Blocks.TENSOR));
    float[] bad = {1.3f, Float.NaN};
    assertThatThrownBy(() -> quantizer.quantize(bad, new Draw(1, Role.GRADIENT, 9, 3), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("element 1 of gradient tensor 3 at step 9 is NaN")
        .hasMessageContaining("lower the learning rate");
    assertThat(bad[0]).isEqualTo(1.3f);
    assertThatThrownBy(() -> quantizer.quantize(new float[3], DRAW, 2))
        .hasMessageContaining("[2] says, got 3");
    assertThatThrownBy(() -> new FixedPoint(1, 0))
        .hasMessageContaining("between 2 and 25 bits, got 1");
    assertThatThrownBy(() -> new BlockFloatingPoint(8, 9, Blocks.TENSOR, Clip.SYMMETRIC))
        .hasMessageContaining("between 2 and 8, got 9");
  }
}
