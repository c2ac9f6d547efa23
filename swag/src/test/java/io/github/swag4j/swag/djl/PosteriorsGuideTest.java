package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.calibration.selection.ScaleSearch;
import io.github.swag4j.calibration.selection.StackedWeights;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ScheduledLearningRate;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.schedule.CyclicSchedule;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.snapshot.SnapshotCollector;
import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swag.Mixture;
import io.github.swag4j.swag.Subspace;
import io.github.swag4j.swag.SubspacePosterior;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/posteriors.md shows is the code of this test, and it runs. */
class PosteriorsGuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "guide", "posteriors.md");
  private static final Path THIS =
      Path.of("src/test/java/io/github/swag4j/swag/djl/PosteriorsGuideTest.java");

  private static NDManager manager;
  private static ArrayDataset train;
  private static ArrayDataset validation;
  private static ArrayDataset test;
  private static Model model;
  private static SwagPosterior first;
  private static SwagPosterior second;
  private static SwagPosterior third;

  @BeforeAll
  static void trainThree() throws Exception {
    manager = NDManager.newBaseManager();
    train = data(1, 320);
    validation = data(2, 150);
    test = data(3, 150);
    model = network(1);
    first = trained(model);
    try (Model other = network(2);
        Model another = network(3)) {
      second = trained(other);
      third = trained(another);
    }
  }

  @AfterAll
  static void close() {
    model.close();
    manager.close();
  }

  private static Model network(int seed) {
    Engine.getInstance().setRandomSeed(seed);
    Model network = Model.newInstance("network");
    network.setBlock(
        new SequentialBlock()
            .add(Linear.builder().setUnits(8).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build()));
    return network;
  }

  private static SwagPosterior trained(Model network) throws Exception {
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs().from(6), SwagPosterior.Options.defaults());
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build())
            .addTrainingListeners(SwaTrainingListener.of(collector));
    try (Trainer trainer = network.newTrainer(config)) {
      trainer.initialize(new Shape(1, 2));
      EasyTrain.fit(trainer, 14, train, null);
    }
    return collector.posterior();
  }

  /** Three clouds of points that overlap. */
  private static ArrayDataset data(long seed, int rows) {
    Random random = new Random(seed);
    float[] points = new float[rows * 2];
    float[] labels = new float[rows];
    for (int row = 0; row < rows; row++) {
      int k = row % 3;
      points[2 * row] = (float) (Math.cos(2 * k) + random.nextGaussian());
      points[2 * row + 1] = (float) (Math.sin(2 * k) + random.nextGaussian());
      labels[row] = k;
    }
    return new ArrayDataset.Builder()
        .setData(manager.create(points, new Shape(rows, 2)))
        .optLabels(manager.create(labels))
        .setSampling(32, false)
        .build();
  }

  private static void assertLearnt(Predictions predictions) {
    assertThat(predictions.rows()).isEqualTo(150);
    assertThat(ProperScores.of(predictions).accuracy()).isGreaterThan(0.55);
  }

  @Test
  void severalRuns() throws IOException {
    Mixture ensemble = WeightPosterior.ensemble(List.of(first.mean(), second.mean(), third.mean()));
    Predictions together =
        BayesianPredictor.of(model, ensemble).refreshBatchNorm(train).predict(test);
    assertLearnt(together);

    Mixture multiSwag = WeightPosterior.mixture(List.of(first, second, third));
    Predictions better =
        BayesianPredictor.of(model, multiSwag).samples(12).refreshBatchNorm(train).predict(test);
    assertLearnt(better);

    List<Predictions> alone = new ArrayList<>();
    for (SwagPosterior run : List.of(first, second, third)) {
      alone.add(BayesianPredictor.of(model, run).refreshBatchNorm(train).predict(validation));
    }
    StackedWeights stacked = StackedWeights.fit(alone);
    Mixture weighted = WeightPosterior.mixture(List.of(first, second, third), stacked.weights());
    assertThat(weighted.weights()).isEqualTo(stacked.weights());
  }

  @Test
  void oneRun(@TempDir Path folder) throws Exception {
    long stepsPerEpoch = 10;
    try (Model model = network(4)) {
      CyclicSchedule cycle = LearningRateSchedule.triangular(0.1, 0.005, 4); // epochs
      AveragingPlan plan = cycle.plan(AveragingPlan.Unit.EPOCH, 6);
      SnapshotCollector snapshots =
          SnapshotCollector.start(folder, plan, SnapshotCollector.Options.defaults());
      Tracker rate =
          ScheduledLearningRate.inEpochs(
              LearningRateSchedule.constant(0.1).then(6, cycle), stepsPerEpoch);
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .optOptimizer(Optimizer.sgd().setLearningRateTracker(rate).build())
              .addTrainingListeners(SwaTrainingListener.of(snapshots));
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 2));
        EasyTrain.fit(trainer, 18, train, null);
      }
      WeightPosterior fge = WeightPosterior.snapshots(SnapshotEnsemble.open(folder));
      Predictions snapshotPredictions =
          BayesianPredictor.of(model, fge).refreshBatchNorm(train).predict(test);
      assertLearnt(snapshotPredictions);
      assertThat(fge.mostSamples()).isEqualTo(3);
      SnapshotEnsemble taken = SnapshotEnsemble.open(folder);
      assertThat(List.of(taken.finished(0), taken.finished(1), taken.finished(2)))
          .containsExactly(8L, 12L, 16L); // where the rate is lowest
    }
  }

  @Test
  void scale(@TempDir Path folder) throws IOException {
    Path report = folder.resolve("scale.json");
    ScaleCurve curve =
        PosteriorScale.search(
            first::withScale,
            posterior -> BayesianPredictor.of(model, posterior).samples(8).refreshBatchNorm(train),
            validation,
            ScaleSearch.Options.defaults());
    SwagPosterior chosen = first.withScale(curve.best().scale());
    Files.writeString(report, curve.toJson());
    assertThat(chosen.scale()).isEqualTo(curve.best().scale());
    assertThat(ScaleCurve.fromJson(Files.readString(report)).points()).isEqualTo(curve.points());
  }

  @Test
  void subspace() throws IOException {
    InputBatches training = InputBatches.of(train);
    Subspace subspace = Subspace.principal(first, 3);
    SubspacePosterior chain =
        SubspacePosterior.run(
            subspace,
            DatasetLogLikelihood.classification(model.getBlock(), train).refreshBatchNorm(training),
            SubspacePosterior.Options.defaults().withSteps(20, 20, 1).withTemperature(50),
            1);
    Predictions sampled = BayesianPredictor.of(model, chain).refreshBatchNorm(train).predict(test);
    String worth = chain.toString(); // says how many independent draws its members are worth
    assertLearnt(sampled);
    assertThat(worth).contains("chain of 20 members in a subspace of 3 dimensions");
  }

  @Test
  void everySnippetOfThePageIsHere() throws IOException {
    Matcher blocks =
        Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
    String code = Files.readString(THIS).replaceAll("\\s+", "");
    int found = 0;
    while (blocks.find()) {
      assertThat(code).contains(blocks.group(1).replaceAll("\\s+", ""));
      found++;
    }
    assertThat(found).isEqualTo(6);
  }
}
