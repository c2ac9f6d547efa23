package io.github.swag4j.reports;

import io.github.swag4j.reports.Figure.Anchor;
import io.github.swag4j.reports.Figure.Style;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Keys to a chart's colours in rows of text, and the strip of numbers at its head. */
final class Legend {
  private static final double MARGIN = 12;
  private static final double GAP = 14;
  private static final double SWATCH = 20;
  private static final double LINE_HEIGHT = 18;

  private record Entry(String text, Ink ink, double fill, boolean outline, float[] dash) {
    double width() {
      return SWATCH + Legend.width(text, Style.LEGEND.size);
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  /** A filled box. */
  Legend box(String text, Ink ink, double opacity, boolean outline) {
    entries.add(new Entry(text, ink, opacity, outline, null));
    return this;
  }

  /** A line, solid or dashed. */
  Legend line(String text, Ink ink, float... dash) {
    entries.add(new Entry(text, ink, 0, false, dash));
    return this;
  }

  /**
   * Draws the entries from left to right, in a new row when the right edge is reached.
   *
   * @return the baseline below the last row
   */
  double draw(Figure figure, double left, double right, double baseline) {
    double x = left;
    double y = baseline;
    for (Entry e : entries) {
      if (x > left && x + e.width() > right) {
        x = left;
        y += LINE_HEIGHT;
      }
      if (e.dash() == null) {
        Rectangle2D box = new Rectangle2D.Double(x, y - 10, 14, 11);
        figure.fill(box, e.ink(), e.fill());
        if (e.outline()) {
          figure.stroke(box, e.ink(), 1);
        }
      } else {
        figure.stroke(new Line2D.Double(x, y - 4, x + 15, y - 4), e.ink(), 1.8f, e.dash());
      }
      figure.text(e.text(), x + SWATCH, y, Anchor.START, Style.LEGEND);
      x += e.width() + GAP;
    }
    return y + LINE_HEIGHT;
  }

  /** Draws a figure's title in one line. */
  static void head(Figure figure) {
    int size = Style.TITLE.size;
    String title = fit(figure.title(), size, figure.width() - 2 * MARGIN);
    figure.text(title, MARGIN, 22, Anchor.START, Style.TITLE);
  }

  /**
   * Draws a figure's title, in as many lines as it takes, and below it named numbers side by side.
   *
   * @return the baseline of what comes next
   */
  static double heading(Figure figure, String... pairs) {
    double y = 22;
    for (String line : lines(figure.title(), Style.TITLE.size, figure.width() - 2 * MARGIN)) {
      // A line is only too long where a single word is.
      String shown = fit(line, Style.TITLE.size, figure.width() - 2 * MARGIN);
      figure.text(shown, MARGIN, y, Anchor.START, Style.TITLE);
      y += 19;
    }
    strip(figure, MARGIN, figure.width(), y + 5, pairs);
    return y + (pairs.length == 0 ? 9 : 49);
  }

  /** Draws named numbers side by side, the name above, what room there is shared between them. */
  private static void strip(Figure figure, double left, double right, double top, String... pairs) {
    double taken = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      taken += pairWidth(pairs, i);
    }
    double gap = Math.max(6, (right - left - taken) / (pairs.length / 2.0));
    double x = left;
    for (int i = 0; i < pairs.length; i += 2) {
      figure.text(pairs[i], x, top, Anchor.START, Style.NOTE);
      figure.text(pairs[i + 1], x, top + 18, Anchor.START, Style.VALUE);
      x += pairWidth(pairs, i) + gap;
    }
  }

  private static double pairWidth(String[] pairs, int i) {
    return Math.max(width(pairs[i], Style.NOTE.size), width(pairs[i + 1], Style.VALUE.size));
  }

  /**
   * About how wide a text is drawn, without asking a font: the viewer's font is not known here, and
   * the machine's own would make the bytes depend on it. Meant to be a little too wide.
   */
  static double width(String text, double size) {
    double em = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("iljtfr.,:;|'!()[] ".indexOf(c) >= 0) {
        em += 0.36;
      } else if ("mwMW%@—".indexOf(c) >= 0) {
        em += 0.92;
      } else {
        em += Character.isUpperCase(c) ? 0.7 : 0.58;
      }
    }
    return em * size;
  }

  /** A text in lines of at most a width, broken at blanks. */
  static List<String> lines(String text, double size, double available) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split(" ", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && width(longer, size) > available) {
        lines.add(line);
        longer = word;
      }
      line = longer;
    }
    lines.add(line);
    return lines;
  }

  /** A text cut to a width, with an ellipsis where it was cut. */
  static String fit(String text, double size, double available) {
    if (width(text, size) <= available) {
      return text;
    }
    int[] points = text.codePoints().toArray();
    int n = points.length;
    while (n > 1 && width(new String(points, 0, n) + "…", size) > available) {
      n--;
    }
    return new String(points, 0, n).stripTrailing() + "…";
  }
}
