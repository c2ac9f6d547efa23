package io.github.swag4j.swa.djl.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;
import java.util.Objects;

/**
 * How far a student's class probabilities p are from a teacher's q, for images whose class nobody
 * has said. Both are given as logits, {@code [rows][classes]}; gradients go to the student only,
 * whatever the teacher is made of.
 *
 * <p>One normalisation, which public codes do not agree on: {@link Distance#MEAN_SQUARED} is the
 * mean over rows <em>and</em> classes of (p - q)^2, in [0, 2/K] for K classes; its gradient in the
 * logits is (2 / (K rows)) p (r - &lt;p, r&gt;), r = p - q. A weight of K makes it the squared
 * length of p - q. {@link Distance#KULLBACK_LEIBLER} is the mean over rows of sum_k q_k ln(q_k /
 * p_k), in nats.
 *
 * @see <a href="https://arxiv.org/abs/1610.02242">Laine and Aila 2017, Temporal Ensembling for
 *     Semi-Supervised Learning, algorithm 1</a>
 * @see <a href="https://arxiv.org/abs/1703.01780">Tarvainen and Valpola 2017, Mean Teachers Are
 *     Better Role Models, eq. 1</a>
 */
public final class ConsistencyLoss extends Loss {

  /** How far apart two distributions are. */
  public enum Distance {
    /** The mean over rows and classes of (p - q)^2. */
    MEAN_SQUARED,
    /** The mean over rows of KL(q || p), from the teacher's distribution. */
    KULLBACK_LEIBLER
  }

  private final Distance distance;

  /**
   * A loss.
   *
   * @param distance how far apart two distributions are
   */
  public ConsistencyLoss(Distance distance) {
    super("ConsistencyLoss(" + Objects.requireNonNull(distance, "distance") + ")");
    this.distance = distance;
  }

  /**
   * The loss of a batch.
   *
   * @param teacher one array of logits {@code [rows][classes]}, taken as constants
   * @param student one array of logits of the same shape
   * @return a scalar that gradients flow from, to the student's logits
   * @throws IllegalArgumentException if the shapes are not the same or have not two dimensions
   */
  @Override
  public NDArray evaluate(NDList teacher, NDList student) {
    NDArray said = teacher.singletonOrThrow();
    NDArray logits = student.singletonOrThrow();
    if (logits.getShape().dimension() != 2 || !logits.getShape().equals(said.getShape())) {
      throw new IllegalArgumentException(
          "teacher and student must have the same logits [rows][classes], got "
              + said.getShape()
              + " and "
              + logits.getShape());
    }
    if (distance == Distance.MEAN_SQUARED) {
      NDArray difference = logits.softmax(1).sub(said.softmax(1).stopGradient());
      return difference.mul(difference).mean();
    }
    NDArray target = said.logSoftmax(1).stopGradient();
    NDArray difference = target.sub(logits.logSoftmax(1));
    return target.exp().stopGradient().mul(difference).sum(new int[] {1}).mean();
  }
}
