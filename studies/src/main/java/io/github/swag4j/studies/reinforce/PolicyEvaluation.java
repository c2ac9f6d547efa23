package io.github.swag4j.studies.reinforce;

import io.github.swag4j.studies.reinforce.agent.Policy;
import io.github.swag4j.studies.reinforce.environment.Environment;
import io.github.swag4j.studies.reinforce.environment.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Policies judged on the same starts: episode i of any policy begins with the same seed. Acting is
 * without noise, all episodes side by side, so that a policy is asked once a step for those that
 * are not over.
 *
 * @param environment makes environments
 * @param starts how many episodes, at least 1
 * @param firstSeed seed of the first one; the others follow
 */
public record PolicyEvaluation(Supplier<Environment> environment, int starts, long firstSeed) {

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
    for (double discount = 1; !going.isEmpty(); discount *= gamma) {
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
    }
    return episodes;
  }
}
