package io.github.swag4j.studies.reinforce.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.swag4j.swa.djl.EngineDefaults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Losses, gradients and advantages of PyTorch; values by make_agent_golden.py. */
class AgentGoldenTest {
  private static final Gson GSON = new Gson();
  private static JsonObject golden;

  private record Choice(
      float[] logits,
      float[] actions,
      float[] advantages,
      double policy,
      double entropy,
      double[] policyGradient,
      double[] entropyGradient) {}

  private record Vector(
      float[] means,
      float[] logs,
      float[] actions,
      float[] advantages,
      double policy,
      double entropy,
      double[] meanGradient,
      double[] logGradient) {}

  private record Returns(
      double gamma,
      double lam,
      double[] rewards,
      double[] values,
      boolean[] ended,
      double[] end,
      double[] last,
      double[] advantages,
      double[] returns) {}

  @BeforeAll
  static void read() throws IOException {
    EngineDefaults.apply();
    try (InputStream in = AgentGoldenTest.class.getResourceAsStream("../agent.json")) {
      golden =
          JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .getAsJsonObject();
    }
  }

  /** A loss, and its gradient at an array. */
  private static double check(
      NDManager manager, NDArray where, Function<NDArray, NDArray> loss, double[] gradient) {
    NDArray at = manager.create(where.toFloatArray(), where.getShape()); // gradients add up
    at.setRequiresGradient(true);
    float value;
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      NDArray of = loss.apply(at);
      collector.backward(of);
      value = of.toFloatArray()[0];
    }
    float[] found = at.getGradient().toFloatArray();
    for (int i = 0; i < gradient.length; i++) {
      assertThat((double) found[i])
          .as("gradient " + i)
          .isCloseTo(gradient[i], within(1e-6 * Math.max(1, Math.abs(gradient[i]))));
    }
    return value;
  }

  @Test
  void theLossOfChoicesIsThatOfTorch() {
    Choice of = GSON.fromJson(golden.get("choice"), Choice.class);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(of.logits, new Shape(6, 3));
      double policy =
          check(
              manager,
              logits,
              x -> ActorCriticLoss.choice(manager, x, of.actions, of.advantages)[0],
              of.policyGradient);
      assertThat(policy).isEqualTo(of.policy, within(1e-6));
      double entropy =
          check(
              manager,
              logits,
              x -> ActorCriticLoss.choice(manager, x, of.actions, of.advantages)[1],
              of.entropyGradient);
      assertThat(entropy).isEqualTo(of.entropy, within(1e-6));
    }
  }

  @Test
  void theLossOfVectorsIsThatOfTorch() {
    Vector of = GSON.fromJson(golden.get("vector"), Vector.class);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray means = manager.create(of.means, new Shape(5, 2));
      NDArray logs = manager.create(of.logs, new Shape(2));
      double policy =
          check(
              manager,
              means,
              x -> ActorCriticLoss.vector(manager, x, logs, of.actions, of.advantages)[0],
              of.meanGradient);
      assertThat(policy).isEqualTo(of.policy, within(1e-5));
      check(
          manager,
          logs,
          x -> ActorCriticLoss.vector(manager, means, x, of.actions, of.advantages)[0],
          of.logGradient);
      double entropy =
          check(
              manager,
              logs,
              x -> ActorCriticLoss.vector(manager, means, x, of.actions, of.advantages)[1],
              new double[] {-1, -1});
      assertThat(entropy).isEqualTo(of.entropy, within(1e-6));
    }
  }

  @Test
  void advantagesAreThoseOfTheDefinitionWithEndsAndCuts() {
    Returns of = GSON.fromJson(golden.get("returns"), Returns.class);
    Advantages found =
        Advantages.of(of.rewards, of.values, of.ended, of.end, of.last, of.gamma, of.lam);
    for (int i = 0; i < of.rewards.length; i++) {
      assertThat((double) found.advantages()[i]).isEqualTo(of.advantages[i], within(1e-6));
      assertThat((double) found.returns()[i]).isEqualTo(of.returns[i], within(1e-6));
    }
    // With lambda 0 an advantage is the surprise of one step alone.
    Advantages steps = Advantages.of(of.rewards, of.values, of.ended, of.end, of.last, of.gamma, 0);
    assertThat((double) steps.advantages()[0])
        .isEqualTo(of.rewards[0] + of.gamma * of.values[2] - of.values[0], within(1e-6));
  }
}
