package io.github.swag4j.cli.monitor;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Records of served predictions as rows: CSV with a header, or JSON Lines with the same names as
 * fields. A row that is not valid is refused by itself, counted and said; it never stops the
 * others.
 */
final class ServedRows {
  /**
   * How numbers are read.
   *
   * @param logits whether they are logits
   * @param renormalise whether rows are divided by their sums
   * @param binary whether there is one, of the positive class
   */
  record Numbers(boolean logits, boolean renormalise, boolean binary) {}

  /**
   * Rows that are valid, and how many were not.
   *
   * @param rows null if there are none
   * @param labels {@code [rows]}, class indices or {@link DriftMonitor#UNKNOWN}
   * @param refused rows that were not valid
   */
  record Batch(Predictions rows, int[] labels, long refused) {}

  private record Row(double[] numbers, int label, String id, long line) {}

  private final ServedColumns.Wanted wanted;
  private final ServedLabels labels;
  private final Numbers numbers;
  private final Consumer<String> warnings;
  private final List<Row> rows = new ArrayList<>();
  private String header;
  private List<String> names;
  private ServedColumns columns;
  private long refused;

  /**
   * A reader.
   *
   * @param warnings takes what is said of rows that are not valid
   * @param header the header as read before a restart, null for none yet
   */
  ServedRows(
      ServedColumns.Wanted wanted,
      ServedLabels labels,
      Numbers numbers,
      String header,
      Consumer<String> warnings)
      throws IOException {
    this.wanted = wanted;
    this.labels = labels;
    this.numbers = numbers;
    this.warnings = warnings;
    if (header != null) {
      takeHeader(header);
    }
  }

  private void takeHeader(String text) throws IOException {
    List<String> fields = CsvFields.of(text);
    columns = ServedColumns.of(fields, wanted);
    names = fields;
    header = text;
  }

  /** The header of CSV records, null while there was none. */
  String header() {
    return header;
  }

  /** Whether the records have a field of labels, as far as is known. */
  boolean hasLabels() {
    return columns != null && columns.label() >= 0;
  }

  /**
   * Takes a record.
   *
   * @throws IOException if it is a header that does not fit
   */
  void take(TextRecord record) throws IOException {
    boolean json = record.text().startsWith("{");
    try {
      if (!json && record.first() && isHeader(record.text())) {
        return;
      }
      rows.add(json ? ofJson(record) : ofFields(record));
    } catch (IllegalArgumentException e) {
      refuse(record.line(), e.getMessage());
    }
  }

  /** Whether it is the header; the first file has one, a file after it may go on without. */
  private boolean isHeader(String text) throws IOException {
    if (text.equals(header)) {
      return true;
    }
    if (header != null && isRow(text)) {
      return false;
    }
    List<String> before = names;
    takeHeader(text);
    if (before != null && !before.equals(names)) {
      warnings.accept("the columns are others from here on: " + String.join(", ", names));
    }
    return true;
  }

  /** Whether it has as many fields as the header and numbers where classes are. */
  private boolean isRow(String text) {
    List<String> fields = CsvFields.of(text);
    if (fields.size() != columns.size()) {
      return false;
    }
    for (int column : columns.classes()) {
      if (!fields.get(column).matches("(?i)[-+]?[\\d.].*|nan|-?inf.*|")) {
        return false;
      }
    }
    return true;
  }

  private Row ofFields(TextRecord record) {
    if (columns == null) {
      throw new IllegalArgumentException("a header with the names of the columns must come first");
    }
    List<String> fields = CsvFields.of(record.text());
    if (fields.size() != columns.size()) {
      throw new IllegalArgumentException(
          "a line must have the header's " + columns.size() + " columns, got " + fields.size());
    }
    double[] values = new double[columns.classes().length];
    for (int k = 0; k < values.length; k++) {
      int column = columns.classes()[k];
      values[k] = number(names.get(column), fields.get(column));
    }
    int label = columns.label() < 0 ? DriftMonitor.UNKNOWN : labels.of(fields.get(columns.label()));
    return new Row(values, label, columns.id() < 0 ? "" : fields.get(columns.id()), record.line());
  }

  /** Fields by name: a header of this row's own. */
  private Row ofJson(TextRecord record) {
    JsonObject object;
    try {
      object = JsonParser.parseString(record.text()).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IllegalArgumentException("a line must be one JSON object", e);
    }
    List<String> fields = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (Map.Entry<String, JsonElement> each : object.entrySet()) {
      if (each.getValue().isJsonPrimitive() || each.getValue().isJsonNull()) {
        fields.add(each.getKey());
        values.add(each.getValue().isJsonNull() ? "" : each.getValue().getAsString());
      }
    }
    try {
      if (!fields.equals(names)) {
        columns = ServedColumns.of(fields, wanted);
        names = fields;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage().replaceFirst("^the header", "the row"), e);
    }
    double[] numbersOfRow = new double[columns.classes().length];
    for (int k = 0; k < numbersOfRow.length; k++) {
      int column = columns.classes()[k];
      numbersOfRow[k] = number(names.get(column), values.get(column));
    }
    int label = columns.label() < 0 ? DriftMonitor.UNKNOWN : labels.of(values.get(columns.label()));
    String id = columns.id() < 0 ? "" : values.get(columns.id());
    return new Row(numbersOfRow, label, id, record.line());
  }

  private static double number(String name, String text) {
    try {
      double value = Double.parseDouble(text);
      boolean decimal = text.matches("[-+0-9.eE\\s]+");
      if (decimal && Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "'" + name + "' must be a finite number, got '" + text + "'");
  }

  private void refuse(long line, String problem) {
    refused++;
    warnings.accept("line " + line + ": " + problem + ": row not counted");
  }

  /** The rows taken since the last call. */
  Batch batch() {
    List<Row> valid = new ArrayList<>(rows);
    rows.clear();
    Predictions built = null;
    while (!valid.isEmpty() && built == null) {
      try {
        built = build(valid);
      } catch (InvalidRowException e) {
        String problem =
            e.getMessage()
                .replaceFirst("^(\\w+)\\[\\d+](\\[\\d+])? ", "the row's $1 ")
                .replaceFirst(" \\(\\d[\\d,]* of [\\d,]+ rows? not valid\\)", "");
        refuse(valid.remove(e.row()).line(), problem);
      }
    }
    Batch batch = new Batch(built, valid.stream().mapToInt(Row::label).toArray(), refused);
    refused = 0;
    return batch;
  }

  private Predictions build(List<Row> valid) {
    PredictionsBuilder builder = Predictions.builder();
    double[][] values = valid.stream().map(Row::numbers).toArray(double[][]::new);
    if (numbers.binary()) {
      double[] positive = new double[values.length];
      for (int i = 0; i < positive.length; i++) {
        positive[i] = values[i][0];
      }
      builder.positiveProbabilities(positive);
    } else if (numbers.logits()) {
      builder.logits(values);
    } else {
      builder.probabilities(values);
    }
    if (numbers.renormalise()) {
      builder.renormalise();
    }
    if (columns != null && columns.id() >= 0) {
      builder.ids(valid.stream().map(Row::id).toArray(String[]::new));
    }
    return builder.build();
  }
}
