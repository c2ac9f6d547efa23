package io.github.swag4j.cli;

import io.github.swag4j.cli.cluster.SparkCall;
import io.github.swag4j.cli.run.Experiment;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.MethodPosteriors;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.StoredStatistics;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.cli.run.ValueScale;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.io.PosteriorFiles;
import io.github.swag4j.swag.io.Provenance;
import io.github.swag4j.swag.io.SampleStatistics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Predictions of a table of images by the SWAG posterior of a run, made by a cluster. */
final class ClusterPrediction {
  private static final Set<String> OPTIONS =
      Set.of(
          "--data",
          "--method",
          "--samples",
          "--out",
          "--image-column",
          "--master",
          "--spark-home",
          "--spark-conf",
          "--config");

  private static final String OPTION = "-D";

  private ClusterPrediction() {}

  /** Refuses what a cluster does not do. */
  static void check(CommandSpec command, List<String> methods, String data, Path out) {
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      if (!OPTIONS.contains(option.longestName()) && !option.inherited()) {
        throw new UsageException(
            option.longestName()
                + " is not for --master, which predicts a table of images and judges nothing: leave"
                + " one of the two out");
      }
    }
    if (!methods.equals(List.of(Method.SWAG.id()))) {
      throw new UsageException(
          "--master predicts with the one posterior of --method swag, got "
              + (methods.isEmpty() ? "no --method" : String.join(",", methods)));
    }
    if (data == null || out == null) {
      throw new UsageException(
          "--master needs --data, a table of images in Parquet, and --out, the table to write, got no "
              + (data == null ? "--data" : "--out"));
    }
  }

  /**
   * Predicts.
   *
   * @param asked samples, null for the run's
   * @param images the column of images
   */
  static void run(
      ClusterOptions cluster,
      Path path,
      String data,
      Path out,
      Integer asked,
      String images,
      CommandLine line)
      throws IOException {
    PrintWriter err = line.getErr();
    RunDirectory run = RunDirectory.open(path);
    RunDescription description = RunDescription.read(run);
    RunConfig config = description.config();
    List<Method> swag = List.of(Method.SWAG);
    MethodPosteriors.requireTrained(run, config, swag);
    if (description.input().scale() == ValueScale.FLOATS) {
      throw new IOException(
          path
              + " was trained on floats that go beyond 0 to 1, and a cluster predicts levels from 0 to"
              + " 255 or numbers from 0 to 1: predict on this machine, without --master");
    }
    int samples = asked == null ? config.prediction().samples() : asked;
    try (SparkCall call = cluster.call()) {
      Path file = call.folder().resolve("posterior.safetensors");
      TorchEngine.start(config.threads(), err);
      try (Experiment experiment = new Experiment(config, description.input(), run.model())) {
        MethodPosteriors weights =
            MethodPosteriors.read(run, description, swag, experiment.weights().layout());
        StoredStatistics statistics = new StoredStatistics(run, experiment.statistics().layout());
        statistics.read(weights, swag, samples, config.methods().members());
        SwagPosterior posterior =
            (SwagPosterior) weights.of(swag, (method, sgd) -> null).get(Method.SWAG);
        samples = posterior.isPoint() ? 1 : samples; // all are the mean, as is the one stored
        write(file, posterior, config, experiment, statistics.of(Method.SWAG), path, samples);
      }
      describe(call, description, run);
      call.with("table", ClusterOptions.address(data))
          .with("out", ClusterOptions.address(typed(line, "--out")))
          .with("images", images == null ? "image" : images)
          .with("posterior", file)
          .with("samples", samples)
          .with("seed", config.seed());
      engine(call);
      call.run(err::println);
      line.getOut().println("Written: " + typed(line, "--out"));
    }
  }

  /** As it was typed: a path would lose the second slash of hdfs://. */
  private static String typed(CommandLine line, String option) {
    return line.getParseResult().matchedOption(option).originalStringValues().get(0);
  }

  private static void write(
      Path file,
      SwagPosterior posterior,
      RunConfig config,
      Experiment experiment,
      List<Weights> statistics,
      Path run,
      int samples)
      throws IOException {
    if (experiment.statistics().layout().tensors().isEmpty()) {
      PosteriorFiles.write(file, posterior);
      return;
    }
    if (statistics.isEmpty()) {
      throw new IOException(
          run
              + ": must have batch-norm statistics of "
              + samples
              + " samples of swag to be predicted with elsewhere, got fewer: leave --samples out");
    }
    PosteriorFiles.write(
        file, posterior, Provenance.unknown(), new SampleStatistics(config.seed(), 0, statistics));
  }

  private static void describe(SparkCall call, RunDescription description, RunDirectory run) {
    RunConfig config = description.config();
    RunDescription.Input input = description.input();
    call.with("task", "predict")
        .with("channels", input.imageSize().channels())
        .with("height", input.height())
        .with("width", input.width())
        .withAll("mean", input.normalisation().mean())
        .withAll("deviation", input.normalisation().standardDeviation());
    if (config.fromTrained()) {
      call.with("archive", run.model().toAbsolutePath());
    } else {
      call.with("network", config.model())
          .with("classes", input.classNames().size())
          .with("dropout", config.dropout());
    }
  }

  /** Sends the engine, and sets it up in executors as the program does. */
  private static void engine(SparkCall call) throws IOException {
    call.sending(
        call.jars()
            .named(
                "swag4j-swag",
                "swag4j-swa-core",
                "swag4j-vision",
                "swag4j-calibration",
                "swag4j-base",
                "commons-math3",
                "fastdoubleparser",
                "api-",
                "pytorch-",
                "jna-",
                "gson-"));
    call.settingWith(
        "spark.executor.extraJavaOptions",
        OPTION
            + "ai.djl.offline=true "
            + OPTION
            + "ai.djl.pytorch.num_threads=1 "
            + OPTION
            + "ai.djl.pytorch.num_interop_threads=1");
    call.settingUnlessSaid("spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE");
  }
}
