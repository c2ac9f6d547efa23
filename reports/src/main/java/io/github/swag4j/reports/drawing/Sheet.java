package io.github.swag4j.reports.drawing;

import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Plots below each other, or side by side with shared axes, under a title, numbers and one key, and
 * above a caption. Finds the room that texts need, leaves out the labels of ticks that would touch,
 * and is as high as it takes.
 */
public final class Sheet {

  /** The width of a paper's column in units of the drawing. */
  public static final int COLUMN = 360;

  private static final int MARGIN = 12;
  private static final int RIGHT = 14;

  /** From one baseline of a caption to the next. */
  private static final int LINE = 16;

  private final String title;
  private final String description;
  private final List<Plot> plots = new ArrayList<>();
  private String[] numbers = {};
  private String caption = "";
  private int columns = 1;

  public Sheet(String title, String description) {
    this.title = title;
    this.description = description;
  }

  /** Named numbers side by side below the title, a name and a number each. */
  public Sheet numbers(String... pairs) {
    numbers = pairs;
    return this;
  }

  public Sheet plot(Plot plot) {
    plots.add(plot);
    return this;
  }

  /** Plots of the same axes side by side, so many in a row. */
  public Sheet columns(int count) {
    columns = count;
    return this;
  }

  public Sheet caption(String text) {
    caption = text;
    return this;
  }

  /** What is drawn, row by row. */
  public List<Plot.Row> rows() {
    return plots.stream().flatMap(plot -> plot.rows().stream()).toList();
  }

  /** The title of the first horizontal axis. */
  public String xTitle() {
    return plots.get(0).xTitle();
  }

  public Figure draw(int width) {
    int height = place(new Figure(title, description, width, 0));
    Figure figure = new Figure(title, description, width, height);
    place(figure);
    return figure;
  }

  private int place(Figure figure) {
    double y = Legend.heading(figure, numbers);
    y = legend(figure.width()).draw(figure, MARGIN, figure.width() - 4, y) - 8;
    y = columns == 1 ? stack(figure, (int) y) : grid(figure, (int) y);
    if (!caption.isEmpty()) {
      y += 4;
      for (String line : Legend.lines(caption, Style.NOTE.size, figure.width() - 2.0 * MARGIN)) {
        String shown = Legend.fit(line, Style.NOTE.size, figure.width() - 2.0 * MARGIN);
        figure.text(shown, MARGIN, y, Anchor.START, Style.NOTE);
        y += LINE;
      }
    }
    return (int) y - 4;
  }

  private Legend legend(int width) {
    Map<String, Consumer<Legend>> entries = new LinkedHashMap<>();
    for (Plot plot : plots) {
      for (int i = 0; i < plot.keys().size(); i++) {
        entries.putIfAbsent(plot.keyNames().get(i), plot.keys().get(i));
      }
    }
    Legend legend = new Legend(width - 2.0 * MARGIN);
    entries.values().forEach(entry -> entry.accept(legend));
    return legend;
  }

  private double stack(Figure figure, int from) {
    int y = from;
    int left = left(plots);
    for (Plot plot : plots) {
      int top = y + (plot.name().isEmpty() ? 6 : 20);
      Panel panel = plot.draw(figure, left, top, figure.width() - left - RIGHT, plot.height());
      frame(figure, panel, plot, true);
      yTitle(figure, plot.yTitle(), panel.top(), panel.bottom());
      xTitle(figure, plot.xTitle(), panel.left(), panel.right(), panel.bottom() + 36);
      y = panel.bottom() + 46;
    }
    return y + 8;
  }

  private double grid(Figure figure, int from) {
    int left = left(plots);
    int gap = 24;
    int width = (figure.width() - left - RIGHT - gap * (columns - 1)) / columns;
    int height = width;
    int y = from;
    for (int i = 0; i < plots.size(); i++) {
      int column = i % columns;
      int at = left + column * (width + gap);
      Panel panel = plots.get(i).draw(figure, at, y + 20, width, height);
      frame(figure, panel, plots.get(i), column == 0);
      if (column == columns - 1 || i == plots.size() - 1) {
        y += height + 44;
      }
    }
    yTitle(figure, plots.get(0).yTitle(), from + 20, y - 24);
    xTitle(figure, plots.get(0).xTitle(), left, figure.width() - RIGHT, y + 10);
    return y + 28;
  }

  private static int left(List<Plot> plots) {
    double widest = 0;
    for (Plot plot : plots) {
      for (Axis.Tick tick : plot.y().ticks()) {
        widest = Math.max(widest, Legend.width(tick.label(), Style.TICK.size));
      }
    }
    return (int) Math.ceil(22 + widest + 8);
  }

  private static void frame(Figure figure, Panel panel, Plot plot, boolean verticalLabels) {
    figure.stroke(
        new Line2D.Double(panel.left(), panel.bottom(), panel.right(), panel.bottom()),
        Ink.AXIS,
        1);
    if (!plot.name().isEmpty()) {
      String name = Legend.fit(plot.name(), Style.NOTE.size, panel.right() - panel.left());
      figure.text(name, panel.left(), panel.top() - 6, Anchor.START, Style.LEGEND);
    }
    if (verticalLabels) {
      double above = Double.POSITIVE_INFINITY;
      for (Axis.Tick tick : panel.vertical().ticks()) {
        double y = panel.y(tick.value()) + 4;
        if (above - y >= Style.TICK.size + 1) {
          figure.text(tick.label(), panel.left() - 7, y, Anchor.END, Style.TICK);
          above = y;
        }
      }
    }
    double taken = Double.NEGATIVE_INFINITY;
    for (Axis.Tick tick : panel.horizontal().ticks()) {
      double x = panel.x(tick.value());
      double half = Legend.width(tick.label(), Style.TICK.size) / 2;
      figure.stroke(new Line2D.Double(x, panel.bottom(), x, panel.bottom() + 4), Ink.AXIS, 1);
      // A label at the right end is moved inside.
      double at = Math.min(x, figure.width() - 2 - half);
      if (at - half >= taken) {
        figure.text(tick.label(), at, panel.bottom() + 17, Anchor.MIDDLE, Style.TICK);
        taken = at + half + 7;
      }
    }
  }

  private static void yTitle(Figure figure, String title, double top, double bottom) {
    String shown = Legend.fit(title, Style.NOTE.size, bottom - top + 30);
    figure.upward(shown, 14, (top + bottom) / 2, Style.NOTE);
  }

  private static void xTitle(Figure figure, String title, double left, double right, double y) {
    String shown = Legend.fit(title, Style.NOTE.size, right - left + 20);
    figure.text(shown, (left + right) / 2, y, Anchor.MIDDLE, Style.NOTE);
  }
}
