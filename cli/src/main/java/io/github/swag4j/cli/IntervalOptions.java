package io.github.swag4j.cli;

import io.github.swag4j.cli.page.MetricIntervals;
import io.github.swag4j.cli.page.PageWords;
import io.github.swag4j.cli.run.UsageException;
import picocli.CommandLine.Option;

/** How sure intervals and tests are to be, and what their random numbers begin with. */
final class IntervalOptions {
  /** Beyond it an interval would need more resamples than there is time for. */
  private static final double MOST = 0.9999;

  @Option(
      names = "--confidence",
      paramLabel = "P",
      defaultValue = "0.95",
      description = "Probability with which an interval covers (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Seed of the resamples: the same seed and rows give the same numbers (default:"
              + " ${DEFAULT-VALUE}).")
  private long seed;

  double confidence() {
    if (!(confidence > 0 && confidence <= MOST)) {
      throw new UsageException(
          "--confidence must be above 0 and at most "
              + MOST
              + ", got "
              + confidence
              + ": 95 % is 0.95");
    }
    return confidence;
  }

  long seed() {
    return seed;
  }

  /** Such as 95 %. */
  String percent() {
    return percent(confidence());
  }

  static String percent(double share) {
    return PageWords.percent(share);
  }

  MetricIntervals.Options options() {
    int least = (int) Math.ceil(20 / (1 - confidence()));
    MetricIntervals.Options usual = MetricIntervals.Options.defaults();
    return new MetricIntervals.Options(Math.max(usual.replicates(), least), confidence, seed);
  }
}
