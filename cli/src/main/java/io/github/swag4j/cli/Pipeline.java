package io.github.swag4j.cli;

import ai.djl.engine.Engine;
import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.page.RunMetrics;
import io.github.swag4j.cli.page.RunReport;
import io.github.swag4j.cli.run.BatchNormFiles;
import io.github.swag4j.cli.run.CheckpointPlan;
import io.github.swag4j.cli.run.DivergedException;
import io.github.swag4j.cli.run.EffectiveConfig;
import io.github.swag4j.cli.run.Experiment;
import io.github.swag4j.cli.run.InputFit;
import io.github.swag4j.cli.run.Interruption;
import io.github.swag4j.cli.run.LaplaceFit;
import io.github.swag4j.cli.run.LaplaceStore;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.MethodPosteriors;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunCheckpoints;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.cli.run.RunLock;
import io.github.swag4j.cli.run.ScaleChoice;
import io.github.swag4j.cli.run.SplitFile;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.TrainedMember;
import io.github.swag4j.cli.run.Training;
import io.github.swag4j.cli.run.TrainingData;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.NotFiniteException;
import io.github.swag4j.swa.djl.SwaModel;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.io.SampleStatistics;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.vision.ImageBatches;
import io.github.swag4j.vision.data.ImageData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The whole way: data, training, posterior, predictions, numbers, page. */
final class Pipeline {

  private final RunConfig config;
  private final CheckpointPlan saving;
  private final String resuming;
  private final PrintWriter err;
  private final RunImages images;
  private final RunDescription.Input input;
  private final Map<String, ImageData> ood;
  private boolean temperature = true;

  /**
   * Loads and checks the data; nothing is written before that has worked.
   *
   * @param resuming the command that goes on with the run if it is interrupted
   */
  Pipeline(RunConfig config, CheckpointPlan saving, String resuming, PrintWriter err)
      throws IOException {
    this.config = config;
    this.saving = saving;
    this.resuming = resuming;
    this.err = err;
    this.images = RunImages.load(config);
    this.input =
        RunDescription.Input.of(images.train(), config.data().normalisation(images.train()));
    this.ood =
        RunImages.ood(
            config.data().ood(),
            config.data().oodPaths(),
            images.test().name(),
            config.data().conversion(),
            new InputFit(input, err));
    config.averaging().scale().requireRows(images.validation().size());
    if (!Datasets.names().contains(config.data().name())) {
      ImageData train = images.train();
      err.println(
          "swag4j: note: training on "
              + train.size()
              + " rows of "
              + train.name()
              + ", taken as "
              + (train.imageSize().isFeatures() ? "" : "images of ")
              + train.imageSize()
              + ", "
              + input.scale().words());
    }
  }

  /** Says whether temperature scaling stands beside the methods, as it does unless told. */
  Pipeline temperature(boolean wanted) {
    temperature = wanted;
    return this;
  }

  /**
   * Trains, predicts and writes; a run that fails leaves what was there before it, and its
   * checkpoints if it can be gone on with.
   */
  Results run(RunDirectory run) throws IOException {
    RunLock lock = RunLock.of(run.path(), err);
    try {
      return alone(run);
    } finally {
      lock.close();
    }
  }

  private Results alone(RunDirectory run) throws IOException {
    run.requireOwnTraining();
    boolean done = false;
    try {
      Results results = trainAndJudge(run);
      run.clearTraining();
      done = true;
      return results;
    } catch (DivergedException | NotFiniteException e) {
      // To go on under the same options would come to the same bits, and end here again.
      run.clearTraining();
      throw e;
    } finally {
      if (!done) {
        run.deleteIfEmpty();
      }
    }
  }

  private Results trainAndJudge(RunDirectory run) throws IOException {
    Engine engine = TorchEngine.start(config.threads(), err);
    engine.setRandomSeed(config.seed());
    try (Experiment experiment = new Experiment(config, input, Path.of(config.model()))) {
      experiment.requirePossible(config.methods().list());
      ModelWeights weights = experiment.weights();
      RunDescription description =
          RunDescription.of(
              config, input, images.parts(ood), weights.layout().hash(), weights.layout().size());
      return trainAndJudge(run, experiment, description);
    }
  }

  private Results trainAndJudge(RunDirectory run, Experiment experiment, RunDescription begun)
      throws IOException {
    RunCheckpoints checkpoints = new RunCheckpoints(saving, run, begun, images.parts(ood), err);
    Interruption interruption =
        Interruption.hint(checkpoints, Training.epochs(config), resuming, err);
    try {
      Training.Outcome trained = train(experiment, checkpoints);
      ImageBatches refresh =
          experiment.batches(
              config.prediction().batchNormRows(images.train()), config.optimiser().batchSize());
      Optional<ScaleCurve> scales =
          new ScaleChoice(experiment, config, images.validation(), err)
              .made(trained.members(), refresh);
      Training.Outcome outcome =
          scales.map(curve -> trained.atScale(curve.best().scale())).orElse(trained);
      RunDescription description =
          scales.map(curve -> begun.withChosenScale(curve.best().scale())).orElse(begun);
      run.clear();
      write(run, description, outcome);
      if (scales.isPresent()) {
        ScaleChoice.write(run, scales.get());
      }
      Map<String, List<Weights>> used = new LinkedHashMap<>();
      Weights ofSgd = statisticsOfSgd(experiment, outcome, refresh);
      LaplaceFit laplace = new LaplaceFit(experiment, config, images, ofSgd, err);
      Map<Method, WeightPosterior> posteriors =
          MethodPosteriors.of(run, outcome.members())
              .of(
                  config.methods().list(),
                  (method, sgd) -> {
                    LaplacePosterior fitted = laplace.fit(method, sgd);
                    new LaplaceStore(run, description).write(method, fitted);
                    return fitted;
                  });
      Results results =
          experiment.predict(
              posteriors,
              config.prediction().samples(),
              (method, samples, predictor) ->
                  method.hasStatisticsOfSgd() || method == Method.SGD && ofSgd != null
                      ? predictor.batchNormStatistics(Collections.nCopies(samples, ofSgd))
                      : predictor.refreshBatchNorm(refresh),
              images.test().name(),
              images.labelled(),
              ood,
              used,
              err);
      if (temperature) {
        results.fitTemperatures();
      }
      WeightLayout statistics = experiment.statistics().layout();
      BatchNormFiles.write(run.checkpoint("batch-norm"), statistics, used);
      List<Weights> ofSamples = used.getOrDefault(Method.SWAG.id(), List.of());
      if (!statistics.tensors().isEmpty() && !ofSamples.isEmpty()) {
        run.write(
            outcome.members().get(0),
            description,
            new SampleStatistics(config.seed(), 0, ofSamples));
      }
      RunMetrics.write(results, run);
      new RunReport(run, description, results, outcome.courses(), scales).write();
      if (config.fromTrained()) {
        saveModel(run, experiment, outcome, refresh);
      }
      EffectiveConfig.of(config).temperature(temperature).write(run.options());
      SplitFile.write(run.split(), images.rows(), config);
      // Last: a directory with run.json is a finished run.
      RunDirectory.writeJson(run.config(), description);
      return results;
    } finally {
      interruption.close();
    }
  }

  /** Those of the model as it was, or of plain SGD; null if no method needs to know them. */
  private Weights statisticsOfSgd(
      Experiment experiment, Training.Outcome outcome, ImageBatches refresh) throws IOException {
    if (outcome.statistics().isPresent()) {
      return outcome.statistics().get();
    }
    return config.methods().list().stream().anyMatch(Method::hasStatisticsOfSgd)
        ? experiment.statisticsOf(outcome.members().get(0).sgd(), refresh)
        : null;
  }

  /** The averaged model, or the model as it was where no method averages. */
  private static void saveModel(
      RunDirectory run, Experiment experiment, Training.Outcome outcome, ImageBatches refresh)
      throws IOException {
    TrainedMember member = outcome.members().get(0);
    if (member.swa() != null) {
      SwaModel.install(experiment.model().getBlock(), member.swa(), refresh);
    } else {
      experiment.weights().write(member.sgd());
      outcome.statistics().ifPresent(experiment.statistics()::write);
    }
    TorchScriptModels.save(experiment.model(), run.model());
  }

  private Training.Outcome train(Experiment experiment, RunCheckpoints checkpoints)
      throws IOException {
    TrainingData data =
        new TrainingData(
            experiment.batches(images.train(), config.optimiser().batchSize()),
            experiment.batches(images.validation(), config.optimiser().batchSize()),
            images.validation().labels(),
            ImageBatches.inputShape(images.train().imageSize()),
            config.data().augmentation(images.train().imageSize()));
    return new Training(config, experiment, data, checkpoints, err).run();
  }

  private static void write(RunDirectory run, RunDescription description, Training.Outcome outcome)
      throws IOException {
    run.write(outcome.members(), description);
    run.keepSnapshots();
    RunDirectory.writeJson(run.history(), outcome.courses());
  }
}
