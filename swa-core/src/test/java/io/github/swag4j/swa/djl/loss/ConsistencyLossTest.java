package io.github.swag4j.swa.djl.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.github.swag4j.swa.djl.loss.ConsistencyLoss.Distance;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Losses between a student's and a teacher's logits against their closed forms. */
class ConsistencyLossTest {
  private static final int ROWS = 7;
  private static final int CLASSES = 5;

  private static float[] logits(long seed, double size) {
    Random random = new Random(seed);
    float[] out = new float[ROWS * CLASSES];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (size * random.nextGaussian());
    }
    return out;
  }

  private static double[] softmax(float[] logits, int row) {
    double[] p = new double[CLASSES];
    double sum = 0;
    for (int k = 0; k < CLASSES; k++) {
      p[k] = Math.exp(logits[row * CLASSES + k]);
      sum += p[k];
    }
    for (int k = 0; k < CLASSES; k++) {
      p[k] /= sum;
    }
    return p;
  }

  /** Loss, and gradients in the student's logits and, if there are any, in the teacher's. */
  private record Evaluated(double loss, float[] student, float[] teacher) {}

  private static Evaluated evaluate(Distance distance, float[] teacher, float[] student) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(ROWS, CLASSES);
      NDArray q = manager.create(teacher, shape);
      NDArray p = manager.create(student, shape);
      q.setRequiresGradient(true);
      p.setRequiresGradient(true);
      float loss;
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray value = new ConsistencyLoss(distance).evaluate(new NDList(q), new NDList(p));
        loss = value.getFloat();
        System.gc();
        collector.backward(value);
      }
      return new Evaluated(loss, p.getGradient().toFloatArray(), q.getGradient().toFloatArray());
    }
  }

  /** (2 / (K B)) diag(p) (r - &lt;p, r&gt;) with r = p - q. */
  @Test
  void theGradientOfTheMeanSquaredIsTheClosedForm() {
    for (int seed = 0; seed < 8; seed++) {
      float[] student = logits(seed, 1.5);
      float[] teacher = logits(seed + 100, 1.5);
      Evaluated found = evaluate(Distance.MEAN_SQUARED, teacher, student);
      double loss = 0;
      for (int r = 0; r < ROWS; r++) {
        double[] p = softmax(student, r);
        double[] q = softmax(teacher, r);
        double inner = 0;
        for (int k = 0; k < CLASSES; k++) {
          inner += p[k] * (p[k] - q[k]);
          loss += (p[k] - q[k]) * (p[k] - q[k]) / (ROWS * CLASSES);
        }
        for (int k = 0; k < CLASSES; k++) {
          double expected = 2.0 / (CLASSES * ROWS) * p[k] * (p[k] - q[k] - inner);
          assertThat((double) found.student()[r * CLASSES + k]).isCloseTo(expected, within(1e-8));
        }
      }
      assertThat(found.loss()).isCloseTo(loss, within(1e-7));
      assertThat(found.loss()).isBetween(0.0, 2.0 / CLASSES);
    }
  }

  /** (p - q) / B. */
  @Test
  void theGradientOfTheDivergenceIsTheDifference() {
    for (int seed = 0; seed < 8; seed++) {
      float[] student = logits(seed, 2);
      float[] teacher = logits(seed + 100, 2);
      Evaluated found = evaluate(Distance.KULLBACK_LEIBLER, teacher, student);
      double loss = 0;
      for (int r = 0; r < ROWS; r++) {
        double[] p = softmax(student, r);
        double[] q = softmax(teacher, r);
        for (int k = 0; k < CLASSES; k++) {
          loss += q[k] * Math.log(q[k] / p[k]) / ROWS;
          assertThat((double) found.student()[r * CLASSES + k])
              .isCloseTo((p[k] - q[k]) / ROWS, within(1e-7));
        }
      }
      assertThat(found.loss()).isCloseTo(loss, within(1e-5)).isPositive();
    }
  }

  /**
   * "grad through teacher" is an option of fastswa-semi-sup that does nothing. Here there is none.
   */
  @Test
  void theTeacherGetsNoGradient() {
    for (Distance distance : Distance.values()) {
      Evaluated found = evaluate(distance, logits(1, 1), logits(2, 1));
      assertThat(found.teacher()).containsOnly(0f);
      assertThat(found.student()).doesNotContain(0f);
    }
  }

  @Test
  void equalPredictionsAreAtNoDistance() {
    float[] same = logits(3, 4);
    float[] shifted = same.clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] += 2; // of all classes: the same probabilities
    }
    for (Distance distance : Distance.values()) {
      assertThat(evaluate(distance, same, same).loss()).isZero();
      assertThat(evaluate(distance, same, shifted).loss()).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void certainAndOppositePredictionsAreAtTheGreatestDistance() {
    float[] one = new float[ROWS * CLASSES];
    float[] other = new float[ROWS * CLASSES];
    for (int r = 0; r < ROWS; r++) {
      one[r * CLASSES] = 90;
      other[r * CLASSES + 1] = 90;
    }
    assertThat(evaluate(Distance.MEAN_SQUARED, one, other).loss())
        .isCloseTo(2.0 / CLASSES, within(1e-7));
    assertThat(evaluate(Distance.KULLBACK_LEIBLER, one, other).loss()).isCloseTo(90, within(1e-4));
  }

  /** Losses are summed here and averaged there in public codes, a factor of K or 2 apart. */
  @Test
  void moreRowsOfTheSameKindAreNoGreaterLoss() {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Distance distance : Distance.values()) {
        NDArray q = manager.create(logits(5, 1), new Shape(ROWS, CLASSES));
        NDArray p = manager.create(logits(6, 1), new Shape(ROWS, CLASSES));
        ConsistencyLoss loss = new ConsistencyLoss(distance);
        float once = loss.evaluate(new NDList(q), new NDList(p)).getFloat();
        float twice =
            loss.evaluate(new NDList(q.concat(q, 0)), new NDList(p.concat(p, 0))).getFloat();
        assertThat(twice).isCloseTo(once, within(1e-6f));
      }
      assertThatThrownBy(
              () ->
                  new ConsistencyLoss(Distance.MEAN_SQUARED)
                      .evaluate(
                          new NDList(manager.zeros(new Shape(2, 3))),
                          new NDList(manager.zeros(new Shape(2, 1)))))
          .hasMessageContaining("the same logits [rows][classes], got (2, 3) and (2, 1)");
    }
  }
}
