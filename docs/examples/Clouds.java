///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//REPOS mavenLocal,mavencentral
//DEPS io.github.swag4j:swag4j-swag:0.2.0
//DEPS io.github.swag4j:swag4j-reports:0.2.0
//DEPS ai.djl.pytorch:pytorch-engine:0.36.0
//DEPS ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0
//DEPS ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64
//DEPS org.slf4j:slf4j-nop:2.0.17
//RUNTIME_OPTIONS -Dai.djl.offline=true

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.SwaTrainingListener;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor;
import java.nio.file.Path;
import java.util.Random;

/**
 * Trains a small network on three clouds of points, draws SWAG's Bayesian average and says how far
 * it can be trusted: the ECE, and a reliability diagram in reliability.svg (or the file given).
 */
public class Clouds {
  public static void main(String[] args) throws Exception {
    Path picture = Path.of(args.length == 0 ? "reliability.svg" : args[0]);
    Engine.getInstance().setRandomSeed(1);
    try (NDManager manager = NDManager.newBaseManager();
        Model model = Model.newInstance("clouds")) {
      model.setBlock(
          new SequentialBlock()
              .add(Linear.builder().setUnits(16).build())
              .add(Activation::relu)
              .add(Linear.builder().setUnits(3).build()));
      var collector =
          new SwagCollector(
              AveragingPlan.epochs().from(5).every(1), SwagPosterior.Options.defaults());
      var config =
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.05f)).build())
              .addTrainingListeners(SwaTrainingListener.of(collector));
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 2));
        EasyTrain.fit(trainer, 12, clouds(manager, 1, 600, true), null);
      }
      Predictions predictions =
          BayesianPredictor.of(model, collector.posterior())
              .samples(10)
              .predict(clouds(manager, 2, 400, false));
      System.out.println(CalibrationError.of(predictions));
      ReliabilityChart.of("Three clouds", ReliabilityDiagram.of(predictions)).saveSvg(picture);
      System.out.println(picture);
    }
  }

  private static ArrayDataset clouds(NDManager manager, long seed, int rows, boolean shuffle) {
    Random random = new Random(seed);
    float[] points = new float[rows * 2];
    float[] labels = new float[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = row % 3;
      points[2 * row] = (float) (Math.cos(2 * labels[row]) + random.nextGaussian());
      points[2 * row + 1] = (float) (Math.sin(2 * labels[row]) + random.nextGaussian());
    }
    return new ArrayDataset.Builder()
        .setData(manager.create(points, new Shape(rows, 2)))
        .optLabels(manager.create(labels))
        .setSampling(32, shuffle)
        .build();
  }
}
