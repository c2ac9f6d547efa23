package io.github.swag4j.cli;

import picocli.CommandLine.Option;

/** Whether temperature scaling stands beside what the methods predict. */
final class TemperatureOptions {

  @Option(
      names = "--no-temperature",
      description =
          "Leave out temperature scaling, which is fitted on the held-out rows for each method and"
              + " shown beside it.")
  private boolean without;

  boolean wanted() {
    return !without;
  }
}
