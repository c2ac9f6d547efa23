package io.github.swag4j.reports;

import java.util.Locale;
import java.util.Map;

/** A table for an article: LaTeX with the rules of the package booktabs. */
final class TableLatex {

  /** What LaTeX or its fonts would take for something else. */
  private static final Map<Integer, String> ESCAPES =
      Map.ofEntries(
          Map.entry((int) '\\', "\\textbackslash{}"),
          Map.entry((int) '{', "\\{"),
          Map.entry((int) '}', "\\}"),
          Map.entry((int) '$', "\\$"),
          Map.entry((int) '&', "\\&"),
          Map.entry((int) '#', "\\#"),
          Map.entry((int) '%', "\\%"),
          Map.entry((int) '_', "\\_"),
          Map.entry((int) '^', "\\textasciicircum{}"),
          Map.entry((int) '~', "\\textasciitilde{}"),
          Map.entry((int) '<', "\\textless{}"),
          Map.entry((int) '>', "\\textgreater{}"),
          Map.entry((int) '|', "\\textbar{}"),
          Map.entry((int) '"', "\\char34{}"), // a shorthand in some languages
          Map.entry((int) '\'', "\\textquotesingle{}"),
          Map.entry((int) '`', "\\textasciigrave{}"),
          // At the beginning of a row they would belong to the line break or rule before it.
          Map.entry((int) '[', "{[}"),
          Map.entry((int) ']', "{]}"),
          Map.entry((int) '*', "{*}"),
          Map.entry((int) '–', "--"),
          Map.entry((int) '−', "$-$"),
          Map.entry((int) '±', "$\\pm$"),
          Map.entry((int) '∞', "$\\infty$"),
          Map.entry((int) '≤', "$\\leq$"),
          Map.entry((int) '≥', "$\\geq$"),
          Map.entry((int) '×', "$\\times$"));

  private TableLatex() {}

  static String of(MetricsTable table, String caption, String label) {
    int labels = table.labels().size();
    int metrics = table.metrics().size();
    StringBuilder out = new StringBuilder("% \\usepackage{booktabs,textcomp}\n");
    out.append("\\begin{table}\n\\centering\n");
    if (!caption.isEmpty()) {
      out.append("\\caption{").append(escape(caption)).append("}\n");
    }
    if (!label.isEmpty()) {
      out.append("\\label{").append(label).append("}\n");
    }
    out.append("\\begin{tabular}{")
        .append("l".repeat(labels))
        .append("r".repeat(metrics))
        .append("}\n\\toprule\n");
    for (int c = 0; c < labels + metrics; c++) {
      String head = c < labels ? table.labels().get(c) : table.metrics().get(c - labels).name();
      out.append(c == 0 ? "" : " & ").append(escape(head));
    }
    out.append(" \\\\\n\\midrule\n");
    for (int r = 0; r < table.rows(); r++) {
      if (r > 0 && labels > 1 && !table.name(r, 0).equals(table.name(r - 1, 0))) {
        out.append("\\addlinespace\n");
      }
      for (int c = 0; c < labels + metrics; c++) {
        boolean best = c >= labels && table.isBest(r, c - labels);
        String cell = escape(c < labels ? table.name(r, c) : table.cell(r, c - labels));
        out.append(c == 0 ? "" : " & ").append(best ? "\\textbf{" + cell + "}" : cell);
      }
      out.append(" \\\\\n");
    }
    return out.append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").toString();
  }

  /** A label that LaTeX takes as it is: letters, digits and hyphens. */
  static void requireLabel(String label) {
    if (!label.matches("[A-Za-z0-9:.-]*")) {
      throw new IllegalArgumentException(
          "label must be of letters, digits, colons, dots and hyphens, got '" + label + "'");
    }
  }

  private static String escape(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              String known = ESCAPES.get(point);
              if (known != null) {
                out.append(known);
              } else if (Character.isISOControl(point)) {
                out.append(' '); // an empty line would end the cell's paragraph
              } else if (isInFonts(point)) {
                // Two hyphens would become a dash.
                out.append(point == '-' && out.toString().endsWith("-") ? "{}" : "");
                out.appendCodePoint(point);
              } else {
                // pdflatex stops at what its fonts do not have.
                out.append("\\texttt{U+")
                    .append(String.format(Locale.ROOT, "%04X", point))
                    .append('}');
              }
            });
    return out.toString();
  }

  /** What UTF-8 input of any LaTeX since 2018 shows: Latin letters with their accents. */
  private static boolean isInFonts(int point) {
    return point < 0x80 || point >= 0xc0 && point < 0x180;
  }
}
