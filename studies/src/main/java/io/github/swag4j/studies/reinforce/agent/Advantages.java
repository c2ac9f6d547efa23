package io.github.swag4j.studies.reinforce.agent;

/**
 * Generalised advantages of a stretch of steps in several environments: {@code d_t = r_t + gamma
 * V(s_t+1) - V(s_t)}, {@code A_t = d_t + gamma lambda A_t+1}, and returns {@code A_t + V(s_t)}.
 * With lambda 1 the returns are the discounted rewards, with the last value for what comes after.
 *
 * <p>After the end of an episode nothing is carried back. Where the task was over, the value of
 * what comes after is 0; where only time was up, it is that of the state the episode was cut in.
 *
 * @param advantages {@code [steps * environments]}, step by step
 * @param returns {@code [steps * environments]}, targets of the critic
 * @see <a href="https://arxiv.org/abs/1506.02438">Schulman et al. 2015, High-Dimensional Continuous
 *     Control Using Generalized Advantage Estimation, equation 16</a>
 */
record Advantages(float[] advantages, float[] returns) {

  /**
   * Works them out. All arrays are step by step, the environments of a step beside each other.
   *
   * @param rewards {@code [steps * environments]}
   * @param values of the states that were acted in, {@code [steps * environments]}
   * @param ended whether the episode was over after the step
   * @param endValues of the states in which episodes were cut; 0 where the task was over, and not
   *     read where the episode went on
   * @param lastValues of the states after the last step, {@code [environments]}
   * @param gamma discount of a step, in [0, 1]
   * @param lambda share of later steps' advantages, in [0, 1]
   */
  static Advantages of(
      double[] rewards,
      double[] values,
      boolean[] ended,
      double[] endValues,
      double[] lastValues,
      double gamma,
      double lambda) {
    int environments = lastValues.length;
    float[] advantages = new float[rewards.length];
    float[] returns = new float[rewards.length];
    for (int e = 0; e < environments; e++) {
      double carried = 0;
      for (int i = rewards.length - environments + e; i >= 0; i -= environments) {
        boolean last = i + environments >= rewards.length;
        double after = ended[i] ? endValues[i] : last ? lastValues[e] : values[i + environments];
        double surprise = rewards[i] + gamma * after - values[i];
        carried = surprise + (ended[i] ? 0 : gamma * lambda * carried);
        advantages[i] = (float) carried;
        returns[i] = (float) (carried + values[i]);
      }
    }
    return new Advantages(advantages, returns);
  }
}
