package io.github.swag4j.studies.reinforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.studies.reinforce.AveragedTraining.Found;
import io.github.swag4j.studies.reinforce.AveragedTraining.Plan;
import io.github.swag4j.studies.reinforce.agent.A2c;
import io.github.swag4j.studies.reinforce.agent.ActionNoise;
import io.github.swag4j.studies.reinforce.agent.Agent;
import io.github.swag4j.studies.reinforce.agent.Ddpg;
import io.github.swag4j.studies.reinforce.environment.ControlTask;
import io.github.swag4j.studies.reinforce.environment.Environment;
import io.github.swag4j.studies.reinforce.environment.TimeLimit;
import io.github.swag4j.swa.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Averages are kept beside training, and judged. */
class AveragedTrainingTest {
  private static final Plan PLAN = new Plan(40, 10, 3, 4, 2, 3, 0.99);

  private static void requireSameBits(Supplier<Agent> agents, Supplier<Environment> task) {
    Weights actor;
    Weights critic;
    try (Agent alone = agents.get()) {
      for (int i = 0; i < PLAN.updates(); i++) {
        alone.update();
      }
      actor = Weights.copyOf(alone.actor());
      critic = Weights.copyOf(alone.critic());
    }
    try (Agent averaged = agents.get()) {
      PolicyEvaluation judge = new PolicyEvaluation(task, PLAN.starts(), 1);
      PolicyEvaluation last = new PolicyEvaluation(task, PLAN.finalStarts(), 1_000);
      Found found = new AveragedTraining(averaged, PLAN, judge, last).run(n -> {});
      assertThat(Weights.copyOf(averaged.actor())).isEqualTo(actor);
      assertThat(Weights.copyOf(averaged.critic())).isEqualTo(critic);
      assertThat(found.finalReturn()).containsKeys("average", "best checkpoint");
      assertThat(found.curves().get("average")).hasSize(4);
    }
  }

  @Test
  void anAgentIsTrainedToTheSameBitsWithAndWithoutAverages() {
    requireSameBits(
        () -> new A2c(ControlTask.CARTPOLE, A2c.Options.defaults(), 3), ControlTask.CARTPOLE);
    Ddpg.Options small =
        new Ddpg.Options(0.98, 1e-3, 16, 500, 50, 0.01, new ActionNoise.Normal(0.1), List.of(16));
    Supplier<Environment> task = () -> TimeLimit.of(ControlTask.PENDULUM.get(), 30);
    requireSameBits(() -> new Ddpg(task, small, 3), task);
  }

  /** Collects after updates 12, 14, ... 60, which is 25 times; judges after 6, 12, ... 60. */
  private static final Plan SCRIPT = new Plan(60, 10, 2, 10, 2, 3, 0.5);

  private static final long JUDGED = 1;
  private static final long JUDGED_AT_THE_END = 1_000;

  /** Weights that go up and down as they rise, so that no two averages of them are equal. */
  private static final float[] ACTORS = weights(n -> 0.25 * n + n * n % 23);

  private static final float[] CRITICS = weights(n -> 100 - 0.25 * (n * n % 13));

  private static float[] weights(IntToDoubleFunction after) {
    float[] all = new float[(int) SCRIPT.updates()];
    for (int n = 1; n <= all.length; n++) {
      all[n - 1] = (float) after.applyAsDouble(n);
    }
    return all;
  }

  private static Found found(float[] actors, float[] critics) {
    try (Agent scripted = new ScriptedAgent(actors, critics)) {
      Supplier<Environment> task = ScriptedAgent.Echo::new;
      PolicyEvaluation judge = new PolicyEvaluation(task, SCRIPT.starts(), JUDGED);
      PolicyEvaluation last = new PolicyEvaluation(task, SCRIPT.finalStarts(), JUDGED_AT_THE_END);
      return new AveragedTraining(scripted, SCRIPT, judge, last).run(n -> {});
    }
  }

  /** What was collected by the end of an update, the oldest first. */
  private static double[] collected(float[] script, int until) {
    double[] all = new double[Math.max(0, (until - 10) / 2)];
    Arrays.setAll(all, i -> script[12 + 2 * i - 1]);
    return all;
  }

  private static double mean(double... values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The weight that acts after an update, by the definition of each name. */
  private static double weight(String name, float[] script, int until) {
    double[] all = collected(script, until);
    if (all.length == 0 || name.equals("last weights")) {
      return script[until - 1];
    }
    return switch (name) {
      case "average" -> mean(all);
      case "last 10" -> mean(Arrays.copyOfRange(all, Math.max(0, all.length - 10), all.length));
      case "exponential" -> exponential(all);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Decay 0.9, of the n-th after the first at most (1 + n) / (10 + n). */
  private static double exponential(double... all) {
    double average = all[0];
    for (int n = 0; n < all.length - 1; n++) {
      double decay = Math.min(0.9, (1.0 + n) / (10.0 + n));
      average = decay * average + (1 - decay) * all[n + 1];
    }
    return average;
  }

  /** Of both steps of all episodes. */
  private static double meanReturn(double weight, long firstSeed, int starts) {
    double bonus = 0;
    for (int i = 0; i < starts; i++) {
      bonus += ScriptedAgent.Echo.bonus(firstSeed + i) / starts;
    }
    return 2 * weight + bonus;
  }

  @Test
  void averagesSpreadsAndWorstsAreThoseOfTheScript() {
    Found found = found(ACTORS, CRITICS);
    assertThat(found.curves())
        .containsOnlyKeys("last weights", "average", "last 10", "exponential");
    found
        .curves()
        .forEach(
            (name, curve) -> {
              double[] expected = new double[SCRIPT.evaluations()];
              Arrays.setAll(
                  expected,
                  e -> meanReturn(weight(name, ACTORS, 6 * (e + 1)), JUDGED, SCRIPT.starts()));
              double[] judged = curve.stream().mapToDouble(x -> x).toArray();
              assertThat(judged).as(name).containsExactly(expected, within(1e-3));
              assertThat(found.finalReturn().get(name))
                  .as(name)
                  .isCloseTo(atTheEnd(weight(name, ACTORS, 60)), within(1e-3));
              // The first evaluation is before anything was collected, the second after one.
              double[] late = Arrays.copyOfRange(expected, 1, expected.length);
              assertThat(found.spread().get(name))
                  .as(name)
                  .isCloseTo(deviation(late), within(1e-3));
              assertThat(found.worst().get(name))
                  .as(name)
                  .isCloseTo(Arrays.stream(late).min().orElseThrow(), within(1e-3));
            });
    assertThat(found.steps()).hasSize(10).startsWith(42L, 84L).endsWith(420L);
  }

  private static double atTheEnd(double weight) {
    return meanReturn(weight, JUDGED_AT_THE_END, SCRIPT.finalStarts());
  }

  private static double deviation(double... values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  @Test
  void theBestCheckpointIsOfALateEvaluationAndJudgedByOtherStarts() {
    float[] early = ACTORS.clone();
    early[6 - 1] = 900; // the evaluation before averages begin brings most, and is no candidate
    float best = Float.NEGATIVE_INFINITY;
    for (int update = 12; update <= 60; update += 6) {
      best = Math.max(best, early[update - 1]);
    }
    assertThat(best).isGreaterThan(early[60 - 1]); // not simply the last
    Found found = found(early, CRITICS);
    assertThat(found.finalReturn().get("best checkpoint")).isCloseTo(atTheEnd(best), within(1e-3));
    assertThat(found.spread()).doesNotContainKey("best checkpoint");
  }

  @Test
  void valuesAreHeldAgainstDiscountedReturnsOfTheActorsTheyBelongTo() {
    Found found = found(ACTORS, CRITICS);
    assertThat(found.valueErrors()).containsOnlyKeys("last weights", "average");
    found
        .valueErrors()
        .forEach(
            (name, error) -> {
              double[] squares = new double[SCRIPT.finalStarts()];
              Arrays.setAll(
                  squares,
                  i -> {
                    double bonus = ScriptedAgent.Echo.bonus(JUDGED_AT_THE_END + i);
                    double discounted = (1 + 0.5) * (weight(name, ACTORS, 60) + bonus / 2);
                    return Math.pow(weight(name, CRITICS, 60) - discounted, 2);
                  });
              assertThat(error).as(name).isCloseTo(Math.sqrt(mean(squares)), within(1e-3));
            });
  }

  @Test
  void averagesOfAConstantPolicyAreThatPolicyBitForBit() {
    float[] constant = new float[(int) SCRIPT.updates()];
    Arrays.fill(constant, 0.3f);
    Found found = found(constant, CRITICS);
    List<Double> last = found.curves().get("last weights");
    found.curves().forEach((name, curve) -> assertThat(curve).as(name).isEqualTo(last));
    double end = found.finalReturn().get("last weights");
    assertThat(found.finalReturn())
        .containsOnlyKeys("last weights", "average", "last 10", "exponential", "best checkpoint");
    assertThat(found.finalReturn().values()).containsOnly(end);
    assertThat(found.spread().values()).allMatch(spread -> spread < 1e-12);
  }
}
