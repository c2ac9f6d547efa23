package io.github.swag4j.studies.semisupervised.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining.Method;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining.Options;
import io.github.swag4j.studies.semisupervised.images.FewLabels;
import io.github.swag4j.studies.semisupervised.images.TwoStreamBatches;
import io.github.swag4j.studies.semisupervised.images.Views;
import io.github.swag4j.swa.schedule.CosineCycles;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Steps worked out again beside the training, in doubles and without an engine. The network is a
 * linear layer: no dropout and no batch norm, so a step is a function of its weights and views.
 */
class ConsistencyStepTest {
  private static final int CLASSES = 3;
  private static final int SIDE = 6;
  private static final int PIXELS = SIDE * SIDE;
  private static final int LABELLED = 4;
  private static final int UNLABELLED = 7;
  private static final int STEPS_PER_EPOCH = 3;
  private static final long SEED = 11;
  private static final double MOMENTUM = 0.9;
  private static final double WEIGHT_DECAY = 1e-4;
  private static final Normalisation NORMALISATION = Normalisation.same(0.5, 0.3, 1);
  private static final Views VIEWS = new Views(2, true, 0.5, NORMALISATION);
  private static final Views ALWAYS_THE_SAME = new Views(0, false, 0, NORMALISATION);
  private static final CosineCycles RATES = new CosineCycles(0.05, 3, 6, 1);
  private static final FewLabels FEW =
      FewLabels.draw(noise(60), 9, UNLABELLED * STEPS_PER_EPOCH, 0, 1);

  private static ImageData noise(int count) {
    Random random = new Random(7);
    float[] values = new float[count * PIXELS];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % CLASSES;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return ImageData.ofFloats(
        "noise", values, labels, ImageSize.grey(SIDE, SIDE), List.of("a", "b", "c"));
  }

  private static Block linear() {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(CLASSES).build());
  }

  private static ConsistencyTraining training(
      Supplier<Block> network, Views views, Method method, boolean mixed) {
    Options options = Options.of(method, RATES, 2).withBatches(LABELLED, UNLABELLED, mixed);
    return new ConsistencyTraining(network, FEW, views, options, SEED);
  }

  /** The layer's matrix {@code [classes][pixels]} and then its bias. */
  private static double[] parameters(Weights weights) {
    float[] matrix = weights.toArray(0);
    float[] bias = weights.toArray(1);
    assertThat(matrix).hasSize(CLASSES * PIXELS);
    assertThat(bias).hasSize(CLASSES);
    double[] out = new double[matrix.length + bias.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = i < matrix.length ? matrix[i] : bias[i - matrix.length];
    }
    return out;
  }

  private static double[][] probabilities(double[] parameters, float[][] inputs) {
    double[][] out = new double[inputs.length][CLASSES];
    for (int row = 0; row < inputs.length; row++) {
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        double logit = parameters[CLASSES * PIXELS + k];
        for (int p = 0; p < PIXELS; p++) {
          logit += parameters[k * PIXELS + p] * inputs[row][p];
        }
        out[row][k] = Math.exp(logit);
        sum += out[row][k];
      }
      for (int k = 0; k < CLASSES; k++) {
        out[row][k] /= sum;
      }
    }
    return out;
  }

  /** Images of a batch, those with label first, as the student (0) or the teacher (1) sees them. */
  private static float[][] seen(TwoStreamBatches.Batch batch, int rows, int view) {
    float[][] out = new float[rows][PIXELS];
    for (int row = 0; row < rows; row++) {
      if (row < LABELLED) {
        int image = batch.labelled()[row];
        VIEWS.view(FEW.labelled(), image, 2 * SEED, batch.passes()[row], view, out[row], 0);
      } else {
        int image = batch.unlabelled()[row - LABELLED];
        VIEWS.view(FEW.unlabelled(), image, 2 * SEED + 1, batch.epoch(), view, out[row], 0);
      }
    }
    return out;
  }

  /**
   * A step's loss of the student's weights, what the teacher says being given: cross-entropy of
   * those with label over the size of the whole batch, and the squared distance over all rows.
   */
  private record StepLoss(float[][] inputs, int[] labels, double weight, double[][] said) {
    double of(double[] parameters) {
      double[][] p = probabilities(parameters, inputs);
      double entropy = 0;
      double apart = 0;
      for (int row = 0; row < inputs.length; row++) {
        entropy -= row < LABELLED ? Math.log(p[row][labels[row]]) : 0;
        for (int k = 0; said != null && k < CLASSES; k++) {
          apart += (p[row][k] - said[row][k]) * (p[row][k] - said[row][k]);
        }
      }
      return entropy / inputs.length + weight * apart / (inputs.length * CLASSES);
    }

    /** Central differences: the teacher's words do not move with the student's weights. */
    double[] gradient(double[] parameters) {
      double[] out = new double[parameters.length];
      for (int i = 0; i < out.length; i++) {
        double[] moved = parameters.clone();
        moved[i] = parameters[i] + 1e-5;
        double above = of(moved);
        moved[i] = parameters[i] - 1e-5;
        out[i] = (above - of(moved)) / 2e-5;
      }
      return out;
    }
  }

  /** Two epochs: the ramp-up stands still in the first, stands still in the second, and is more. */
  private static void assertStepsAreAsWorkedOut(Method method, boolean mixed) {
    int rows = mixed ? LABELLED + UNLABELLED : LABELLED;
    TwoStreamBatches batches =
        new TwoStreamBatches(
            FEW.labelled().size(), FEW.unlabelled().size(), LABELLED, UNLABELLED, SEED);
    try (ConsistencyTraining training =
        training(ConsistencyStepTest::linear, VIEWS, method, mixed)) {
      assertThat(training.stepsPerEpoch()).isEqualTo(STEPS_PER_EPOCH);
      double[] velocity = new double[CLASSES * PIXELS + CLASSES];
      for (int step = 0; step < 2 * STEPS_PER_EPOCH; step++) {
        TwoStreamBatches.Batch batch = batches.of(step);
        double[] student = parameters(training.student().capture());
        double[] teacher = parameters(training.teacher());
        int[] labels = new int[LABELLED];
        for (int i = 0; i < LABELLED; i++) {
          labels[i] = FEW.labelled().label(batch.labelled()[i]);
        }
        // 100 exp(-5 (1 - epoch / 2)^2)
        double weight = step < STEPS_PER_EPOCH ? 100 * Math.exp(-5) : 100 * Math.exp(-1.25);
        double[][] said =
            method == Method.SUPERVISED ? null : probabilities(teacher, seen(batch, rows, 1));
        StepLoss loss = new StepLoss(seen(batch, rows, 0), labels, weight, said);
        training.step();
        String where = method + ", step " + step;
        assertThat(training.loss()).as(where).isCloseTo(loss.of(student), within(1e-5));
        double[] gradient = loss.gradient(student);
        double[] after = parameters(training.student().capture());
        double rate = RATES.rate((double) step / STEPS_PER_EPOCH);
        for (int i = 0; i < after.length; i++) {
          double slope = gradient[i] + WEIGHT_DECAY * student[i];
          velocity[i] = MOMENTUM * velocity[i] + slope;
          double expected = student[i] - rate * (slope + MOMENTUM * velocity[i]);
          assertThat(after[i]).as(where).isCloseTo(expected, within(1e-5));
        }
      }
    }
  }

  @Test
  void onLabelsAloneTheLossIsTheirMeanCrossEntropy() {
    assertStepsAreAsWorkedOut(Method.SUPERVISED, false);
  }

  @Test
  void inMixedBatchesTheCrossEntropyIsDividedByTheWholeBatch() {
    assertStepsAreAsWorkedOut(Method.SUPERVISED, true);
  }

  @Test
  void thePiModelIsHeldAgainstItselfInAnotherViewOfTheWholeBatch() {
    assertStepsAreAsWorkedOut(Method.PI, true);
  }

  @Test
  void theStudentIsHeldAgainstItsMeanTeacherInAnotherViewOfTheWholeBatch() {
    assertStepsAreAsWorkedOut(Method.MEAN_TEACHER, true);
  }

  /** Two views that are one, two sets of weights that are one: dropout alone is between them. */
  @Test
  void theTeacherDropsOtherUnitsThanTheStudent() {
    for (Method method : List.of(Method.PI, Method.MEAN_TEACHER)) {
      assertThat(consistencyOfTheFirstStep(() -> SmallNetwork.of(CLASSES), method))
          .as(method + " with dropout")
          .isGreaterThan(1e-3);
      assertThat(consistencyOfTheFirstStep(ConsistencyStepTest::linear, method))
          .as(method + " without")
          .isCloseTo(0, within(1e-6));
    }
  }

  private static double consistencyOfTheFirstStep(Supplier<Block> network, Method method) {
    try (ConsistencyTraining taught = training(network, ALWAYS_THE_SAME, method, true)) {
      taught.step();
      try (ConsistencyTraining alone =
          training(network, ALWAYS_THE_SAME, Method.SUPERVISED, true)) {
        alone.step();
        return taught.loss() - alone.loss();
      }
    }
  }
}
