package io.github.swag4j.reports.comparison;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.ChartData;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Legend;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Panel;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A metric of several methods on one axis: a dot with its interval for each, over rows or over
 * seeds, the single seeds as small rings, and at the right the p-value of its difference to the
 * first method. A p-value below 0.05 stands in bold.
 */
public final class MethodChart extends Chart {

  /**
   * What is known of a method.
   *
   * @param value the metric
   * @param interval its interval, {@link Interval#UNKNOWN} where it has none
   * @param pValue of the difference to the first method, adjusted for several comparisons; NaN for
   *     the first one and where it was not tested
   * @param seeds the metric of each seed; empty if there was one
   */
  public record Measured(double value, Interval interval, double pValue, List<Double> seeds) {
    /**
     * Checks the numbers.
     *
     * @param value the metric
     * @param interval its interval
     * @param pValue of the difference to the first method
     * @param seeds the metric of each seed
     */
    public Measured {
      Objects.requireNonNull(interval, "interval");
      seeds = List.copyOf(seeds);
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("value must be finite, got " + value);
      }
    }
  }

  private static final int WIDTH = 360;
  private static final int PITCH = 48;
  private static final double LIMIT = 0.05;

  private final String title;
  private final String metric;
  private final String intervals;
  private final Map<String, Measured> methods;

  private MethodChart(
      String title, String metric, String intervals, Map<String, Measured> methods) {
    this.title = title;
    this.metric = metric;
    this.intervals = intervals;
    this.methods = methods;
  }

  /**
   * A chart of some methods.
   *
   * @param title what was judged, for example {@code "Fashion-MNIST test"}
   * @param metric name and unit of the metric, for example {@code "Negative log-likelihood (nats)"}
   * @param intervals what the intervals are of, for the key, for example {@code "95 % interval over
   *     rows"} or {@code "95 % interval over 5 seeds"}
   * @param methods the methods by name, the first being the one that p-values are against; between
   *     1 and 8
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many
   */
  public static MethodChart of(
      String title, String metric, String intervals, Map<String, Measured> methods) {
    return new MethodChart(
        Objects.requireNonNull(title, "title"),
        Objects.requireNonNull(metric, "metric"),
        Objects.requireNonNull(intervals, "intervals"),
        Checks.series("methods", new LinkedHashMap<>(methods)));
  }

  @Override
  public ChartData data() {
    ChartData.Builder data =
        ChartData.builder("method", "seed", "value", "lower", "upper", "p_value");
    methods.forEach(
        (name, of) -> {
          Interval interval = of.interval();
          data.row(name, "all", of.value(), interval.lower(), interval.upper(), of.pValue());
          for (int i = 0; i < of.seeds().size(); i++) {
            double seed = of.seeds().get(i);
            data.row(name, String.valueOf(i + 1), seed, Double.NaN, Double.NaN, Double.NaN);
          }
        });
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    int top = (int) keys(new Figure(title, "", WIDTH, 0));
    int bottom = top + PITCH * methods.size() + 6;
    Figure figure = new Figure(title, describe(), WIDTH, bottom + 48);
    keys(figure);
    int left = 24;
    int right = WIDTH - 24;
    Panel panel =
        new Panel(
            left, top, right - left, bottom - top, axis(), new Axis(0, methods.size(), List.of()));
    figure.plain(panel);
    figure.stroke(new Line2D.Double(left, bottom, right, bottom), Ink.AXIS, 1);
    double taken = 0;
    for (Axis.Tick tick : panel.horizontal().ticks()) {
      double half = Legend.width(tick.label(), 12) / 2;
      double x = panel.x(tick.value());
      if (x - half >= taken && x + half <= WIDTH) {
        figure.text(tick.label(), x, bottom + 17, Anchor.MIDDLE, Style.TICK);
        taken = x + half + 4;
      }
    }
    Map<String, LineStyle> styles = LineStyle.of(methods.keySet());
    int i = 0;
    for (Map.Entry<String, Measured> each : methods.entrySet()) {
      row(figure, panel, each.getKey(), each.getValue(), styles.get(each.getKey()).ink(), i++);
    }
    String name = Legend.fit(metric, 12, WIDTH - 24);
    figure.text(name, WIDTH / 2.0, bottom + 38, Anchor.MIDDLE, Style.NOTE);
    return figure;
  }

  private static void row(
      Figure figure, Panel panel, String name, Measured of, Ink ink, int index) {
    double text = panel.top() + PITCH * index + 15;
    double y = text + 15;
    for (Axis.Tick tick : panel.horizontal().ticks()) {
      // Between the lines of text, not through them.
      double x = panel.x(tick.value());
      figure.stroke(new Line2D.Double(x, y - 8, x, y + 15), Ink.GRID, 1);
    }
    String p = Double.isNaN(of.pValue()) ? "" : "p " + Numbers.pValue(of.pValue());
    String number = Numbers.digits(of.value()) + (p.isEmpty() ? "" : ", " + p);
    boolean clear = of.pValue() < LIMIT;
    double room = WIDTH - 24 - 20 - 1.1 * Legend.width(number, 12);
    figure.text(Legend.fit(name, 12, room), 12, text, Anchor.START, Style.LEGEND);
    figure.text(number, WIDTH - 12, text, Anchor.END, clear ? Style.STRONG : Style.NOTE);
    for (double seed : of.seeds()) {
      figure.stroke(new Ellipse2D.Double(panel.x(seed) - 3, y + 7, 6, 6), ink, 1);
    }
    if (!Double.isNaN(of.interval().lower()) && !Double.isNaN(of.interval().upper())) {
      double from = panel.x(of.interval().lower());
      double to = panel.x(of.interval().upper());
      figure.stroke(new Line2D.Double(from, y, to, y), ink, 2);
      figure.stroke(new Line2D.Double(from, y - 4, from, y + 4), ink, 1.5f);
      figure.stroke(new Line2D.Double(to, y - 4, to, y + 4), ink, 1.5f);
    }
    figure.fill(new Ellipse2D.Double(panel.x(of.value()) - 4.5, y - 4.5, 9, 9), ink, 1);
    figure.note(new Rectangle2D.Double(0, text - 14, WIDTH, PITCH), "method", 1, words(name, of));
  }

  private double keys(Figure figure) {
    double y = Legend.heading(figure);
    Legend legend = new Legend(WIDTH - 24).line(intervals, Ink.MUTED);
    if (methods.values().stream().anyMatch(of -> !of.seeds().isEmpty())) {
      legend.ring("single seeds", Ink.MUTED);
    }
    y = legend.draw(figure, 12, WIDTH - 4, y);
    if (methods.values().stream().anyMatch(of -> !Double.isNaN(of.pValue()))) {
      String against = "p: against " + methods.keySet().iterator().next() + ", bold below 0.05";
      String shown = Legend.fit(against, 12, WIDTH - 24);
      figure.text(shown, 12, y, Anchor.START, Style.NOTE);
      y += 16;
    }
    return y - 8;
  }

  private Axis axis() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Measured of : methods.values()) {
      low = Math.min(low, of.value());
      high = Math.max(high, of.value());
      for (double seed : of.seeds()) {
        low = Math.min(low, seed);
        high = Math.max(high, seed);
      }
      if (!Double.isNaN(of.interval().lower()) && !Double.isNaN(of.interval().upper())) {
        low = Math.min(low, of.interval().lower());
        high = Math.max(high, of.interval().upper());
      }
    }
    return Axis.around(low, high, 5);
  }

  private static String words(String name, Measured of) {
    return name
        + ": "
        + Numbers.digits(of.value())
        + (Double.isNaN(of.interval().lower())
            ? ""
            : " ("
                + Numbers.digits(of.interval().lower())
                + " to "
                + Numbers.digits(of.interval().upper())
                + ")")
        + (Double.isNaN(of.pValue()) ? "" : ", p " + Numbers.pValue(of.pValue()));
  }

  private String describe() {
    StringBuilder text = new StringBuilder(metric).append(" of each method, ").append(intervals);
    methods.forEach((name, of) -> text.append(". ").append(words(name, of)));
    return text.append('.').toString();
  }
}
