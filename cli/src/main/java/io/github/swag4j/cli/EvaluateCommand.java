package io.github.swag4j.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.CalibrationError;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ProperScores;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.reports.MetricsTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
      "Judge saved predictions: accuracy, NLL, Brier score and calibration error.",
      "",
      "A .csv file has a header, one column for each class and a column label; an .npz file has"
          + " probs [N, C] and labels [N]."
    },
    footer = {
      "",
      "Examples",
      "  swag4j evaluate predictions.csv",
      "  swag4j evaluate run/predictions/*.npz --json",
      "  swag4j evaluate logits.npz --logits"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final Gson GSON = new Gson();

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Predictions, .csv or .npz.")
  private List<Path> files;

  @Option(names = "--logits", description = "The numbers are logits, to be put through a softmax.")
  private boolean logits;

  @Option(names = "--json", description = "Print one JSON object a file.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<Judged> read = new ArrayList<>();
    for (Path file : files) {
      Predictions predictions =
          PredictionFiles.read(file, PredictionFiles.Options.defaults().withLogits(logits));
      if (!predictions.hasLabels()) {
        throw new IOException(file + ": must have labels to be judged by, got none");
      }
      read.add(new Judged(file, predictions));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      read.forEach(each -> out.println(GSON.toJson(json(each.file(), each.predictions()))));
      return 0;
    }
    MetricsTable.Builder table = ResultTables.header("file");
    read.forEach(
        each -> table.row(each.file().toString(), ResultTables.numbers(each.predictions())));
    out.println(table.build().toText().stripTrailing());
    return 0;
  }

  private record Judged(Path file, Predictions predictions) {}

  private static JsonObject json(Path file, Predictions predictions) {
    ProperScores scores = ProperScores.of(predictions);
    CalibrationError error = CalibrationError.of(predictions);
    JsonObject object = new JsonObject();
    object.addProperty("file", file.toString());
    object.addProperty("n", predictions.rows());
    object.addProperty("classes", predictions.classes());
    object.addProperty("accuracy", scores.accuracy());
    object.addProperty("nll", scores.nll());
    object.addProperty("brier", scores.brier());
    object.addProperty("ece", error.ece());
    object.addProperty("mce", error.mce());
    object.addProperty("convention", error.convention().name());
    object.addProperty("bins", error.convention().bins());
    return object;
  }
}
