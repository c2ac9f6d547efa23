package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.calibration.selection.ScaleSearch;
import io.github.swag4j.calibration.selection.StackedWeights;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.ScheduledLearningRate;
import io.github.swag4j.swa.djl.SwaModel;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.schedule.CyclicSchedule;
import io.github.swag4j.swa.schedule.LearningRateSchedule;
import io.github.swag4j.swa.snapshot.SnapshotCollector;
import io.github.swag4j.swa.snapshot.SnapshotEnsemble;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.Mixture;
import io.github.swag4j.swag.Subspace;
import io.github.swag4j.swag.SubspacePosterior;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.laplace.KroneckerLaplace;
import io.github.swag4j.swag.djl.laplace.LastLayerLaplace;
import io.github.swag4j.swag.djl.laplace.LinearisedPredictor;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.Structure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/posteriors.md shows of posteriors is the code of this test, and it runs. */
class PosteriorsGuideTest extends GuideNetworks {
  private static final Path GUIDE = Path.of("..", "docs", "guide", "posteriors.md");
  private static final Path TESTS = Path.of("src/test/java/io/github/swag4j/swag/djl");

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
  void aClassifierFromPython() throws Exception {
    Path file = Path.of("src/test/resources/io/github/swag4j/swag/golden/dropout-scripted.pt");
    ArrayDataset train = data(1, 320, 4, 1);
    ArrayDataset test = data(3, 150, 4, 1);
    Model scripted = TorchScriptModels.load(file); // torch.jit.script(net).save("net.pt")
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs().from(10), SwagPosterior.Options.defaults());
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optDevices(new Device[] {Device.cpu()})
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build())
            .addTrainingListeners(SwaTrainingListener.of(collector));
    try (Trainer trainer = scripted.newTrainer(config)) {
      EasyTrain.fit(trainer, 20, train, null);
    }
    Predictions around =
        BayesianPredictor.of(scripted, collector.posterior()).refreshBatchNorm(train).predict(test);
    assertLearnt(around);

    try (Model model = scripted) {
      Weights weights = ModelWeights.of(model.getBlock()).capture();
      Predictions dropped =
          BayesianPredictor.of(model, WeightPosterior.point(weights))
              .monteCarloDropout()
              .samples(50)
              .predict(test);
      assertLearnt(dropped);
      assertThat(dropped.expectedEntropy(0)).isLessThan(dropped.entropy(0)); // masks differ
    }
  }

  @Test
  void theLastLayer() throws Exception {
    try (Model model = network(5)) {
      SwagPosterior posterior = trained(model);
      SwagPosterior head = posterior.withStochastic(Selection.all().onlyNames("04Linear.*"));
      Predictions ofHead =
          BayesianPredictor.of(model, head).samples(30).refreshBatchNorm(train).predict(test);
      assertLearnt(ofHead);

      SwaModel.install(model.getBlock(), posterior.mean(), InputBatches.of(train));
      LaplacePosterior laplace =
          LastLayerLaplace.of(model)
              .structure(Structure.KRONECKER)
              .fit(train)
              .optimisePriorPrecision();
      Predictions probit = LinearisedPredictor.of(model, laplace).predict(test);
      Predictions sampled = LinearisedPredictor.of(model, laplace).monteCarlo(200).predict(test);
      assertLearnt(probit);
      assertLearnt(sampled);

      LaplacePosterior everywhere = KroneckerLaplace.of(model).fit(train).optimisePriorPrecision();
      Predictions linearised = LinearisedPredictor.of(model, everywhere).predict(test);
      assertLearnt(linearised);
      assertThat(laplace.logMarginalLikelihood())
          .isGreaterThan(laplace.withPriorPrecision(1e4).logMarginalLikelihood());
    }
  }

  @Test
  void aLoopOfOnesOwn() throws Exception {
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build());
    try (Model model = network(6);
        Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(new Shape(1, 2));
      AveragingPlan plan = AveragingPlan.epochs().from(6);
      SwagCollector collector = new SwagCollector(plan, SwagPosterior.Options.defaults());
      for (int epoch = 1; epoch <= 14; epoch++) {
        for (Batch batch : trainer.iterateDataset(train)) {
          try (batch) {
            EasyTrain.trainBatch(trainer, batch);
            trainer.step();
          }
        }
        if (plan.collectsAfter(epoch)) {
          collector.collect(ModelWeights.of(model.getBlock()));
        }
      }
      SwagPosterior posterior = collector.posterior();
      assertThat(collector.count()).isEqualTo(8);
      assertLearnt(BayesianPredictor.of(model, posterior).refreshBatchNorm(train).predict(test));
    }
  }

  @Test
  void everySnippetOfThePageIsHere() throws IOException {
    Matcher blocks =
        Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
    String code =
        (Files.readString(TESTS.resolve("PosteriorsGuideTest.java"))
                + Files.readString(TESTS.resolve("PredictionsGuideTest.java")))
            .replaceAll("\\s+", "");
    int found = 0;
    while (blocks.find()) {
      assertThat(code).contains(blocks.group(1).replaceAll("\\s+", ""));
      found++;
    }
    assertThat(found).isEqualTo(18);
  }
}
