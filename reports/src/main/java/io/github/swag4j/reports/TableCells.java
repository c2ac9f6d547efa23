package io.github.swag4j.reports;

import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The cells of a table as people see them. */
final class TableCells {
  private TableCells() {}

  /** A column of text for each label and metric. */
  static Table of(MetricsTable metrics) {
    Table shown = Table.create("metrics");
    for (StringColumn label : metrics.table().stringColumns()) {
      shown.addColumns(label);
    }
    for (int m = 0; m < metrics.metrics().size(); m++) {
      StringColumn column = StringColumn.create(metrics.metrics().get(m).name());
      for (int r = 0; r < metrics.rows(); r++) {
        column.append(metrics.cell(r, m));
      }
      shown.addColumns(column);
    }
    return shown;
  }

  /** A column of text for each label and one of numbers for each metric, NaN as missing. */
  static Table numbers(MetricsTable metrics) {
    Table table = Table.create("metrics");
    for (int c = 0; c < metrics.labels().size(); c++) {
      StringColumn column = StringColumn.create(metrics.labels().get(c));
      for (int r = 0; r < metrics.rows(); r++) {
        column.append(metrics.name(r, c));
      }
      table.addColumns(column);
    }
    for (int c = 0; c < metrics.metrics().size(); c++) {
      DoubleColumn column = DoubleColumn.create(metrics.metrics().get(c).name());
      for (int r = 0; r < metrics.rows(); r++) {
        column.append(metrics.value(r, c));
      }
      table.addColumns(column);
    }
    return table;
  }
}
