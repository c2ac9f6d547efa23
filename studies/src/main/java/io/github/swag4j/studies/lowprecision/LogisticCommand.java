package io.github.swag4j.studies.lowprecision;

import io.github.swag4j.cli.Version;
import io.github.swag4j.cli.run.Progress;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.frame.StudyOptions;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.studies.lowprecision.LogisticTask.Found;
import io.github.swag4j.studies.lowprecision.LogisticTask.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Logistic regression by word length. */
@Command(
    name = "logistic",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Softmax regression whose weights have few bits, by word length.",
      "",
      "The learning rate is the one of 0.01, 0.02, 0.05 and 0.1 whose average in floats has the least"
          + " error on training rows held out for that; every word length then takes it."
    },
    footer = {
      "",
      "Example",
      "  swag4j low-precision logistic --out study-logistic --data fashion-mnist"
    })
final class LogisticCommand implements Callable<Integer> {
  private static final int SEEDS = 3;
  private static final int BATCH = 10;
  private static final double L2 = 1e-4;
  private static final List<Double> RATES = List.of(0.01, 0.02, 0.05, 0.1);

  /** Fractional bits, floats first. */
  static final List<Integer> WORDS = List.of(LogisticTask.FLOATS, 8, 6, 4, 2);

  @Spec private CommandSpec spec;
  @Mixin private StudyOptions options;

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR",
      defaultValue = "fashion-mnist",
      description = "Images (default: ${DEFAULT-VALUE}).")
  private String data;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the files of --data are (default: the usual places).")
  private Path dataDir;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Training rows, the first of the file (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--validation",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Rows to choose the rate by, the last of the training file (default: ${DEFAULT-VALUE}).")
  private int validation;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Passes over the rows; the second half is averaged (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Override
  public Integer call() throws IOException {
    if (epochs < 2 || rows < BATCH) {
      throw new UsageException(
          "--epochs must be at least 2 and --rows at least "
              + BATCH
              + ", got "
              + epochs
              + " and "
              + rows);
    }
    List<Integer> seeds = options.seeds(SEEDS);
    try (StudyRun run = options.open("low-precision-logistic", spec.commandLine().getErr())) {
      ImageRows.Parts images = ImageRows.load(data, dataDir, rows, validation);
      int total = RATES.size() + WORDS.size() * seeds.size();
      Progress progress = run.progress("logistic", total);
      Map<Double, Found> tried = new LinkedHashMap<>();
      for (double rate : RATES) {
        tried.put(rate, tuned(run, images, settings(rate), seeds.get(0)));
        progress.show(tried.size(), "choosing the rate");
      }
      double rate = TriedRates.best(tried, Found::average);
      Map<Integer, List<Found>> found = new LinkedHashMap<>();
      int done = tried.size();
      for (int seed : seeds) {
        for (int word : WORDS) {
          found
              .computeIfAbsent(word, w -> new ArrayList<>())
              .add(judged(run, images, settings(rate), word, seed));
          progress.show(++done, "seed " + seed);
        }
      }
      new LogisticPage(images, settings(rate), seeds, tried, found)
          .write(run, spec, options.json());
    }
    return 0;
  }

  private Settings settings(double rate) {
    return new Settings(rate, BATCH, epochs, L2);
  }

  private static Found tuned(StudyRun run, ImageRows.Parts images, Settings settings, int seed)
      throws IOException {
    Map<String, Object> described = described(images, settings, LogisticTask.FLOATS, seed);
    described.put("judged-by", "validation " + images.validation().sha256());
    return run.part(
        "rate-" + settings.rate() + "-seed-" + seed,
        described,
        Found.class,
        () ->
            new LogisticTask(images.train(), images.validation(), settings)
                .train(LogisticTask.FLOATS, seed));
  }

  private static Found judged(
      StudyRun run, ImageRows.Parts images, Settings settings, int word, int seed)
      throws IOException {
    Map<String, Object> described = described(images, settings, word, seed);
    described.put("judged-by", "test " + images.test().sha256());
    return run.part(
        "f" + word + "-seed-" + seed,
        described,
        Found.class,
        () -> new LogisticTask(images.train(), images.test(), settings).train(word, seed));
  }

  private static Map<String, Object> described(
      ImageRows.Parts images, Settings settings, int word, int seed) {
    Map<String, Object> described = new TreeMap<>();
    described.put("version", LogisticTask.VERSION);
    described.put("train", images.train().sha256());
    described.put("rate", settings.rate());
    described.put("batch", settings.batch());
    described.put("epochs", settings.epochs());
    described.put("l2", settings.l2());
    described.put("fraction-bits", word);
    described.put("seed", seed);
    return described;
  }
}
