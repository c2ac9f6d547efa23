package io.github.swag4j.reports;

import java.io.StringWriter;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvWriteOptions;

/** A table for other programs. */
final class TableCsv {
  private TableCsv() {}

  static String of(Table table) {
    StringWriter out = new StringWriter();
    // The default line end is the machine's.
    table.write().usingOptions(CsvWriteOptions.builder(out).lineEnd("\n").build());
    return out.toString();
  }
}
