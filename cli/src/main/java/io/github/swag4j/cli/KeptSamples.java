package io.github.swag4j.cli;

import io.github.swag4j.cli.run.Experiment;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Whether the probabilities of single samples are kept beside their mean. */
final class KeptSamples {
  private static final String NAME = "--keep-samples";

  @Option(
      names = NAME,
      description =
          "Keep the probabilities of every sample in the .npz files, 8 bytes for each sample, row and"
              + " class: 'chart samples' draws from them, bands on the page come of them, and"
              + " intervals over draws and --score variation_ratio need them. Predicting again without"
              + " it leaves them out.")
  private boolean asked;

  /** Refuses a cluster, which keeps none. */
  void requireThisMachine(ClusterOptions cluster) {
    if (asked && cluster.isAsked()) {
      throw new UsageException(NAME + " keeps no samples on a cluster: leave out --master");
    }
  }

  /** Refuses a file that has no place for them. */
  void requirePlace(Path file) {
    if (asked && !file.toString().toLowerCase(Locale.ROOT).endsWith(".npz")) {
      throw new UsageException(
          NAME + " needs a file that has a place for samples: name --out *.npz, got " + file);
    }
  }

  /**
   * Refuses more than there is memory for, before any work.
   *
   * @param rows of all data sets together
   */
  void requireRoom(List<Method> methods, int asks, RunConfig config, long rows, int classes) {
    long samples = methods.stream().mapToLong(m -> kept(m, asks, config)).sum();
    long megabytes = (long) (8.0 * samples * rows * classes / (1 << 20)) + 1;
    // Two thirds of the heap are for what lives long.
    long room = (HeapRoom.room() >> 20) * 2 / 3;
    if (asked && megabytes > room) {
      throw new UsageException(
          String.format(
              Locale.ROOT,
              "%s needs about %,d MB of heap for %,d samples of %,d rows and %,d classes, %,d MB are"
                  + " free: %sSWAG4J_JAVA_OPTIONS=-Xmx%dm gives more",
              NAME,
              megabytes,
              samples,
              rows,
              classes,
              room,
              methods.size() > 1 ? "name one --method, or " : "",
              (megabytes * 2 / 100 + 1) * 100));
    }
  }

  /** Samples that a method keeps, of snapshots no fewer than there are. */
  private static int kept(Method method, int asked, RunConfig config) {
    int members = config.methods().members();
    if (method.takesSamples()) {
      return method.samples(asked, members);
    }
    return !method.hasSamples() ? 0 : method.ofMembers() ? members : config.optimiser().epochs();
  }

  /** The predictors of a source of statistics, each keeping its samples if that was asked for. */
  Experiment.Statistics of(Experiment.Statistics source) {
    return asked
        ? (method, samples, predictor) -> {
          var own = source.on(method, samples, predictor);
          return samples > 1 ? own.keepSamples() : own;
        }
        : source;
  }
}
