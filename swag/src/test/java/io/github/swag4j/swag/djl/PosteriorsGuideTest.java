package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
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
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.features.Mahalanobis;
import io.github.swag4j.calibration.regression.RegressionScores;
import io.github.swag4j.calibration.scores.ProperScores;
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
import io.github.swag4j.swa.djl.loss.MeanSquaredLoss;
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
import io.github.swag4j.swag.djl.laplace.LastLayerLaplace;
import io.github.swag4j.swag.djl.laplace.LinearisedPredictor;
import io.github.swag4j.swag.djl.ood.FeatureDetection;
import io.github.swag4j.swag.djl.ood.LayerFeatures;
import io.github.swag4j.swag.djl.ood.Odin;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.Structure;
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
    return data(seed, rows, 2, 1);
  }

  /** Rows of {@code width} numbers, of which two tell of the class. */
  private static ArrayDataset data(long seed, int rows, int width, double radius) {
    Random random = new Random(seed);
    float[] points = new float[rows * width];
    float[] labels = new float[rows];
    for (int row = 0; row < rows; row++) {
      int k = row % 3;
      for (int i = 0; i < width; i++) {
        double centre = i == 0 ? Math.cos(2 * k) : i == 1 ? Math.sin(2 * k) : 0;
        points[width * row + i] = (float) (radius * centre + random.nextGaussian());
      }
      labels[row] = k;
    }
    return dataset(points, width, labels);
  }

  private static ArrayDataset dataset(float[] points, int width, float[] labels) {
    return new ArrayDataset.Builder()
        .setData(manager.create(points, new Shape(labels.length, width)))
        .optLabels(manager.create(labels))
        .setSampling(32, false)
        .build();
  }

  /** A sine with noise of standard deviation 0.3, one row for each of the targets it fills. */
  private static ArrayDataset curve(long seed, double[] targets) {
    Random random = new Random(seed);
    float[] points = new float[targets.length];
    float[] labels = new float[targets.length];
    for (int row = 0; row < targets.length; row++) {
      points[row] = (float) (4 * random.nextDouble() - 2);
      labels[row] = (float) (Math.sin(points[row]) + 0.3 * random.nextGaussian());
      targets[row] = labels[row];
    }
    return dataset(points, 1, labels);
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
  void aNumber() throws Exception {
    double[] validationTargets = new double[150];
    ArrayDataset train = curve(1, new double[320]);
    ArrayDataset validation = curve(2, validationTargets);
    ArrayDataset test = curve(3, new double[150]);
    try (Model model = Model.newInstance("curve")) {
      Engine.getInstance().setRandomSeed(1);
      model.setBlock(
          new SequentialBlock()
              .add(Linear.builder().setUnits(16).build())
              .add(Activation::tanh)
              .add(Linear.builder().setUnits(1).build()));
      SwagCollector collector =
          new SwagCollector(AveragingPlan.epochs().from(30), SwagPosterior.Options.defaults());
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(new MeanSquaredLoss())
              .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build())
              .addTrainingListeners(SwaTrainingListener.of(collector));
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 1));
        EasyTrain.fit(trainer, 50, train, null);
      }
      RegressionOutput output =
          RegressionOutput.meanWithNoiseOf(InputBatches.of(validation), validationTargets);
      PosteriorRegression predicted =
          BayesianPredictor.of(model, collector.posterior()).regression(output).predict(test);
      double interval = 1.96 * Math.sqrt(predicted.totalVariance(0)); // mean(0) give or take this
      RegressionScores scores = RegressionScores.of(predicted.gaussian());
      assertThat(interval).isBetween(1.96 * 0.2, 1.96 * 0.4); // the noise is 0.3
      assertThat(scores.rmse()).isBetween(0.2, 0.4);
    }
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
      assertThat(laplace.logMarginalLikelihood())
          .isGreaterThan(laplace.withPriorPrecision(1e4).logMarginalLikelihood());
    }
  }

  @Test
  void serving() throws IOException {
    List<RowPrediction> doubtful = new ArrayList<>();
    float[] row = {0, 0}; // in the middle of the three clouds
    try (ServingPredictor serving =
        BayesianPredictor.of(model, first).samples(30).refreshBatchNorm(train).serve()) {
      RowPrediction answer = serving.predict(row);
      if (answer.confidence() < 0.6 || answer.mutualInformation() > 0.3) {
        doubtful.add(answer);
      }
    }
    assertThat(doubtful).hasSize(1);
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
  void rowsOfAnotherKind() throws IOException {
    ArrayDataset other = data(4, 150, 2, 12);
    FeatureDetection distance =
        FeatureDetection.fit(LayerFeatures.of(model), train, Mahalanobis::fit);
    Odin odin =
        Odin.of(model).chooseEpsilon(InputBatches.of(validation), 0.0025, 0.005, 0.01, 0.02);
    DetectionCurve byDistance = DetectionCurve.of(distance.scores(test), distance.scores(other));
    DetectionCurve byOdin = DetectionCurve.of(odin.scores(test), odin.scores(other));
    assertThat(byDistance.auroc()).isGreaterThan(0.9);
    assertThat(byOdin.auroc()).isLessThan(0.5); // far away the network is surer, as the page says
  }

  @Test
  void manySamples(@TempDir Path folder) throws IOException {
    BayesianPredictor many =
        BayesianPredictor.of(model, first)
            .samples(200)
            .refreshBatchNorm(train)
            .workers(Workers.auto());
    PredictionControl control =
        PredictionControl.none()
            .withStop(StopRule.nll(0.002, 10))
            .resumable(folder.resolve("test-state.safetensors"), 20);
    Predictions enough = many.control(control).predict(test);
    assertLearnt(enough);

    Path file = folder.resolve("test-samples.npz");
    many.samples(40).streamSamples(file).predict(test);
    Predictions withSamples = PredictionFiles.read(file);
    assertThat(withSamples.samples()).isEqualTo(40);
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
    assertThat(found).isEqualTo(17);
  }
}
