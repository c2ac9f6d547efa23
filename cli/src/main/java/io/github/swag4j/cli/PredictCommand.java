package io.github.swag4j.cli;

import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.page.RunMetrics;
import io.github.swag4j.cli.page.RunReport;
import io.github.swag4j.cli.run.Courses;
import io.github.swag4j.cli.run.Experiment;
import io.github.swag4j.cli.run.InputFit;
import io.github.swag4j.cli.run.LaplaceFit;
import io.github.swag4j.cli.run.LaplaceStore;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.MethodPosteriors;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.cli.run.RunLock;
import io.github.swag4j.cli.run.ScaleChoice;
import io.github.swag4j.cli.run.StoredStatistics;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.vision.data.ImageData;
import io.github.swag4j.vision.data.Split;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Predicting again with what a run has stored. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Predict with the models of a finished run, and judge the predictions.",
      "",
      "With the run's own data, samples and threads the numbers are the same bit for bit, and"
          + " predictions, metrics.json and report.html of the run are brought up to date; further"
          + " methods join them. What was predicted of other data, or with other samples or threads"
          + " than the run has stored, goes into a directory of its own.",
      "",
      "With --master a cluster predicts a Parquet table of images by --method swag, and writes"
          + " another to --out: its columns but for the images, and probability, entropy,"
          + " expected_entropy and mutual_information. Nothing is judged: that does evaluate."
    },
    footer = {
      "",
      "Examples",
      "  swag4j predict run",
      "  swag4j predict run --method swag,swag-diag --samples 100",
      "  swag4j predict run --data fashion-mnist --ood mnist --method swag",
      "  swag4j predict run --data new.parquet --method swag --out answers.parquet",
      "  swag4j predict run --data images/ --method swag --master spark://host:7077 --out answers"
    })
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Directory of a finished run.")
  private Path path;

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR",
      description =
          "Test images to judge by (default: the run's): the test part of data that is divided, all"
              + " rows of what is not, unless it is the very rows that the run divided.")
  private String data;

  @Option(
      names = "--method",
      paramLabel = "M",
      split = ",",
      description =
          "What to predict with, of the methods whose weights the run has, with commas between"
              + " (default: those it was trained for).")
  private List<String> methods = List.of();

  @Option(
      names = "--samples",
      paramLabel = "S",
      description = "Posterior samples in a prediction (default: the run's).")
  private Integer samples;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the engine (default: the run's).")
  private Integer threads;

  @Option(names = "--no-ood", description = "Predict the test images alone.")
  private boolean noOod;

  @Option(
      names = "--train-dir",
      paramLabel = "DIR",
      description =
          "Where the run's training files are, if they have moved; needed only for methods or"
              + " samples the run has no batch-norm statistics of.")
  private Path trainDir;

  @Option(
      names = "--out",
      paramLabel = "DIR|FILE",
      description =
          "Where to write (default: the run itself for what brings it up to date or joins it, else"
              + " RUN/on-NAME of other test images, RUN/samples-S, RUN/threads-N). A name that ends"
              + " with .parquet, .csv or .npz is a file of what one --method predicts for --data,"
              + " which needs no labels then, and all that is written.")
  private Path out;

  @Option(
      names = "--image-column",
      paramLabel = "NAME",
      description =
          "The column of images of a table for --master: lists of channels x height x width pixels,"
              + " whole levels from 0 to 255, or numbers between 0 and 1 (default: image).")
  private String imageColumn;

  @Mixin private KeptSamples kept;

  @Mixin private ClusterOptions cluster;

  @Mixin private ImageOptions images;

  @Mixin private TemperatureOptions temperature;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws Exception {
    requireOptions();
    if (cluster.isAsked()) {
      ClusterPrediction.check(spec, methods, data, out);
      ClusterPrediction.run(cluster, path, data, out, samples, imageColumn, spec.commandLine());
      return 0;
    }
    RunDirectory run = RunDirectory.open(path);
    RunDescription description = RunDescription.read(run);
    Courses history = RunDirectory.readJson(run.history(), Courses.class);
    Optional<ScaleCurve> scales = ScaleChoice.of(run);
    RunConfig config = description.config();
    List<Method> asked = methods.isEmpty() ? config.methods().list() : Method.named(methods);
    PredictImages judged =
        new PredictImages(description, data, images, spec.commandLine().getErr());
    ImageData test = judged.test();
    RunImages.requireName(test);
    PredictionsFile file = PredictionsFile.named(out);
    if (file == null) {
      RunImages.requireLabels(test);
    }
    if (file != null) {
      kept.requirePlace(file.file());
      file.require(asked, images.ood() != null, output.overwrite(), judged.read());
    }
    Map<String, ImageData> unlike = file != null ? Map.of() : unlike(description, test);
    MethodPosteriors.requireTrained(run, config, asked);
    long rows = description.data().get(RunImages.VALIDATION).rows();
    rows += test.size();
    rows += unlike.values().stream().mapToLong(ImageData::size).sum();
    int classes = description.input().classNames().size();
    kept.requireRoom(asked, samples(config), config, rows, classes);
    RunDirectory target = file != null ? run : target(run, description, test, unlike, asked);
    PrintWriter err = spec.commandLine().getErr();
    RunLock lock = RunLock.of(target.path(), err);
    try {
      TorchEngine.start(threads == null ? config.threads() : threads, err);
      try (Experiment experiment = new Experiment(config, description.input(), run.model())) {
        Results results = predict(experiment, run, description, test, unlike, asked);
        if (file != null) {
          write(file, results, test, run);
        } else {
          write(results, target, run, description.judgedBy(test, unlike), history, scales);
        }
      }
    } finally {
      lock.close();
    }
    return 0;
  }

  private void requireOptions() {
    cluster.check();
    kept.requireThisMachine(cluster);
    if (imageColumn != null && !cluster.isAsked()) {
      throw new UsageException("--image-column goes with --master");
    }
    if (samples != null && samples < 1) {
      throw new UsageException("--samples must be at least 1, got " + samples);
    }
    if (threads != null && (threads < 1 || threads > RunConfig.MAX_THREADS)) {
      throw new UsageException(
          "--threads must be between 1 and " + RunConfig.MAX_THREADS + ", got " + threads);
    }
    if (noOod && (images.ood() != null || !images.oodDir().isEmpty())) {
      throw new UsageException("--no-ood excludes --ood and --ood-dir");
    }
  }

  /** The file alone; its numbers are printed where there are labels to judge by. */
  private void write(PredictionsFile file, Results results, ImageData test, RunDirectory run)
      throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    file.write(results.test(results.methods().get(0)));
    spec.commandLine().getErr().println("swag4j: note: " + test.size() + " rows of " + test.name());
    if (test.hasLabels()) {
      output.print(to, results, run);
    }
    if (!output.json()) {
      to.print(NewFiles.written(file.file()));
    }
  }

  private void write(
      Results results,
      RunDirectory target,
      RunDirectory run,
      RunDescription description,
      Courses history,
      Optional<ScaleCurve> scales)
      throws IOException {
    if (temperature.wanted()) {
      RunMetrics.fitTemperatures(results, run, RunDescription.read(run));
    }
    PrintWriter to = spec.commandLine().getOut();
    RunMetrics.write(results, target);
    output.print(to, results, target);
    if (target.equals(run)) {
      RunMetrics.addStored(results, run);
      if (temperature.wanted()) {
        RunMetrics.fitTemperatures(results, run, description);
      }
    }
    new RunReport(target, description, results, history, scales).write();
    output.report(to, target);
  }

  /** Samples asked for, or those of the run. */
  private int samples(RunConfig config) {
    return samples == null ? config.prediction().samples() : samples;
  }

  private Map<String, ImageData> unlike(RunDescription description, ImageData test)
      throws IOException {
    if (noOod) {
      return Map.of();
    }
    InputFit fit = new InputFit(description.input(), spec.commandLine().getErr());
    if (images.ood() != null) {
      return RunImages.ood(
          images.ood(),
          images.oodDir(),
          test.name(),
          images.conversion(description.config().data()),
          fit);
    }
    RunConfig config = description.config();
    if (description.data().containsKey("ood/" + test.name())) {
      // Judging the run's own out-of-distribution images as test images: nothing to tell apart.
      return Map.of();
    }
    Map<String, ImageData> own =
        RunImages.ood(
            config.data().ood(),
            images.oodDir().isEmpty() ? config.data().oodPaths() : images.oodDir(),
            test.name(),
            images.conversion(config.data()),
            fit);
    own.replaceAll((name, all) -> description.asStored("ood/" + name, all));
    for (Map.Entry<String, ImageData> e : own.entrySet()) {
      description.data().get("ood/" + e.getKey()).requireSame(e.getValue(), "--ood");
    }
    return own;
  }

  /** The run itself for what is its own, else a directory that mixes with nothing. */
  private RunDirectory target(
      RunDirectory run,
      RunDescription description,
      ImageData test,
      Map<String, ImageData> unlike,
      List<Method> asked)
      throws IOException {
    RunConfig config = description.config();
    Optional<String> beside =
        new PredictPlace(run, description)
            .beside(
                test, unlike, asked, samples(config), threads == null ? config.threads() : threads);
    if (out == null && beside.isEmpty()) {
      return run;
    }
    Path place = out == null ? run.path().resolve(beside.get()) : out;
    if (new RunDirectory(place).isRun()) {
      throw new UsageException("--out must not be the directory of a run, got " + place);
    }
    RunDirectory target = output.directory(place);
    target.clear();
    if (out == null) {
      spec.commandLine()
          .getErr()
          .println("The run's own results stay as they are; these go into " + place + ".");
    }
    return target;
  }

  private Results predict(
      Experiment experiment,
      RunDirectory run,
      RunDescription description,
      ImageData test,
      Map<String, ImageData> unlike,
      List<Method> asked)
      throws IOException {
    RunConfig config = description.config();
    MethodPosteriors weights =
        MethodPosteriors.read(run, description, asked, experiment.weights().layout());
    StoredStatistics statistics = new StoredStatistics(run, experiment.statistics().layout());
    statistics.read(weights, asked, samples(config), config.methods().members());
    Map<String, ImageData> labelled = new LinkedHashMap<>();
    Map<String, ImageData> unlabelled = new LinkedHashMap<>(unlike);
    (test.hasLabels() ? labelled : unlabelled).put(test.name(), test);
    RunImages rows = null;
    LaplaceStore stored = new LaplaceStore(run, description);
    boolean fits = asked.stream().anyMatch(m -> m.isLaplace() && !stored.has(m));
    if (!statistics.have(asked) || fits) {
      rows = trainingRows(description);
      statistics.refresh(
          experiment,
          weights,
          experiment.batches(
              config.prediction().batchNormRows(rows.train()), config.optimiser().batchSize()));
      if (rows.validation().size() > 0) {
        // They are at hand, and temperatures are fitted on them.
        labelled.put(RunImages.VALIDATION, rows.validation());
      }
    }
    PrintWriter err = spec.commandLine().getErr();
    LaplaceFit laplace =
        rows == null ? null : new LaplaceFit(experiment, config, rows, statistics.ofSgd(), err);
    return experiment.predict(
        weights.of(
            asked,
            (method, sgd) ->
                stored.has(method)
                    ? stored.read(method, experiment.weights().layout())
                    : laplace.fit(method, sgd)),
        samples(config),
        kept.of(statistics),
        test.name(),
        labelled,
        unlabelled,
        new LinkedHashMap<>(),
        err);
  }

  /** What the run was trained on and what it held out. */
  private RunImages trainingRows(RunDescription description) throws IOException {
    RunConfig config = description.config();
    Optional<Path> directory =
        trainDir != null
            ? Optional.of(trainDir)
            : data == null && images.dataDir() != null
                ? Optional.of(images.dataDir())
                : config.data().path();
    ImageData all =
        Datasets.ofThisMachine()
            .load(config.data().name(), Split.TRAIN, directory, config.data().conversion());
    RunImages rows = RunImages.split(all, all, config);
    description.data().get("train").requireSame(rows.train(), "training");
    return rows;
  }
}
