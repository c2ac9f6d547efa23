package io.github.swag4j.cli.run;

import ai.djl.engine.Engine;
import io.github.swag4j.cli.UsageException;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.data.ImageDataset;
import io.github.swag4j.cli.data.Split;
import io.github.swag4j.cli.page.RunReport;
import io.github.swag4j.swa.WeightLayout;
import io.github.swag4j.swa.Weights;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.io.WeightFiles;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.io.PosteriorFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The whole way: data, training, posterior, predictions, numbers, page. */
public final class Pipeline {

  /** Name of the rows held out of the training data. */
  static final String VALIDATION = "validation";

  private static final List<Method> METHODS = List.of(Method.SGD, Method.SWA, Method.SWAG);

  private static final Set<String> RESERVED = Set.of("train", VALIDATION, "test");

  private final RunConfig config;
  private final PrintWriter err;
  private final Images images;
  private final Map<String, ImageDataset> ood;

  /** Loads and checks the data; nothing is written before that has worked. */
  public Pipeline(RunConfig config, PrintWriter err) throws IOException {
    this.config = config;
    this.err = err;
    this.images = images(config);
    this.ood = ood(config.ood(), config.oodPaths(), images.test());
  }

  /**
   * The images of a run.
   *
   * @param train rows to train on
   * @param validation rows held out of the training data
   * @param test rows to judge by
   */
  public record Images(ImageDataset train, ImageDataset validation, ImageDataset test) {}

  public Results run(RunDirectory run) throws IOException {
    boolean done = false;
    try {
      Results results = trainAndJudge(run);
      done = true;
      return results;
    } finally {
      if (!done) {
        run.deleteIfEmpty();
      }
    }
  }

  private Results trainAndJudge(RunDirectory run) throws IOException {
    RunDescription.Input input =
        new RunDescription.Input(
            images.train().height(),
            images.train().width(),
            images.train().classNames(),
            ImageBatches.Normalisation.of(images.train()));
    Engine engine = TorchEngine.start(config.threads(), err);
    engine.setRandomSeed(config.seed());
    try (Experiment experiment = new Experiment(config, input)) {
      ModelWeights weights = experiment.weights();
      Training.Outcome outcome = train(experiment, images);
      RunDescription description =
          RunDescription.of(
              config, input, parts(images, ood), weights.layout().hash(), weights.layout().size());
      run.clear();
      write(run, description, outcome);
      Map<String, List<Weights>> used = new LinkedHashMap<>();
      ImageBatches refresh =
          experiment.batches(config.batchNormRows(images.train()), config.batchSize());
      Map<Method, WeightPosterior> posteriors =
          Experiment.posteriors(outcome.sgd(), outcome.swa(), outcome.posterior(), METHODS);
      Results results =
          experiment.predict(
              posteriors,
              config.samples(),
              (method, samples, predictor) -> predictor.refreshBatchNorm(refresh),
              images.test().name(),
              labelled(images),
              ood,
              used,
              err);
      WeightLayout statistics = experiment.statistics().layout();
      BatchNormFiles.write(run.checkpoint("batch-norm"), statistics, used);
      results.write(run);
      RunReport.History history = new RunReport.History(outcome.swaEpochs(), outcome.sgdEpochs());
      new RunReport(run, description, results, history).write();
      // Last: a directory with run.json is a finished run.
      RunDirectory.writeJson(run.config(), description);
      return results;
    }
  }

  private static Images images(RunConfig config) throws IOException {
    Datasets datasets = Datasets.ofThisMachine();
    ImageDataset all = datasets.load(config.data(), Split.TRAIN, config.dataPath());
    ImageDataset test = datasets.load(config.data(), Split.TEST, config.dataPath());
    requireName(test);
    ModelArchitecture.named(config.model()).requireImageSize(test.height(), test.width());
    return split(all, test, config);
  }

  /** Names that have a meaning in a run's files cannot be those of a data set. */
  public static void requireName(ImageDataset images) {
    if (RESERVED.contains(images.name())) {
      throw new UsageException(
          "a data set must not be called "
              + String.join(", ", new TreeSet<>(RESERVED))
              + ", got "
              + images.name()
              + ": rename its directory");
    }
  }

  public static Images split(ImageDataset all, ImageDataset test, RunConfig config) {
    ImageDataset limited = config.trainLimit() == null ? all : all.limit(config.trainLimit());
    int held = config.validationRows() == null ? limited.size() / 10 : config.validationRows();
    int kept = limited.size() - held;
    if (kept < 2) {
      throw new UsageException(
          "--validation must leave at least 2 of the "
              + limited.size()
              + " training rows, got "
              + held);
    }
    return new Images(limited.slice(0, kept), limited.slice(kept, limited.size()), test);
  }

  public static Map<String, ImageDataset> ood(
      List<String> names, List<Path> directories, ImageDataset test) throws IOException {
    if (directories.size() > names.size()) {
      throw new UsageException(
          "--ood-dir must follow an --ood each, got "
              + directories.size()
              + " directories for "
              + names.size()
              + " data sets");
    }
    Map<String, ImageDataset> ood = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Optional<Path> directory =
          i < directories.size() ? Optional.of(directories.get(i)) : Optional.empty();
      ImageDataset images = Datasets.ofThisMachine().load(names.get(i), Split.TEST, directory);
      requireName(images);
      if (images.height() != test.height() || images.width() != test.width()) {
        throw new IOException(
            "images of "
                + images.name()
                + " must be "
                + test.height()
                + " x "
                + test.width()
                + " as the model's, got "
                + images.height()
                + " x "
                + images.width());
      }
      if (images.name().equals(test.name()) || ood.put(images.name(), images) != null) {
        throw new UsageException(
            "--ood must name data sets other than the test set and each other, got "
                + images.name()
                + " twice");
      }
    }
    return ood;
  }

  static Map<String, ImageDataset> labelled(Images images) {
    Map<String, ImageDataset> labelled = new LinkedHashMap<>();
    labelled.put(images.test().name(), images.test());
    if (images.validation().size() > 0) {
      labelled.put(VALIDATION, images.validation());
    }
    return labelled;
  }

  private static Map<String, ImageDataset> parts(Images images, Map<String, ImageDataset> ood) {
    Map<String, ImageDataset> parts = new LinkedHashMap<>();
    parts.put("train", images.train());
    parts.put(VALIDATION, images.validation());
    parts.put("test", images.test());
    ood.forEach((name, set) -> parts.put("ood/" + name, set));
    return parts;
  }

  private Training.Outcome train(Experiment experiment, Images images) throws IOException {
    return new Training(
            config,
            experiment.model(),
            experiment.batches(images.train(), config.batchSize()),
            experiment.batches(images.validation(), config.batchSize()),
            images.validation().labels(),
            ModelArchitecture.inputShape(images.train().height(), images.train().width()),
            err)
        .run();
  }

  private static void write(RunDirectory run, RunDescription description, Training.Outcome outcome)
      throws IOException {
    RunConfig config = description.config();
    WeightFiles.write(
        run.checkpoint("sgd"),
        "weights",
        outcome.sgd(),
        Map.of("epochs", Integer.toString(config.epochs())));
    WeightFiles.write(
        run.checkpoint("swa"),
        "average",
        outcome.swa(),
        Map.of("count", Long.toString(outcome.posterior().count())));
    PosteriorFiles.write(run.posterior(), outcome.posterior());
    RunDirectory.writeJson(
        run.history(), new RunReport.History(outcome.swaEpochs(), outcome.sgdEpochs()));
  }

  public static List<Method> methods(List<String> names) {
    List<Method> methods = new ArrayList<>();
    names.forEach(name -> methods.add(Method.named(name)));
    return methods.isEmpty() ? METHODS : List.copyOf(methods);
  }
}
