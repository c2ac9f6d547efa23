package io.github.swag4j.reports;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.aggregate.AggregateFunctions;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Rows of a table taken together by their labels. */
final class TableGroups {
  private TableGroups() {}

  /** String columns as labels, those number columns as metrics that are named. */
  static MetricsTable read(Table table, MetricsTable.Metric... metrics) {
    String[] labels =
        Arrays.stream(table.stringColumns()).map(StringColumn::name).toArray(String[]::new);
    MetricsTable.Builder builder = MetricsTable.builder(labels);
    for (MetricsTable.Metric metric : metrics) {
      if (!table.containsColumn(metric.name())
          || !(table.column(metric.name()) instanceof NumericColumn)) {
        throw new IllegalArgumentException(
            "table must have a number column " + metric.name() + ", got " + table.columnNames());
      }
      builder.metric(metric);
    }
    for (int r = 0; r < table.rowCount(); r++) {
      int row = r;
      builder.row(
          Arrays.stream(labels).map(label -> table.stringColumn(label).get(row)).toList(),
          Arrays.stream(metrics).mapToDouble(m -> number(table, m.name(), row)).toArray());
    }
    return builder.build();
  }

  private static double number(Table table, String column, int row) {
    NumericColumn<?> numbers = table.numberColumn(column);
    return numbers.isMissing(row) ? Double.NaN : numbers.getDouble(row);
  }

  /** The tables of each value of a label column, in the order in which the values come. */
  static Map<String, MetricsTable> by(MetricsTable table, String label) {
    requireLabel(table, label);
    Map<String, MetricsTable> groups = new LinkedHashMap<>();
    split(table.table(), label).forEach((value, rows) -> groups.put(value, like(table, rows)));
    return groups;
  }

  /** The mean of every metric over the rows that share some labels. */
  static MetricsTable means(MetricsTable table, List<String> labels) {
    labels.forEach(label -> requireLabel(table, label));
    List<String> metrics = table.metrics().stream().map(MetricsTable.Metric::name).toList();
    return like(table, means(table.table(), labels, metrics));
  }

  private static MetricsTable like(MetricsTable table, Table rows) {
    return read(rows, table.metrics().toArray(new MetricsTable.Metric[0]));
  }

  private static void requireLabel(MetricsTable table, String label) {
    if (!table.labels().contains(label)) {
      throw new IllegalArgumentException(
          "label must be one of " + String.join(", ", table.labels()) + ", got " + label);
    }
  }

  /** The rows of each value of a label column, in the order in which the values come. */
  private static Map<String, Table> split(Table table, String label) {
    StringColumn column = table.stringColumn(label);
    Map<String, Table> groups = new LinkedHashMap<>();
    for (String value : column) {
      groups.put(value, null);
    }
    table
        .splitOn(label)
        .forEach(slice -> groups.put(valueOf(slice.asTable(), label), slice.asTable()));
    return groups;
  }

  private static String valueOf(Table group, String label) {
    return group.stringColumn(label).get(0);
  }

  /** The mean of every metric over the rows of equal labels; missing numbers are left out. */
  private static Table means(Table table, List<String> labels, List<String> metrics) {
    Table means = Table.create(table.name());
    labels.forEach(label -> means.addColumns(StringColumn.create(label)));
    metrics.forEach(metric -> means.addColumns(table.column(metric).emptyCopy()));
    Map<List<String>, Table> groups = new LinkedHashMap<>();
    for (Row row : table) {
      groups
          .computeIfAbsent(labels.stream().map(row::getString).toList(), key -> table.emptyCopy())
          .append(row);
    }
    groups.forEach(
        (key, group) -> {
          Row mean = means.appendRow();
          for (int c = 0; c < key.size(); c++) {
            mean.setString(labels.get(c), key.get(c));
          }
          for (String metric : metrics) {
            NumericColumn<?> column = group.numberColumn(metric);
            mean.setDouble(
                metric,
                column.countMissing() == column.size()
                    ? Double.NaN
                    : AggregateFunctions.mean.summarize(column));
          }
        });
    return means;
  }
}
