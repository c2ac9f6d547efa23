package io.github.swag4j.cli;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.run.UsageException;
import picocli.CommandLine.Option;

/** How the confidences of an ECE are binned. */
final class ConventionOptions {
  @Option(
      names = "--convention",
      paramLabel = "NAME",
      defaultValue = "guo",
      description =
          "How confidences are binned: guo, netcal, torchmetrics, sklearn, swag-paper, mapie,"
              + " hendrycks, verified, equal-mass or equal-count (default: ${DEFAULT-VALUE}).")
  private String convention;

  @Option(
      names = "--bins",
      paramLabel = "N",
      description = "Number of bins (default: the convention's, 15 for guo).")
  private Integer bins;

  BinningConvention convention() {
    try {
      BinningConvention named = BinningConvention.named(convention);
      return bins == null ? named : named.withBins(bins);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--convention or --bins: " + e.getMessage());
    }
  }
}
