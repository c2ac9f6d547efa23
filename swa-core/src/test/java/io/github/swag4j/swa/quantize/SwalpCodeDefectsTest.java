package io.github.swag4j.swa.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.swa.quantize.NumberFormat.BlockFloatingPoint;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the paper's public code does, and what becomes of it here. That its activations are one
 * block whatever was asked for is held where activations are rounded, in {@code
 * QuantizedNetworkTest}.
 */
class SwalpCodeDefectsTest {
  private static final Draw DRAW = new Draw(1, Role.WEIGHT, 0, 0);

  /**
   * The logarithm of a row's largest number is minus infinity there, and zero times infinity NaN.
   */
  @Test
  void aRowOfZerosIsNotMadeNaN() {
    float[] dead = {0, 0, 0, 1, 2, 3};
    for (Blocks blocks : Blocks.values()) {
      for (Rounding rounding : Rounding.values()) {
        Quantizer quantizer = new Quantizer(new BlockFloatingPoint(8, blocks), rounding);
        assertThat(quantizer.quantized(dead, DRAW, 2, 3)).isEqualTo(dead);
      }
    }
  }

  /** 1.999 is always 1.9844 there, and -1.999 right in the mean: 8 bits, exponent 0. */
  @Test
  void theClipPullsBothEndsAlike() {
    int draws = 4000;
    double[] means = new double[2];
    for (int sign = 0; sign < 2; sign++) {
      for (Clip clip : Clip.values()) {
        float[] all = new float[draws];
        Arrays.fill(all, sign == 0 ? 1.999f : -1.999f);
        Quantizer.stochastic(new BlockFloatingPoint(8, 8, Blocks.TENSOR, clip))
            .quantize(all, DRAW, draws);
        double mean = 0;
        for (float each : all) {
          mean += each;
        }
        if (clip == Clip.SYMMETRIC) {
          means[sign] = mean / draws;
        } else if (sign == 1) {
          assertThat(mean / draws).as("two's complement reaches -2").isLessThan(-1.998);
        }
      }
    }
    assertThat(means[0]).isEqualTo(1.984375);
    assertThat(means[1]).isEqualTo(-1.984375);
  }

  /** A number that becomes -2^(E+1) doubles the cell of its block the next time. */
  @Test
  void roundingAgainChangesNothingThoughItDoesWithTheClipOfTwosComplement() {
    float[] x = {-1.999f, 0.25f, 0.75f};
    Quantizer theirs =
        Quantizer.nearest(new BlockFloatingPoint(4, 8, Blocks.TENSOR, Clip.TWOS_COMPLEMENT));
    float[] once = theirs.quantized(x, DRAW, 3);
    assertThat(once).containsExactly(-2, 0.25f, 0.75f);
    assertThat(theirs.quantized(once, DRAW, 3)).isNotEqualTo(once);
    Quantizer ours = Quantizer.nearest(new BlockFloatingPoint(4, Blocks.TENSOR));
    float[] own = ours.quantized(x, DRAW, 3);
    assertThat(ours.quantized(own, DRAW, 3)).isEqualTo(own);
  }

  /**
   * There, a resumed run starts its accumulators from the rounded weights and its average, with the
   * count of it, anew.
   */
  @Test
  void aResumedTrainingTakesTheSameStepsToTheSameAverage() {
    for (LowPrecisionSgd.Order order : LowPrecisionSgd.Order.values()) {
      Steps whole = new Steps(order);
      whole.make(6);
      Steps first = new Steps(order);
      first.make(3);
      LowPrecisionSgd.State steps = first.sgd.state();
      LowPrecisionAverage.State average = first.average.state();
      LowPrecisionAverage.State inFewBits = first.inFewBits.state();
      float[][] weights = {first.weights[0].clone()};
      // What goes on after saving is no part of what was saved.
      first.make(1);
      Steps second = new Steps(order);
      second.weights = weights;
      second.sgd.restore(steps);
      second.average.restore(average);
      second.inFewBits.restore(inFewBits);
      second.make(3);
      assertThat(second.weights).as("%s", order).isDeepEqualTo(whole.weights);
      assertThat(second.average.count()).isEqualTo(6);
      assertThat(second.average.state().mean()).isDeepEqualTo(whole.average.state().mean());
      assertThat(second.average.mean()).isDeepEqualTo(whole.average.mean());
      assertThat(second.inFewBits.mean()).isDeepEqualTo(whole.inFewBits.mean());
      // The mean of four is another: what was compared could have differed.
      assertThat(first.average.mean()[0]).isNotEqualTo(whole.average.mean()[0]);
    }
  }

  private static final class Steps {
    private static final List<long[]> SHAPES = List.of(new long[] {4});

    private final LowPrecisionSgd sgd;
    private final LowPrecisionAverage average =
        new LowPrecisionAverage(Quantizer.none(), 3, SHAPES);
    private final LowPrecisionAverage inFewBits =
        new LowPrecisionAverage(
            Quantizer.stochastic(new BlockFloatingPoint(7, Blocks.TENSOR)), 3, SHAPES);
    private float[][] weights = {{1, -2, 0.5f, 0.1f}};

    Steps(LowPrecisionSgd.Order order) {
      BlockFloatingPoint format = new BlockFloatingPoint(6, Blocks.TENSOR);
      sgd =
          new LowPrecisionSgd(
              TrainingPrecision.all(Quantizer.stochastic(format)),
              new LowPrecisionSgd.Options(
                  0.9,
                  1e-2,
                  order,
                  Quantizer.stochastic(new BlockFloatingPoint(10, Blocks.TENSOR))),
              3,
              SHAPES);
      sgd.start(weights);
    }

    void make(int steps) {
      for (int s = 0; s < steps; s++) {
        // f = |w|^2 / 2.
        sgd.step(weights, new float[][] {weights[0].clone()}, 0.1);
        average.add(weights);
        inFewBits.add(weights);
      }
    }
  }
}
