package io.github.swag4j.swag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MixtureTest {
  private static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("kernel", Role.WEIGHT, List.of(2L, 2L)),
              new Tensor("bias", Role.BIAS, List.of(1L))));

  private static Weights constant(float value) {
    float[] kernel = new float[4];
    Arrays.fill(kernel, value);
    return Weights.of(LAYOUT, kernel, new float[] {value});
  }

  private static WeightPosterior point(float value) {
    return WeightPosterior.point(constant(value));
  }

  private static SwagPosterior gaussian(float mean, float variance) {
    return new SwagPosterior(
        SwagPosterior.Options.defaults().withRank(0),
        10,
        1,
        constant(mean),
        constant(variance),
        List.of());
  }

  /** So many weight vectors and no more: 0, 1, ... */
  private static WeightPosterior members(int count) {
    return new WeightPosterior() {
      @Override
      public WeightLayout layout() {
        return LAYOUT;
      }

      @Override
      public Weights mean() {
        return constant((count - 1) / 2f);
      }

      @Override
      public Weights sample(long seed, int index) {
        if (index < 0 || index >= count) {
          throw new IllegalArgumentException("index " + index);
        }
        return constant(index);
      }

      @Override
      public int mostSamples() {
        return count;
      }
    };
  }

  private static float first(Weights weights) {
    return weights.values(0).get(0);
  }

  @Test
  void anEnsembleOfPointsHasEachMemberOnceForEverySeed() {
    Mixture ensemble = WeightPosterior.ensemble(List.of(constant(1), constant(2), constant(4)));
    assertThat(ensemble.mostSamples()).isEqualTo(3);
    assertThat(ensemble.isPoint()).isFalse();
    for (long seed : new long[] {0, 7}) {
      assertThat(ensemble.samples(seed, 0, 3))
          .containsExactly(constant(1), constant(2), constant(4));
    }
    assertThat(ensemble.mean()).isEqualTo(constant(7 / 3f));
    assertThatThrownBy(() -> ensemble.sample(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("below the 3 members")
        .hasMessageContaining("take 3 samples");
  }

  @Test
  void componentsOfEqualWeightTakeTurns() {
    List<SwagPosterior> swags = List.of(gaussian(0, 1), gaussian(100, 1), gaussian(200, 1));
    Mixture mixture = WeightPosterior.mixture(swags);
    assertThat(mixture.mostSamples()).isEqualTo(Integer.MAX_VALUE);
    for (int i = 0; i < 12; i++) {
      assertThat(mixture.component(i)).isEqualTo(i % 3);
      assertThat(first(mixture.sample(5, i))).isBetween(100f * (i % 3) - 8, 100f * (i % 3) + 8);
    }
  }

  @Test
  void samplesTogetherAreTheBitsOfSamplesAlone() {
    List<WeightPosterior> mixed = List.of(gaussian(0, 1), point(50), gaussian(100, 4), members(3));
    for (Mixture mixture :
        List.of(
            WeightPosterior.mixture(mixed),
            WeightPosterior.mixture(mixed, new double[] {0.61, 0.05, 0.14, 0.2}))) {
      List<Weights> together = mixture.samples(9, 5, 40);
      for (int i = 0; i < 40; i++) {
        assertThat(together.get(i)).isEqualTo(mixture.sample(9, 5 + i));
      }
    }
  }

  @Test
  void componentsThatAreAlikeDrawDifferentNoise() {
    SwagPosterior same = gaussian(0, 1);
    Mixture nested =
        WeightPosterior.mixture(List.of(same, WeightPosterior.mixture(List.of(same, same)), same));
    assertThat(new HashSet<>(nested.samples(3, 0, 300))).hasSize(300);
  }

  /** Tijdeman's bound; the greatest remainder, drawn by chance or turn by turn, passes it. */
  @Property(tries = 200)
  void everyPrefixHasSharesAsNearTheWeightsAsIntegersAllow(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int components) {
    Random random = new Random(seed);
    double[] weights = new double[components];
    double sum = 0;
    for (int m = 0; m < components; m++) {
      weights[m] = Math.pow(random.nextDouble(), 3) + 1e-9;
      sum += weights[m];
    }
    for (int m = 0; m < components; m++) {
      weights[m] /= sum;
    }
    Apportionment.Turn[] turns = new Apportionment(weights).turns(0, 400);
    int[] had = new int[components];
    double bound = 1 - 1 / (2.0 * components - 2) + 1e-9;
    for (int n = 1; n <= turns.length; n++) {
      Apportionment.Turn turn = turns[n - 1];
      assertThat(turn.own()).isEqualTo(had[turn.component()]++);
      for (int m = 0; m < components; m++) {
        assertThat(Math.abs(had[m] - n * weights[m])).isLessThanOrEqualTo(bound);
      }
    }
    assertThat(new Apportionment(weights).turns(137, 20))
        .containsExactly(Arrays.copyOfRange(turns, 137, 157));
  }

  @Test
  void turnsOfNearlyEqualWeightsAreThoseOfEqualOnes() {
    double[] nearly = {1.0 / 3 + 1e-12, 1.0 / 3, 1.0 / 3 - 1e-12};
    Apportionment.Turn[] turns = new Apportionment(nearly).turns(0, 30);
    for (int i = 0; i < 30; i++) {
      assertThat(turns[i]).isEqualTo(new Apportionment.Turn(i % 3, i / 3));
    }
  }

  @Test
  void momentsAreThoseOfTheMixture() {
    double[] weights = {0.5, 0.3, 0.2};
    double[] means = {0, 2, -3};
    double[] variances = {1, 0.25, 4};
    List<SwagPosterior> swags = new ArrayList<>();
    double mean = 0;
    double square = 0;
    for (int m = 0; m < 3; m++) {
      swags.add(gaussian((float) means[m], (float) variances[m]));
      mean += weights[m] * means[m];
      square += weights[m] * (variances[m] + means[m] * means[m]);
    }
    Mixture mixture = WeightPosterior.mixture(swags, weights);
    int samples = 20_000;
    double[] sum = new double[2];
    for (Weights w : mixture.samples(1, 0, samples)) {
      for (int i = 0; i < 4; i++) {
        sum[0] += w.values(0).get(i) / (4.0 * samples);
        sum[1] += Math.pow(w.values(0).get(i), 2) / (4.0 * samples);
      }
    }
    // Shares are exact at this count; the standard errors are 0.005 and 0.02.
    assertThat(sum[0]).isCloseTo(mean, within(0.02));
    assertThat(sum[1]).isCloseTo(square, within(0.1));
    assertThat((double) first(mixture.mean())).isCloseTo(mean, within(1e-6));
  }

  @Test
  void aMixtureOfMixturesCountsEachMemberAsItWeighs() {
    Mixture inner = WeightPosterior.mixture(List.of(point(1), point(2)));
    Mixture outer = WeightPosterior.mixture(List.of(inner, point(3)));
    assertThat(outer.mostSamples()).isEqualTo(4);
    assertThat(outer.samples(0, 0, 4))
        .containsExactly(constant(1), constant(3), constant(2), constant(3));
  }

  @Test
  void ensemblesWhoseSizesDoNotDivideHaveNoEndAndBeginAgain() {
    Mixture mixture = WeightPosterior.mixture(List.of(members(3), members(2)));
    assertThat(mixture.mostSamples()).isEqualTo(Integer.MAX_VALUE);
    assertThat(mixture.samples(0, 0, 8).stream().map(MixtureTest::first))
        .containsExactly(0f, 0f, 1f, 1f, 2f, 0f, 0f, 1f);
  }

  @Test
  void whatWeighsNothingIsNeverDrawn() {
    Mixture one =
        WeightPosterior.mixture(List.of(point(1), point(2), point(3)), new double[] {0, 1, 0});
    assertThat(one.isPoint()).isTrue();
    assertThat(one.sample(0, 0)).isEqualTo(constant(2));
    assertThat(one.mean()).isEqualTo(constant(2));
    Mixture two =
        WeightPosterior.mixture(List.of(point(1), point(2), point(3)), new double[] {0.5, 0, 0.5});
    assertThat(two.mostSamples()).isEqualTo(2);
    assertThat(two.samples(0, 0, 2)).containsExactly(constant(1), constant(3));
    assertThat(two.component(1)).isEqualTo(2);
  }

  @Test
  void layoutsThatDifferAreRefusedByTheFirstTensorThatDoes() {
    WeightLayout other =
        WeightLayout.of(
            List.of(
                new Tensor("kernel", Role.WEIGHT, List.of(2L, 2L)),
                new Tensor("bias", Role.BIAS, List.of(3L))));
    WeightPosterior stranger = WeightPosterior.point(Weights.of(other, new float[4], new float[3]));
    assertThatThrownBy(() -> WeightPosterior.mixture(List.of(point(1), point(2), stranger)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("component 2")
        .hasMessageContaining("tensor 1 must be bias [1], got bias [3]");
  }

  @Test
  void weightsThatAreNoneAreRefused() {
    List<WeightPosterior> two = List.of(point(1), point(2));
    assertThatThrownBy(() -> WeightPosterior.mixture(two, new double[] {1}))
        .hasMessageContaining("one a component, got 1 for 2");
    assertThatThrownBy(() -> WeightPosterior.mixture(two, new double[] {1.5, -0.5}))
        .hasMessageContaining("weights[1] must be finite and at least 0, got -0.5");
    assertThatThrownBy(() -> WeightPosterior.mixture(two, new double[] {0.5, Double.NaN}))
        .hasMessageContaining("weights[1] must be finite");
    assertThatThrownBy(() -> WeightPosterior.mixture(two, new double[] {1, 1}))
        .hasMessageContaining("must sum to 1")
        .hasMessageContaining("got 2.0: divide them by their sum");
    assertThatThrownBy(() -> WeightPosterior.mixture(List.of()))
        .hasMessageContaining("at least 1 component");
  }
}
