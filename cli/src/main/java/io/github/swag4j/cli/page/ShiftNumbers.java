package io.github.swag4j.cli.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.comparison.ShiftChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Accuracy, NLL and ECE of methods on test images as they are and made worse, at each strength; of
 * images as they are the corruption is {@value #NONE} and the strength 0.
 */
public final class ShiftNumbers {

  /** The name of no corruption. */
  public static final String NONE = "none";

  /** Method, which may have commas, corruption, strength, accuracy, NLL and ECE. */
  private static final Pattern LINE =
      Pattern.compile("(.*),([a-z-]+),(\\d+),([^,]*),([^,]*),([^,]*)");

  private final List<ShiftChart.Point> rows = new ArrayList<>();

  /**
   * Reads what {@link #write} has written.
   *
   * @throws IOException if it is another file; says which line
   */
  public static ShiftNumbers read(Path file) throws IOException {
    ShiftNumbers read = new ShiftNumbers();
    List<String> lines = RunDirectory.text(file).lines().toList();
    for (int i = 1; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i));
      try {
        if (!line.matches()) {
          throw new NumberFormatException();
        }
        read.rows.add(
            new ShiftChart.Point(
                unquoted(line.group(1)),
                line.group(2),
                Integer.parseInt(line.group(3)),
                number(line.group(4)),
                number(line.group(5)),
                number(line.group(6))));
      } catch (NumberFormatException e) {
        throw new IOException(
            file + ":" + (i + 1) + ": must be a line of 'swag4j shift': make the file again", e);
      }
    }
    return read;
  }

  private static String unquoted(String field) {
    return field.startsWith("\"")
        ? field.substring(1, field.length() - 1).replace("\"\"", "\"")
        : field;
  }

  private static double number(String text) {
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }

  /** Judges what a method predicted for images of a corruption. */
  public void add(String method, String corruption, int strength, Predictions predictions) {
    Evaluation.Scores scores = Evaluation.Scores.of(predictions, BinningConvention.GUO);
    rows.add(
        new ShiftChart.Point(
            method, corruption, strength, scores.accuracy(), scores.nll(), scores.ece()));
  }

  /** What was judged, a point for each method, corruption and strength. */
  public List<ShiftChart.Point> points() {
    return List.copyOf(rows);
  }

  /** A line for each method over the strengths. */
  public Chart chart(String title) {
    return ShiftChart.of(title, rows);
  }

  /** A row for each method, corruption and strength. */
  public MetricsTable table() {
    MetricsTable.Builder table = columns("method", "corruption", "strength");
    for (ShiftChart.Point row : rows) {
      table.row(
          List.of(row.method(), row.corruption(), Integer.toString(row.strength())),
          row.accuracy(),
          row.nll(),
          row.ece());
    }
    return table.marked(List.of()).build();
  }

  /** A row for each method and strength: means over the corruptions. */
  public MetricsTable byStrength() {
    MetricsTable.Builder table = columns("method", "strength");
    List<String> methods = rows.stream().map(ShiftChart.Point::method).distinct().toList();
    for (String method : methods) {
      for (int strength :
          rows.stream().mapToInt(ShiftChart.Point::strength).distinct().sorted().toArray()) {
        List<ShiftChart.Point> same =
            rows.stream()
                .filter(r -> r.method().equals(method) && r.strength() == strength)
                .toList();
        table.row(
            List.of(method, Integer.toString(strength)),
            same.stream().mapToDouble(ShiftChart.Point::accuracy).average().orElse(Double.NaN),
            same.stream().mapToDouble(ShiftChart.Point::nll).average().orElse(Double.NaN),
            same.stream().mapToDouble(ShiftChart.Point::ece).average().orElse(Double.NaN));
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
    for (ShiftChart.Point row : rows) {
      JsonObject one = new JsonObject();
      one.addProperty("method", row.method());
      one.addProperty("corruption", row.corruption());
      one.addProperty("strength", row.strength());
      PredictionMetrics.number(one, "accuracy", row.accuracy());
      PredictionMetrics.number(one, "nll", row.nll());
      PredictionMetrics.number(one, "ece", row.ece());
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
