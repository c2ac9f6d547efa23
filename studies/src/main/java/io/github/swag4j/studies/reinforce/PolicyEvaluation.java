package io.github.swag4j.studies.reinforce;

import io.github.swag4j.studies.reinforce.agent.Policy;
import io.github.swag4j.studies.reinforce.environment.Environment;
import io.github.swag4j.studies.reinforce.environment.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Policies judged on the same starts: episode i of any policy begins with the same seed. Acting is
 * without noise, all episodes side by side, so that a policy is asked once a step for those that
 * are not over.
 *
 * @param environment makes environments whose episodes end: those without an end of their own need
 *     a {@link io.github.swag4j.studies.reinforce.environment.TimeLimit}
 * @param starts how many episodes, at least 1
 * @param firstSeed seed of the first one, at least 0; the others follow
 */
public record PolicyEvaluation(Supplier<Environment> environment, int starts, long firstSeed) {

  /** Steps after which an episode counts as one that never ends. */
  private static final int LONGEST = 100_000;

  /**
   * Checks the numbers.
   *
   * @param environment makes environments
   * @param starts how many episodes
   * @param firstSeed seed of the first one
   * @throws IllegalArgumentException if starts is below 1 or a seed below 0
   */
  public PolicyEvaluation {
    Objects.requireNonNull(environment, "environment");
    if (starts < 1 || firstSeed < 0) {
      throw new IllegalArgumentException(
          "starts must be at least 1 and the first seed at least 0, got "
              + starts
              + " and "
              + firstSeed);
    }
  }

  /**
   * What episodes brought.
   *
   * @param returns {@code [starts]}, sums of rewards
   * @param discounted {@code [starts]}, the same with each step discounted
   * @param first {@code [starts][observation]}, where they began
   */
  public record Episodes(double[] returns, double[] discounted, float[][] first) {

    /**
     * The mean return.
     *
     * @return over all starts
     */
    public double mean() {
      double sum = 0;
      for (double each : returns) {
        sum += each;
      }
      return sum / returns.length;
    }
  }

  /**
   * Acts until all episodes are over.
   *
   * @param policy what is judged
   * @param gamma discount of a step
   * @return what they brought
   * @throws IllegalStateException if one is not over after 100,000 steps
   */
  public Episodes of(Policy policy, double gamma) {
    Environment[] environments = new Environment[starts];
    float[][] observations = new float[starts][];
    Episodes episodes = new Episodes(new double[starts], new double[starts], new float[starts][]);
    List<Integer> going = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      environments[i] = environment.get();
      observations[i] = environments[i].reset(firstSeed + i);
      episodes.first[i] = observations[i].clone();
      going.add(i);
    }
    double discount = 1;
    for (int taken = 0; !going.isEmpty(); taken++) {
      if (taken == LONGEST) {
        throw new IllegalStateException(
            "episodes must end, "
                + going.size()
                + " of "
                + starts
                + " have not after "
                + LONGEST
                + " steps: put TimeLimit.of(environment, steps) around the environment");
      }
      float[][] rows = going.stream().map(i -> observations[i]).toArray(float[][]::new);
      float[][] actions = policy.act(rows);
      List<Integer> after = new ArrayList<>();
      for (int r = 0; r < rows.length; r++) {
        int i = going.get(r);
        Step step = environments[i].step(actions[r]);
        episodes.returns[i] += step.reward();
        episodes.discounted[i] += discount * step.reward();
        observations[i] = step.observation();
        if (!step.over()) {
          after.add(i);
        }
      }
      going = after;
      discount *= gamma;
    }
    return episodes;
  }
}
