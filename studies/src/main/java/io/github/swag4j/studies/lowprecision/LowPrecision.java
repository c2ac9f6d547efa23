package io.github.swag4j.studies.lowprecision;

import io.github.swag4j.cli.ProgramCommand;
import io.github.swag4j.cli.Version;
import picocli.CommandLine.Command;

/** Adds {@code low-precision} to the program. */
public final class LowPrecision implements ProgramCommand {

  @Override
  public String name() {
    return "low-precision";
  }

  @Override
  public Object command() {
    return new LowPrecisionCommand();
  }

  /** The three experiments. */
  @Command(
      name = "low-precision",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      synopsisSubcommandLabel = "EXPERIMENT",
      subcommands = {LinearCommand.class, LogisticCommand.class, CnnCommand.class},
      description = {
        "Train with few bits a number, and average the weights in many (SWALP).",
        "",
        "Each experiment is as Yang et al. 2019 have it, at the size of a laptop: what low precision"
            + " costs SGD, and how much of that averaging gets back."
      },
      footer = {
        "",
        "Examples",
        "  swag4j low-precision linear --out study-linear",
        "  swag4j low-precision logistic --out study-logistic --data mnist",
        "  swag4j low-precision cnn --out study-cnn"
      })
  static final class LowPrecisionCommand {}
}
