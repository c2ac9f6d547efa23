package io.github.swag4j.studies.reinforce.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.studies.reinforce.environment.ActionSpace;
import io.github.swag4j.studies.reinforce.environment.ControlTask;
import io.github.swag4j.studies.reinforce.environment.Environment;
import io.github.swag4j.studies.reinforce.environment.Step;
import io.github.swag4j.studies.reinforce.environment.TimeLimit;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Agents on small tasks, some of them a user's own. */
class AgentsTest {
  private static final A2c.Options SMALL =
      new A2c.Options(4, 5, 0.99, 1, 7e-3, 0, 0.5, 0.5, List.of(16));

  /** Two arms; the second pays. */
  private static final class Bandit implements Environment {
    @Override
    public int observationSize() {
      return 1;
    }

    @Override
    public ActionSpace actions() {
      return new ActionSpace.Choice(2);
    }

    @Override
    public float[] reset(long seed) {
      return new float[] {1};
    }

    @Override
    public Step step(float... action) {
      return new Step(new float[] {1}, action[0], true, false);
    }
  }

  /** A point to be hit: the reward is the negative square of the distance, one step an episode. */
  private static final class Target implements Environment {
    private float place;

    @Override
    public int observationSize() {
      return 1;
    }

    @Override
    public ActionSpace actions() {
      return ActionSpace.Vector.within(2);
    }

    @Override
    public float[] reset(long seed) {
      place = (seed & 1) == 0 ? -1 : 1;
      return new float[] {place};
    }

    @Override
    public Step step(float... action) {
      float miss = action[0] - place;
      return new Step(new float[] {place}, -miss * miss, true, false);
    }
  }

  /** Pays 1 for anything, and is over. */
  private static final class Paying implements Environment {
    private float place;

    @Override
    public int observationSize() {
      return 1;
    }

    @Override
    public ActionSpace actions() {
      return ActionSpace.Vector.within(1);
    }

    @Override
    public float[] reset(long seed) {
      place = (seed & 1) == 0 ? -1 : 1;
      return new float[] {place};
    }

    @Override
    public Step step(float... action) {
      return new Step(new float[] {place}, 1, true, false);
    }
  }

  private static Weights trained(Agent agent, int updates) {
    for (int i = 0; i < updates; i++) {
      agent.update();
    }
    return Weights.copyOf(agent.actor());
  }

  @Test
  void aBanditsBetterArmIsFound() {
    try (A2c agent = new A2c(Bandit::new, SMALL, 1)) {
      trained(agent, 150);
      assertThat(agent.policy(agent.actor()).act(new float[][] {{1}})[0][0]).isEqualTo(1);
      double[] values = agent.values(agent.actor(), agent.critic(), new float[][] {{1}});
      assertThat(values[0]).isEqualTo(1, within(0.2));
      assertThat(agent.environmentSteps()).isEqualTo(150L * 4 * 5);
    }
  }

  @Test
  void anEndAtTheTimeLimitIsAnEnd() {
    A2c.Options options = new A2c.Options(4, 5, 0.9, 1, 7e-3, 0, 0.5, 0.5, List.of(16));
    try (A2c agent = new A2c(() -> TimeLimit.of(new Bandit(), 1), options, 1)) {
      trained(agent, 150);
      // Were it a cut, 1 + 0.9 V would carry the value beyond 2.
      double[] values = agent.values(agent.actor(), agent.critic(), new float[][] {{1}});
      assertThat(values[0]).isEqualTo(1, within(0.2));
    }
    Ddpg.Options small =
        new Ddpg.Options(0.9, 3e-3, 32, 1_000, 100, 0.05, new ActionNoise.Normal(0), List.of(16));
    float[][] places = {{-1}, {1}};
    try (Ddpg agent = new Ddpg(() -> TimeLimit.of(new Paying(), 1), small, 1)) {
      trained(agent, 300);
      for (double value : agent.values(agent.actor(), agent.critic(), places)) {
        assertThat(value).isEqualTo(1, within(0.2));
      }
    }
  }

  @Test
  void vectorsAreLearntByBothAgents() {
    float[][] places = {{-1}, {1}};
    try (A2c agent = new A2c(Target::new, SMALL, 2)) {
      trained(agent, 400);
      float[][] actions = agent.policy(agent.actor()).act(places);
      assertThat(actions[0][0]).isEqualTo(-1, within(0.4f));
      assertThat(actions[1][0]).isEqualTo(1, within(0.4f));
    }
    Ddpg.Options options =
        new Ddpg.Options(
            0.98, 3e-3, 32, 1_000, 100, 0.01, new ActionNoise.Normal(0.3), List.of(16, 16));
    try (Ddpg agent = new Ddpg(Target::new, options, 3)) {
      trained(agent, 500);
      float[][] actions = agent.policy(agent.actor()).act(places);
      assertThat(actions[0][0]).isEqualTo(-1, within(0.3f));
      assertThat(actions[1][0]).isEqualTo(1, within(0.3f));
      double[] values = agent.values(agent.actor(), agent.critic(), places);
      assertThat(values[0]).isEqualTo(0, within(0.3));
    }
  }

  @Test
  void aSeedGivesTheSameBitsWhateverIsJudgedMeanwhile() {
    Weights alone;
    try (A2c agent = new A2c(ControlTask.CARTPOLE, SMALL, 7)) {
      alone = trained(agent, 30);
    }
    try (A2c agent = new A2c(ControlTask.CARTPOLE, SMALL, 7)) {
      for (int i = 0; i < 30; i++) {
        agent.update();
        agent.policy(alone).act(new float[][] {{0, 0, 0, 0}});
        agent.values(alone, agent.critic(), new float[][] {{0, 0, 0, 0}});
      }
      assertThat(Weights.copyOf(agent.actor())).isEqualTo(alone);
    }
    try (A2c agent = new A2c(ControlTask.CARTPOLE, SMALL, 8)) {
      assertThat(trained(agent, 30)).isNotEqualTo(alone);
    }
  }

  @Test
  void targetsAreTheExponentialAverageOfTheLiveWeights() {
    Ddpg.Options options =
        new Ddpg.Options(0.98, 1e-3, 16, 1_000, 50, 0.1, new ActionNoise.Normal(0.1), List.of(8));
    try (Ddpg agent = new Ddpg(ControlTask.PENDULUM, options, 1)) {
      double[] expected = values(agent.actor());
      for (int n = 0; n < 20; n++) {
        agent.update();
        double[] live = values(agent.actor());
        for (int i = 0; i < live.length; i++) {
          expected[i] += 0.1 * (live[i] - expected[i]);
        }
      }
      assertThat(values(agent.targetActor())).containsExactly(expected, within(1e-6));
      assertThat(values(agent.actor())).isNotEqualTo(values(agent.targetActor()));
    }
  }

  private static double[] values(WeightSource weights) {
    FloatBuffer first = weights.values(0);
    double[] values = new double[weights.layout().tensor(0).size()];
    Arrays.setAll(values, first::get);
    return values;
  }

  @Test
  void theOldestTransitionGivesWayAndAllAreDrawnAlike() {
    ReplayBuffer buffer = new ReplayBuffer(4, 1, 1);
    for (int i = 0; i < 6; i++) {
      buffer.add(new float[] {i}, new float[] {-i}, 10 * i, new float[] {i + 1}, i == 5);
    }
    assertThat(buffer.size()).isEqualTo(4);
    ReplayBuffer.Batch batch = buffer.draw(8_000, new SplitMix(1));
    int[] count = new int[6];
    for (int r = 0; r < 8_000; r++) {
      int i = (int) batch.states()[r];
      count[i]++;
      assertThat(batch.actions()[r]).isEqualTo(-i);
      assertThat(batch.rewards()[r]).isEqualTo(10 * i);
      assertThat(batch.next()[r]).isEqualTo(i + 1);
      assertThat(batch.goesOn()[r]).isEqualTo(i == 5 ? 0 : 1);
    }
    assertThat(count[0] + count[1]).isZero();
    for (int i = 2; i < 6; i++) {
      assertThat(count[i]).isBetween(1_850, 2_150);
    }
  }

  @Test
  void choicesAreNoTaskOfDdpg() {
    assertThatThrownBy(() -> new Ddpg(ControlTask.CARTPOLE, Ddpg.Options.defaults(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DDPG needs actions that are vectors");
  }

  /**
   * Two states in turn, whatever is done; leaving the second pays 1. It has no end, so episodes are
   * cut after 7 steps, in the first state.
   */
  private static final class Chain implements Environment {
    private final ActionSpace actions;
    private int state;

    Chain(ActionSpace actions) {
      this.actions = actions;
    }

    static Supplier<Environment> of(ActionSpace actions) {
      return () -> TimeLimit.of(new Chain(actions), 7);
    }

    @Override
    public int observationSize() {
      return 1;
    }

    @Override
    public ActionSpace actions() {
      return actions;
    }

    @Override
    public float[] reset(long seed) {
      state = 0;
      return new float[] {-1};
    }

    @Override
    public Step step(float... action) {
      double reward = state;
      state = 1 - state;
      return new Step(new float[] {state == 0 ? -1 : 1}, reward, false, false);
    }
  }

  /** V0 = g V1 and V1 = 1 + g V0, so V1 = 1 / (1 - g^2); were a cut an end, V0 would be halved. */
  private static void requireBellman(Agent agent, double gamma) {
    double second = 1 / (1 - gamma * gamma);
    double[] values = agent.values(agent.actor(), agent.critic(), new float[][] {{-1}, {1}});
    assertThat(values[0]).isCloseTo(gamma * second, within(0.15));
    assertThat(values[1]).isCloseTo(second, within(0.15));
  }

  @Test
  void criticsOfBothAgentsSolveBellmansEquationAcrossTheTimeLimit() {
    Ddpg.Options slow =
        new Ddpg.Options(0.8, 3e-3, 32, 2_000, 200, 0.05, new ActionNoise.Normal(0.3), List.of(16));
    try (Ddpg agent = new Ddpg(Chain.of(ActionSpace.Vector.within(1)), slow, 1)) {
      trained(agent, 800);
      requireBellman(agent, 0.8);
    }
    A2c.Options options = new A2c.Options(4, 5, 0.8, 1, 7e-3, 0, 0.5, 0.5, List.of(16));
    try (A2c agent = new A2c(Chain.of(new ActionSpace.Choice(2)), options, 1)) {
      trained(agent, 500);
      requireBellman(agent, 0.8);
    }
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    A2c.Options usual = A2c.Options.defaults();
    assertThatThrownBy(() -> usual.withRate(-1))
        .hasMessage("rate must be finite and above 0, got -1.0");
    assertThatThrownBy(() -> usual.withEntropy(Double.NaN))
        .hasMessage("entropy must be finite and at least 0, got NaN");
    assertThatThrownBy(() -> new A2c.Options(1, 1, 1.5, 1, 1, 0, 1, 1, List.of()))
        .hasMessage("gamma must be in [0, 1], got 1.5");
    assertThatThrownBy(() -> new A2c.Options(1, 1, 1, 1, 1, 0, 1, 1, List.of(4, 0)))
        .hasMessage("hidden layers must have at least 1 unit, got [4, 0]");
    assertThatThrownBy(() -> Ddpg.Options.defaults().withRate(Double.NaN))
        .hasMessage("rate must be finite and above 0, got NaN");
    ActionNoise noise = new ActionNoise.Normal(0);
    assertThatThrownBy(() -> new Ddpg.Options(1, 1, 1, 1, 1, 0, noise, List.of(4)))
        .hasMessage("tau must be finite and above 0, got 0.0");
  }
}
