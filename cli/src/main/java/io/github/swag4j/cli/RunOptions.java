package io.github.swag4j.cli;

import io.github.swag4j.cli.run.RunConfig;
import picocli.CommandLine.Option;

/** What decides, beside the settings, whether a run can be had again bit for bit. */
final class RunOptions {
  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "" + RunConfig.SEED,
      description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
  private int seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of the engine (default: the number of cores). Results are the same bit for bit"
              + " for the same seed and threads.")
  private Integer threads;

  int seed() {
    return seed;
  }

  int threads() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
