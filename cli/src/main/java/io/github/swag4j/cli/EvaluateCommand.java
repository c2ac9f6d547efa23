package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.BinningConvention;
import io.github.swag4j.calibration.CalibrationError;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ProperScores;
import io.github.swag4j.reports.MetricsTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
          + " probs [N, C] and labels [N]."
    },
    footer = {
      "",
      "Examples",
      "  swag4j evaluate predictions.csv",
      "  swag4j evaluate run/predictions/*-quickstart.npz --json",
      "  swag4j evaluate logits.npz --logits --bins 20 --report calibration-report"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /**
   * A file and what it holds.
   *
   * @param file its path
   * @param predictions its labelled rows
   */
  record Judged(Path file, Predictions predictions) {}

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Predictions, .csv or .npz.")
  private List<Path> files;

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

  @Option(names = "--report", paramLabel = "DIR", description = "Write a page with diagrams there.")
  private Path report;

  @Option(names = "--overwrite", description = "Write into --report even if it is not empty.")
  private boolean overwrite;

  @Option(names = "--json", description = "Print one JSON object a file.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    BinningConvention binning = convention();
    List<Judged> read = new ArrayList<>();
    for (Path file : files) {
      Predictions predictions = reading.read(file);
      if (!predictions.hasLabels()) {
        throw new IOException(file + ": must have labels to be judged by, got none");
      }
      read.add(new Judged(file, predictions));
    }
    RunDirectory directory = report == null ? null : RunDirectory.create(report, overwrite);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      read.forEach(each -> out.println(GSON.toJson(json(each, binning))));
    } else {
      out.println(table(read, binning).toText().stripTrailing());
      out.println("ECE: " + binning);
    }
    if (directory != null) {
      PredictionReport.write(directory, read, binning, table(read, binning));
      if (!json) {
        out.println("Report: " + directory.report());
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

  private static MetricsTable table(List<Judged> judged, BinningConvention binning) {
    MetricsTable.Builder table = ResultTables.header("file");
    for (Judged each : judged) {
      ProperScores scores = ProperScores.of(each.predictions());
      table.row(
          each.file().toString(),
          scores.accuracy(),
          scores.nll(),
          scores.brier(),
          CalibrationError.of(each.predictions(), binning).ece());
    }
    return table.build();
  }

  private static JsonObject json(Judged judged, BinningConvention binning) {
    JsonObject object = new JsonObject();
    object.addProperty("file", judged.file().toString());
    PredictionMetrics.of(judged.predictions(), binning)
        .entrySet()
        .forEach(e -> object.add(e.getKey(), e.getValue()));
    return object;
  }
}
