package io.github.swag4j.studies.reinforce.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.studies.reinforce.environment.ActionSpace;
import io.github.swag4j.studies.reinforce.environment.Environment;
import io.github.swag4j.studies.reinforce.environment.Step;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Three updates of each agent from given weights and batches, as torch's autograd and optimisers
 * make them; values by make_agent_golden.py.
 */
class UpdateGoldenTest {
  private static final Gson GSON = new Gson();

  /** Float32 against float64 is off by 2e-7; the least of the wrong updates by 1e-4. */
  private static final double CLOSE = 5e-6;

  private static JsonObject golden;

  private record A2cUpdate(
      float[] states,
      float[] actions,
      float[] advantages,
      float[] returns,
      double norm,
      double[][] actor,
      double[][] critic,
      double[] logs) {}

  private record A2cGolden(
      double entropy,
      double value,
      double maxNorm,
      double rate,
      float[][] actor,
      float[][] critic,
      List<A2cUpdate> updates) {}

  private record DdpgUpdate(
      float[] states,
      float[] actions,
      float[] rewards,
      float[] next,
      float[] goesOn,
      double[][] actor,
      double[][] critic,
      double[][] targetActor,
      double[][] targetCritic) {}

  private record DdpgGolden(
      double gamma,
      double rate,
      double tau,
      float[][] actor,
      float[][] critic,
      List<DdpgUpdate> updates) {}

  /** Says what is seen and done; nobody acts in it. */
  private record Unused(ActionSpace actions) implements Environment {
    @Override
    public int observationSize() {
      return 3;
    }

    @Override
    public float[] reset(long seed) {
      return new float[3];
    }

    @Override
    public Step step(float... action) {
      throw new IllegalStateException("the batches are given");
    }
  }

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = UpdateGoldenTest.class.getResourceAsStream("../agent.json")) {
      golden =
          JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .getAsJsonObject();
    }
  }

  private static Weights given(ModelWeights of, float[][] values) {
    return Weights.of(of.layout(), values);
  }

  private static void requireClose(String what, WeightSource found, double[][] expected) {
    assertThat(found.layout().tensors()).as(what).hasSize(expected.length);
    Weights weights = Weights.copyOf(found);
    for (int t = 0; t < expected.length; t++) {
      requireClose(what + ", tensor " + t, weights.toArray(t), expected[t]);
    }
  }

  private static void requireClose(String what, float[] found, double[] expected) {
    double[] wide = new double[found.length];
    Arrays.setAll(wide, i -> found[i]);
    assertThat(wide).as(what).containsExactly(expected, within(CLOSE));
  }

  private static void requireA2cIsTorchs(String name, ActionSpace actions) {
    A2cGolden of = GSON.fromJson(golden.get(name), A2cGolden.class);
    A2c.Options options =
        new A2c.Options(1, 6, 0.99, 1, of.rate, of.entropy, of.value, of.maxNorm, List.of(4));
    try (A2c agent = new A2c(() -> new Unused(actions), options, 1)) {
      agent.actor().write(given(agent.actor(), of.actor));
      agent.critic().write(given(agent.critic(), of.critic));
      for (int n = 0; n < of.updates.size(); n++) {
        A2cUpdate update = of.updates.get(n);
        float[][] states = new float[update.advantages.length][];
        Arrays.setAll(states, r -> Arrays.copyOfRange(update.states, 3 * r, 3 * r + 3));
        agent.learn(states, update.actions, new Advantages(update.advantages, update.returns));
        String what = name + ", update " + (n + 1);
        requireClose(what + ", actor", agent.actor(), update.actor);
        requireClose(what + ", critic", agent.critic(), update.critic);
        if (update.logs != null) {
          requireClose(what + ", log deviations", agent.logDeviations(), update.logs);
        }
      }
    }
    // RMSProp forgets a factor that all gradients have: clipping shows where only some are clipped.
    assertThat(of.updates)
        .extracting(update -> update.norm > of.maxNorm)
        .containsExactly(true, false, true);
    assertThat(of.entropy).isEqualTo(0.01);
  }

  @Test
  void updatesOfA2cAreTorchsForChoicesAndForVectors() {
    requireA2cIsTorchs("a2cChoice", new ActionSpace.Choice(3));
    requireA2cIsTorchs(
        "a2cVector", new ActionSpace.Vector(new float[] {-1, -1}, new float[] {1, 1}));
  }

  @Test
  void updatesOfDdpgAndOfItsTargetsAreTorchs() {
    DdpgGolden of = GSON.fromJson(golden.get("ddpg"), DdpgGolden.class);
    Ddpg.Options options =
        new Ddpg.Options(of.gamma, of.rate, 6, 6, 6, of.tau, new ActionNoise.Normal(0), List.of(5));
    ActionSpace actions = new ActionSpace.Vector(new float[] {-2, -2}, new float[] {2, 2});
    try (Ddpg agent = new Ddpg(() -> new Unused(actions), options, 1)) {
      agent.begin(given(agent.actor(), of.actor), given(agent.critic(), of.critic));
      for (int n = 0; n < of.updates.size(); n++) {
        DdpgUpdate update = of.updates.get(n);
        agent.learn(
            new ReplayBuffer.Batch(
                update.states, update.actions, update.rewards, update.next, update.goesOn));
        String what = "update " + (n + 1);
        requireClose(what + ", critic", agent.critic(), update.critic);
        requireClose(what + ", actor", agent.actor(), update.actor);
        requireClose(what + ", target critic", agent.targetCritic(), update.targetCritic);
        requireClose(what + ", target actor", agent.targetActor(), update.targetActor);
      }
      assertThat(of.updates).hasSize(3);
    }
  }
}
