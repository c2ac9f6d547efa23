package io.github.swag4j.studies.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.transfer.Learner.Head;
import io.github.swag4j.studies.transfer.Learner.Steps;
import io.github.swag4j.studies.transfer.Learner.Stretch;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.state.TrainingState;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.ImageSize;
import io.github.swag4j.vision.data.Normalisation;
import io.github.swag4j.vision.networks.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is taken over from a trained network, and what moves afterwards. */
class LearnerTest {
  private static final Steps STEPS = new Steps(8, 0.9, 5e-4);
  private static final ImageSize SIZE = SmallImages.of(4, 4, SmallImages.SIDE, 0).imageSize();
  private static Engine engine;

  @BeforeAll
  static void start() {
    engine = TorchEngine.start(1, new PrintWriter(Writer.nullWriter()));
  }

  private static Learner learner(int classes, int seed) {
    return new Learner(engine, Network.CNN_SMALL, SIZE, classes, seed);
  }

  private static ImageBatches batches(ImageData images) {
    return new ImageBatches(images, Normalisation.of(images), STEPS.batch());
  }

  private static Stretch stretch(int first, int end) {
    return new Stretch(LearningRateSchedule.constant(0.05), first, end);
  }

  /** Weights and statistics that training has moved, of four classes. */
  private static Weights trained() {
    try (Learner learner = learner(4, 1)) {
      ImageBatches rows = batches(SmallImages.of(32, 4, SmallImages.SIDE, 1));
      learner.train(rows, STEPS, stretch(0, 2), null, epoch -> {});
      return learner.all().capture();
    }
  }

  private static List<String> differing(Weights a, Weights b) {
    List<String> names = new ArrayList<>();
    for (int t = 0; t < a.layout().tensors().size(); t++) {
      if (!Arrays.equals(a.toArray(t), b.toArray(t))) {
        names.add(a.layout().tensor(t).name());
      }
    }
    return names;
  }

  private static List<String> names(WeightLayout layout) {
    return layout.tensors().stream().map(WeightLayout.Tensor::name).toList();
  }

  @Test
  void fineTuningBeginsWithTheSourcesNetworkBitForBitButForANewLastLayer() {
    Weights trained = trained();
    try (Learner learner = learner(4, 7)) {
      Weights first = learner.all().capture();
      List<String> head = names(learner.head().of(first).layout());
      assertThat(head).hasSize(2).allMatch(name -> name.contains("Linear"));
      learner.begin(trained, Head.NEW);
      assertThat(differing(learner.all().capture(), trained)).isEqualTo(head);
      List<String> taken = differing(learner.all().capture(), first);
      assertThat(taken).doesNotContainAnyElementsOf(head);
      assertThat(taken).hasSize(names(first.layout()).size() - head.size());
      learner.begin(trained, Head.KEEP);
      assertThat(differing(learner.all().capture(), trained)).isEmpty();
    }
  }

  @Test
  void anotherNumberOfClassesGetsANewLastLayerOrIsRefused() {
    Weights trained = trained();
    try (Learner learner = learner(3, 7)) {
      Weights first = learner.all().capture();
      assertThatThrownBy(() -> learner.begin(trained, Head.KEEP))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("Linear")
          .hasMessageContaining("give --head new if the target has another number of classes");
      assertThat(differing(learner.all().capture(), first)).as("nothing was written").isEmpty();
      learner.begin(trained, Head.NEW);
      Selection body = Selection.all().withoutNames(".*Linear.*");
      assertThat(Weights.copyOf(body.of(learner.all())))
          .isEqualTo(Weights.copyOf(body.of(trained)));
    }
    try (Learner other = new Learner(engine, Network.CNN, SIZE, 4, 7)) {
      assertThatThrownBy(() -> other.begin(trained, Head.NEW))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("must have the tensors of cnn")
          .hasMessageContaining("name the --model that was trained");
    }
  }

  @Test
  void samplesOfTheLastLayerLeaveEveryOtherTensorAtTheMean() throws IOException {
    ImageData images = SmallImages.of(48, 4, SmallImages.SIDE, 1);
    ImageBatches rows = batches(images);
    try (Learner learner = learner(4, 1)) {
      SwagCollector moments =
          new SwagCollector(AveragingPlan.steps(), SwagPosterior.Options.defaults());
      learner.train(rows, STEPS, stretch(0, 2), null, epoch -> {}, moments);
      SwagPosterior posterior = moments.posterior().withStochastic(learner.head());
      List<String> head = names(learner.head().of(learner.weights()).layout());
      for (int s = 0; s < 5; s++) {
        assertThat(differing(posterior.sample(3, s), posterior.mean())).isEqualTo(head);
      }

      // One pass for the mean's statistics is then as good as one for each sample.
      TransferImages parts =
          TransferImages.of(images, SmallImages.of(40, 4, SmallImages.SIDE, 2), 16, 40);
      Judge judge = new Judge(parts, rows, Normalisation.of(images), 3, 1);
      Judged once = judge.lastLayer(learner, posterior, 3);
      Judged each = judge.posterior(learner, posterior, 3);
      assertThat(once.nll()).isCloseTo(each.nll(), within(1e-6));
      assertThat(once.rowsRight()).isEqualTo(each.rowsRight());
    }
  }

  @Test
  void aStretchGoesOnWhereTheOneBeforeEndedBitForBit() {
    ImageBatches rows = batches(SmallImages.of(32, 4, SmallImages.SIDE, 1));
    AveragingPlan plan = AveragingPlan.steps().from(3).every(2);
    WeightAverage atOnce = WeightAverage.uniform(plan);
    Weights expected;
    try (Learner learner = learner(4, 1)) {
      learner.train(rows, STEPS, stretch(0, 3), null, epoch -> {}, atOnce);
      expected = learner.all().capture();
    }
    WeightAverage inTwo = WeightAverage.uniform(plan);
    TrainingState half;
    try (Learner learner = learner(4, 1)) {
      half = learner.train(rows, STEPS, stretch(0, 1), null, epoch -> {}, inTwo);
      learner.train(rows, STEPS, stretch(1, 2), half, epoch -> {});
      // Something else was trained in between.
      learner.train(rows, STEPS, stretch(1, 3), half, epoch -> {}, inTwo);
      assertThat(learner.all().capture()).isEqualTo(expected);
    }
    assertThat(inTwo.count()).isEqualTo(atOnce.count()).isEqualTo(4);
    assertThat(inTwo.average()).isEqualTo(atOnce.average());
  }

  /** A network without batch norm, whose last layer is kept. */
  private static FineTuning.Found tuned(Weights trained, Steps steps, int seed) throws IOException {
    ImageData images = SmallImages.of(64, 4, SmallImages.SIDE, 5);
    TransferImages parts =
        TransferImages.of(images, SmallImages.of(40, 4, SmallImages.SIDE, 6), 24, 40);
    ImageData drawn = parts.draw(32, seed);
    ImageBatches rows = batches(drawn);
    Judge judge = new Judge(parts, rows, Normalisation.of(drawn), seed, 1);
    try (Learner learner = new Learner(engine, Network.MLP, SIZE, 4, seed)) {
      learner.begin(trained, Head.KEEP);
      return new FineTuning(learner, rows, judge, new FineTuning.Settings(4, 0.05, 0.05, 2, steps))
          .run(new FineTuning.Sampling(5, 0.5, 3), epoch -> {});
    }
  }

  @Test
  void theSameSeedGivesTheSameNumbersAndAnotherOthers() throws IOException {
    Weights trained;
    try (Learner source = new Learner(engine, Network.MLP, SIZE, 4, 9)) {
      trained = source.all().capture();
    }
    FineTuning.Found found = tuned(trained, STEPS, 1);
    assertThat(tuned(trained, STEPS, 1)).isEqualTo(found);
    assertThat(tuned(trained, STEPS, 2)).isNotEqualTo(found);
    assertThat(found.collected()).as("two epochs, twice in each").isEqualTo(4);
    assertThat(found.byName().values()).extracting(Judged::nll).doesNotHaveDuplicates();
  }
}
