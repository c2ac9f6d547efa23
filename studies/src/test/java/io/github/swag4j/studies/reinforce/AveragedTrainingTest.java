package io.github.swag4j.studies.reinforce;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
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
}
