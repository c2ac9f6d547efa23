package io.github.swag4j.studies.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.studies.transfer.Learner.Head;
import io.github.swag4j.studies.transfer.Learner.Steps;
import io.github.swag4j.studies.transfer.Learner.Stretch;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Normalisation;
import io.github.swag4j.vision.networks.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each way of training on is the training that the tables say it is. */
class MoreEpochsTest {
  private static final Steps STEPS = new Steps(8, 0.9, 5e-4);
  private static final double RATE = 0.05;
  private static final double LOW = 0.002;
  private static final List<Integer> EPOCHS = List.of(1, 3);

  @Test
  void averagesAreOfTheConstantRateAndBothControlsOfTheirOwn() throws IOException {
    Engine engine = TorchEngine.start(1, new PrintWriter(Writer.nullWriter()));
    TransferImages parts =
        TransferImages.of(
            SmallImages.of(64, 4, SmallImages.SIDE, 5),
            SmallImages.of(40, 4, SmallImages.SIDE, 6),
            24,
            40);
    ImageData drawn = parts.draw(32, 1);
    ImageBatches rows = new ImageBatches(drawn, Normalisation.of(drawn), STEPS.batch());
    Judge judge = new Judge(parts, rows, Normalisation.of(drawn), 1, 1);
    try (Learner learner = new Learner(engine, Network.CNN_SMALL, drawn.imageSize(), 4, 1)) {
      train(learner, rows, LearningRateSchedule.constant(RATE), 1);
      Weights trained = learner.all().capture();
      MoreEpochs.Settings settings = new MoreEpochs.Settings(EPOCHS, 2, STEPS);
      MoreEpochs.Found found =
          new MoreEpochs(learner, trained, rows, judge, settings).run(RATE, LOW, epoch -> {});

      learner.begin(trained, Head.KEEP);
      assertThat(found.before()).isEqualTo(judge.weights(learner, learner.weights().capture()));
      for (int i = 0; i < EPOCHS.size(); i++) {
        int epochs = EPOCHS.get(i);
        // Twice in an epoch of four steps.
        WeightAverage average = WeightAverage.uniform(AveragingPlan.steps().every(2));
        learner.begin(trained, Head.KEEP);
        train(learner, rows, LearningRateSchedule.constant(RATE), epochs, average);
        assertThat(average.count()).isEqualTo(2L * epochs);
        assertThat(found.swa().judged().get(i))
            .isEqualTo(judge.weights(learner, average.average()));

        learner.begin(trained, Head.KEEP);
        train(learner, rows, LearningRateSchedule.constant(LOW), epochs);
        assertThat(found.sgd().judged().get(i))
            .isEqualTo(judge.weights(learner, learner.weights().capture()));

        learner.begin(trained, Head.KEEP);
        train(learner, rows, LearningRateSchedule.swa(RATE, RATE / 100, epochs), epochs);
        assertThat(found.falling().judged().get(i))
            .isEqualTo(judge.weights(learner, learner.weights().capture()));
      }
      assertThat(
              List.of(
                  found.before().nll(),
                  found.swa().judged().get(1).nll(),
                  found.sgd().judged().get(1).nll(),
                  found.falling().judged().get(1).nll()))
          .doesNotHaveDuplicates();
    }
  }

  private static void train(
      Learner learner,
      ImageBatches rows,
      LearningRateSchedule rate,
      int epochs,
      WeightAverage... averages) {
    learner.train(rows, STEPS, new Stretch(rate, 0, epochs), null, epoch -> {}, averages);
  }
}
