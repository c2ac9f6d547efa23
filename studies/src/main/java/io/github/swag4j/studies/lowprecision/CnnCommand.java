package io.github.swag4j.studies.lowprecision;

import ai.djl.engine.Engine;
import io.github.swag4j.cli.Version;
import io.github.swag4j.cli.run.Progress;
import io.github.swag4j.cli.run.TorchEngine;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.studies.frame.StudyOptions;
import io.github.swag4j.studies.frame.StudyRun;
import io.github.swag4j.studies.lowprecision.CnnTask.Found;
import io.github.swag4j.studies.lowprecision.CnnTask.Settings;
import io.github.swag4j.swa.quantize.Blocks;
import io.github.swag4j.swa.quantize.NumberFormat;
import java.io.IOException;
import java.io.PrintWriter;
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

/** A small network in 8-bit block floating point. */
@Command(
    name = "cnn",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "A small convolutional network with all its numbers in block floating point.",
      "",
      "SGD and SWALP in short words, and SGD and SWA in floats. The learning rate is the one of 0.02,"
          + " 0.05 and 0.1 at which SGD in floats has the least error on training rows held out for"
          + " that; both trainings of every seed take it."
    },
    footer = {"", "Example", "  swag4j low-precision cnn --out study-cnn --rows 10000"})
final class CnnCommand implements Callable<Integer> {
  private static final int SEEDS = 3;
  private static final List<Double> RATES = List.of(0.02, 0.05, 0.1);

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
      defaultValue = "5000",
      description =
          "Rows to choose the rate by, the last of the training file (default: ${DEFAULT-VALUE}).")
  private int validation;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "20",
      description = "Epochs of SGD (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--averaged-epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Epochs after them, whose weights are averaged (default: ${DEFAULT-VALUE}).")
  private int averagedEpochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "128",
      description = "Rows a step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--word-length",
      paramLabel = "BITS",
      defaultValue = "8",
      description = "Bits of a number (default: ${DEFAULT-VALUE}).")
  private int wordLength;

  @Option(
      names = "--blocks",
      defaultValue = "FIRST_DIMENSION",
      description =
          "Numbers that share an exponent: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE},"
              + " which is a filter, a row, a sample).")
  private Blocks blocks;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of the engine (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Override
  public Integer call() throws IOException {
    if (epochs < 1 || averagedEpochs < 1 || threads < 1 || batch < 1 || rows < batch) {
      throw new UsageException(
          "--epochs, --averaged-epochs, --threads and --batch must be at least 1 and --rows at least"
              + " --batch, got "
              + List.of(epochs, averagedEpochs, threads, batch, rows));
    }
    if (wordLength < NumberFormat.SHORTEST || wordLength > NumberFormat.LONGEST) {
      throw new UsageException(
          "--word-length must be from "
              + NumberFormat.SHORTEST
              + " to "
              + NumberFormat.LONGEST
              + " bits, got "
              + wordLength
              + ": floats are trained beside it anyway");
    }
    List<Integer> seeds = options.seeds(SEEDS);
    PrintWriter err = spec.commandLine().getErr();
    try (StudyRun run = options.open("low-precision-cnn", err)) {
      ImageRows.Parts images = ImageRows.load(data, dataDir, rows, validation);
      Engine engine = TorchEngine.start(threads, err);
      Progress progress = run.progress("cnn", RATES.size() + 2L * seeds.size());
      Map<Double, Found> tried = new LinkedHashMap<>();
      for (double rate : RATES) {
        Work work = new Work(run, engine, progress, images, settings(rate));
        tried.put(rate, work.found(tried.size(), CnnTask.FLOATS, seeds.get(0), true));
      }
      double rate = TriedRates.best(tried, Found::sgd);
      Work work = new Work(run, engine, progress, images, settings(rate));
      Map<Integer, List<Found>> found = new LinkedHashMap<>();
      int done = tried.size();
      for (int seed : seeds) {
        for (int word : List.of(CnnTask.FLOATS, wordLength)) {
          found
              .computeIfAbsent(word, w -> new ArrayList<>())
              .add(work.found(done++, word, seed, false));
        }
      }
      progress.show(done, "done");
      new CnnPage(images, settings(rate), blocks, seeds, tried, found)
          .write(run, spec, options.json());
    }
    return 0;
  }

  /** The averaged epochs' rate is a fifth of the first, as 0.01 is of 0.05 in the paper's code. */
  private Settings settings(double rate) {
    return new Settings(rate, rate / 5, epochs, averagedEpochs, batch, 0.9, 5e-4);
  }

  private final class Work {
    private final StudyRun run;
    private final Engine engine;
    private final Progress progress;
    private final ImageRows.Parts images;
    private final Settings settings;

    Work(
        StudyRun run, Engine engine, Progress progress, ImageRows.Parts images, Settings settings) {
      this.run = run;
      this.engine = engine;
      this.progress = progress;
      this.images = images;
      this.settings = settings;
    }

    Found found(int done, int word, int seed, boolean choosing) throws IOException {
      ImageRows judged = choosing ? images.validation() : images.test();
      Map<String, Object> described = new TreeMap<>();
      described.put("version", CnnTask.VERSION);
      described.put("settings", settings);
      described.put("train", images.train().sha256());
      described.put("judged-by", judged.sha256());
      described.put("word-length", word);
      described.put("blocks", word == CnnTask.FLOATS ? "none" : blocks.name());
      described.put("threads", threads);
      described.put("seed", seed);
      String id =
          (choosing ? "rate-" + settings.rate() + "-" : "") + "word-" + word + "-seed-" + seed;
      return run.part(
          id,
          described,
          Found.class,
          () ->
              new CnnTask(images.train(), judged, settings, word, blocks)
                  .train(engine, seed, epoch -> progress.show(done, id + ", " + epoch)));
    }
  }
}
