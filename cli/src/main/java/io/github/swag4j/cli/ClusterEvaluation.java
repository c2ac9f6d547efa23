package io.github.swag4j.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.cli.cluster.SparkCall;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Sketches of tables, made by a cluster. */
final class ClusterEvaluation {
  /** What needs rows, or files of this machine. */
  private static final Set<String> OF_ROWS =
      Set.of(
          "--labels",
          "--id-column",
          "--prediction-column",
          "--confidence-column",
          "--by",
          "--over",
          "--windows",
          "--rows",
          "--each");

  private ClusterEvaluation() {}

  /** Refuses options that need what a sketch has not. */
  static void check(ClusterOptions cluster, CommandSpec command, BinningConvention bins) {
    cluster.check();
    if (!cluster.isAsked()) {
      return;
    }
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      if (OF_ROWS.contains(option.longestName())) {
        throw new UsageException(
            option.longestName()
                + " needs rows, and of a cluster comes a sketch: leave it out, or leave --master"
                + " out");
      }
    }
    if (!bins.hasFixedBins()) {
      throw new UsageException("--master needs bins that do not depend on the data, got " + bins);
    }
  }

  /** The sketches of the tables of a command line, in their order. */
  static Map<Path, CalibrationSketch> of(
      ClusterOptions cluster,
      CommandSpec command,
      ReadingOptions reading,
      List<Path> files,
      BinningConvention bins)
      throws IOException {
    ReadOptions options = reading.options();
    List<String> typed = typed(command.commandLine().getParseResult());
    for (int n = 0; n < files.size(); n++) {
      if (files.indexOf(files.get(n)) < n) {
        throw new UsageException("tables must differ, got twice " + typed.get(n));
      }
    }
    Map<Path, CalibrationSketch> read = new LinkedHashMap<>();
    try (SparkCall call = cluster.call()) {
      call.with("task", "evaluate")
          .withAll("table", typed.stream().map(ClusterOptions::address).toList())
          .with("convention", bins.name())
          .with("bins", bins.bins())
          .with("logits", options.logits())
          .with("renormalise", options.renormalise())
          .with("percent", options.percent())
          .with("labels", options.labels())
          .withAll("classColumns", options.classColumns())
          .withAll("ignoredColumns", options.ignoredColumns())
          .with("labelColumn", options.labelColumn())
          .with("positiveClass", options.positiveClass())
          .withAll("ignoredLabels", options.ignoredLabels());
      Arrays.stream(PredictionRemedy.values())
          .forEach(each -> call.with("remedy." + each, ProgramWords.of(each)));
      call.sending(
          call.jars()
              .named("swag4j-calibration", "swag4j-base", "commons-math3", "fastdoubleparser"));
      call.run(command.commandLine().getErr()::println);
      for (int n = 0; n < typed.size(); n++) {
        CalibrationSketch sketch = CalibrationSketch.read(call.folder().resolve(n + ".sketch"));
        ReadingNote note = note(call.folder().resolve(n + ".json"));
        read.put(files.get(n), reading.noted(files.get(n), new Noted<>(sketch, note)));
      }
    }
    return read;
  }

  /** Addresses as they were typed: a path would lose the second slash of hdfs://. */
  private static List<String> typed(ParseResult parsed) {
    return parsed.matchedPositionals().stream()
        .flatMap(each -> each.originalStringValues().stream())
        .toList();
  }

  private static ReadingNote note(Path file) throws IOException {
    JsonObject json = RunDirectory.readJson(file).getAsJsonObject();
    String kind = json.get("label_kind").getAsString();
    return new ReadingNote(
        strings(json, "classes"),
        strings(json, "class_columns"),
        json.get("labels").getAsString(),
        Arrays.stream(LabelKind.values())
            .filter(each -> each.words().equals(kind))
            .findFirst()
            .orElseThrow(),
        json.get("weights").getAsString(),
        strings(json, "ignored"),
        strings(json, "warnings"));
  }

  private static List<String> strings(JsonObject json, String key) {
    JsonArray array = json.getAsJsonArray(key);
    List<String> strings = new ArrayList<>();
    for (JsonElement each : array) {
      strings.add(each.getAsString());
    }
    return strings;
  }
}
