package io.github.swag4j.studies.lowprecision;

import io.github.swag4j.cli.Version;
import io.github.swag4j.cli.run.Progress;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.frame.StudyOptions;
import io.github.swag4j.studies.frame.StudyRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Linear regression in fixed point against its closed forms. */
@Command(
    name = "linear",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Linear regression in fixed point against closed forms.",
      "",
      "SGD whose weights have few bits stays at a distance from the solution that does not depend on"
          + " the learning rate; the average of its weights comes nearer as 1/T."
    },
    footer = {"", "Example", "  swag4j low-precision linear --out study-linear --seeds 10"})
final class LinearCommand implements Callable<Integer> {
  private static final int SEEDS = 10;

  /** A setting of the study: digits and rate. */
  record Setting(int fractionBits, double rate) {
    String id() {
      return "f" + fractionBits + "-rate-" + rateText();
    }

    String rateText() {
      return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
    }
  }

  @Spec private CommandSpec spec;
  @Mixin private StudyOptions options;

  @Option(
      names = "--dimensions",
      paramLabel = "N",
      defaultValue = "256",
      description = "Weights (default: ${DEFAULT-VALUE}).")
  private int dimensions;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "4096",
      description = "Rows (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Averaged steps (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Steps before averaging begins (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Override
  public Integer call() throws IOException {
    if (dimensions < 1 || rows < 2L * dimensions || steps < 100 || warmUp < 0) {
      throw new UsageException(
          "--dimensions must be at least 1, --rows twice as many, --steps at least 100 and --warm-up"
              + " at least 0, got "
              + List.of(dimensions, rows, steps, warmUp));
    }
    LinearTask.Sizes sizes = new LinearTask.Sizes(dimensions, rows, 0.1, warmUp, steps);
    List<Setting> settings =
        List.of(
            new Setting(6, 1e-3),
            new Setting(6, 5e-4),
            new Setting(6, 2e-3),
            new Setting(5, 1e-3),
            new Setting(7, 1e-3));
    List<Integer> seeds = options.seeds(SEEDS);
    try (StudyRun run = options.open("low-precision-linear", spec.commandLine().getErr())) {
      Map<Setting, List<LinearTask.Found>> found = new LinkedHashMap<>();
      Progress progress = run.progress("linear", (long) settings.size() * seeds.size());
      int done = 0;
      for (int seed : seeds) {
        LinearTask task = null;
        for (Setting setting : settings) {
          if (task == null && !run.has(part(setting, seed))) {
            task = new LinearTask(sizes, seed);
          }
          LinearTask of = task;
          found
              .computeIfAbsent(setting, s -> new ArrayList<>())
              .add(
                  run.part(
                      part(setting, seed),
                      described(sizes, setting, seed),
                      LinearTask.Found.class,
                      () ->
                          (of == null ? new LinearTask(sizes, seed) : of)
                              .train(setting.fractionBits(), setting.rate(), seed)));
          progress.show(++done, "seed " + seed);
        }
      }
      new LinearPage(sizes, seeds, found).write(run, spec, options.json());
    }
    return 0;
  }

  private static String part(Setting setting, int seed) {
    return setting.id() + "-seed-" + seed;
  }

  private static Map<String, Object> described(LinearTask.Sizes sizes, Setting setting, int seed) {
    return Map.of(
        "version", LinearTask.VERSION,
        "dimensions", sizes.dimensions(),
        "rows", sizes.rows(),
        "noise", sizes.noise(),
        "warm-up", sizes.warmUp(),
        "steps", sizes.steps(),
        "fraction-bits", setting.fractionBits(),
        "rate", setting.rate(),
        "seed", seed);
  }
}
