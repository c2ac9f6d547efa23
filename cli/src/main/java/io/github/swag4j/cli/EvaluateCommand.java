package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.cli.page.Evaluation;
import io.github.swag4j.cli.page.FileNotes;
import io.github.swag4j.cli.page.PredictionMetrics;
import io.github.swag4j.cli.page.PredictionReport;
import io.github.swag4j.cli.page.ResultTables;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.reports.MetricsTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Numbers of saved predictions, without an engine. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Judge saved predictions: accuracy, NLL, Brier score and calibration error; with --json also"
          + " every other metric.",
      "",
      "A .csv file has a header, one column for each class and a column label; an .npz file has"
          + " probs [N, C] and labels [N]. Labels may also be called labels, target, targets, y,"
          + " y_true, true_label, truth, ground_truth or class; a column weight, weights,"
          + " sample_weight or sample_weights says how often a row counts.",
      "",
      "A .npy file has the probabilities alone; --labels names another with the labels.",
      "",
      "A file that does not fit in memory is streamed: read once, in memory that does not grow with"
          + " its rows, for the metrics that one pass can give."
    },
    footer = {
      "",
      "Examples",
      "  swag4j evaluate predictions.csv",
      "  swag4j evaluate run/predictions/*-quickstart.npz --json",
      "  swag4j evaluate logits.npz --logits --bins 20 --report calibration-report",
      "  swag4j evaluate large.csv --stream --json"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /**
   * Heap that the metrics of a row take beside the row itself, for sorted copies of confidences and
   * the like.
   */
  private static final long ROW_BYTES = 100;

  /** A text file takes at most so many times its size of heap, metrics included. */
  private static final int MOST_HEAP_PER_BYTE = 16;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Predictions, .csv, .npz or .npy.")
  private List<Path> files;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "The labels of a .npy file of probabilities, themselves a .npy file.")
  private Path labels;

  @Mixin private ReadingOptions reading;

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

  @Option(
      names = "--stream",
      description =
          "Stream files whatever their size. The convention of a streamed file must have bins that do"
              + " not depend on the data (guo, netcal, torchmetrics, sklearn, mapie), and"
              + " ece_equal_mass, smece, aurc, augrc, failure_auroc and spiegelhalter_p of it are"
              + " null in --json and a dash on the page; all else is the same.")
  private boolean stream;

  @Option(names = "--report", paramLabel = "DIR", description = "Write a page with diagrams there.")
  private Path report;

  @Mixin private PdfOption pdf;

  @Option(names = "--overwrite", description = "Write into --report even if it is not empty.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print one JSON object a file.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    BinningConvention binning = convention();
    if (stream && !canStream(binning)) {
      throw new UsageException(
          "--stream needs bins that do not depend on the data, got " + binning);
    }
    if (labels != null && (files.size() > 1 || !ReadingOptions.isNamed(files.get(0), ".npy"))) {
      throw new UsageException("--labels goes with one .npy file: other files have their own");
    }
    reading.requireIgnoredColumns(files);
    pdf.require(report);
    List<Evaluation> read = new ArrayList<>();
    for (Path file : files) {
      read.add(evaluate(file, binning));
    }
    RunDirectory directory = report == null ? null : RunDirectory.create(report, overwrite);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      read.forEach(each -> out.println(GSON.toJson(json(each))));
    } else {
      out.println(table(read).toText().stripTrailing());
      out.println("ECE: " + binning);
      read.forEach(
          each -> out.print(ResultTables.zeroProbabilities(each.file().toString(), each.zeros())));
    }
    if (directory != null) {
      Map<Path, FileNotes> notes = new HashMap<>();
      files.forEach(file -> notes.put(file, FileNotes.of(reading.note(file))));
      PredictionReport.write(directory, read, binning, notes);
      Optional<Path> printed = pdf.print(directory);
      if (!json) {
        out.println("Report: " + directory.report());
        printed.ifPresent(file -> out.println("PDF: " + file));
      }
    }
    return 0;
  }

  private BinningConvention convention() {
    try {
      BinningConvention named = BinningConvention.named(convention);
      return bins == null ? named : named.withBins(bins);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--convention or --bins: " + e.getMessage());
    }
  }

  private static boolean canStream(BinningConvention binning) {
    return binning.hasFixedBins();
  }

  private Evaluation evaluate(Path file, BinningConvention binning) throws IOException {
    String tooLarge = "";
    if (!stream) {
      PredictionSize size = sizeIfTooLarge(file);
      if (size == null) {
        try {
          return inMemory(file, binning);
        } catch (OutOfMemoryError e) {
          // The estimate was too low. One command a process, and its rows are garbage by now: what
          // does not fit is streamed, as if the estimate had said so.
          size = reading.size(file);
        }
      }
      tooLarge = tooLarge(file, size);
      if (!canStream(binning)) {
        throw new IOException(
            tooLarge
                + "; streamed instead it can only be with bins that do not depend on the data");
      }
    }
    if (labels == null && ReadingOptions.isNamed(file, ".npy")) {
      throw withoutLabels(file);
    }
    CalibrationSummary summary = reading.stream(file, labels, binning).summary();
    String without = String.join(", ", PredictionMetrics.OF_ALL_ROWS);
    spec.commandLine()
        .getErr()
        .println(
            (stream ? file.toString() : tooLarge)
                + ": streamed"
                + (json ? "; null, as they need all rows at once: " + without : ""));
    return Evaluation.of(file, summary);
  }

  private Evaluation inMemory(Path file, BinningConvention binning) throws IOException {
    Predictions predictions = reading.read(file, labels);
    if (!predictions.hasLabels() && ReadingOptions.isNamed(file, ".npy")) {
      throw withoutLabels(file);
    }
    FileContents.requireLabels(file, predictions);
    return Evaluation.of(file, predictions, binning, json, report != null);
  }

  private static IOException withoutLabels(Path file) {
    return new IOException(
        file + ": must have labels to be judged by, got none: name their file with --labels");
  }

  /** The size of what does not fit in memory together with the work on it; null if it fits. */
  private PredictionSize sizeIfTooLarge(Path file) throws IOException {
    long room = room();
    if (ReadingOptions.isNamed(file, ".csv")
        && Files.exists(file)
        && Files.size(file) <= room / MOST_HEAP_PER_BYTE) {
      return null; // and need not be looked through
    }
    PredictionSize size = reading.size(file);
    return need(size) > room ? size : null;
  }

  private static long room() {
    Runtime heap = Runtime.getRuntime();
    return heap.maxMemory() - heap.totalMemory() + heap.freeMemory();
  }

  /** Heap for the rows and the metrics; the rows lie in the two thirds for what lives long. */
  private static long need(PredictionSize size) {
    long rows = size.heapBytes();
    return Math.max(rows + ROW_BYTES * size.rows(), rows + rows / 2);
  }

  private static String tooLarge(Path file, PredictionSize size) {
    long megabytes = (need(size) >> 20) + 1;
    return String.format(
        Locale.ROOT,
        "%s: all metrics of %,d rows of %,d classes need about %,d MB of heap, %,d MB are free"
            + " (SWAG4J_JAVA_OPTIONS=-Xmx%dm gives more)",
        file,
        size.rows(),
        size.classes(),
        megabytes,
        room() >> 20,
        (megabytes * 4 / 3 / 100 + 1) * 100);
  }

  private static MetricsTable table(List<Evaluation> judged) {
    MetricsTable.Builder table =
        ResultTables.numbersAfter(
            MetricsTable.builder("file")
                .comparedWithinFirstLabel() // other files may be of other data
                .metric(new MetricsTable.Metric("n", 0, MetricsTable.Better.NEITHER))
                .metric(new MetricsTable.Metric("classes", 0, MetricsTable.Better.NEITHER)));
    for (Evaluation each : judged) {
      Evaluation.Scores scores = each.scores();
      table.row(
          each.file().toString(),
          each.rows(),
          each.classes(),
          scores.accuracy(),
          scores.nll(),
          scores.brier(),
          scores.ece());
    }
    return table.build();
  }

  private static JsonObject json(Evaluation judged) {
    JsonObject object = new JsonObject();
    object.addProperty("file", judged.file().toString());
    judged.metrics().entrySet().forEach(e -> object.add(e.getKey(), e.getValue()));
    return object;
  }
}
