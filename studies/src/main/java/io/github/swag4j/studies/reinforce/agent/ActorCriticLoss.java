package io.github.swag4j.studies.reinforce.agent;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.studies.reinforce.environment.ActionSpace;

/**
 * The loss of an advantage actor-critic: {@code -mean(A log pi(a|s)) + c mean((R - V(s))^2) - e
 * mean(H)}, with the policy's entropy H.
 *
 * <p>No operation here has a plain number: DJL frees the memory of one while the graph still reads
 * it. Weights of rows are arrays that live as long as the graph does.
 */
final class ActorCriticLoss {
  private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private ActorCriticLoss() {}

  /**
   * {@code -mean(A log pi)} of a policy over choices, and minus the mean entropy.
   *
   * @param own manager of the graph
   * @param logits {@code [rows, choices]}
   */
  static NDArray[] choice(NDManager own, NDArray logits, float[] actions, float[] advantages) {
    int rows = advantages.length;
    int choices = Math.toIntExact(logits.getShape().get(1));
    float[] picked = new float[rows * choices];
    for (int r = 0; r < rows; r++) {
      picked[r * choices + (int) actions[r]] = -advantages[r] / rows;
    }
    NDArray logarithms = logits.logSoftmax(-1);
    NDArray policy = logarithms.mul(own.create(picked, new Shape(rows, choices))).sum();
    NDArray negative = logits.softmax(-1).mul(logarithms).mul(scalar(own, 1.0 / rows)).sum();
    return new NDArray[] {policy, negative};
  }

  /**
   * {@code -mean(A log pi)} of normal distributions, and minus the mean entropy.
   *
   * @param own manager of the graph
   * @param means {@code [rows, numbers]}
   * @param logDeviations {@code [numbers]}
   */
  static NDArray[] vector(
      NDManager own, NDArray means, NDArray logDeviations, float[] actions, float[] advantages) {
    int rows = advantages.length;
    int numbers = actions.length / rows;
    float[] halved = new float[rows];
    double total = 0;
    for (int r = 0; r < rows; r++) {
      halved[r] = 0.5f * advantages[r] / rows;
      total += advantages[r];
    }
    NDArray shrink = scalar(own, -1).mul(logDeviations).exp();
    NDArray miss = own.create(actions, new Shape(rows, numbers)).sub(means).mul(shrink);
    NDArray squares = miss.mul(miss).mul(own.create(halved, new Shape(rows, 1))).sum();
    NDArray spread = scalar(own, total / rows).mul(logDeviations).sum();
    NDArray constant = scalar(own, numbers * LOG_ROOT_TWO_PI * total / rows);
    NDArray policy = squares.add(spread).add(constant);
    NDArray negative =
        scalar(own, -1)
            .mul(logDeviations)
            .sum()
            .sub(scalar(own, numbers * (0.5 + LOG_ROOT_TWO_PI)));
    return new NDArray[] {policy, negative};
  }

  /** {@code mean((R - V)^2)}; values are {@code [rows, 1]}. */
  static NDArray value(NDManager own, NDArray values, float[] returns) {
    NDArray miss = own.create(returns, new Shape(returns.length, 1)).sub(values);
    return miss.mul(miss).mean();
  }

  static NDArray scalar(NDManager own, double value) {
    return own.create(new float[] {(float) value}, new Shape(1));
  }

  /** How many numbers a policy network gives for a row. */
  static int outputs(ActionSpace actions) {
    return actions instanceof ActionSpace.Choice choice ? choice.count() : actions.size();
  }
}
