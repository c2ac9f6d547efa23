package io.github.swag4j.swa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of averaging, with the numbers other libraries' tests hold them to. */
class AverageRuleTest {
  private static final AveragingPlan STEPS = AveragingPlan.steps();
  private static final WeightLayout ONE = WeightAverageTest.layout(1);
  private static final WeightLayout TWO = WeightAverageTest.layout(2);

  private static WeightAverage average(AverageRule rule, Accumulation accumulation) {
    return WeightAverage.of(STEPS, rule, accumulation, Buffers.AVERAGED);
  }

  private static float after(AverageRule rule, float... values) {
    WeightAverage average = WeightAverage.of(STEPS, rule);
    for (float value : values) {
      average.collect(Weights.of(ONE, new float[] {value}));
    }
    return average.average().toArray(0)[0];
  }

  /** A float32 average never moves here: 5e-8 is below half a unit in the last place of 1. */
  @ParameterizedTest
  @EnumSource(names = {"COMPENSATED", "FLOAT64"})
  void anExponentialAverageOfManySmallStepsDoesNotStandStill(Accumulation accumulation) {
    WeightAverage average = average(AverageRule.exponential(0.9999), accumulation);
    average.collect(Weights.of(ONE, new float[] {1}));
    Weights next = Weights.of(ONE, new float[] {1.0005f});
    for (int n = 0; n < 100_000; n++) {
      average.collect(next);
    }
    double exact = 1.0005f + (1 - 1.0005f) * Math.pow(0.9999, 100_000);
    assertThat((double) average.average().toArray(0)[0]).isCloseTo(exact, within(1e-7));
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPENSATED", "FLOAT64"})
  void aUniformAverageOf300000DriftingWeightsIsTheirMean(Accumulation accumulation) {
    WeightAverage average = average(AverageRule.uniform(), accumulation);
    double sum = 0;
    for (int n = 0; n < 300_000; n++) {
      float value = (float) (1 + 0.001 * n / 299_999);
      sum += value;
      average.collect(Weights.of(ONE, new float[] {value}));
    }
    assertThat((double) average.average().toArray(0)[0]).isCloseTo(sum / 300_000, within(1e-7));
  }

  /** TensorFlow Addons, test_model_average / test_run. */
  @Test
  void movingAverageOfTensorFlowAddons() {
    assertThat(after(AverageRule.exponential(0.5), 1, 0.8f, 0.6f)).isCloseTo(0.75f, within(1e-6f));
    assertThat(after(AverageRule.exponential(0.5), 2, 1.8f, 1.6f)).isCloseTo(1.75f, within(1e-6f));
  }

  /** TensorFlow Addons, test_dynamic_decay. */
  @Test
  void dynamicDecayOfTensorFlowAddons() {
    AverageRule rule = AverageRule.exponential(0.5).warmedUp();
    assertThat(after(rule, 1, 0.8f, 0.6f)).isCloseTo(0.64f, within(1e-6f));
    assertThat(after(rule, 2, 1.8f, 1.6f)).isCloseTo(1.64f, within(1e-6f));
  }

  /** TensorFlow Addons, SWA's test_averaging: 1.0 and 2.0 after three steps of 0.1. */
  @Test
  void stochasticWeightAverageOfTensorFlowAddons() {
    assertThat(after(AverageRule.uniform(), 0.9f, 0.8f, 0.7f)).isCloseTo(0.8f, within(1e-6f));
    assertThat(after(AverageRule.uniform(), 1.9f, 1.8f, 1.7f)).isCloseTo(1.8f, within(1e-6f));
  }

  /** torchcontrib's test_swa_auto: the average is the sum of iterates 6, 8 and 10 over 3. */
  @Test
  void averageOfTorchcontribIsTheSumOfItsIteratesByTheirNumber() {
    assertThat(after(AverageRule.uniform(), 0.6f, 0.36f, 0.216f))
        .isCloseTo((0.6f + 0.36f + 0.216f) / 3, within(1e-7f));
  }

  /** torch's test_averaged_model_exponential: sum of p_i d^(n-i-1) (1-d), the first without. */
  @Test
  void exponentialAverageHasTheClosedFormOfTorch() {
    float[] p = {0.3f, -1.2f, 0.7f, 2.5f, -0.4f, 1.1f, 0.9f, -0.6f, 0.2f, 1.7f};
    double expected = 0;
    for (int i = 0; i < 10; i++) {
      expected += p[i] * Math.pow(0.9, 10 - i - 1) * (i > 0 ? 0.1 : 1);
    }
    assertThat((double) after(AverageRule.exponential(0.9), p)).isCloseTo(expected, within(1e-6));
  }

  /** Adam's correction: an average begun at zero, divided by 1 - decay^n. */
  @Test
  void debiasedAverageIsThatOfZeroDividedByWhatWasSeen() {
    float[] p = {0.3f, -1.2f, 0.7f, 2.5f};
    double ema = 0;
    for (float value : p) {
      ema += 0.1 * (value - ema);
    }
    assertThat((double) after(AverageRule.exponential(0.9).debiased(), p))
        .isCloseTo(ema / (1 - Math.pow(0.9, 4)), within(1e-6));
    assertThat(after(AverageRule.exponential(0.9).debiased(), 5)).isEqualTo(5);
  }

  @Test
  void windowIsTheMeanOfTheLastWeightsOnly() {
    assertThat(after(AverageRule.last(3), 100, 1, 2, 6)).isEqualTo(3);
    assertThat(after(AverageRule.last(3), 1, 2)).isEqualTo(1.5f);
    assertThatThrownBy(() -> AverageRule.last(0)).hasMessageContaining("at least 1");
  }

  @Test
  void aRuleOfOnesOwnSeesTheAverageAndTheCount() {
    AverageRule maximum =
        AverageRule.custom(
            (average, w, length, count) -> {
              for (int i = 0; i < length; i++) {
                average[i] = count == 0 ? w[i] : Math.max(average[i], w[i]);
              }
            });
    assertThat(after(maximum, -3, 7, 2)).isEqualTo(7);
  }

  @Test
  void aFailingRuleLeavesTheAverageAsItWas() {
    WeightAverage average =
        WeightAverage.of(
            STEPS,
            AverageRule.custom((mean, w, length, count) -> mean[0] = count < 2 ? w[0] : 1e300));
    average.collect(Weights.of(ONE, new float[] {3}));
    average.collect(Weights.of(ONE, new float[] {4}));
    assertThatThrownBy(() -> average.collect(Weights.of(ONE, new float[] {5})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("t0[0]");
    assertThat(average.count()).isEqualTo(2);
    assertThat(average.average().toArray(0)).containsExactly(4);
  }

  @ParameterizedTest
  @EnumSource
  void weightsWhoseDifferenceOverflowsHaveAFiniteAverage(Accumulation accumulation) {
    WeightAverage average = average(AverageRule.uniform(), accumulation);
    average.collect(Weights.of(TWO, new float[] {3e38f, 1}));
    average.collect(Weights.of(TWO, new float[] {-3e38f, 3}));
    assertThat(average.average().toArray(0)).containsExactly(0, 2);
  }

  /** torch's use_buffers, both ways. */
  @Test
  void runningStatisticsAreAveragedOrCopiedAsSaid() {
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new Tensor("w", Role.WEIGHT, List.of(1L)),
                new Tensor("v", Role.RUNNING_VARIANCE, List.of(1L))));
    for (AverageRule rule : List.of(AverageRule.uniform(), AverageRule.last(4))) {
      for (Buffers buffers : Buffers.values()) {
        WeightAverage average = WeightAverage.of(STEPS, rule, Accumulation.COMPENSATED, buffers);
        average.collect(Weights.of(layout, new float[] {1}, new float[] {1}));
        average.collect(Weights.of(layout, new float[] {3}, new float[] {3}));
        assertThat(average.average().toArray(0)).containsExactly(2);
        assertThat(average.average().toArray(1)).containsExactly(buffers == Buffers.COPIED ? 3 : 2);
      }
    }
  }

  @Test
  void selectionsChooseByRoleAndName() {
    WeightLayout layout =
        WeightLayout.of(
            List.of(
                new Tensor("body.w", Role.WEIGHT, List.of(1L)),
                new Tensor("body.b", Role.BIAS, List.of(1L)),
                new Tensor("head.w", Role.WEIGHT, List.of(1L))));
    Weights weights = Weights.of(layout, new float[] {1}, new float[] {2}, new float[] {3});
    WeightSource chosen = Selection.all().without(Role.BIAS).withoutNames("head\\..*").of(weights);
    assertThat(Weights.copyOf(chosen).layout().tensors())
        .extracting(Tensor::name)
        .containsExactly("body.w");
    assertThat(Weights.copyOf(Selection.all().only(Role.BIAS).of(weights)).toArray(0))
        .containsExactly(2);
    assertThatThrownBy(() -> Selection.all().onlyNames("x").of(weights))
        .hasMessageContaining("must leave a tensor");
  }

  /** By a difference from 1, a variance of 1e-9 became 0. */
  @ParameterizedTest
  @EnumSource
  void whatIsCopiedIsTheLastToTheBit(Accumulation accumulation) {
    WeightLayout layout =
        WeightLayout.of(List.of(new Tensor("variance", Role.RUNNING_VARIANCE, List.of(2L))));
    WeightAverage average =
        WeightAverage.of(STEPS, AverageRule.uniform(), accumulation, Buffers.COPIED);
    average.collect(Weights.of(layout, new float[] {1, 1e8f}));
    average.collect(Weights.of(layout, new float[] {1e-9f, 0.1f}));
    assertThat(average.average().toArray(0)).containsExactly(1e-9f, 0.1f);
  }

  @ParameterizedTest
  @EnumSource
  void aDecayOfZeroGivesTheLastWeights(Accumulation accumulation) {
    WeightAverage average = average(AverageRule.exponential(0), accumulation);
    average.collect(Weights.of(ONE, new float[] {1e8f}));
    average.collect(Weights.of(ONE, new float[] {1e-3f}));
    assertThat(average.average().toArray(0)).containsExactly(1e-3f);
  }
}
