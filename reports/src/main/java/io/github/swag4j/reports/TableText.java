package io.github.swag4j.reports;

/** A table for terminals. */
final class TableText {
  private static final String GAP = "  ";

  private TableText() {}

  static String of(MetricsTable table) {
    int labels = table.labels().size();
    int columns = labels + table.metrics().size();
    String[][] cells = new String[table.rows() + 1][columns];
    for (int c = 0; c < columns; c++) {
      boolean label = c < labels;
      // The blank keeps the digits of starred and plain numbers under each other.
      cells[0][c] = label ? table.labels().get(c) : table.metrics().get(c - labels).name() + " ";
      for (int r = 0; r < table.rows(); r++) {
        cells[r + 1][c] =
            label
                ? table.name(r, c)
                : table.cell(r, c - labels) + (table.isBest(r, c - labels) ? "*" : " ");
      }
    }
    int[] widths = new int[columns];
    for (String[] row : cells) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], length(row[c]));
      }
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < cells.length; r++) {
      line(out, cells[r], widths, labels);
      if (r == 0) {
        rule(out, widths);
      }
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String[] row, int[] widths, int labels) {
    int start = out.length();
    for (int c = 0; c < row.length; c++) {
      out.append(c == 0 ? "" : GAP);
      String blanks = " ".repeat(widths[c] - length(row[c]));
      out.append(c < labels ? row[c] + blanks : blanks + row[c]);
    }
    while (out.length() > start && out.charAt(out.length() - 1) == ' ') {
      out.setLength(out.length() - 1);
    }
    out.append('\n');
  }

  private static void rule(StringBuilder out, int[] widths) {
    int width = GAP.length() * (widths.length - 1);
    for (int w : widths) {
      width += w;
    }
    out.append("─".repeat(width)).append('\n');
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
