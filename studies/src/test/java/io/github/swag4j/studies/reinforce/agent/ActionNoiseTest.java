package io.github.swag4j.studies.reinforce.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.studies.reinforce.agent.ActionNoise.Normal;
import io.github.swag4j.studies.reinforce.agent.ActionNoise.OrnsteinUhlenbeck;
import io.github.swag4j.studies.reinforce.environment.ControlTask;
import io.github.swag4j.swa.weights.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Noise against its closed forms. */
class ActionNoiseTest {

  private static double[] sequence(ActionNoise noise, int length, long seed) {
    SplitMix random = new SplitMix(seed);
    double[] out = new double[length];
    for (int i = 1; i < length; i++) {
      out[i] = noise.next(out[i - 1], random);
    }
    return out;
  }

  private static double meanProduct(double[] x, int from, int lag) {
    double sum = 0;
    for (int i = from + lag; i < x.length; i++) {
      sum += x[i] * x[i - lag];
    }
    return sum / (x.length - from - lag);
  }

  @Test
  void theVarianceLongAfterTheStartIsThatOfTheClosedForm() {
    for (double dt : List.of(0.01, 1.0)) {
      OrnsteinUhlenbeck noise = new OrnsteinUhlenbeck(0.5, 0.15, dt);
      double expected = 0.25 / (2 * 0.15 - 0.15 * 0.15 * dt);
      // 2,000 and 45,000 independent stretches: standard errors of 3 % and 0.7 %.
      double[] x = sequence(noise, dt < 1 ? 1_500_000 : 300_000, 1);
      double variance = meanProduct(x, 10_000, 0);
      assertThat(variance).isCloseTo(expected, within((dt < 1 ? 0.1 : 0.025) * expected));
      assertThat(meanProduct(x, 10_000, 1) / variance).isCloseTo(1 - 0.15 * dt, within(0.005));
    }
  }

  /** 0 at first, so that the noise of an episode grows: (1 - (1 - theta dt)^(2 n)) of the end. */
  @Test
  void anEpisodeBeginsWithoutNoise() {
    OrnsteinUhlenbeck noise = OrnsteinUhlenbeck.usual(0.5);
    double squares = 0;
    for (int episode = 0; episode < 20_000; episode++) {
      double at = sequence(noise, 101, episode)[100];
      squares += at * at;
    }
    double end = 0.25 / (0.3 - 0.15 * 0.15 * 0.01);
    double expected = end * (1 - Math.pow(1 - 0.0015, 200));
    assertThat(squares / 20_000).isCloseTo(expected, within(0.04 * expected));
  }

  @Test
  void normalNoiseForgetsWhatWasBefore() {
    double[] x = sequence(new Normal(0.3), 1_000_000, 1);
    assertThat(meanProduct(x, 1, 0)).isCloseTo(0.09, within(0.001));
    assertThat(meanProduct(x, 1, 1)).isCloseTo(0, within(0.0005));
    assertThat(new Normal(0).next(7, new SplitMix(1))).isZero();
  }

  @Test
  void anAgentActsWithTheNoiseItIsGiven() {
    Weights[] learnt = new Weights[3];
    ActionNoise[] kinds = {new Normal(0.5), OrnsteinUhlenbeck.usual(0.5), new Normal(0.5)};
    for (int i = 0; i < kinds.length; i++) {
      Ddpg.Options options = new Ddpg.Options(0.98, 1e-3, 16, 1_000, 20, 0.1, kinds[i], List.of(8));
      try (Ddpg agent = new Ddpg(ControlTask.PENDULUM, options, 1)) {
        for (int n = 0; n < 60; n++) {
          agent.update();
        }
        learnt[i] = Weights.copyOf(agent.actor());
      }
    }
    assertThat(learnt[1]).isNotEqualTo(learnt[0]);
    assertThat(learnt[2]).isEqualTo(learnt[0]);
  }

  @Test
  void whatIsNoNoiseIsRefused() {
    assertThatThrownBy(() -> new Normal(-1))
        .hasMessage("deviation must be finite and at least 0, got -1.0");
    assertThatThrownBy(() -> new OrnsteinUhlenbeck(1, 0, 1))
        .hasMessage("theta must be finite and above 0, got 0.0");
    assertThatThrownBy(() -> new OrnsteinUhlenbeck(1, 2, 1))
        .hasMessageContaining("theta times dt must be at most 1");
  }
}
