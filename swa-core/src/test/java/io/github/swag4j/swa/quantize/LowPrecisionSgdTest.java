package io.github.swag4j.swa.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.quantize.LowPrecisionSgd.Options;
import io.github.swag4j.swa.quantize.LowPrecisionSgd.Order;
import io.github.swag4j.swa.quantize.NumberFormat.BlockFloatingPoint;
import io.github.swag4j.swa.quantize.NumberFormat.FixedPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Steps of SGD that round, and averages of what they give. */
class LowPrecisionSgdTest {
  private static final List<long[]> SHAPES = List.of(new long[] {3}, new long[] {2, 1});

  private static float[][] weights() {
    return new float[][] {{1, -0.5f, 0.25f}, {2, -1}};
  }

  private static float[][] gradients(int step) {
    return new float[][] {{0.1f * step, -0.2f, 0.3f}, {0.05f, 0.4f * step}};
  }

  @Test
  void withoutRoundingItIsSgdOfTorchBitForBit() {
    for (Order order : Order.values()) {
      LowPrecisionSgd sgd =
          new LowPrecisionSgd(
              TrainingPrecision.full(), new Options(0.9, 5e-4, order, Quantizer.none()), 1, SHAPES);
      float[][] w = weights();
      sgd.start(w);
      float[][] by = weights();
      float[][] buffer = new float[2][];
      for (int step = 1; step <= 5; step++) {
        sgd.step(w, gradients(step), 0.05);
        for (int t = 0; t < 2; t++) {
          float[] g = gradients(step)[t];
          if (buffer[t] == null) {
            buffer[t] = new float[g.length];
          }
          for (int i = 0; i < g.length; i++) {
            float d = g[i] + 5e-4f * by[t][i];
            buffer[t][i] = step == 1 ? d : 0.9f * buffer[t][i] + d;
            by[t][i] -= 0.05f * buffer[t][i];
          }
        }
      }
      assertThat(w[0]).isEqualTo(by[0]);
      assertThat(w[1]).isEqualTo(by[1]);
    }
  }

  @Test
  void weightsOnlyIsTheLoopByHand() {
    Quantizer quantizer = Quantizer.stochastic(new FixedPoint(8, 6));
    LowPrecisionSgd sgd =
        new LowPrecisionSgd(
            TrainingPrecision.weightsOnly(quantizer), Options.paper(0, 0), 9, SHAPES);
    float[][] w = weights();
    sgd.start(w);
    float[][] by = weights();
    for (int t = 0; t < 2; t++) {
      quantizer.quantize(by[t], new Draw(9, Role.WEIGHT, 0, t), SHAPES.get(t));
    }
    for (int step = 1; step <= 20; step++) {
      sgd.step(w, gradients(step % 3), 0.01);
      for (int t = 0; t < 2; t++) {
        for (int i = 0; i < by[t].length; i++) {
          by[t][i] -= 0.01f * gradients(step % 3)[t][i];
        }
        quantizer.quantize(by[t], new Draw(9, Role.WEIGHT, step, t), SHAPES.get(t));
      }
      assertThat(w[0]).isEqualTo(by[0]);
      assertThat(w[1]).isEqualTo(by[1]);
    }
    assertThat(sgd.steps()).isEqualTo(20);
  }

  @Test
  void everyRoleIsRoundedWhereTheOrderSays() {
    // Halves only: what is not rounded would show.
    Quantizer halves = Quantizer.nearest(new FixedPoint(8, 1));
    TrainingPrecision precision =
        new TrainingPrecision(Quantizer.none(), halves, halves, halves, halves);
    float[][] paper = {{0}};
    List<long[]> one = List.of(new long[] {1});
    LowPrecisionSgd sgd = new LowPrecisionSgd(precision, Options.paper(0.5, 0), 1, one);
    sgd.step(paper, new float[][] {{0.7f}}, 1);
    assertThat(paper[0][0]).as("gradient 0.7 is 0.5").isEqualTo(-0.5f);
    sgd.step(paper, new float[][] {{0.6f}}, 1);
    // 0.5 * 0.5 + 0.5 = 0.75, which lies between halves and goes to the even multiple, 1.
    assertThat(paper[0][0]).isEqualTo(-1.5f);
    float[][] reference = {{0}};
    LowPrecisionSgd theirs =
        new LowPrecisionSgd(
            precision, new Options(0.5, 0, Order.REFERENCE, Quantizer.none()), 1, one);
    theirs.step(reference, new float[][] {{0.7f}}, 1);
    theirs.step(reference, new float[][] {{0.6f}}, 1);
    assertThat(reference[0][0]).as("the step takes 0.75").isEqualTo(-1.25f);
    assertThat(theirs.state().momentum()[0][0]).as("what is kept is 1").isEqualTo(1);
  }

  /**
   * On a quadratic with curvature a the average of w_0 .. w_{T-1} is (1 / (alpha T a)) times (1 -
   * (1 - alpha a)^T) w_0 plus the sum over t of (1 - (1 - alpha a)^(T-1-t)) (zeta_t - alpha xi_t):
   * rounding noise zeta of every step is divided by alpha a T, which is why the average comes near.
   */
  @Test
  void theAverageOnAQuadraticIsWhatItsRoundingAndGradientNoiseMakeOfIt() {
    double[] curvature = {0.5, 1, 2};
    double rate = 0.05;
    int steps = 400;
    List<long[]> one = List.of(new long[] {3});
    LowPrecisionSgd sgd =
        new LowPrecisionSgd(
            TrainingPrecision.weightsOnly(Quantizer.stochastic(new FixedPoint(8, 5))),
            Options.paper(0, 0),
            4,
            one);
    LowPrecisionAverage average = new LowPrecisionAverage(Quantizer.none(), 4, one);
    Random random = new Random(4);
    float[][] w = {{1, -0.5f, 0.75f}};
    sgd.start(w);
    double[] expected = new double[3];
    double rounding = 0;
    for (int i = 0; i < 3; i++) {
      expected[i] = (1 - Math.pow(1 - rate * curvature[i], steps)) * w[0][i];
    }
    for (int t = 0; t < steps; t++) {
      average.add(w);
      float[] before = w[0].clone();
      float[] gradient = new float[3];
      for (int i = 0; i < 3; i++) {
        gradient[i] = (float) (curvature[i] * before[i] + random.nextGaussian());
      }
      sgd.step(w, new float[][] {gradient}, rate);
      for (int i = 0; i < 3; i++) {
        double xi = gradient[i] - curvature[i] * before[i];
        double zeta = w[0][i] - (before[i] - rate * gradient[i]);
        rounding += zeta * zeta;
        double share = 1 - Math.pow(1 - rate * curvature[i], steps - 1 - t);
        expected[i] += share * (zeta - rate * xi);
      }
    }
    assertThat(rounding).as("rounding takes part").isGreaterThan(0.05);
    for (int i = 0; i < 3; i++) {
      assertThat((double) average.mean()[0][i])
          .isEqualTo(expected[i] / (rate * steps * curvature[i]), within(2e-6));
    }
  }

  @Test
  void anAccumulatorOfMoreBitsKeepsWhatWeightsCannot() {
    Quantizer coarse = Quantizer.nearest(new FixedPoint(8, 1));
    Quantizer fine = Quantizer.nearest(new FixedPoint(16, 8));
    LowPrecisionSgd sgd =
        new LowPrecisionSgd(
            TrainingPrecision.weightsOnly(coarse),
            new Options(0, 0, Order.REFERENCE, fine),
            1,
            List.of(new long[] {1}));
    float[][] w = {{1}};
    sgd.start(w);
    for (int step = 0; step < 10; step++) {
      sgd.step(w, new float[][] {{1}}, 0.0625);
    }
    assertThat(w[0][0]).isEqualTo(0.5f);
    assertThat(sgd.state().accumulators()[0][0]).isEqualTo(0.375f);
  }

  @Test
  void anAverageInHighPrecisionLiesBetweenThePointsOfTheGrid() {
    LowPrecisionAverage average =
        new LowPrecisionAverage(Quantizer.none(), 1, List.of(new long[] {2}));
    average.add(new float[][] {{0, 0.5f}});
    average.add(new float[][] {{0.5f, 0.5f}});
    average.add(new float[][] {{0.5f, 1}});
    assertThat(average.count()).isEqualTo(3);
    assertThat(average.mean()[0][0]).isCloseTo(1 / 3f, within(1e-7f));
    Quantizer halves = Quantizer.nearest(new FixedPoint(8, 1));
    assertThat(average.mean(halves)[0]).containsExactly(0.5f, 0.5f);
    LowPrecisionAverage kept =
        new LowPrecisionAverage(
            Quantizer.nearest(new BlockFloatingPoint(9, Blocks.TENSOR)),
            1,
            List.of(new long[] {2}));
    kept.add(new float[][] {{0.1f, 1}});
    assertThat(kept.mean()[0]).containsExactly(0.1015625f, 1);
  }

  /** A zero and twenty ones: half a cell of 1/2 is more than a third of the way from 1/2 to 1. */
  @Test
  void anAverageInFewBitsStopsWhereItIsRoundedToTheNearestAndNotStochastically() {
    List<long[]> many = List.of(new long[] {400});
    FixedPoint halves = new FixedPoint(8, 1);
    LowPrecisionAverage nearest = new LowPrecisionAverage(Quantizer.nearest(halves), 1, many);
    LowPrecisionAverage either = new LowPrecisionAverage(Quantizer.stochastic(halves), 1, many);
    float[][] weights = new float[1][400];
    for (int n = 0; n < 21; n++) {
      Arrays.fill(weights[0], n == 0 ? 0 : 1);
      nearest.add(weights);
      either.add(weights);
    }
    assertThat(nearest.mean()[0]).containsOnly(0.5f);
    double mean = 0;
    for (float each : either.mean()[0]) {
      mean += each / 400;
      assertThat(2 * each).isEqualTo((float) Math.rint(2 * each));
    }
    // Right in the mean; a standard deviation of at most a cell is one of 1/40 over 400.
    assertThat(mean).isCloseTo(20 / 21.0, within(0.1));
  }

  @Test
  void startingAgainIsStartingAnew() {
    LowPrecisionSgd sgd =
        new LowPrecisionSgd(
            TrainingPrecision.weightsOnly(Quantizer.stochastic(new FixedPoint(4, 2))),
            Options.paper(0.9, 0),
            5,
            List.of(new long[] {64}));
    float[][] first = new float[1][64];
    Arrays.fill(first[0], 0.1f);
    float[][] again = {first[0].clone()};
    sgd.start(first);
    sgd.step(new float[1][64], new float[1][64], 0.1);
    sgd.start(again);
    assertThat(again[0]).isEqualTo(first[0]);
    assertThat(sgd.steps()).isZero();
  }

  /** A NaN in a running mean stays there, and half a step is none. */
  @Test
  void whatIsNotFiniteIsRefusedBeforeAnythingIsChanged() {
    LowPrecisionAverage average = new LowPrecisionAverage(Quantizer.none(), 1, SHAPES);
    average.add(weights());
    float[][] bad = {{2, 2, 2}, {2, Float.NaN}};
    assertThatThrownBy(() -> average.add(bad))
        .hasMessageContaining("weights must be finite, element 1 of tensor 1 is NaN");
    assertThat(average.count()).isEqualTo(1);
    assertThat(average.mean()).isDeepEqualTo(weights());

    LowPrecisionSgd sgd =
        new LowPrecisionSgd(
            TrainingPrecision.all(Quantizer.stochastic(new FixedPoint(8, 4))),
            Options.paper(0.9, 0),
            1,
            SHAPES);
    float[][] w = weights();
    sgd.step(w, gradients(1), 0.1);
    float[][] before = {w[0].clone(), w[1].clone()};
    float[][] momentum = sgd.state().momentum();
    float[][] gradients = {{0.33f, 0, 0}, {0, Float.POSITIVE_INFINITY}};
    assertThatThrownBy(() -> sgd.step(w, gradients, 0.1))
        .hasMessageContaining("gradients must be finite, element 1 of tensor 1 is Infinity");
    assertThat(w).isDeepEqualTo(before);
    assertThat(gradients[0][0]).isEqualTo(0.33f);
    assertThat(sgd.steps()).isEqualTo(1);
    assertThat(sgd.state().momentum()).isDeepEqualTo(momentum);
  }

  /** A state is a value: neither what it was made of nor what it gives changes it. */
  @Test
  void savedStatesAreCopiedAndChecked() {
    double[][] values = {{1, 2, 3}, {4, 5}};
    LowPrecisionAverage.State state = new LowPrecisionAverage.State(2, values);
    values[0][0] = 9;
    state.mean()[1][1] = 9;
    LowPrecisionAverage average = new LowPrecisionAverage(Quantizer.none(), 1, SHAPES);
    average.restore(state);
    average.add(new float[][] {{4, 2, 3}, {4, 5}});
    assertThat(average.mean()).isDeepEqualTo(new float[][] {{2, 2, 3}, {4, 5}});
    assertThat(average.count()).isEqualTo(3);
    assertThat(state.mean()).isDeepEqualTo(new double[][] {{1, 2, 3}, {4, 5}});

    assertThatThrownBy(
            () -> average.restore(new LowPrecisionAverage.State(1, new double[][] {{1, 2, 3}})))
        .hasMessageContaining("must have 2 tensors, got 1: the state is of another network");
    assertThatThrownBy(
            () ->
                average.restore(new LowPrecisionAverage.State(1, new double[][] {{1, 2, 3}, {4}})))
        .hasMessageContaining("tensor 1 of a saved mean must have 2 elements, got 1");
    assertThat(average.mean()).isDeepEqualTo(new float[][] {{2, 2, 3}, {4, 5}});
    assertThatThrownBy(() -> new LowPrecisionAverage.State(-1, values))
        .hasMessageContaining("at least 0, got -1");
    double[][] bad = {{1, Double.NaN}};
    assertThatThrownBy(() -> new LowPrecisionAverage.State(1, bad))
        .hasMessageContaining("element 1 of tensor 0 is NaN");

    float[][] momentum = {{1, 2, 3}, {4, 5}};
    LowPrecisionSgd.State steps = new LowPrecisionSgd.State(7, momentum, new float[0][]);
    momentum[0][0] = 9;
    steps.momentum()[0][1] = 9;
    assertThat(steps.momentum()).isDeepEqualTo(new float[][] {{1, 2, 3}, {4, 5}});
    assertThatThrownBy(() -> new LowPrecisionSgd.State(-1, momentum, new float[0][]))
        .hasMessageContaining("at least 0, got -1");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    LowPrecisionSgd sgd =
        new LowPrecisionSgd(TrainingPrecision.full(), Options.paper(0, 0), 1, SHAPES);
    assertThatThrownBy(() -> sgd.step(weights(), new float[][] {{1}, {1}}, 0.1))
        .hasMessageContaining("gradients tensor 0 must have 3 elements, got 1");
    assertThatThrownBy(() -> sgd.step(weights(), gradients(1), Double.NaN))
        .hasMessageContaining("learning rate must be at least 0, got NaN");
    assertThatThrownBy(() -> Options.paper(1, 0)).hasMessageContaining("[0, 1), got 1.0");
  }
}
