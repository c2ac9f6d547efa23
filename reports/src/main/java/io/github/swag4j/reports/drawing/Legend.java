package io.github.swag4j.reports.drawing;

import io.github.swag4j.base.Printable;
import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Keys to a chart's colours in rows of text, and the strip of numbers at its head. */
public final class Legend {
  private static final double MARGIN = 12;
  private static final double GAP = 14;
  private static final double SWATCH = 20;
  private static final double LINE_HEIGHT = 18;

  /** How much wider bold letters are. */
  private static final double BOLD = 1.12;

  private enum Kind {
    BOX,
    LINE,
    DOT,
    RING,
    SQUARE
  }

  private record Entry(
      String text, Ink ink, double fill, boolean outline, float[] dash, Kind kind) {
    double width() {
      return SWATCH + Legend.width(text, Style.LEGEND.size);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final double room;

  /** Entries that are drawn in full however long they are. */
  public Legend() {
    this(Double.POSITIVE_INFINITY);
  }

  /** Entries cut to a width. */
  public Legend(double room) {
    this.room = room - SWATCH;
  }

  /** A filled box. */
  public Legend box(String text, Ink ink, double opacity, boolean outline) {
    entries.add(
        new Entry(fit(text, Style.LEGEND.size, room), ink, opacity, outline, null, Kind.BOX));
    return this;
  }

  /** A line, solid or dashed. */
  public Legend line(String text, Ink ink, float... dash) {
    entries.add(new Entry(fit(text, Style.LEGEND.size, room), ink, 0, false, dash, Kind.LINE));
    return this;
  }

  /** A filled dot. */
  public Legend dot(String text, Ink ink) {
    entries.add(new Entry(fit(text, Style.LEGEND.size, room), ink, 1, false, null, Kind.DOT));
    return this;
  }

  /** A hollow circle. */
  public Legend ring(String text, Ink ink) {
    entries.add(new Entry(fit(text, Style.LEGEND.size, room), ink, 0, true, null, Kind.RING));
    return this;
  }

  /** A hollow square. */
  public Legend square(String text, Ink ink) {
    entries.add(new Entry(fit(text, Style.LEGEND.size, room), ink, 0, true, null, Kind.SQUARE));
    return this;
  }

  /** Whether there is nothing to draw. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Draws the entries from left to right, in a new row when the right edge is reached.
   *
   * @return the baseline below the last row
   */
  public double draw(Figure figure, double left, double right, double baseline) {
    double x = left;
    double y = baseline;
    for (Entry e : entries) {
      if (x > left && x + e.width() > right) {
        x = left;
        y += LINE_HEIGHT;
      }
      sample(figure, e, x, y);
      figure.text(e.text(), x + SWATCH, y, Anchor.START, Style.LEGEND);
      x += e.width() + GAP;
    }
    return y + LINE_HEIGHT;
  }

  private static void sample(Figure figure, Entry e, double x, double y) {
    switch (e.kind()) {
      case LINE ->
          figure.stroke(new Line2D.Double(x, y - 4, x + 15, y - 4), e.ink(), 1.8f, e.dash());
      case DOT -> figure.fill(new Ellipse2D.Double(x + 3, y - 8, 8, 8), e.ink(), 1);
      case RING -> figure.stroke(new Ellipse2D.Double(x + 4, y - 7, 6, 6), e.ink(), 1);
      case SQUARE -> figure.stroke(new Rectangle2D.Double(x + 3, y - 8, 7, 7), e.ink(), 1.6f);
      case BOX -> {
        Rectangle2D box = new Rectangle2D.Double(x, y - 10, 14, 11);
        figure.fill(box, e.ink(), e.fill());
        if (e.outline()) {
          figure.stroke(box, e.ink(), 1);
        }
      }
    }
  }

  /** Draws a figure's title in one line. */
  public static void head(Figure figure) {
    String title = fit(figure.title(), BOLD * Style.TITLE.size, figure.width() - 2 * MARGIN);
    figure.text(title, MARGIN, 22, Anchor.START, Style.TITLE);
  }

  /**
   * Draws a figure's title, in as many lines as it takes, and below it named numbers side by side.
   *
   * @return the baseline of what comes next
   */
  public static double heading(Figure figure, String... pairs) {
    double y = 22;
    double bold = BOLD * Style.TITLE.size;
    for (String line : lines(figure.title(), bold, figure.width() - 2 * MARGIN)) {
      // A line is only too long where a single word is.
      String shown = fit(line, bold, figure.width() - 2 * MARGIN);
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
    return Math.max(width(pairs[i], Style.NOTE.size), width(pairs[i + 1], BOLD * Style.VALUE.size));
  }

  /**
   * About how wide a text is drawn, without asking a font: the viewer's font is not known here, and
   * the machine's own would make the bytes depend on it. Meant to be a little too wide.
   */
  public static double width(String text, double size) {
    double em = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("iljtfr.,:;|'!()[] ".indexOf(c) >= 0) {
        em += 0.36;
      } else if ("mwMW%@—".indexOf(c) >= 0) {
        em += 1;
      } else if (c >= 0x1100 && !Character.isSurrogate(c)) {
        em +=
            1.05; // Far Eastern letters fill a square; half a pair of surrogates is half a picture
      } else {
        em += Character.isUpperCase(c) || Character.isSurrogate(c) ? 0.7 : 0.58;
      }
    }
    return em * size;
  }

  /** A text in lines of at most a width, broken at blanks. */
  public static List<String> lines(String words, double size, double available) {
    String text = Printable.lines(words);
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
  public static String fit(String name, double size, double available) {
    String text = Printable.lines(name);
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
