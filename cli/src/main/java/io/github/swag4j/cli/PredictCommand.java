package io.github.swag4j.cli;

import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.data.ImageDataset;
import io.github.swag4j.cli.data.Split;
import io.github.swag4j.cli.page.RunMetrics;
import io.github.swag4j.cli.page.RunReport;
import io.github.swag4j.cli.run.BatchNormFiles;
import io.github.swag4j.cli.run.Courses;
import io.github.swag4j.cli.run.Experiment;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.MethodPosteriors;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunImages;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.BayesianPredictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
          + " predictions, metrics.json and report.html of the run are brought up to date; what was"
          + " predicted of other data goes into a directory of its own."
    },
    footer = {
      "",
      "Examples",
      "  swag4j predict run",
      "  swag4j predict run --data fashion-mnist --ood mnist --method swag --samples 100"
    })
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Directory of a finished run.")
  private Path path;

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR",
      description = "Test images to judge by (default: the run's).")
  private String data;

  @Option(
      names = "--method",
      paramLabel = "M",
      description = "sgd, swa, swag or swag-diag; may be repeated (default: sgd, swa and swag).")
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
      paramLabel = "DIR",
      description =
          "Where to write (default: the run itself for its own data, else RUN/on-NAME of the test"
              + " images).")
  private Path out;

  @Mixin private ImageOptions images;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws Exception {
    List<Method> asked = Method.named(methods);
    
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
    RunDirectory run = RunDirectory.open(path);
    RunDescription description = RunDescription.read(run);
    RunConfig config = description.config();
    ImageDataset test =
        Datasets.ofThisMachine()
            .load(data == null ? config.data().name() : data, Split.TEST, directory(config));
    RunImages.requireName(test);
    if (data == null) {
      description.data().get("test").requireSame(test, "test");
    }
    Map<String, ImageDataset> unlike = unlike(description, test);
    RunDirectory target = target(run, description, test, unlike);
    TorchEngine.start(threads == null ? config.threads() : threads, spec.commandLine().getErr());
    try (Experiment experiment = new Experiment(config, description.input(), run.model())) {
      Results results = predict(experiment, run, description, test, unlike, asked);
      RunMetrics.write(results, target);
      output.print(spec.commandLine().getOut(), results, target);
      if (target.equals(run)) {
        RunMetrics.addStored(results, run);
      }
      Courses history = RunDirectory.readJson(run.history(), Courses.class);
      new RunReport(target, description.judgedBy(test, unlike), results, history).write();
      if (!output.json()) {
        spec.commandLine().getOut().printf(Locale.ROOT, "%nReport: %s%n", target.report());
      }
    }
    return 0;
  }

  /** Where the test images, and the training images if they are needed, are looked for. */
  private Optional<Path> directory(RunConfig config) {
    return images.dataDir() != null || data != null
        ? Optional.ofNullable(images.dataDir())
        : config.data().path();
  }

  private Map<String, ImageDataset> unlike(RunDescription description, ImageDataset test)
      throws IOException {
    if (noOod) {
      return Map.of();
    }
    if (images.ood() != null) {
      return RunImages.ood(images.ood(), images.oodDir(), test);
    }
    RunConfig config = description.config();
    if (description.data().containsKey("ood/" + test.name())) {
      // Judging the run's own out-of-distribution images as test images: nothing to tell apart.
      return Map.of();
    }
    Map<String, ImageDataset> own =
        RunImages.ood(
            config.data().ood(),
            images.oodDir().isEmpty() ? config.data().oodPaths() : images.oodDir(),
            test);
    for (Map.Entry<String, ImageDataset> e : own.entrySet()) {
      description.data().get("ood/" + e.getKey()).requireSame(e.getValue(), "--ood");
    }
    return own;
  }

  /** The run itself for just its own data, else a directory that mixes with nothing. */
  private RunDirectory target(
      RunDirectory run,
      RunDescription description,
      ImageDataset test,
      Map<String, ImageDataset> unlike)
      throws IOException {
    if (out == null && isOwn(description, test, unlike)) {
      return run;
    }
    Path path = out == null ? run.path().resolve("on-" + test.name()) : out;
    if (new RunDirectory(path).isRun()) {
      throw new UsageException("--out must not be the directory of a run, got " + path);
    }
    RunDirectory target = output.directory(path);
    target.clear();
    return target;
  }

  private static boolean isOwn(
      RunDescription description, ImageDataset test, Map<String, ImageDataset> unlike) {
    Set<String> parts = new HashSet<>();
    unlike.forEach(
        (name, images) -> {
          if (description.isOwn("ood/" + name, images)) {
            parts.add("ood/" + name);
          }
        });
    Set<String> all = new HashSet<>(description.data().keySet());
    all.removeIf(part -> !part.startsWith("ood/"));
    return description.isOwn("test", test) && parts.size() == unlike.size() && parts.equals(all);
  }

  private Results predict(
      Experiment experiment,
      RunDirectory run,
      RunDescription description,
      ImageDataset test,
      Map<String, ImageDataset> unlike,
      List<Method> asked)
      throws IOException {
    MethodPosteriors posteriors =
        MethodPosteriors.read(
            run, description.config(), asked, experiment.weights().layout());
    Map<String, List<Weights>> used = new LinkedHashMap<>();
    return experiment.predict(
        posteriors.of(asked),
        samples == null ? description.config().prediction().samples() : samples,
        (method, count, predictor) ->
            statistics(experiment, run, description, method, count, predictor),
        test.name(),
        Map.of(test.name(), test),
        unlike,
        used,
        spec.commandLine().getErr());
  }

  /** The run's own statistics where it has them, else those of its training data. */
  private BayesianPredictor statistics(
      Experiment experiment,
      RunDirectory run,
      RunDescription description,
      Method method,
      int count,
      BayesianPredictor predictor)
      throws IOException {
    Optional<List<Weights>> stored =
        BatchNormFiles.read(
            run.checkpoint("batch-norm"), experiment.statistics().layout(), method.id(), count);
    if (stored.isPresent()) {
      return predictor.batchNormStatistics(stored.get());
    }
    RunConfig config = description.config();
    Optional<Path> directory =
        trainDir != null
            ? Optional.of(trainDir)
            : data == null && images.dataDir() != null
                ? Optional.of(images.dataDir())
                : config.data().path();
    ImageDataset all = Datasets.ofThisMachine().load(config.data().name(), Split.TRAIN, directory);
    ImageDataset train = RunImages.split(all, all, config).train();
    description.data().get("train").requireSame(train, "training");
    return predictor.refreshBatchNorm(
        experiment.batches(
            config.prediction().batchNormRows(train), config.optimiser().batchSize()));
  }
}
