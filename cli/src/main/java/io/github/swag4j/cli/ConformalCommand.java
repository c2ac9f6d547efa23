package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.conformal.Conditioning;
import io.github.swag4j.calibration.conformal.ConformalClassifier;
import io.github.swag4j.calibration.conformal.ConformalScore;
import io.github.swag4j.calibration.conformal.PredictionSets;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.OutputColumn.Kind;
import io.github.swag4j.cli.page.ConformalTables;
import io.github.swag4j.cli.page.PredictionMetrics;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sets of classes that hold the true one as often as asked. */
@Command(
    name = "conformal",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Give a set of classes for each row that holds the true one with a promised probability.",
      "",
      "Learnt from the labelled rows of --fit, which the model was not trained on. The promise"
          + " holds for any model, if new rows are like those of --fit: on average over all rows,"
          + " or for each class with --per-class, or each group with --by. The files' rows must fit"
          + " in memory."
    },
    footer = {
      "",
      "Examples",
      "  swag4j conformal --fit validation.csv --coverage 0.9 --apply test.csv --rows sets.csv",
      "  swag4j conformal --fit validation.npz --per-class --save sets.json --apply test.npz",
      "  swag4j conformal --load sets.json --apply more.npz --rows sets.csv"
    })
final class ConformalCommand implements Callable<Integer> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /** Where the thresholds come from. */
  static final class Source {
    @Option(names = "--fit", paramLabel = "FILE", description = "Labelled predictions to fit on.")
    private Path fit;

    @Option(names = "--load", paramLabel = "JSON", description = "Thresholds written by --save.")
    private Path load;
  }

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source;

  @Option(
      names = "--apply",
      required = true,
      paramLabel = "FILE",
      description = "Predictions to give sets for; judged where they have labels.")
  private Path apply;

  @Option(
      names = "--coverage",
      paramLabel = "P",
      description = "Probability that a set holds the true class (default: 0.9).")
  private Double coverage;

  @Option(
      names = "--score",
      paramLabel = "NAME",
      description =
          "lac (smallest sets), aps (larger for harder rows), raps (the same without long tails) or"
              + " top-k (default: lac).")
  private String score;

  @Option(
      names = "--randomised",
      description =
          "Draw the last class of aps and raps in or out, for exact coverage; see --seed.")
  private boolean randomised;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of --randomised (default: 0).")
  private Long seed;

  @Option(names = "--per-class", description = "Promise the coverage for the rows of each class.")
  private boolean perClass;

  @Option(
      names = "--by",
      paramLabel = "COLUMN",
      description = "Promise the coverage for the rows of each value of a column of both files.")
  private String by;

  @Option(
      names = "--never-empty",
      description = "Put the most probable class into sets that would be empty.")
  private boolean neverEmpty;

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description = "Write the set of each row of --apply there, as CSV, or Parquet if it ends so.")
  private Path rows;

  @Option(names = "--save", paramLabel = "JSON", description = "Write the thresholds there.")
  private Path save;

  @Mixin private LabelsOptions labels;

  @Mixin private ReadingOptions reading;

  @Option(names = "--overwrite", description = "Write --rows and --save even if they exist.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    boolean fits = source.fit != null;
    if (!fits
        && (coverage != null
            || score != null
            || perClass
            || neverEmpty
            || randomised
            || seed != null)) {
      throw new UsageException(
          "--coverage, --score, --per-class, --never-empty, --randomised and --seed go with --fit:"
              + " what --load reads has its own");
    }
    if (perClass && by != null) {
      throw new UsageException("--per-class and --by exclude each other");
    }
    if (seed != null && !randomised) {
      throw new UsageException("--seed goes with --randomised");
    }
    ConformalClassifier.Options options = fits ? options() : null;
    labels.check();
    labels.requireAllRows(by, reading, "--by");
    new NewFiles(Arrays.asList(source.fit, source.load, apply, labels.file()), overwrite)
        .with("--rows", rows)
        .with("--save", save);
    reading.setAside(by);
    reading.requireIgnoredColumns(fits ? List.of(source.fit, apply) : List.of(apply));
    ConformalClassifier classifier;
    Predictions judged;
    if (fits) {
      Predictions fitted = grouped(source.fit, reading.read(source.fit, labels));
      FileContents.requireLabels(source.fit, fitted);
      judged = grouped(apply, reading.readLabelledOrNot(apply, labels, source.fit, fitted));
      classifier = ProgramWords.named(source.fit, () -> ConformalClassifier.fit(fitted, options));
    } else {
      String text = RunDirectory.text(source.load);
      classifier =
          ProgramWords.named(source.load, () -> ConformalClassifier.fromJson(text.strip()));
      boolean groups = classifier.options().conditioning() == Conditioning.GROUP;
      if (groups != (by != null)) {
        throw new UsageException(
            groups
                ? source.load + " has thresholds for groups: name their column with --by"
                : "--by goes with thresholds for groups, which " + source.load + " has not");
      }
      judged = grouped(apply, reading.readLoaded(apply, labels));
    }
    EqualWeights.require(apply, judged, reading.note(apply).weights());
    PredictionSets sets = ProgramWords.named(apply, () -> classifier.predict(judged));
    if (save != null) {
      byte[] bytes = (classifier.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(save, written -> written.write(bytes));
    }
    if (rows != null) {
      write(judged, sets);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(GSON.toJson(json(classifier, judged, sets)));
    } else {
      print(out, classifier, judged, sets);
    }
    return 0;
  }

  private Predictions grouped(Path file, Predictions read) throws IOException {
    return by == null ? read : ColumnValues.grouped(read, reading.column(file, by, read.rows()));
  }

  private ConformalClassifier.Options options() {
    double wanted = Share.open("--coverage", coverage == null ? 0.9 : coverage, 0.9);
    ConformalScore plain =
        switch (score == null ? "lac" : score.toLowerCase(Locale.ROOT)) {
          case "lac" -> ConformalScore.lac();
          case "aps" -> ConformalScore.aps();
          case "raps" -> ConformalScore.raps(0.01, 5);
          case "top-k", "top_k" -> ConformalScore.topK();
          default ->
              throw new UsageException("--score must be lac, aps, raps or top-k, got " + score);
        };
    ConformalScore used;
    try {
      used = randomised ? plain.randomised(seed == null ? 0 : seed) : plain;
    } catch (IllegalArgumentException e) {
      throw new UsageException("--randomised: " + e.getMessage());
    }
    ConformalClassifier.Options of =
        ConformalClassifier.Options.of(Share.rest(wanted), used)
            .conditionalOn(
                perClass
                    ? Conditioning.CLASS
                    : by != null ? Conditioning.GROUP : Conditioning.MARGINAL);
    return neverEmpty ? of.withoutEmptySets() : of;
  }

  private void write(Predictions p, PredictionSets sets) throws IOException {
    List<String> names = p.classNames();
    List<OutputColumn> columns = new ArrayList<>();
    columns.add(RowsFile.column("size", Kind.WHOLE));
    columns.add(RowsFile.column("set", Kind.TEXT));
    columns.addAll(p.hasLabels() ? List.of(RowsFile.column("covered", Kind.TRUTH)) : List.of());
    RowsFile.writeRows(
        rows,
        p,
        columns,
        (row, out) -> {
          out.whole(sets.size(row));
          out.text(String.join(";", Arrays.stream(sets.set(row)).mapToObj(names::get).toList()));
          if (p.hasLabels()) {
            out.truth(sets.covers(row));
          }
        });
  }

  private void print(
      PrintWriter out, ConformalClassifier classifier, Predictions p, PredictionSets sets) {
    ConformalTables tables = new ConformalTables(classifier, p, sets);
    out.println(tables.promise());
    out.println(tables.sentence(apply.toString()));
    out.println(tables.sizes().toText().stripTrailing());
    if (p.hasLabels()) {
      out.println();
      out.println(tables.classes().toText().stripTrailing());
      if (classifier.options().conditioning() == Conditioning.GROUP) {
        out.println();
        out.println(tables.groups(by).toText().stripTrailing());
      }
    }
    out.print(NewFiles.written(rows, save));
  }

  private JsonObject json(ConformalClassifier classifier, Predictions p, PredictionSets sets) {
    JsonObject object = new JsonObject();
    object.addProperty("file", apply.toString());
    object.add("read", reading.noteJson(apply));
    object.addProperty("score", classifier.options().score().toString());
    object.addProperty(
        "conditional_on", classifier.options().conditioning().name().toLowerCase(Locale.ROOT));
    object.addProperty("alpha", classifier.options().alpha());
    object.addProperty("n", p.rows());
    PredictionMetrics.number(object, "coverage", p.hasLabels() ? sets.coverage() : Double.NaN);
    object.addProperty("mean_size", sets.meanSize());
    JsonArray sizes = new JsonArray();
    Arrays.stream(sets.sizeCounts()).forEach(sizes::add);
    object.add("size_counts", sizes);
    JsonArray strata = new JsonArray();
    for (ConformalClassifier.Stratum each : classifier.strata()) {
      JsonObject stratum = new JsonObject();
      stratum.addProperty("name", each.name());
      stratum.addProperty("fit_rows", each.coverage().calibrationRows());
      PredictionMetrics.number(stratum, "threshold", each.threshold()); // null: every class
      stratum.addProperty("expected_coverage", each.coverage().mean());
      strata.add(stratum);
    }
    object.add("thresholds", strata);
    if (p.hasLabels()) {
      ConformalTables tables = new ConformalTables(classifier, p, sets);
      object.add("classes", json(tables.byClass()));
      if (classifier.options().conditioning() == Conditioning.GROUP) {
        object.add("groups", json(tables.byGroup()));
      }
    }
    return object;
  }

  private static JsonArray json(List<ConformalTables.Part> parts) {
    JsonArray array = new JsonArray();
    for (ConformalTables.Part part : parts) {
      JsonObject object = new JsonObject();
      Interval interval = part.interval();
      object.addProperty("name", part.name());
      object.addProperty("n", part.rows());
      PredictionMetrics.number(object, "coverage", part.coverage());
      PredictionMetrics.number(object, "lower", interval.lower());
      PredictionMetrics.number(object, "upper", interval.upper());
      PredictionMetrics.number(object, "mean_size", part.meanSize());
      array.add(object);
    }
    return array;
  }
}
