package io.github.swag4j.reports;

import io.github.swag4j.base.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The numbers of a chart: named columns of text or of numbers, one row for each thing that is
 * drawn. A number that does not exist is NaN, and an empty cell in the file.
 */
public final class ChartData {

  /** Gathers the rows. */
  public static final class Builder {
    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    private Builder(List<String> columns) {
      this.columns = columns;
    }

    /**
     * Adds a row.
     *
     * @param cells a {@link String}, or a {@link Number}, for each column
     * @return this
     * @throws IllegalArgumentException if their number or the kind of one does not fit
     */
    public Builder row(Object... cells) {
      if (cells.length != columns.size()) {
        throw new IllegalArgumentException(
            "a row must have " + columns.size() + " cells, got " + cells.length);
      }
      for (int i = 0; i < cells.length; i++) {
        boolean text = cells[i] instanceof String;
        if (!text && !(cells[i] instanceof Number)) {
          throw new IllegalArgumentException(
              columns.get(i) + " must be text or a number, got " + cells[i]);
        }
        if (!rows.isEmpty() && text != (rows.get(0).get(i) instanceof String)) {
          throw new IllegalArgumentException(
              columns.get(i) + " must be all text or all numbers, got " + cells[i]);
        }
      }
      rows.add(List.of(cells));
      return this;
    }

    /**
     * Ends the table.
     *
     * @return the numbers
     */
    public ChartData build() {
      return new ChartData(columns, List.copyOf(rows));
    }
  }

  private final List<String> columns;
  private final List<List<Object>> rows;

  private ChartData(List<String> columns, List<List<Object>> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * Begins a table.
   *
   * @param columns the names of its columns
   * @return a builder
   */
  public static Builder builder(String... columns) {
    return new Builder(List.of(columns));
  }

  /**
   * The names of the columns.
   *
   * @return the names in their order
   */
  public List<String> columns() {
    return columns;
  }

  /**
   * The rows.
   *
   * @return for each row its cells, a {@link String} or a {@link Number} each
   */
  public List<List<Object>> rows() {
    return rows;
  }

  /**
   * A column of numbers.
   *
   * @param column its name
   * @return its numbers in the order of the rows
   * @throws IllegalArgumentException if there is no such column or it has text
   */
  public double[] numbers(String column) {
    int at = columns.indexOf(column);
    if (at < 0 || (!rows.isEmpty() && rows.get(0).get(at) instanceof String)) {
      throw new IllegalArgumentException(
          "column must be one of numbers among " + columns + ", got " + column);
    }
    return rows.stream().mapToDouble(row -> ((Number) row.get(at)).doubleValue()).toArray();
  }

  /**
   * The numbers as CSV with a header, all digits, and quotes where a text needs them.
   *
   * @return text of the file
   */
  public String toCsv() {
    StringBuilder out = new StringBuilder(line(columns));
    rows.forEach(row -> out.append(line(row)));
    return out.toString();
  }

  /**
   * The numbers as a table of tablesaw.
   *
   * @return a new table
   */
  public Table table() {
    Table table = Table.create();
    for (int i = 0; i < columns.size(); i++) {
      int at = i;
      boolean text = !rows.isEmpty() && rows.get(0).get(at) instanceof String;
      table.addColumns(
          text
              ? StringColumn.create(columns.get(at), rows.stream().map(row -> (String) row.get(at)))
              : DoubleColumn.create(columns.get(at), numbers(columns.get(at))));
    }
    return table;
  }

  /**
   * Writes the numbers as CSV, whole or not at all.
   *
   * @param file where to
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, out -> out.write(toCsv().getBytes(StandardCharsets.UTF_8)));
  }

  private static String line(List<?> cells) {
    return cells.stream().map(ChartData::cell).collect(Collectors.joining(",", "", "\n"));
  }

  private static String cell(Object value) {
    if (value instanceof Double number && number.isNaN()) {
      return "";
    }
    String text = value.toString();
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
