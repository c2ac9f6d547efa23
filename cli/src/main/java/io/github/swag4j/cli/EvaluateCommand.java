package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.TopLabels;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.text.FileKind;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.cli.page.Evaluation;
import io.github.swag4j.cli.page.Grounds;
import io.github.swag4j.cli.page.GroupIntervals;
import io.github.swag4j.cli.page.Judged;
import io.github.swag4j.cli.page.JudgedJson;
import io.github.swag4j.cli.page.MetricIntervals;
import io.github.swag4j.cli.page.PredictionMetrics;
import io.github.swag4j.cli.page.PredictionReport;
import io.github.swag4j.cli.page.TopLabelNumbers;
import io.github.swag4j.cli.page.WindowIntervals;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
          + " y_true, true_label, truth, class, obs, actual and the like; a column weight, weights,"
          + " sample_weight or sample_weights says how often a row counts. A .parquet file, or a folder"
          + " of them as Spark writes it, has columns as a .csv file has, or a list of probabilities.",
      "",
      "Labels in a file of their own are named with --labels: a table's rows find theirs by id; a .npy"
          + " file has the probabilities alone, and its labels are another .npy file.",
      "",
      "A table with the class predicted and its confidence alone: see --prediction-column.",
      "",
      "A file that does not fit in memory is streamed: read once, in memory that does not grow with"
          + " its rows, for the metrics that one pass can give.",
      "",
      "Sketches that --save-sketch has written, of parts of the rows, on any machine, are judged as"
          + " one: the same numbers as of all rows streamed."
    },
    footer = {
      "",
      "Examples",
      "  swag4j evaluate run/predictions/*-quickstart.npz --json",
      "  swag4j evaluate logits.npz --logits --bins 20 --report calibration-report",
      "  swag4j evaluate predictions.csv --ci --by site --rows rows.csv",
      "  swag4j evaluate predictions.csv --over date --csv by-date.csv",
      "  swag4j evaluate predictions.csv --labels labels.csv --id-column image",
      "  swag4j evaluate answers.csv --prediction-column answer --confidence-column p",
      "  swag4j evaluate large.csv --stream --json",
      "  swag4j evaluate predictions.parquet spark-output/",
      "  swag4j evaluate hdfs://host/answers --master spark://host:7077",
      "  swag4j evaluate monday.csv --save-sketch monday.sketch"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Predictions: .csv, .jsonl, .parquet, .npz, .npy, a folder of .parquet.")
  private List<Path> files;

  @Mixin private LabelsOptions labels;

  @Mixin private ReadingOptions reading;

  @Mixin private TopLabelOptions topLabel;

  @Mixin private ConventionOptions bins;

  @Option(
      names = "--ci",
      description =
          "Give every metric its interval, by a bootstrap over rows; see --confidence and --seed."
              + " Takes about a second for 10,000 rows, and longer with more.")
  private boolean ci;

  @Option(
      names = "--by",
      paramLabel = "COLUMN",
      description =
          "Judge each group of rows by itself, such as a site, and name the worst; intervals hold"
              + " for all groups at once.")
  private String by;

  @Option(
      names = "--over",
      paramLabel = "COLUMN",
      description =
          "Judge windows of rows in the order of a column of numbers, dates or times, and test for"
              + " a change.")
  private String over;

  @Option(
      names = "--windows",
      paramLabel = "N",
      description = "Windows of --over, of about equally many rows (default: 10).")
  private Integer windows;

  @Mixin private IntervalOptions intervals;

  @Option(
      names = "--stream",
      description =
          "Stream files whatever their size. The convention of a streamed file must have bins that"
              + " do not depend on the data (guo, netcal, torchmetrics, sklearn, mapie), and"
              + " ece_equal_mass, smece, aurc, augrc, failure_auroc and spiegelhalter_p of it are"
              + " null in --json and a dash on the page; all else is the same. Intervals, --by,"
              + " --over and --rows need all rows at once.")
  private boolean stream;

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description =
          "Write prediction, confidence, entropy, margin and whether it is correct of each row"
              + " there, as CSV, or Parquet if it ends so.")
  private Path rows;

  @Mixin private SketchOptions saving;

  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write the table there, with all digits.")
  private Path csv;

  @Option(names = "--markdown", description = "Print the tables in Markdown.")
  private boolean markdown;

  @Option(names = "--report", paramLabel = "DIR", description = "Write a page with diagrams there.")
  private Path report;

  @Mixin private PdfOption pdf;

  @Option(
      names = "--overwrite",
      description = "Replace what --report, --csv, --rows and --save-sketch name.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print one JSON object a file.")
  private boolean json;

  /** The rows to write, of the one file. */
  private Predictions rowsRead;

  private CalibrationSketch sketch;

  @Override
  public Integer call() throws IOException {
    boolean sketches = !cluster.isAsked() && SketchFiles.are(files);
    BinningConvention asked = bins.convention();
    checkOptions(asked, sketches);
    List<Path> inputs = new ArrayList<>(files);
    inputs.add(labels.file());
    new NewFiles(inputs, overwrite)
        .with("--rows", rows)
        .with("--csv", csv)
        .with("--save-sketch", saving.file());
    if (report != null) {
      RunDirectory.requireNew(report, overwrite);
    }
    reading.setAside(by);
    reading.setAside(over);
    List<Path> tables = sketches || cluster.isAsked() ? List.of() : files;
    reading.requireIgnoredColumns(tables);
    List<Judged> judged = new ArrayList<>();
    List<TopLabelNumbers> tops = new ArrayList<>();
    List<Supplier<JsonObject>> objects = new ArrayList<>();
    List<SketchFiles.Named> parts = sketches ? saving.read(files, asked, ci) : List.of();
    BinningConvention binning = sketches ? parts.get(0).sketch().convention() : asked;
    for (SketchFiles.Named part : parts) {
      Judged one = judge(part.file(), part.sketch());
      reading.setNote(part.file(), part.note(one.evaluation().weighted()));
      judged.add(one);
      objects.add(() -> json(one));
    }
    if (cluster.isAsked()) {
      ClusterEvaluation.of(cluster, spec, reading, files, asked)
          .forEach((file, made) -> judged.add(judge(file, made)));
      judged.forEach(each -> objects.add(() -> json(each)));
    }
    for (Path file : tables) {
      Optional<TopLabels> alone = reading.readTopLabels(file, labels, topLabel.names());
      if (alone.isPresent()) {
        TopLabelNumbers each = judgeTopLabels(file, alone.get(), binning);
        tops.add(each);
        objects.add(() -> json(each, binning));
      } else {
        Judged each = evaluate(file, binning);
        judged.add(each);
        objects.add(() -> json(each));
      }
    }
    RunDirectory directory = report == null ? null : RunDirectory.create(report, overwrite);
    if (csv != null) {
      new JudgedFiles(judged, ci, by, over).writeTable(csv);
    }
    if (rows != null) {
      JudgedFiles.writeRows(rows, rowsRead);
    }
    saving.save(sketch);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      objects.forEach(object -> out.println(GSON.toJson(object.get())));
    } else {
      JudgedText text = new JudgedText(out, markdown, intervals);
      text.print(judged, binning);
      text.printTopLabels(tops, binning);
      out.print(NewFiles.written(csv, rows, saving.file()));
    }
    if (directory != null) {
      Map<Path, ReadingNote> notes = new HashMap<>();
      for (Judged each : judged) {
        Path file = each.evaluation().file();
        notes.put(file, reading.note(file));
      }
      PredictionReport.write(directory, judged, binning, notes);
      Optional<Path> printed = pdf.print(directory);
      if (!json) {
        out.println("Report: " + directory.report());
        printed.ifPresent(file -> out.println("PDF: " + file));
      }
    }
    return 0;
  }

  private TopLabelNumbers judgeTopLabels(Path file, TopLabels known, BinningConvention binning)
      throws IOException {
    boolean simple = by == null && over == null && rows == null && csv == null;
    TopLabelOptions.requireSimple(file, simple && report == null && !saving.isAsked());
    return TopLabelNumbers.of(
        file, known, reading.note(file).classes().size(), binning, ci ? intervals.options() : null);
  }

  private JsonObject json(TopLabelNumbers each, BinningConvention binning) {
    JsonObject object = each.json(binning);
    object.add("read", reading.noteJson(each.file()));
    return object;
  }

  private JsonObject json(Judged each) {
    JsonObject object = JudgedJson.of(each);
    object.add("read", reading.noteJson(each.evaluation().file()));
    return object;
  }

  private void checkOptions(BinningConvention binning, boolean sketches) throws IOException {
    saving.check(files, sketches, binning);
    ClusterEvaluation.check(cluster, spec, binning);
    intervals.requireUse(
        ci || by != null || over != null || report != null, "--ci, --by, --over or --report");
    intervals.confidence();
    labels.check();
    pdf.require(report);
    if (stream && !binning.hasFixedBins()) {
      throw new UsageException(
          "--stream needs bins that do not depend on the data, got " + binning);
    }
    if (stream && needsRows()) {
      throw new UsageException("--by, --over and --rows need all rows at once: leave --stream out");
    }
    if (labels.file() != null && files.size() > 1 && labels.areOfArray(files.get(0))) {
      throw new UsageException("--labels goes with one .npy file, got " + files.size());
    }
    labels.requireAllRows(by, reading, "--by");
    labels.requireAllRows(over, reading, "--over");
    if (by != null && over != null) {
      throw new UsageException("--by and --over exclude each other: call evaluate once for each");
    }
    if (windows != null && (over == null || windows < 2)) {
      throw new UsageException(
          over == null
              ? "--windows goes with --over"
              : "--windows must be at least 2, got " + windows);
    }
    if (rows != null && files.size() > 1) {
      throw new UsageException("--rows goes with one file, got " + files.size());
    }
    if (json && markdown) {
      throw new UsageException("--json and --markdown exclude each other");
    }
  }

  private boolean needsRows() {
    return by != null || over != null || rows != null;
  }

  private Judged evaluate(Path file, BinningConvention binning) throws IOException {
    String tooLarge = "";
    if (!stream) {
      PredictionSize size = HeapRoom.sizeIfTooLarge(file, reading, labels);
      if (size == null) {
        try {
          return inMemory(file, binning);
        } catch (OutOfMemoryError e) {
          // The estimate was too low. One command a process, and its rows are garbage by now: what
          // does not fit is streamed, as if the estimate had said so.
          size = reading.size(file, labels);
        }
      }
      tooLarge = HeapRoom.tooLarge(file, size);
      if (needsRows()) {
        throw new IOException(tooLarge + "; --by, --over and --rows need all rows at once");
      }
      if (!binning.hasFixedBins()) {
        throw new IOException(
            tooLarge
                + "; streamed instead it can only be with bins that do not depend on the data");
      }
    }
    if (labels.file() == null && FileKind.of(file) == FileKind.NPY) {
      throw LabelsOptions.missing(file);
    }
    CalibrationSketch streamed = reading.stream(file, labels, binning);
    String without = String.join(", ", PredictionMetrics.OF_ALL_ROWS);
    spec.commandLine()
        .getErr()
        .println(
            (stream ? file.toString() : tooLarge)
                + ": streamed"
                + (json ? "; null, as they need all rows at once: " + without : ""));
    return judge(file, streamed);
  }

  private Judged judge(Path file, CalibrationSketch rows) {
    sketch = rows;
    CalibrationSummary summary = rows.summary();
    MetricIntervals known = MetricIntervals.of(summary, intervals.options());
    return new Judged(Evaluation.of(file, summary, known), ci ? known : null, null, null);
  }

  private Judged inMemory(Path file, BinningConvention binning) throws IOException {
    Predictions predictions = reading.read(file, labels);
    if (!predictions.hasLabels() && FileKind.of(file) == FileKind.NPY) {
      throw LabelsOptions.missing(file);
    }
    FileContents.requireLabels(file, predictions);
    rowsRead = rows == null ? null : predictions;
    sketch = saving.isAsked() ? CalibrationSketch.of(predictions, binning) : null;
    MetricIntervals.Options how = intervals.options();
    int numRows = predictions.rows();
    GroupIntervals groups =
        by == null
            ? null
            : GroupIntervals.of(by, reading.column(file, by, numRows), predictions, binning, how);
    WindowIntervals ordered =
        over == null
            ? null
            : WindowIntervals.of(
                over,
                reading.column(file, over, numRows),
                windows == null ? WindowIntervals.WINDOWS : windows,
                predictions,
                binning,
                how);
    MetricIntervals asked = ci ? MetricIntervals.ofAll(predictions, binning, how) : null;
    MetricIntervals shown = null;
    if (report != null) {
      shown = ci ? asked : Grounds.intervals(predictions, binning, how, true);
    }
    return new Judged(
        Evaluation.of(file, predictions, binning, json, shown), asked, groups, ordered);
  }
}
