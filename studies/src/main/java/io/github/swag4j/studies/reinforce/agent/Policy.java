package io.github.swag4j.studies.reinforce.agent;

/** What to do, without noise: the likeliest choice, or the mean of a vector. */
@FunctionalInterface
public interface Policy {

  /**
   * Actions for several observations at once.
   *
   * @param observations {@code [rows][observation]}
   * @return {@code [rows][action]}, as an environment takes them
   */
  float[][] act(float[][] observations);
}
