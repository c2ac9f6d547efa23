package io.github.swag4j.studies.semisupervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.studies.frame.GuideCode;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining;
import io.github.swag4j.studies.semisupervised.djl.ConsistencyTraining.Method;
import io.github.swag4j.studies.semisupervised.djl.JudgedWeights;
import io.github.swag4j.studies.semisupervised.djl.SmallNetwork;
import io.github.swag4j.studies.semisupervised.images.FewLabels;
import io.github.swag4j.studies.semisupervised.images.Views;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.schedule.CosineCycles;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Normalisation;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What docs/guide/semi-supervised.md shows is the code of this test, and it runs. */
class SemiSupervisedGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "guide", "semi-supervised.md");
  private static final Path TEST =
      Path.of("src/test/java/io/github/swag4j/studies/semisupervised/SemiSupervisedGuideTest.java");

  @Test
  void fastSwaCollectsFromATrainingByConsistency() throws IOException {
    ImageData train = Datasets.ofThisMachine().load(Datasets.QUICKSTART, Split.TRAIN);
    ImageData test = Datasets.ofThisMachine().load(Datasets.QUICKSTART, Split.TEST).limit(100);
    int unlabelled = 200; // all the others, to learn from them

    FewLabels images = FewLabels.draw(train, 100, unlabelled, 0, 1);
    Views views = new Views(2, true, 0.15, Normalisation.of(train));
    CosineCycles rates = LearningRateSchedule.cosineCycles(0.1, 2, 4, 1); // in epochs
    var options = ConsistencyTraining.Options.of(Method.MEAN_TEACHER, rates, 2);
    try (var training =
            new ConsistencyTraining(() -> SmallNetwork.of(10), images, views, options, 1);
        var judge = new JudgedWeights(() -> SmallNetwork.of(10), images, views, 1000, true)) {
      CosineCycles inSteps = rates.stretched(training.stepsPerEpoch());
      AveragingPlan plan = inSteps.fastSwaPlan(AveragingPlan.Unit.STEP, 2);
      WeightAverage average = WeightAverage.uniform(plan);
      while (training.steps() < 3L * training.stepsPerEpoch()) {
        training.step();
        if (plan.collectsAfter(training.steps())) {
          average.collect(training.student());
        }
      }
      double ece = CalibrationError.of(judge.predict(average.average(), test)).ece();
      assertThat(average.count()).isEqualTo(5);
      assertThat(ece).isBetween(0.0, 1.0);
    }
  }

  @Test
  void theGuidesCodeIsThisTests() throws IOException {
    GuideCode.assertIsIn(GUIDE, TEST);
  }
}
