package io.github.swag4j.cli;

import io.github.swag4j.cli.data.Datasets;
import io.github.swag4j.cli.run.CheckpointPlan;
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
      "A small network learns 4,500 images of Fashion-MNIST with SGD and goes on with SWA while a"
          + " SWAG posterior is collected. SGD, SWA and SWAG then predict 2,000 test images, and"
          + " 1,000 handwritten digits they were never meant for."
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
    if (!output.json()) {
      spec.commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              "%nReport: %s%nTry next:%n"
                  + "  ./swag4j evaluate %s%n"
                  + "  ./swag4j predict %s --method swag-diag%n"
                  + "  ./swag4j train --help%n",
              run.report().toAbsolutePath().normalize(),
              run.predictions("swag", results.testSet()),
              run.path());
    }
    return 0;
  }

  /** The defaults of {@link TrainCommand}, but fewer epochs and batch-norm rows, to be quick. */
  static RunConfig config(int seed, int threads) {
    return new RunConfig(
        RunConfig.Data.of(Datasets.QUICKSTART, Datasets.QUICKSTART_OOD),
        RunConfig.MODEL,
        false,
        RunConfig.Optimiser.of(12),
        RunConfig.Averaging.from(6),
        new RunConfig.Prediction(RunConfig.Prediction.SAMPLES, 2000),
        seed,
        threads);
  }
}
