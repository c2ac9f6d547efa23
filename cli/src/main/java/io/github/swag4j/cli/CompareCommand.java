package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.PairedComparison;
import io.github.swag4j.calibration.io.FileContents;
import io.github.swag4j.cli.page.ComparedMethods;
import io.github.swag4j.cli.page.ComparedMethods.Difference;
import io.github.swag4j.cli.page.Evaluation;
import io.github.swag4j.cli.page.PredictionMetrics;
import io.github.swag4j.cli.page.ResultTables;
import io.github.swag4j.cli.run.UsageException;
import io.github.swag4j.reports.MetricsTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whether methods judged on the same rows differ. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Tell whether the predictions of several methods for the same rows differ by more than"
          + " chance.",
      "",
      "Labels must agree row by row; where every file has ids, rows are matched by them. Every"
          + " other file is held against the first. Intervals are those of the paired bootstrap,"
          + " each for itself; p-values those of the paired permutation test with Holm's correction"
          + " over all tests printed. The files' rows must fit in memory."
    },
    footer = {
      "",
      "Examples",
      "  swag4j compare sgd.csv swag.csv",
      "  swag4j compare sgd.npz swa.npz swag.npz --all-pairs --json",
      "  swag4j compare first.csv second.csv --labels labels.csv"
    })
final class CompareCommand implements Callable<Integer> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "2..*",
      paramLabel = "FILE",
      description = "Predictions of the methods; the first is what the others are held against.")
  private List<Path> files;

  @Option(names = "--all-pairs", description = "Compare every pair, not only with the first.")
  private boolean allPairs;

  @Mixin private LabelsOptions labels;
  @Mixin private ReadingOptions reading;
  @Mixin private ConventionOptions bins;
  @Mixin private IntervalOptions intervals;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write the differences there, with all digits.")
  private Path csv;

  @Option(names = "--markdown", description = "Print the tables in Markdown.")
  private boolean markdown;

  @Option(names = "--overwrite", description = "Write --csv even if it exists.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print one JSON object for each difference.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (json && markdown) {
      throw new UsageException("--json and --markdown exclude each other");
    }
    intervals.confidence();
    BinningConvention convention = bins.convention();
    labels.check();
    List<Path> inputs = new ArrayList<>(files);
    inputs.add(labels.file());
    new NewFiles(inputs, overwrite).with("--csv", csv);
    reading.requireIgnoredColumns(files);
    Map<String, Predictions> methods = read();
    ComparedMethods compared = compared(methods, convention);
    if (csv != null) {
      write(compared);
    }
    print(methods, compared, convention);
    return 0;
  }

  private ComparedMethods compared(Map<String, Predictions> methods, BinningConvention convention)
      throws IOException {
    try {
      return ComparedMethods.of(methods, allPairs, convention, intervals.options());
    } catch (IllegalArgumentException e) {
      throw new IOException(ProgramWords.of(e), e);
    }
  }

  /** The files' predictions by their names, which are told apart by folders where they must be. */
  private Map<String, Predictions> read() throws IOException {
    Map<String, Predictions> methods = new LinkedHashMap<>();
    Path before = null;
    for (Path file : files) {
      Predictions read = reading.read(file, labels);
      FileContents.requireLabels(file, read);
      if (before != null) {
        Predictions first = methods.values().iterator().next();
        SameClasses.require(file, read, before, first);
        read = inOrderOf(first, file, read);
      }
      before = before == null ? file : before;
      if (methods.put(name(file), read) != null) {
        throw new UsageException("compare needs different files, got " + file + " twice");
      }
    }
    return methods;
  }

  private String name(Path file) {
    Path name = file.getFileName();
    long same = files.stream().filter(other -> other.getFileName().equals(name)).count();
    return same == 1 ? name.toString() : file.toString();
  }

  /** Rows in the order of the first file's, where both have ids and these are the same. */
  private Predictions inOrderOf(Predictions first, Path file, Predictions read) {
    if (!first.hasIds() || !read.hasIds() || first.rows() != read.rows()) {
      return read;
    }
    Map<String, Integer> rowOf = new HashMap<>();
    for (int row = 0; row < read.rows(); row++) {
      if (rowOf.put(read.id(row), row) != null) {
        return read;
      }
    }
    int[] order = new int[first.rows()];
    boolean moved = false;
    for (int row = 0; row < order.length; row++) {
      Integer at = rowOf.get(first.id(row));
      if (at == null) {
        return read; // the comparison names the first id that differs
      }
      order[row] = at;
      moved |= at != row;
    }
    if (moved) {
      spec.commandLine()
          .getErr()
          .println(
              "swag4j: note: rows of "
                  + file
                  + " are taken in the order of "
                  + files.get(0)
                  + ", by id");
    }
    return moved ? read.select(order) : read;
  }

  private void print(
      Map<String, Predictions> methods, ComparedMethods compared, BinningConvention convention) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      compared.differences().forEach(each -> out.println(GSON.toJson(json(each, compared))));
      return;
    }
    MetricsTable.Builder numbers = ResultTables.header("file");
    methods.forEach(
        (name, p) -> {
          Evaluation.Scores scores = Evaluation.Scores.of(p, convention);
          numbers
              .row(name, scores.accuracy(), scores.nll(), scores.brier(), scores.ece())
              .marked(compared.best(name, methods.size()));
        });
    MetricsTable table = numbers.build();
    show(out, table);
    out.println(
        table.hasMarks()
            ? "* is better than every other file beyond chance, as tested below."
            : "No star: no file is better than every other beyond chance, as far as tested below.");
    MetricsTable.Builder pairs =
        MetricsTable.builder(
            "file", "minus", "metric", "difference", intervals.percent(), "p", "p (Holm)");
    for (Difference each : compared.differences()) {
      PairedComparison of = each.compared();
      pairs.row(
          List.of(
              each.first(),
              each.second(),
              each.metric(),
              String.format(Locale.ROOT, "%+.4f", of.difference()),
              String.format(Locale.ROOT, "%+.4f to %+.4f", of.lower(), of.upper()),
              PValue.text(each.pValue()),
              PValue.text(each.adjusted())));
    }
    out.println();
    show(out, pairs.build());
    out.println();
    compared.sentences().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "%,d rows; ± is the standard error; intervals by the paired bootstrap, each for itself;"
            + " p-values by %,d permutations, in words after Holm's correction over %d tests.%n",
        methods.values().iterator().next().rows(),
        compared.swaps(),
        compared.tests());
    out.println("ECE: " + convention);
    out.print(NewFiles.written(csv));
  }

  private void show(PrintWriter out, MetricsTable table) {
    out.println((markdown ? table.toMarkdown() : table.toText()).stripTrailing());
  }

  /** What the file of a method was read as. */
  private JsonObject read(String method) {
    Path file = files.stream().filter(each -> name(each).equals(method)).findFirst().orElseThrow();
    return reading.noteJson(file);
  }

  private JsonObject json(Difference each, ComparedMethods compared) {
    PairedComparison of = each.compared();
    JsonObject object = new JsonObject();
    object.addProperty("first", each.first());
    object.addProperty("second", each.second());
    object.add("first_read", read(each.first()));
    object.add("second_read", read(each.second()));
    object.addProperty("metric", each.key());
    object.addProperty("n", of.rows());
    object.addProperty("first_value", of.firstValue());
    object.addProperty("second_value", of.secondValue());
    object.addProperty("difference", of.difference());
    object.addProperty("lower", of.lower());
    object.addProperty("upper", of.upper());
    object.addProperty("confidence", compared.level());
    object.addProperty("standard_error", of.standardError());
    object.addProperty("interval", of.options().method() + " bootstrap");
    PredictionMetrics.number(object, "p", each.pValue());
    PredictionMetrics.number(object, "p_holm", each.adjusted());
    object.addProperty("tests", compared.tests());
    object.addProperty("significant", each.adjusted() <= 1 - compared.level());
    return object;
  }

  private void write(ComparedMethods compared) throws IOException {
    List<String> header =
        List.of(
            "first",
            "second",
            "metric",
            "first_value",
            "second_value",
            "difference",
            "lower",
            "upper",
            "standard_error",
            "p",
            "p_holm");
    List<Difference> all = compared.differences();
    RowsFile.write(
        csv,
        header,
        all.size(),
        i -> {
          PairedComparison of = all.get(i).compared();
          return List.of(
              all.get(i).first(),
              all.get(i).second(),
              all.get(i).key(),
              RowsFile.number(of.firstValue()),
              RowsFile.number(of.secondValue()),
              RowsFile.number(of.difference()),
              RowsFile.number(of.lower()),
              RowsFile.number(of.upper()),
              RowsFile.number(of.standardError()),
              RowsFile.number(all.get(i).pValue()),
              RowsFile.number(all.get(i).adjusted()));
        });
  }
}
