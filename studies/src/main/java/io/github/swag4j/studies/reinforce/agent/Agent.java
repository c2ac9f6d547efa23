package io.github.swag4j.studies.reinforce.agent;

import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightSource;

/**
 * Something that learns by acting. Owns its environments, networks and random numbers: the same
 * seed gives the same weights bit for bit, whatever is read from it meanwhile.
 *
 * <p>Averages collect {@link #actor} and {@link #critic} after the updates that their plan names,
 * and act through {@link #policy} of their own; nothing flows back. Not for use by several threads,
 * and the process has one gradient collector at a time.
 */
public interface Agent extends AutoCloseable {

  /** Acts in its environments, and learns from that by one step of the optimiser if it can yet. */
  void update();

  /**
   * Steps of the optimiser so far.
   *
   * @return what averaging plans count as steps
   */
  long updates();

  /**
   * Steps in environments so far, over all of them.
   *
   * @return at least 0
   */
  long environmentSteps();

  /**
   * The live weights of what acts.
   *
   * @return valid until the agent is closed
   */
  ModelWeights actor();

  /**
   * The live weights of what values.
   *
   * @return valid until the agent is closed
   */
  ModelWeights critic();

  /**
   * How weights act, without noise.
   *
   * @param actor weights of this agent's actor, such as an average of them; copied
   * @return the policy, valid until the agent is closed
   */
  Policy policy(WeightSource actor);

  /**
   * Values of states, as a critic has them for what an actor does: the expected sum of discounted
   * rewards from there on.
   *
   * @param actor weights of this agent's actor
   * @param critic weights of this agent's critic
   * @param observations {@code [rows][observation]}
   * @return {@code [rows]}
   */
  double[] values(WeightSource actor, WeightSource critic, float[][] observations);

  /** Frees the networks. */
  @Override
  void close();
}
