package io.github.swag4j.swa.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.quantize.NumberFormat.BlockFloatingPoint;
import io.github.swag4j.swa.quantize.NumberFormat.FixedPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
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

  /** With both clips; blocks are whole tensors. */
  @Provide
  Arbitrary<Quantizer> quantizersOfEveryClip() {
    Arbitrary<Integer> words = Arbitraries.integers().between(2, 25);
    Arbitrary<Clip> clips = Arbitraries.of(Clip.values());
    // With cells of 2^70 to 2^100 many of the tensors' numbers are in the range.
    Arbitrary<Integer> fractions =
        Arbitraries.oneOf(
            Arbitraries.integers().between(-100, -70), Arbitraries.integers().between(-100, 100));
    Arbitrary<Integer> exponents = Arbitraries.integers().between(2, 8);
    Arbitrary<NumberFormat> fixed =
        Combinators.combine(words, fractions, clips).as(FixedPoint::new);
    Arbitrary<NumberFormat> block =
        Combinators.combine(words, exponents, clips)
            .as((w, e, c) -> new BlockFloatingPoint(w, e, Blocks.TENSOR, c));
    return Combinators.combine(Arbitraries.oneOf(fixed, block), Arbitraries.of(Rounding.values()))
        .as(Quantizer::new);
  }

  private static float largest(float[] x) {
    float largest = 0;
    for (float each : x) {
      largest = Math.max(largest, Math.abs(each));
    }
    return largest;
  }

  /** What a word holds: multiples of a cell, from a smallest to a largest. */
  private record Words(double delta, double low, double high) {
    static Words of(NumberFormat format, float largest) {
      if (format instanceof FixedPoint fixed) {
        return of(fixed.wordLength(), fixed.clip(), Math.pow(2, -fixed.fractionBits()));
      }
      BlockFloatingPoint block = (BlockFloatingPoint) format;
      double delta = Math.pow(2, block.exponent(largest) - block.wordLength() + 2);
      return of(block.wordLength(), block.clip(), largest == 0 ? 1 : delta);
    }

    private static Words of(int word, Clip clip, double delta) {
      double all = Math.pow(2, word - 1);
      return new Words(delta, clip == Clip.SYMMETRIC ? 1 - all : -all, all - 1);
    }
  }

  @Property(tries = 600)
  void everyNumberIsAMultipleThatItsWordCanHold(
      @ForAll("tensors") float[] x, @ForAll("quantizersOfEveryClip") Quantizer quantizer) {
    Words words = Words.of(quantizer.format(), largest(x));
    for (float each : quantizer.quantized(x, DRAW, x.length)) {
      double multiple = each / words.delta();
      assertThat(multiple).isEqualTo(Math.rint(multiple)).isBetween(words.low(), words.high());
    }
  }

  @Property(tries = 600)
  void whatLiesBeyondTheRangeIsTheLastMultipleAndNothingElseMovesByACell(
      @ForAll("tensors") float[] x, @ForAll("quantizersOfEveryClip") Quantizer quantizer) {
    Words words = Words.of(quantizer.format(), largest(x));
    double most = quantizer.rounding() == Rounding.NEAREST ? 0.5 : Math.nextDown(1.0);
    float[] rounded = quantizer.quantized(x, DRAW, x.length);
    for (int i = 0; i < x.length; i++) {
      double from = x[i] / words.delta();
      double to = rounded[i] / words.delta();
      if (from >= words.high()) {
        assertThat(to).isEqualTo(words.high());
      } else if (from <= words.low()) {
        assertThat(to).isEqualTo(words.low());
      } else {
        assertThat(Math.abs(to - from)).isLessThanOrEqualTo(most);
      }
    }
  }

  /** One or more rows of so many columns of kernels of two. */
  @Provide
  Arbitrary<float[][][]> kernels() {
    Arbitrary<float[]> kernel =
        Arbitraries.floats().between(-3e30f, 3e30f).array(float[].class).ofSize(2);
    return Arbitraries.integers()
        .between(1, 4)
        .flatMap(c -> kernel.array(float[][].class).ofSize(c))
        .array(float[][][].class)
        .ofMinSize(1)
        .ofMaxSize(4)
        .filter(rows -> Arrays.stream(rows).allMatch(row -> row.length == rows[0].length));
  }

  private static float[] flat(float[][] kernels) {
    float[] flat = new float[2 * kernels.length];
    for (int k = 0; k < kernels.length; k++) {
      System.arraycopy(kernels[k], 0, flat, 2 * k, 2);
    }
    return flat;
  }

  private static float[] flat(float[][][] rows) {
    return flat(Arrays.stream(rows).flatMap(Arrays::stream).toArray(float[][]::new));
  }

  @Property(tries = 100)
  void aBlockIsRoundedAsIfItWereAlone(
      @ForAll("kernels") float[][][] rows, @ForAll @IntRange(min = 2, max = 12) int word) {
    Quantizer alone = Quantizer.nearest(new BlockFloatingPoint(word, Blocks.TENSOR));
    float[][][] byRow = new float[rows.length][][];
    float[][][] byKernel = new float[rows.length][][];
    for (int r = 0; r < rows.length; r++) {
      float[] row = alone.quantized(flat(rows[r]), DRAW, 2L * rows[r].length);
      byRow[r] = new float[rows[r].length][];
      byKernel[r] = new float[rows[r].length][];
      for (int k = 0; k < rows[r].length; k++) {
        byRow[r][k] = Arrays.copyOfRange(row, 2 * k, 2 * k + 2);
        byKernel[r][k] = alone.quantized(rows[r][k], DRAW, 2);
      }
    }
    long[] shape = {rows.length, rows[0].length, 2};
    for (Blocks blocks : Blocks.values()) {
      float[] wanted =
          switch (blocks) {
            case TENSOR -> alone.quantized(flat(rows), DRAW, shape);
            case FIRST_DIMENSION, FIRST_DIMENSION_ALWAYS, FILTERS -> flat(byRow);
            case FIRST_TWO_DIMENSIONS -> flat(byKernel);
          };
      Quantizer quantizer = Quantizer.nearest(new BlockFloatingPoint(word, blocks));
      assertThat(quantizer.quantized(flat(rows), DRAW, shape)).as("%s", blocks).isEqualTo(wanted);
    }
  }

  /** What coarser blocks give lies on the grid of finer ones, so their cells are no larger. */
  @Property(tries = 100)
  void finerBlocksLeaveWhatCoarserOnesGive(
      @ForAll("kernels") float[][][] rows,
      @ForAll @IntRange(min = 2, max = 12) int word,
      @ForAll Rounding rounding) {
    List<Blocks> finer = List.of(Blocks.TENSOR, Blocks.FILTERS, Blocks.FIRST_TWO_DIMENSIONS);
    long[] shape = {rows.length, rows[0].length, 2};
    for (int coarse = 0; coarse < finer.size(); coarse++) {
      BlockFloatingPoint format = new BlockFloatingPoint(word, finer.get(coarse));
      float[] given = new Quantizer(format, rounding).quantized(flat(rows), DRAW, shape);
      for (Blocks blocks : finer.subList(coarse, finer.size())) {
        Quantizer fine = Quantizer.stochastic(new BlockFloatingPoint(word, blocks));
        assertThat(fine.quantized(given, new Draw(12, Role.ERROR, 7, 1), shape))
            .as("%s after %s", blocks, finer.get(coarse))
            .isEqualTo(given);
      }
    }
  }

  @Property(tries = 200)
  void theOrderWithinABlockIsOfNoConsequence(
      @ForAll("tensors") float[] x,
      @ForAll @IntRange(min = 0, max = 32) int places,
      @ForAll @IntRange(min = 2, max = 25) int word) {
    Quantizer quantizer = Quantizer.nearest(new BlockFloatingPoint(word, Blocks.FIRST_DIMENSION));
    float[] turned = turned(x, places);
    assertThat(quantizer.quantized(turned, DRAW, 1, x.length))
        .isEqualTo(turned(quantizer.quantized(x, DRAW, 1, x.length), places));
  }

  private static float[] turned(float[] x, int places) {
    float[] turned = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      turned[(i + places) % x.length] = x[i];
    }
    return turned;
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
    int exponent = block.exponent(largest(x));
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
