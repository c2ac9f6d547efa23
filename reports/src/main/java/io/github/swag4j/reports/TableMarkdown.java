package io.github.swag4j.reports;

import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** A table for texts: GitHub-flavoured Markdown. */
final class TableMarkdown {
  private TableMarkdown() {}

  static String of(MetricsTable metrics) {
    Table shown = TableCells.of(metrics);
    int labels = metrics.labels().size();
    StringBuilder out = new StringBuilder("|");
    StringBuilder rule = new StringBuilder("|");
    for (int c = 0; c < shown.columnCount(); c++) {
      out.append(' ').append(escape(shown.column(c).name())).append(" |");
      rule.append(c < labels ? " --- |" : " ---: |");
    }
    out.append('\n').append(rule).append('\n');
    for (Row row : shown) {
      out.append('|');
      for (int c = 0; c < shown.columnCount(); c++) {
        String cell = escape(row.getString(c));
        boolean best = c >= labels && metrics.isBest(row.getRowNumber(), c - labels);
        out.append(best ? " **" + cell + "** |" : " " + cell + " |");
      }
      out.append('\n');
    }
    return out.toString();
  }

  /** What would end a cell, or be markup in one. */
  private static String escape(String text) {
    return text.replaceAll("[\\\\|*_`<\\[]", "\\\\$0").replaceAll("\\R", " ");
  }
}
