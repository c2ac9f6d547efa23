package io.github.swag4j.studies.reinforce.environment;

/**
 * A task with states, actions and rewards, one episode at a time. Mutable, one owner.
 *
 * <p>Everything that happens in an episode must follow from the seed of {@link #reset} and the
 * actions, else training cannot be repeated. An episode that only ends because time is up is {@link
 * Step#truncated}, not {@link Step#terminated}: what would have followed still counts for its
 * value.
 */
public interface Environment {

  /**
   * Numbers in an observation.
   *
   * @return at least 1
   */
  int observationSize();

  /**
   * What an action is.
   *
   * @return a choice or a vector
   */
  ActionSpace actions();

  /**
   * Begins an episode.
   *
   * @param seed decides the start, and all else that is random in the episode; at least 0
   * @return the first observation, the caller's own
   */
  float[] reset(long seed);

  /**
   * One step.
   *
   * @param action of {@link #actions}: one whole number for a choice, else a number for each
   *     dimension
   * @return what it led to
   * @throws IllegalStateException if no episode has begun, or it is over
   * @throws IllegalArgumentException if it is no action of this environment
   */
  Step step(float... action);
}
