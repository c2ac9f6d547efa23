package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.features.Mahalanobis;
import io.github.swag4j.calibration.regression.RegressionScores;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swa.djl.loss.MeanSquaredLoss;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.djl.ood.FeatureDetection;
import io.github.swag4j.swag.djl.ood.LayerFeatures;
import io.github.swag4j.swag.djl.ood.Odin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/posteriors.md shows of predicting is the code of this test, and it runs. */
class PredictionsGuideTest extends GuideNetworks {

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
}
