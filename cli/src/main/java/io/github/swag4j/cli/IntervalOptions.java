package io.github.swag4j.cli;

import io.github.swag4j.cli.page.MetricIntervals;
import io.github.swag4j.cli.run.UsageException;
import picocli.CommandLine.Option;

/** How sure intervals and tests are to be, and what their random numbers begin with. */
final class IntervalOptions {
  /** Beyond it an interval would need more resamples than there is time for. */
  private static final double MOST = 0.9999;

  @Option(
      names = "--confidence",
      paramLabel = "P",
      description = "Probability with which an interval covers (default: 0.95).")
  private Double confidence;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of the resamples: the same seed and rows give the same numbers (default: 0).")
  private Long seed;

  /** Refuses them where there are no intervals. */
  void requireUse(boolean used, String goesWith) {
    if (!used && (confidence != null || seed != null)) {
      throw new UsageException(
          (confidence != null ? "--confidence" : "--seed") + " goes with " + goesWith);
    }
  }

  double confidence() {
    if (confidence == null) {
      return MetricIntervals.Options.defaults().level();
    }
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

  /** Such as 95 %. */
  String percent() {
    return Share.percent(confidence());
  }

  MetricIntervals.Options options() {
    double level = confidence();
    int least = (int) Math.ceil(20 / (1 - level));
    MetricIntervals.Options usual = MetricIntervals.Options.defaults();
    return new MetricIntervals.Options(
        Math.max(usual.replicates(), least), level, seed == null ? usual.seed() : seed);
  }
}
