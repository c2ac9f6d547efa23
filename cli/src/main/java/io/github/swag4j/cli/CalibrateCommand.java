package io.github.swag4j.cli;

import static java.util.stream.Collectors.joining;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.base.Printable;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.CorrectedFiles;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.recalibration.Recalibrator;
import io.github.swag4j.calibration.recalibration.Recalibrators;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.selection.RecalibrationChoice;
import io.github.swag4j.cli.page.PredictionMetrics;
import io.github.swag4j.cli.page.ResultTables;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.reports.MetricsTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits a recalibration on one file and applies it to another. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Learn from one file of labelled predictions how to correct probabilities, and correct another"
          + " file's.",
      "",
      "The rows to fit on and those to judge by must be different ones. The classes must be the same"
          + " in the same order; a map of --save knows their names, if they had some.",
      "",
      "Every other column of --apply (ids, dates, features) is copied as it is; probabilities have the"
          + " fewest digits that read back as the same float32."
    },
    footer = {
      "",
      "Examples",
      "  swag4j calibrate --fit validation.npz --apply test.npz --method temperature -o out.npz",
      "  swag4j calibrate --fit validation.csv --apply test.csv --method isotonic -o out.csv --save"
          + " map.json",
      "  swag4j calibrate --fit validation.csv --apply test.csv --method best -o out.csv",
      "  swag4j calibrate --load map.json --apply more.csv -o more-calibrated.csv",
      "  swag4j calibrate --fit a.csv --apply b.csv --labels labels.csv --id-column image -o b2.csv",
      "  swag4j calibrate --load map.json --show"
    })
final class CalibrateCommand implements Callable<Integer> {
  private static final int SHOWN = 12;
  private static final String BEST = "best";

  /** Temperatures above it, or below its inverse, are told. */
  private static final double UNUSUAL = 100;

  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /** Where the map comes from. */
  static final class Source {
    @Option(names = "--fit", paramLabel = "FILE", description = "Labelled predictions to fit on.")
    private Path fit;

    @Option(names = "--load", paramLabel = "JSON", description = "A map written by --save.")
    private Path load;
  }

  @Spec private CommandSpec spec;

  /** What was compared for the best method, null otherwise. */
  private RecalibrationChoice choice;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source;

  @Option(
      names = "--apply",
      paramLabel = "FILE",
      description = "Predictions to correct; may be left out with --show.")
  private Path apply;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description =
          "One of ${COMPLETION-CANDIDATES}, or best: the one with the least NLL by cross-fitting on"
              + " --fit (default: temperature).",
      completionCandidates = Methods.class)
  private String method;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Where to write the corrected predictions, .csv, .npz or .parquet.")
  private Path out;

  @Option(names = "--save", paramLabel = "JSON", description = "Write the fitted map there.")
  private Path save;

  @Option(names = "--show", description = "Say in words what the map does.")
  private boolean show;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the folds of --method best (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private LabelsOptions labels;

  @Mixin private ReadingOptions reading;

  @Option(names = "--overwrite", description = "Write --out and --save even if they exist.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** Names of the methods, for the help. */
  static final class Methods implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return Recalibrators.methods().iterator();
    }
  }

  @Override
  public Integer call() throws IOException {
    if (method != null && source.load != null) {
      throw new UsageException("--method goes with --fit: the map of --load knows its own");
    }
    if (method == null) {
      method = "temperature";
    }
    if (!method.equals(BEST) && !Recalibrators.methods().contains(method)) {
      throw new UsageException(
          "--method must be one of "
              + String.join(", ", Recalibrators.methods())
              + " and best, got "
              + method
              + Nearest.hint(method, Recalibrators.methods()));
    }
    boolean showOnly = apply == null && out == null && show;
    if (!showOnly && (apply == null || out == null)) {
      throw new UsageException(
          "--apply and --out must say what to correct and where to write it, got "
              + (apply == null ? out == null ? "neither" : "--out alone" : "--apply alone"));
    }
    labels.check();
    new NewFiles(Arrays.asList(source.fit, source.load, apply, labels.file()), overwrite)
        .with("--out", out)
        .with("--save", save);
    if (showOnly) {
      Recalibrator map =
          source.fit == null
              ? load(source.load)
              : fit(source.fit, reading.read(source.fit, labels));
      save(map);
      printMap(map);
      return 0;
    }
    Predictions before;
    Recalibrator map;
    if (source.fit == null) {
      reading.requireIgnoredColumns(List.of(apply));
      map = load(source.load);
      before = reading.readLoaded(apply, labels);
      SameClasses.require(apply, before, source.load, map.classes(), map.classNames());
    } else {
      reading.requireIgnoredColumns(List.of(source.fit, apply));
      Predictions fitted = reading.read(source.fit, labels);
      before = reading.readLabelledOrNot(apply, labels);
      SameClasses.require(apply, before, source.fit, fitted);
      map = fit(source.fit, fitted);
    }
    Predictions after = ProgramWords.named(apply, () -> map.apply(before));
    // Rows that a label leaves out are not judged, and yet are corrected with the others.
    Noted<Predictions> whole =
        reading.leavesRowsOut() ? reading.allRows(apply) : new Noted<>(before, reading.note(apply));
    Predictions corrected =
        reading.leavesRowsOut() ? ProgramWords.named(apply, () -> map.apply(whole.value())) : after;
    noteRowsInCommon(map, before);
    noteTemperature(map);
    List<String> left =
        CorrectedFiles.write(apply, reading.options(apply, false), whole.note(), out, corrected);
    if (!left.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              QuietWriter.WARNING
                  + out
                  + ": another format than "
                  + apply
                  + " has no place for "
                  + String.join(", ", left)
                  + ": left out");
    }
    save(map);
    print(map, before, after);
    return 0;
  }

  private void save(Recalibrator map) throws IOException {
    if (save != null) {
      byte[] bytes = (map.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(save, written -> written.write(bytes));
    }
  }

  /**
   * Networks' temperatures are near 1; others come of edited maps, or of logits on another scale.
   */
  private void noteTemperature(Recalibrator map) {
    if (map instanceof TemperatureScaling scaling
        && !(scaling.temperature() >= 1 / UNUSUAL && scaling.temperature() <= UNUSUAL)) {
      spec.commandLine()
          .getErr()
          .println(
              QuietWriter.WARNING
                  + "a temperature of "
                  + scaling.temperature()
                  + " is unusual: below "
                  + 1 / UNUSUAL
                  + " every answer becomes certain, above "
                  + UNUSUAL
                  + " none; check that map and scores belong together");
    }
  }

  /** Fewer rows of the fit than are refused flatter the numbers a little: say so. */
  private void noteRowsInCommon(Recalibrator map, Predictions judged) {
    map.fittedOn()
        .map(rows -> rows.commonRows(judged))
        .filter(common -> common.count() > 0 && !common.explainedByChance())
        .ifPresent(
            common ->
                spec.commandLine()
                    .getErr()
                    .println(
                        QuietWriter.WARNING
                            + (common.estimated() ? "about " : "")
                            + String.format(Locale.ROOT, "%,d", common.count())
                            + (common.count() == 1 ? " row of " : " rows of ")
                            + apply
                            + (common.count() == 1 ? " equals a row" : " equal rows")
                            + " that the map was fitted on: too few to refuse, more than agree"
                            + " within a file"));
  }

  private Recalibrator fit(Path file, Predictions rows) throws IOException {
    FileContents.requireLabels(file, rows);
    if (!method.equals(BEST)) {
      return ProgramWords.named(file, () -> Recalibrators.fit(method, rows));
    }
    choice = ProgramWords.named(file, () -> RecalibrationChoice.of(rows, seed));
    return ProgramWords.named(file, choice::fit);
  }

  private static Recalibrator load(Path file) throws IOException {
    String text = RunDirectory.text(file);
    return ProgramWords.named(file, () -> Recalibrators.fromJson(text.strip()));
  }

  /** The first values; --json and --save have all. */
  private static String shown(double[] values) {
    String first =
        Arrays.stream(values)
            .limit(SHOWN)
            .mapToObj(v -> String.format(Locale.ROOT, "%.6g", v))
            .collect(joining(" "));
    return values.length <= SHOWN ? first : first + " ... (" + values.length + " values)";
  }

  private void printMap(Recalibrator map) {
    if (!json) {
      printText(map, spec.commandLine().getOut());
      return;
    }
    JsonObject object = new JsonObject();
    object.addProperty("method", map.method());
    object.add("parameters", RunDirectory.toJson(map.parameters()));
    object.add("in_words", RunDirectory.toJson(map.inWords()));
    if (choice != null) {
      object.add("chosen", ChoiceWords.json(choice));
    }
    spec.commandLine().getOut().println(GSON.toJson(object));
  }

  private void printText(Recalibrator map, PrintWriter printer) {
    if (choice != null) {
      printer.print(ChoiceWords.text(choice));
    }
    printer.println(map);
    if (show) {
      map.inWords().forEach(line -> printer.println("  " + Printable.line(line)));
      return;
    }
    Map<String, double[]> parameters = map.parameters();
    if (map instanceof TemperatureScaling) {
      parameters.remove("outcome"); // a code
    }
    parameters.forEach((name, values) -> printer.println("  " + name + " " + shown(values)));
    if (map instanceof TemperatureScaling temperature) {
      printer.println("  outcome " + temperature.outcome().words());
    }
  }

  private void print(Recalibrator map, Predictions before, Predictions after) {
    PrintWriter printer = spec.commandLine().getOut();
    boolean judged = before.hasLabels();
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("file", out.toString());
      object.addProperty("method", map.method());
      object.add("parameters", RunDirectory.toJson(map.parameters()));
      object.add("in_words", RunDirectory.toJson(map.inWords()));
      if (choice != null) {
        object.add("chosen", ChoiceWords.json(choice));
      }
      if (map instanceof TemperatureScaling temperature) {
        object.addProperty("outcome", temperature.outcome().words());
      }
      if (judged) {
        object.add("before", PredictionMetrics.of(before, BinningConvention.GUO));
        object.add("after", PredictionMetrics.of(after, BinningConvention.GUO));
      }
      printer.println(GSON.toJson(object));
      return;
    }
    printText(map, printer);
    if (judged) {
      MetricsTable.Builder table = ResultTables.header(apply.getFileName().toString());
      ResultTables.row(table, "before", before);
      ResultTables.row(table, "after", after);
      // Of the same rows: whether they differ is for compare to say, and no star is given here.
      printer.println(table.marked(List.of()).build().toText().stripTrailing());
      printer.println("ECE: " + BinningConvention.GUO);
      long zeros = ProperScores.of(after).zeroProbabilityRows();
      printer.print(ResultTables.zeroProbabilities("after", zeros));
    } else {
      printer.println("Not judged: " + apply + " has no labels");
    }
    printer.print(NewFiles.written(out, save));
  }
}
