package io.github.swag4j.reports;

import tech.tablesaw.api.Row;

/** A table for pages. */
final class TableHtml {
  private TableHtml() {}

  static String of(MetricsTable table) {
    StringBuilder out = new StringBuilder("<table");
    // Of two columns of labels both stay in view when the table scrolls sideways.
    out.append(table.labels().size() == 2 ? " class=\"two-labels\">" : ">");
    out.append("\n<thead><tr>");
    for (String label : table.labels()) {
      out.append("<th scope=\"col\">").append(Markup.escape(label)).append("</th>");
    }
    for (MetricsTable.Metric metric : table.metrics()) {
      out.append("<th scope=\"col\" class=\"number\">").append(Markup.escape(metric.name()));
      switch (metric.better()) {
        case HIGHER -> out.append(direction("↑", "higher is better"));
        case LOWER -> out.append(direction("↓", "lower is better"));
        case NEITHER -> {}
      }
      out.append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (Row row : TableCells.of(table)) {
      row(out, table, row);
    }
    return out.append("</tbody>\n</table>\n").toString();
  }

  private static void row(StringBuilder out, MetricsTable table, Row row) {
    int labels = table.labels().size();
    out.append("<tr>");
    for (int c = 0; c < labels; c++) {
      // Names of words joined by underscores, and paths, may break between their parts.
      String name = Markup.escape(row.getString(c)).replaceAll("[_/]", "$0<wbr/>");
      out.append(c == 0 ? "<th scope=\"row\">" : "<td>").append(name);
      out.append(c == 0 ? "</th>" : "</td>");
    }
    for (int c = 0; c < table.metrics().size(); c++) {
      String cell = Markup.escape(row.getString(labels + c));
      boolean best = table.isBest(row.getRowNumber(), c);
      out.append("<td class=\"number\">").append(best ? "<strong>" : "").append(cell);
      out.append(best ? "</strong>" : "").append("</td>");
    }
    out.append("</tr>\n");
  }

  private static String direction(String arrow, String words) {
    return " <span class=\"direction\" title=\"" + words + "\">" + arrow + "</span>";
  }
}
