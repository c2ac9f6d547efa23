package io.github.swag4j.swag.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogitEvidenceTest {
  private final LogitEvidence evidence = new LogitEvidence("use A", "use B");

  private void add(double... row) {
    evidence.add(row, 0, row.length);
  }

  private static double[] softmax(Random random, int classes) {
    float[] e = new float[classes];
    float sum = 0;
    for (int k = 0; k < classes; k++) {
      e[k] = (float) Math.exp(2 * random.nextGaussian());
      sum += e[k];
    }
    double[] out = new double[classes];
    for (int k = 0; k < classes; k++) {
      out[k] = e[k] / sum;
    }
    return out;
  }

  @Test
  void oneRowOfASoftmaxIsEnoughWhereAnAnswerIsDueAndNotWhereMoreRowsCome() {
    add(softmax(new Random(1), 3));
    assertThatCode(() -> evidence.requireLogits(true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> evidence.requireLogits(false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("each row is a distribution already", "use A");
    assertThat(evidence.areLogits()).isFalse();
  }

  @Test
  void threeRowsAreEnoughWhateverComes() {
    Random random = new Random(2);
    for (int r = 0; r < 3; r++) {
      add(softmax(random, 1_000));
    }
    assertThatThrownBy(() -> evidence.requireLogits(true)).hasMessageContaining("use A");
  }

  @Test
  void aRowThatIsNoDistributionSettlesItForAllThatFollow() {
    add(0.25, 0.75);
    add(0.25, 0.76);
    add(0.3, 0.4);
    for (int r = 0; r < 30; r++) {
      add(0.25, 0.75);
    }
    evidence.requireLogits(false);
    evidence.requireLogits(true);
    assertThat(evidence.areLogits()).isTrue();
  }

  @Test
  void equalNumbersAreNoEvidenceAsTheirSoftmaxIsThemselves() {
    for (int r = 0; r < 90; r++) {
      add(0.5, 0.5);
    }
    assertThat(evidence.areLogits()).isTrue();
    add(0.4, 0.6);
    assertThat(evidence.areLogits()).isFalse();
  }

  @Test
  void aSoftmaxOfHalfPrecisionIsKnownByThreeRows() {
    add(0.2, 0.7995);
    add(0.1, 0.9004);
    assertThat(evidence.areLogits()).isFalse();
    LogitEvidence coarse = new LogitEvidence("use A", "use B");
    coarse.add(new double[] {0.2, 0.809}, 0, 2);
    coarse.add(new double[] {0.2, 0.795}, 0, 2);
    assertThat(coarse.areLogits()).isTrue();
    coarse.add(new double[] {0.2, 0.795}, 0, 2);
    assertThat(coarse.areLogits()).isFalse();
  }

  /** The chance that the documentation states: logits spread over [0, 1], the worst there are. */
  @Test
  void logitsThatFillTheUnitSquareAreRefusedAsSeldomAsSaid() {
    Random random = new Random(3);
    int refused = 0;
    int trials = 2_000_000;
    for (int t = 0; t < trials; t++) {
      LogitEvidence one = new LogitEvidence("use A", "use B");
      one.add(new double[] {random.nextDouble(), random.nextDouble()}, 0, 2);
      refused += one.areLogits() ? 0 : 1;
    }
    // A single row is refused within 5e-6 of 1: 2e6 * 1e-5 = 20 expected, deviation 4.5.
    assertThat(refused).isBetween(2, 43);
  }

  @Test
  void sigmoidsAreKnownByManyValuesOverBatches() {
    for (int r = 0; r < 33; r++) {
      add(0.05, 0.95, 0.6);
      evidence.requireLogits(false);
    }
    add(0.05, 0.95, 0.6);
    assertThatThrownBy(() -> evidence.requireLogits(true))
        .hasMessageContainingAll("all 102 of the first rows lie between 0 and 1", "use B");
    add(0, 0, 1.5);
    evidence.requireLogits(false);
  }
}
