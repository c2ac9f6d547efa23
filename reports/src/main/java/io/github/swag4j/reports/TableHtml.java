package io.github.swag4j.reports;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.reports.drawing.Markup;
import io.github.swag4j.reports.drawing.Numbers;

/** A table for pages. */
final class TableHtml {

  /** Ends further from the number than so many times the other are given as they are. */
  private static final double SKEWED = 1.5;

  private TableHtml() {}

  static String of(MetricsTable table) {
    return of(table, false);
  }

  /** The table; one whose rows may turn into cards says the name of every number beside it. */
  static String of(MetricsTable table, boolean cards) {
    StringBuilder out = new StringBuilder("<table");
    // Of two columns of labels both stay in view when the table scrolls sideways.
    String classes = (table.labels().size() == 2 ? "two-labels " : "") + (cards ? "cards" : "");
    out.append(classes.isEmpty() ? ">" : " class=\"" + classes.strip() + "\">");
    out.append("\n<thead><tr>");
    for (String label : table.labels()) {
      out.append("<th scope=\"col\">").append(Markup.escape(label)).append("</th>");
    }
    for (MetricsTable.Metric metric : table.metrics()) {
      out.append("<th scope=\"col\" class=\"number\">").append(Markup.escape(metric.name()));
      switch (metric.better()) {
        case HIGHER -> out.append(direction("↑", "higher is better"));
        case LOWER -> out.append(direction("↓", "lower is better"));
        case NEITHER, P_VALUE -> {}
      }
      out.append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (int r = 0; r < table.rows(); r++) {
      row(out, table, r, cards);
    }
    return out.append("</tbody>\n</table>\n").toString();
  }

  private static void row(StringBuilder out, MetricsTable table, int row, boolean cards) {
    out.append("<tr>");
    for (int c = 0; c < table.labels().size(); c++) {
      // Names of words joined by underscores, and paths, may break between their parts.
      String name = Markup.escape(table.name(row, c)).replaceAll("[_/]", "$0<wbr/>");
      out.append(c == 0 ? "<th scope=\"row\">" : "<td>").append(name);
      out.append(c == 0 ? "</th>" : "</td>");
    }
    for (int c = 0; c < table.metrics().size(); c++) {
      String cell = Markup.escape(table.cell(row, c));
      boolean best = table.isBest(row, c);
      out.append("<td class=\"number\"");
      if (cards) {
        String name = Markup.escape(table.metrics().get(c).name());
        out.append(" data-name=\"").append(name).append('"');
      }
      out.append('>').append(best ? "<strong>" : "").append(cell);
      out.append(best ? "</strong>" : "").append(interval(table, row, c)).append("</td>");
    }
    out.append("</tr>\n");
  }

  /** Half the interval's width, or both its ends where the column has one that is not symmetric. */
  private static String interval(MetricsTable table, int row, int metric) {
    Interval interval = table.interval(row, metric);
    if (Double.isNaN(interval.lower())) {
      return "";
    }
    int decimals = table.metrics().get(metric).decimals();
    String lower = Numbers.cell(interval.lower(), decimals);
    String upper = Numbers.cell(interval.upper(), decimals);
    String shown =
        isSkewed(table, metric)
            ? lower + " to " + upper
            : "± " + Numbers.cell((interval.upper() - interval.lower()) / 2, decimals);
    return " <small title=\"" + lower + " to " + upper + "\">" + shown + "</small>";
  }

  private static boolean isSkewed(MetricsTable table, int metric) {
    for (int r = 0; r < table.rows(); r++) {
      Interval interval = table.interval(r, metric);
      double below = table.value(r, metric) - interval.lower();
      double above = interval.upper() - table.value(r, metric);
      double unit = Math.pow(10, -table.metrics().get(metric).decimals());
      if (Math.max(below, above) > SKEWED * Math.min(below, above) + unit) {
        return true;
      }
    }
    return false;
  }

  private static String direction(String arrow, String words) {
    return " <span class=\"direction\" title=\"" + words + "\">" + arrow + "</span>";
  }
}
