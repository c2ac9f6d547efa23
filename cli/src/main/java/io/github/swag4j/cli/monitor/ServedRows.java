package io.github.swag4j.cli.monitor;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.jsonl.JsonRecords;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

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
   * @param percent whether they are percentages
   * @param binary whether there is one, of the positive class
   */
  record Numbers(boolean logits, boolean renormalise, boolean percent, boolean binary) {}

  /**
   * Rows that are valid, and how many were not.
   *
   * @param rows null if there are none
   * @param labels {@code [rows]}, class indices or {@link DriftMonitor#UNKNOWN}
   * @param refusedBefore {@code [rows + 1]}, rows that were not valid between each and the one
   *     before
   */
  record Batch(Predictions rows, int[] labels, long[] refusedBefore) {}

  private record Row(double[] numbers, int label, String id, long line) {
    Row softmax() {
      Predictions one = Predictions.builder().logits(new double[][] {numbers}).build();
      return new Row(one.probabilities(0), label, id, line);
    }
  }

  private static final Pattern DECIMAL = Pattern.compile("[-+0-9.eE\\s]+");

  private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?\\d*,\\d+%?");

  /** In a file that goes on without a header: what may stand where classes are. */
  private static final Pattern NUMBER = Pattern.compile("(?i)[-+]?[\\d.].*|nan|-?inf.*|");

  private final ServedColumns.Wanted wanted;
  private final ServedLabels labels;
  private final Numbers numbers;
  private final Consumer<String> warnings;
  private final Function<RuntimeException, String> words;
  private final JsonRecords json;

  /** Null for those that were refused. */
  private final List<Row> rows = new ArrayList<>();

  private String header;
  private List<String> names;
  private ServedColumns columns;
  private boolean labelSeen;

  /**
   * A reader.
   *
   * @param header the header as read before a restart, null for none yet
   * @param words says why a row is not valid
   * @param warnings takes what is said of rows that are not valid
   */
  ServedRows(
      ServedColumns.Wanted wanted,
      ServedLabels labels,
      Numbers numbers,
      String header,
      Function<RuntimeException, String> words,
      Consumer<String> warnings)
      throws IOException {
    this.wanted = wanted;
    this.labels = labels;
    this.numbers = numbers;
    this.words = words;
    this.warnings = warnings;
    json = new JsonRecords(Set.copyOf(wanted.ignored()));
    if (header != null) {
      takeHeader(header);
    }
  }

  private void takeHeader(String text) throws IOException {
    List<String> fields = CsvFields.header(text);
    takeNames(fields);
    if (wanted.id() != null && columns.id() < 0) {
      throw ServedColumns.missing(fields, "column '" + wanted.id() + "', to find late labels by");
    }
    if (columns.label() >= 0 && !columns.inOrder() && wanted.columns().apply(fields).isEmpty()) {
      warnings.accept(
          "the class columns stand in another order than the reference's: a label that is an index"
              + " counts the columns of its own file");
    }
    header = text;
  }

  private void takeNames(List<String> fields) throws IOException {
    columns = ServedColumns.of(fields, wanted);
    names = fields;
    labelSeen |= columns.label() >= 0;
  }

  /** The header of CSV records, null while there was none. */
  String header() {
    return header;
  }

  /** Whether any record has had a field of labels. */
  boolean hasLabels() {
    return labelSeen;
  }

  /**
   * Takes a record.
   *
   * @throws IOException if it is a header that does not fit
   */
  void take(TextRecord record) throws IOException {
    for (TextRecord each : CsvFields.whole(record, header == null ? 0 : columns.size())) {
      takeWhole(each);
    }
  }

  private void takeWhole(TextRecord record) throws IOException {
    boolean object = record.text().startsWith("{");
    if (object && record.first()) {
      header = null; // a file of JSON Lines
    }
    try {
      if (!object && record.first() && isHeader(record.text())) {
        return;
      }
      rows.add(object ? ofJson(record) : ofFields(record));
    } catch (IllegalArgumentException e) {
      refuse(record.line(), e.getMessage());
      rows.add(null);
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
    return Arrays.stream(columns.classes())
        .allMatch(column -> NUMBER.matcher(fields.get(column)).matches());
  }

  private Row ofFields(TextRecord record) {
    if (header == null) {
      throw new IllegalArgumentException("a header with the names of the columns must come first");
    }
    List<String> fields = CsvFields.of(record.text());
    if (fields.size() != columns.size()) {
      throw new IllegalArgumentException(
          "a line must have the header's " + columns.size() + " columns, got " + fields.size());
    }
    return row(fields, columns.byPlace(), record.line());
  }

  /** Fields by name: a header of this row's own. */
  private Row ofJson(TextRecord record) {
    CsvFields.requireUtf8(record.text());
    if (header != null) {
      throw new IllegalArgumentException("a file with a header must have no lines of JSON");
    }
    List<String> values;
    try {
      values = json.read(record.text());
    } catch (JsonException e) {
      throw new IllegalArgumentException(
          "a line must be one JSON object: " + e.getMessage().replaceFirst("^JSON line 1, ", ""),
          e);
    }
    List<String> fields = json.names().stream().map(CsvFields::name).toList();
    try {
      if (!fields.equals(names)) {
        takeNames(fields);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage().replaceFirst("^the header", "the row"), e);
    }
    // Fields have no order to count in but the reference's.
    Row row = row(values, columns.inOrder() ? columns.byPlace() : List.of(), record.line());
    return json.areLogits() && !numbers.logits() ? row.softmax() : row;
  }

  private Row row(List<String> fields, List<Integer> byPlace, long line) {
    double[] values = new double[columns.classes().length];
    for (int k = 0; k < values.length; k++) {
      int column = columns.classes()[k];
      values[k] = number(names.get(column), fields.get(column));
    }
    int label =
        columns.label() < 0
            ? DriftMonitor.UNKNOWN
            : labels.of(fields.get(columns.label()), byPlace);
    return new Row(values, label, columns.id() < 0 ? "" : fields.get(columns.id()), line);
  }

  private double number(String name, String text) {
    boolean sign = text.endsWith("%");
    String digits = sign && numbers.percent() ? text.substring(0, text.length() - 1) : text;
    double value = DECIMAL.matcher(digits).matches() ? parsed(digits) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' must be a finite number, got '"
              + text
              + "'"
              + (sign && !numbers.percent() && !numbers.logits()
                  ? ": it is a percentage: say --percent"
                  : DECIMAL_COMMA.matcher(text).matches()
                      ? ": served rows must have points in numbers"
                      : ""));
    }
    if (numbers.binary() && numbers.logits()) {
      return 1 / (1 + Math.exp(-value));
    }
    return numbers.percent() ? value / 100 : value;
  }

  private static double parsed(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private void refuse(long line, String problem) {
    warnings.accept("line " + line + ": " + problem + ": row not counted");
  }

  /** The rows taken since the last call. */
  Batch batch() {
    List<Row> taken = rows.stream().filter(row -> row != null).toList();
    Predictions all = null;
    try {
      all = taken.isEmpty() ? null : build(taken);
    } catch (InvalidRowException e) {
      // Each by itself, then.
    }
    List<Row> valid = new ArrayList<>();
    long[] refusedBefore = new long[rows.size() + 1];
    for (Row row : rows) {
      if (row != null && (all != null || isValid(row))) {
        valid.add(row);
      } else {
        refusedBefore[valid.size()]++;
      }
    }
    rows.clear();
    return new Batch(
        all != null || valid.isEmpty() ? all : build(valid),
        valid.stream().mapToInt(Row::label).toArray(),
        Arrays.copyOf(refusedBefore, valid.size() + 1));
  }

  private boolean isValid(Row row) {
    try {
      return build(List.of(row)).rows() == 1;
    } catch (InvalidRowException e) {
      String said = words.apply(e);
      String problem =
          (arePercentages(row)
                  ? said.replaceFirst("(?s) not valid\\).*", " not valid)")
                      + ": if these are percentages, say --percent"
                  : said)
              .replaceFirst("^(\\w+)\\[\\d+](\\[\\d+])? ", "the row's $1 ")
              .replaceFirst(" \\(1 of 1 row not valid\\)", "");
      refuse(row.line(), problem);
      return false;
    }
  }

  /**
   * Whether a row that is not valid is one when it is divided by 100, and nothing was said of it.
   */
  private boolean arePercentages(Row row) {
    if (numbers.logits() || numbers.renormalise() || numbers.percent()) {
      return false;
    }
    double[] shares = Arrays.stream(row.numbers()).map(value -> value / 100).toArray();
    try {
      return build(List.of(new Row(shares, row.label(), row.id(), row.line()))).rows() == 1;
    } catch (InvalidRowException e) {
      return false;
    }
  }

  private Predictions build(List<Row> taken) {
    PredictionsBuilder builder = Predictions.builder();
    double[][] values = taken.stream().map(Row::numbers).toArray(double[][]::new);
    if (numbers.binary()) {
      builder.positiveProbabilities(Arrays.stream(values).mapToDouble(row -> row[0]).toArray());
    } else if (numbers.logits()) {
      builder.logits(values);
    } else {
      builder.probabilities(values);
    }
    if (numbers.renormalise()) {
      builder.renormalise();
    }
    return builder.ids(taken.stream().map(Row::id).toArray(String[]::new)).build();
  }
}
