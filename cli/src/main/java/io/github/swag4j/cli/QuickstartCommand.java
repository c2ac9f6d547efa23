package io.github.swag4j.cli;

import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.run.AskedScale;
import io.github.swag4j.cli.run.CheckpointPlan;
import io.github.swag4j.cli.run.LauncherName;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDirectory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job on embedded images. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Train, average, sample, judge and report, on images inside the program.",
      "",
      "A small network learns 4,500 images of Fashion-MNIST until it is surer than it should be:"
          + " with SGD, and with SWA while a SWAG posterior is collected. All three then predict"
          + " 2,000 test images, and 1,000 handwritten digits they were never meant for."
    },
    footer = {"", "Example", "  swag4j quickstart --out first-run --seed 7"})
final class QuickstartCommand implements Callable<Integer> {
  private static final String DEFAULT_OUT = "swag4j-quickstart";

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = DEFAULT_OUT,
      description = "Directory of the run (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Mixin private RunOptions reproducing;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws Exception {
    RunConfig config = config(reproducing.seed(), reproducing.threads());
    Pipeline pipeline =
        new Pipeline(config, CheckpointPlan.none(), "", spec.commandLine().getErr());
    RunDirectory run = output.directory(out);
    Results results = pipeline.run(run);
    output.print(spec.commandLine().getOut(), results, run);
    output.report(spec.commandLine().getOut(), run);
    if (!output.json()) {
      spec.commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              "Try next:%n"
                  + "  %1$s evaluate %2$s%n"
                  + "  %1$s predict %3$s --method swag-diag%n"
                  + "  %1$s train --help%n",
              LauncherName.get(),
              run.predictions("swag", results.testSet()),
              run.path());
    }
    return 0;
  }

  /**
   * Few images, many epochs, and a rate that stays high while weights are averaged: where plain SGD
   * grows over-confident. Chosen on rows that are neither trained on nor in the test set, as
   * docs/decisions/default-settings.md tells.
   */
  static RunConfig config(int seed, int threads) {
    return new RunConfig(
        RunConfig.Data.of(Datasets.QUICKSTART, Datasets.QUICKSTART_OOD),
        "mlp",
        false,
        new RunConfig.Optimiser(
            40, 64, RunConfig.Optimiser.LEARNING_RATE, RunConfig.Optimiser.MOMENTUM, 2e-3),
        new RunConfig.Averaging(
            20, RunConfig.Optimiser.LEARNING_RATE, RunConfig.Averaging.RANK, AskedScale.of(1)),
        new RunConfig.Prediction(RunConfig.Prediction.SAMPLES, null),
        seed,
        threads);
  }
}
