package io.github.swag4j.studies.reinforce.environment;

/**
 * What an action led to.
 *
 * @param observation of the state after it, the receiver's own
 * @param reward for it
 * @param terminated whether the task is over: nothing comes after, so the value of what follows is
 *     0
 * @param truncated whether the episode was cut, as by a time limit: the state after it has a value.
 *     May be true together with {@code terminated}, which then counts
 */
public record Step(float[] observation, double reward, boolean terminated, boolean truncated) {

  /**
   * Whether the episode is over, for either reason.
   *
   * @return true if a reset must follow
   */
  public boolean over() {
    return terminated || truncated;
  }
}
