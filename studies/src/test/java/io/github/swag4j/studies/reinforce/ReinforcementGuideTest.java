package io.github.swag4j.studies.reinforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.studies.frame.GuideCode;
import io.github.swag4j.studies.reinforce.agent.A2c;
import io.github.swag4j.studies.reinforce.agent.Agent;
import io.github.swag4j.studies.reinforce.environment.ControlTask;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What docs/guide/reinforcement.md shows is the code of this test, and it runs. */
class ReinforcementGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "guide", "reinforcement.md");
  private static final Path TEST =
      Path.of("src/test/java/io/github/swag4j/studies/reinforce/ReinforcementGuideTest.java");

  @Test
  void theAverageActsInEpisodesOfItsOwn() {
    ControlTask task = ControlTask.CARTPOLE;
    int budget = 400; // 100,000 and more to learn it

    // Half of the budget, at 40 steps an update.
    AveragingPlan plan = AveragingPlan.steps().from(5).every(1);
    WeightAverage actor = WeightAverage.uniform(plan);
    PolicyEvaluation judge = new PolicyEvaluation(task, 5, 1);
    try (Agent agent = new A2c(task, A2c.Options.defaults(), 1)) {
      while (agent.environmentSteps() < budget) {
        agent.update();
        if (plan.collectsAfter(agent.updates())) {
          actor.collect(agent.actor());
        }
      }
      double[] last = judge.of(agent.policy(agent.actor()), 1).returns();
      double[] averaged = judge.of(agent.policy(actor.average()), 1).returns();
      assertThat(actor.count()).isEqualTo(5);
      assertThat(last).hasSize(5);
      assertThat(DoubleStream.of(averaged)).allMatch(r -> r >= 1 && r <= 500);
      assertThat(judge.of(agent.policy(actor.average()), 1).returns()).isEqualTo(averaged);
    }
  }

  @Test
  void theGuidesCodeIsThisTests() throws IOException {
    GuideCode.assertIsIn(GUIDE, TEST);
  }
}
