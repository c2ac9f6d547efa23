package io.github.swag4j.cli.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.reports.MetricsTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Accuracy, NLL and ECE of methods on test images as they are and made worse, at each strength; of
 * images as they are the corruption is {@value #NONE} and the strength 0.
 */
public final class ShiftNumbers {

  /** The name of no corruption. */
  public static final String NONE = "none";

  /** What was judged. */
  private record Row(String method, String corruption, int strength, Evaluation.Scores scores) {}

  private final List<Row> rows = new ArrayList<>();

  /** Judges what a method predicted for images of a corruption. */
  public void add(String method, String corruption, int strength, Predictions predictions) {
    rows.add(
        new Row(
            method,
            corruption,
            strength,
            Evaluation.Scores.of(predictions, BinningConvention.GUO)));
  }

  /** A row for each method, corruption and strength. */
  public MetricsTable table() {
    MetricsTable.Builder table = columns("method", "corruption", "strength");
    for (Row row : rows) {
      table.row(
          List.of(row.method, row.corruption, Integer.toString(row.strength)),
          row.scores.accuracy(),
          row.scores.nll(),
          row.scores.ece());
    }
    return table.marked(List.of()).build();
  }

  /** A row for each method and strength: means over the corruptions. */
  public MetricsTable byStrength() {
    MetricsTable.Builder table = columns("method", "strength");
    List<String> methods = rows.stream().map(Row::method).distinct().toList();
    for (String method : methods) {
      for (int strength : rows.stream().mapToInt(Row::strength).distinct().sorted().toArray()) {
        List<Row> same =
            rows.stream().filter(r -> r.method.equals(method) && r.strength == strength).toList();
        table.row(
            List.of(method, Integer.toString(strength)),
            same.stream().mapToDouble(r -> r.scores.accuracy()).average().orElse(Double.NaN),
            same.stream().mapToDouble(r -> r.scores.nll()).average().orElse(Double.NaN),
            same.stream().mapToDouble(r -> r.scores.ece()).average().orElse(Double.NaN));
      }
    }
    return table.marked(List.of()).build();
  }

  private static MetricsTable.Builder columns(String... labels) {
    return MetricsTable.builder(labels)
        .higherIsBetter(RowValues.ACCURACY)
        .lowerIsBetter(RowValues.NLL)
        .lowerIsBetter("ECE");
  }

  /** The rows as one JSON object, at full precision. */
  public JsonObject json(String dataset) {
    JsonArray all = new JsonArray();
    for (Row row : rows) {
      JsonObject one = new JsonObject();
      one.addProperty("method", row.method);
      one.addProperty("corruption", row.corruption);
      one.addProperty("strength", row.strength);
      one.addProperty("accuracy", row.scores.accuracy());
      one.addProperty("nll", row.scores.nll());
      one.addProperty("ece", row.scores.ece());
      all.add(one);
    }
    JsonObject json = new JsonObject();
    json.addProperty("dataset", dataset);
    json.add("shift", all);
    return json;
  }

  /** Writes the rows as CSV. */
  public void write(Path file) throws IOException {
    table().writeCsv(file);
  }
}
