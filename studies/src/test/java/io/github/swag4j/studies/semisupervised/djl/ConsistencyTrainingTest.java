package io.github.swag4j.studies.semisupervised.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.nn.Block;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining.Method;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining.Options;
import io.github.swag4j.studies.semisupervised.images.FewLabels;
import io.github.swag4j.studies.semisupervised.images.Views;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.schedule.CosineCycles;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of a few steps on small images. */
class ConsistencyTrainingTest {
  private static final Views VIEWS = new Views(1, true, 0.15, Normalisation.same(0.5, 0.3, 1));
  private static final ImageData ALL = blobs(300);
  private static final FewLabels FEW = FewLabels.draw(ALL, 15, 200, 30, 1);

  @TempDir private Path folder;

  private static Block network() {
    return SmallNetwork.of(3);
  }

  /** Noise, and a bright part whose place is the class. */
  private static ImageData blobs(int count) {
    Random random = new Random(5);
    float[] values = new float[count * 64];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 3;
      for (int p = 0; p < 64; p++) {
        boolean bright = p / 8 / 3 == labels[i];
        values[i * 64 + p] = (bright ? 0.35f : 0) + 0.65f * random.nextFloat();
      }
    }
    return ImageData.ofFloats(
        "blobs", values, labels, ImageSize.grey(8, 8), List.of("top", "middle", "bottom"));
  }

  private static Options options(Method method) {
    return Options.of(method, new CosineCycles(0.05, 3, 6, 1), 2).withBatches(6, 10, false);
  }

  private static ConsistencyTraining training(Options options, long seed) {
    return new ConsistencyTraining(ConsistencyTrainingTest::network, FEW, VIEWS, options, seed);
  }

  private static float[][] values(WeightSource weights) {
    Weights copy = Weights.copyOf(weights);
    float[][] out = new float[copy.layout().tensors().size()][];
    Arrays.setAll(out, copy::toArray);
    return out;
  }

  private static float[][] after(Options options, int steps) {
    try (ConsistencyTraining training = training(options, 3)) {
      for (int s = 0; s < steps; s++) {
        training.step();
      }
      return values(training.student());
    }
  }

  @Test
  void withoutWeightOfConsistencyItIsSupervisedTrainingToTheBit() {
    float[][] supervised = after(options(Method.SUPERVISED).withBatches(6, 10, true), 25);
    for (Method method : List.of(Method.PI, Method.MEAN_TEACHER)) {
      assertThat(after(options(method).withConsistency(0), 25)).isEqualTo(supervised);
      assertThat(after(options(method), 25)).isNotEqualTo(supervised);
    }
    assertThat(after(options(Method.SUPERVISED), 25))
        .as("batch norm sees other batches")
        .isNotEqualTo(supervised);
  }

  /** In fastswa-semi-sup the teacher begins as a network of its own. */
  @Test
  void theTeacherIsTheMeanOfAllStudentsFromTheFirstOn() {
    try (ConsistencyTraining training = training(options(Method.MEAN_TEACHER), 4)) {
      assertThat(values(training.teacher())).isEqualTo(values(training.student()));
      WeightAverage mean = WeightAverage.uniform(AveragingPlan.steps());
      mean.collect(training.student());
      for (int s = 0; s < 20; s++) {
        training.step();
        mean.collect(training.student());
        float[][] expected = values(mean.average());
        float[][] got = values(training.teacher());
        for (int t = 0; t < got.length; t++) {
          for (int i = 0; i < got[t].length; i += 7) {
            assertThat(got[t][i]).isCloseTo(expected[t][i], within(1e-6f));
          }
        }
      }
      assertThat(training.teacherHasGradients()).isFalse();
    }
  }

  /** fastswa-semi-sup forgets averages and counters in its checkpoints. */
  @Test
  void aTrainingThatWasSavedInTheMiddleOfACycleGoesOnToTheBit() throws IOException {
    for (Method method : Method.values()) {
      Path saved = Files.createDirectories(folder.resolve(method.name()));
      float[][] student;
      float[][] teacher;
      double loss;
      try (ConsistencyTraining whole = training(options(method), 6)) {
        for (int s = 0; s < 70; s++) {
          if (s == 50) {
            whole.save(saved);
          }
          whole.step();
        }
        student = values(whole.student());
        teacher = values(whole.teacher());
        loss = whole.loss();
      }
      try (ConsistencyTraining second = training(options(method), 6)) {
        second.step();
        second.restore(saved);
        assertThat(second.steps()).isEqualTo(50);
        assertThat(second.rate()).isEqualTo(options(method).rates().rate(50.0 / 20));
        for (int s = 0; s < 20; s++) {
          second.step();
        }
        assertThat(values(second.student())).isEqualTo(student);
        assertThat(values(second.teacher())).isEqualTo(teacher);
        assertThat(second.loss()).isEqualTo(loss);
      }
      try (ConsistencyTraining other = training(options(method), 7)) {
        assertThatThrownBy(() -> other.restore(saved))
            .hasMessageContaining("must hold a training of seed 7")
            .hasMessageContaining("got seed 6");
      }
    }
  }

  @Test
  void bothLearnFarMoreThanChance() throws IOException {
    double[] errors = new double[2];
    for (Method method : List.of(Method.SUPERVISED, Method.PI)) {
      try (ConsistencyTraining training = training(options(method).withConsistency(10), 8);
          JudgedWeights judge =
              new JudgedWeights(ConsistencyTrainingTest::network, FEW, VIEWS, 200, true)) {
        for (int s = 0; s < 80; s++) {
          training.step();
        }
        errors[method == Method.PI ? 1 : 0] =
            1 - ProperScores.of(judge.predict(training.student(), ALL)).accuracy();
      }
    }
    assertThat(errors[0]).isBetween(0.0, 0.4);
    assertThat(errors[1]).isBetween(0.0, 0.4);
  }

  /** Statistics of averages were taken there with dropout on, an average over the last batches. */
  @Test
  void equalWeightsPredictTheSameWhicheverTheyAreCalled() throws IOException {
    try (ConsistencyTraining training = training(options(Method.MEAN_TEACHER), 9);
        JudgedWeights judge =
            new JudgedWeights(ConsistencyTrainingTest::network, FEW, VIEWS, 120, true);
        JudgedWeights labelsOnly =
            new JudgedWeights(ConsistencyTrainingTest::network, FEW, VIEWS, 120, false)) {
      for (int s = 0; s < 5; s++) {
        training.step();
      }
      Predictions student = judge.predict(training.student(), FEW.validation());
      Predictions teacher = judge.predict(training.teacher(), FEW.validation());
      WeightAverage same = WeightAverage.uniform(AveragingPlan.epochs());
      for (int n = 0; n < 3; n++) {
        same.collect(training.student());
      }
      Predictions average = judge.predict(same.average(), FEW.validation());
      Predictions other = labelsOnly.predict(training.student(), FEW.validation());
      boolean teacherDiffers = false;
      boolean statisticsDiffer = false;
      for (int i = 0; i < 30; i++) {
        assertThat(average.probabilities(i)).isEqualTo(student.probabilities(i));
        teacherDiffers |= !Arrays.equals(teacher.probabilities(i), student.probabilities(i));
        statisticsDiffer |= !Arrays.equals(other.probabilities(i), student.probabilities(i));
        assertThat(student.label(i)).isEqualTo(FEW.validation().label(i));
      }
      assertThat(teacherDiffers).isTrue();
      assertThat(statisticsDiffer).isTrue();
    }
  }
}
