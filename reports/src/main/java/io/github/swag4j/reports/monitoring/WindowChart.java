package io.github.swag4j.reports.monitoring;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.ChartData;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Legend;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Panel;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Metrics in windows, such as weeks: above, accuracy as dots with whiskers beside the mean
 * confidence; below, the negative log likelihood. A dashed line is where something changed.
 */
public final class WindowChart extends Chart {

  /**
   * A metric in a window.
   *
   * @param value the metric, NaN where it has none
   * @param interval its interval
   */
  public record Measured(double value, Interval interval) {
    /**
     * Checks that the interval is there.
     *
     * @param value the metric
     * @param interval its interval
     */
    public Measured {
      Objects.requireNonNull(interval, "interval");
    }
  }

  /**
   * A window.
   *
   * @param name where it begins and ends
   * @param rows rows in it
   * @param accuracy share of its rows that are right
   * @param confidence mean of their largest probabilities
   * @param nll mean negative log likelihood, in nats
   */
  public record Window(
      String name, long rows, Measured accuracy, Measured confidence, Measured nll) {}

  private static final int WIDTH = 360;
  private static final int WIDE = 1120;
  private static final int LEFT = 60;
  private static final int UPPER = 200;
  private static final int LOWER = 120;
  private static final int GAP = 46;

  private final String title;
  private final double level;
  private final List<Window> windows;
  private final int change;

  private WindowChart(String title, double level, List<Window> windows, int change) {
    this.title = title;
    this.level = level;
    this.windows = windows;
    this.change = change;
  }

  /**
   * A chart of windows.
   *
   * @param title what is shown over what
   * @param level the level of the intervals, in (0, 1), for the key
   * @param windows the windows in their order; at least one
   * @return the chart
   * @throws IllegalArgumentException if there are none, or the level is out of range
   */
  public static WindowChart of(String title, double level, List<Window> windows) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level must be between 0 and 1, both excluded, got " + level + ": 95 % is 0.95");
    }
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("a chart needs at least 1 window, got 0");
    }
    return new WindowChart(Objects.requireNonNull(title, "title"), level, List.copyOf(windows), -1);
  }

  /**
   * The same chart with a mark between two windows.
   *
   * @param window place of the first window after the change, between 1 and the number of windows
   *     less 1
   * @return a new chart
   * @throws IllegalArgumentException if the place is out of range
   */
  public WindowChart changedBefore(int window) {
    if (window < 1 || window >= windows.size()) {
      throw new IllegalArgumentException(
          "a change must be before a window between 1 and "
              + (windows.size() - 1)
              + ", got "
              + window);
    }
    return new WindowChart(title, level, windows, window);
  }

  @Override
  protected boolean hasNarrowLayout() {
    return true;
  }

  @Override
  public ChartData data() {
    ChartData.Builder data =
        ChartData.builder("window", "rows", "metric", "value", "lower", "upper");
    for (Window window : windows) {
      row(data, window, "accuracy", window.accuracy());
      row(data, window, "mean_confidence", window.confidence());
      row(data, window, "nll", window.nll());
    }
    return data.build();
  }

  private static void row(ChartData.Builder data, Window window, String metric, Measured measured) {
    data.row(
        window.name(),
        window.rows(),
        metric,
        measured.value(),
        measured.interval().lower(),
        measured.interval().upper());
  }

  @Override
  protected Figure figure(Layout layout) {
    int width = layout == Layout.NARROW ? WIDTH : WIDE;
    int top = (int) keys(new Figure(title, "", width, 0), width);
    int second = top + UPPER + GAP;
    Figure figure = new Figure(title, describe(), width, second + LOWER + 60);
    keys(figure, width);
    Axis windowAxis = new Axis(0, windows.size(), List.of());
    Panel above =
        new Panel(
            LEFT,
            top,
            width - 16 - LEFT,
            UPPER,
            windowAxis,
            axis(List.of(Window::accuracy, Window::confidence)));
    figure.panel(above, "Accuracy", false);
    line(figure, above, Window::confidence, Ink.VERMILION, 5, 3);
    dots(figure, above, Window::accuracy, Ink.BLUE);
    Panel below =
        new Panel(LEFT, second, width - 16 - LEFT, LOWER, windowAxis, axis(List.of(Window::nll)));
    figure.panel(below, "NLL", false);
    dots(figure, below, Window::nll, Ink.GREEN);
    if (change > 0) {
      double x = above.x(change);
      figure.stroke(new Line2D.Double(x, top, x, second + LOWER), Ink.TEXT, 1.3f, 4, 3);
    }
    double y = below.bottom() + 20.0;
    String last = windows.get(windows.size() - 1).name();
    double half = (width - 16.0 - LEFT) / 2 - 8;
    figure.text(Legend.fit(windows.get(0).name(), 12, half), LEFT, y, Anchor.START, Style.TICK);
    if (windows.size() > 1) {
      figure.text(Legend.fit(last, 12, half), width - 16.0, y, Anchor.END, Style.TICK);
    }
    notes(figure, above, below);
    return figure;
  }

  private double keys(Figure figure, int width) {
    double y = Legend.heading(figure);
    String interval = ", " + Numbers.percent(level) + " interval";
    Legend legend =
        new Legend()
            .line("accuracy" + interval, Ink.BLUE)
            .line("mean confidence", Ink.VERMILION, 5, 3)
            .line("NLL" + interval, Ink.GREEN);
    if (change > 0) {
      legend.line("change", Ink.TEXT, 4, 3);
    }
    return legend.draw(figure, 12, width - 4, y);
  }

  private Axis axis(List<Function<Window, Measured>> metrics) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Window window : windows) {
      for (Function<Window, Measured> metric : metrics) {
        Measured of = metric.apply(window);
        for (double end : new double[] {of.value(), of.interval().lower(), of.interval().upper()}) {
          if (Double.isFinite(end)) {
            low = Math.min(low, end);
            high = Math.max(high, end);
          }
        }
      }
    }
    return low > high ? Axis.unit() : Axis.around(low, high, 4);
  }

  private void dots(Figure figure, Panel panel, Function<Window, Measured> metric, Ink ink) {
    for (int w = 0; w < windows.size(); w++) {
      Measured of = metric.apply(windows.get(w));
      double x = panel.x(w + 0.5);
      if (!Double.isNaN(of.interval().lower())) {
        double from = panel.y(of.interval().lower());
        double to = panel.y(of.interval().upper());
        figure.stroke(new Line2D.Double(x, from, x, to), ink, 1.6f);
        figure.stroke(new Line2D.Double(x - 4, from, x + 4, from), ink, 1.4f);
        figure.stroke(new Line2D.Double(x - 4, to, x + 4, to), ink, 1.4f);
      }
      if (Double.isFinite(of.value())) {
        double y = panel.y(of.value());
        figure.fill(new Ellipse2D.Double(x - 3.5, y - 3.5, 7, 7), ink, 1);
      }
    }
  }

  private void line(
      Figure figure, Panel panel, Function<Window, Measured> metric, Ink ink, float... dash) {
    Path2D path = new Path2D.Double();
    boolean open = false;
    for (int w = 0; w < windows.size(); w++) {
      double value = metric.apply(windows.get(w)).value();
      if (!Double.isFinite(value)) {
        open = false;
        continue;
      }
      if (open) {
        path.lineTo(panel.x(w + 0.5), panel.y(value));
      } else {
        path.moveTo(panel.x(w + 0.5), panel.y(value));
      }
      open = true;
    }
    figure.stroke(path, ink, 1.6f, dash);
  }

  private void notes(Figure figure, Panel above, Panel below) {
    for (int w = 0; w < windows.size(); w++) {
      Window window = windows.get(w);
      double left = above.x(w);
      figure.note(
          new Rectangle2D.Double(
              left, above.top(), above.x(w + 1) - left, below.bottom() - above.top()),
          "window",
          window.rows(),
          words(window));
    }
  }

  private static String words(Window window) {
    return window.name()
        + ": "
        + Numbers.count(window.rows())
        + (window.rows() == 1 ? " row" : " rows")
        + ", accuracy "
        + words(window.accuracy())
        + ", mean confidence "
        + Numbers.metric(window.confidence().value())
        + ", NLL "
        + words(window.nll());
  }

  private static String words(Measured of) {
    return Numbers.metric(of.value())
        + (Double.isNaN(of.interval().lower())
            ? ""
            : " ("
                + Numbers.metric(of.interval().lower())
                + " to "
                + Numbers.metric(of.interval().upper())
                + ")");
  }

  private String describe() {
    List<String> texts = new ArrayList<>();
    windows.forEach(window -> texts.add(words(window)));
    return "Accuracy, mean confidence and NLL in "
        + windows.size()
        + " windows. "
        + String.join("; ", texts)
        + "."
        + (change > 0 ? " A change is marked before " + windows.get(change).name() + "." : "");
  }
}
