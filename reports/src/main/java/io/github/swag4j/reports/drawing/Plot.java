package io.github.swag4j.reports.drawing;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;

/**
 * One pair of axes and what is drawn between them, before its place on a {@link Sheet} is known.
 * Coordinates are those of the data; {@link #logarithmicX} and {@link #logarithmicY} say which of
 * them are drawn by their logarithm. All series are kept as rows, which become the chart's numbers.
 */
public final class Plot {

  /** What is drawn at a place, with its bounds, NaN where it has none. */
  public record Row(String panel, String series, double x, double y, double lower, double upper) {}

  private static final double MARK = 5.6;

  /** What a key has beside its text, and the margins of a sheet. */
  private static final double KEY = 48;

  /** Regions that tell a pointer what they are: more of them would make files large. */
  private static final int MOST_NOTES = 40;

  private final String xTitle;
  private final Axis x;
  private final String yTitle;
  private final Axis y;
  private String name = "";
  private int height = 216;
  private DoubleUnaryOperator xScale = DoubleUnaryOperator.identity();
  private DoubleUnaryOperator yScale = DoubleUnaryOperator.identity();
  private final List<BiConsumer<Figure, Panel>> layers = new ArrayList<>();
  private final List<Consumer<Legend>> keys = new ArrayList<>();
  private final List<String> keyNames = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();

  public Plot(String xTitle, Axis x, String yTitle, Axis y) {
    this.xTitle = xTitle;
    this.x = x;
    this.yTitle = yTitle;
    this.y = y;
  }

  /** A name above the axes, for one of several plots. */
  public Plot named(String panelName) {
    name = panelName;
    return this;
  }

  public Plot height(int pixels) {
    height = pixels;
    return this;
  }

  /** The horizontal axis is of {@link Axis#logarithmic}. */
  public Plot logarithmicX() {
    return scaledX(Math::log10);
  }

  /** The vertical axis is of {@link Axis#logarithmic}. */
  public Plot logarithmicY() {
    yScale = Math::log10;
    return this;
  }

  /** The horizontal axis is of what a function makes of the data. */
  public Plot scaledX(DoubleUnaryOperator scale) {
    xScale = scale;
    return this;
  }

  /** A line through points, broken at NaN. */
  public Plot line(String series, LineStyle style, double[] xs, double[] ys) {
    return curve(series, style, xs, ys, null, null);
  }

  /** A line whose key has a number after its name: a long name is cut, the number is not. */
  public Plot line(String series, String number, LineStyle style, double[] xs, double[] ys) {
    double room = Sheet.COLUMN - KEY - Legend.width(number, Figure.Style.LEGEND.size);
    String text = Legend.fit(series, Figure.Style.LEGEND.size, room) + number;
    return reference(series, style, xs, ys, 1.9f).key(text, style);
  }

  /** A line and the band around it; bounds that are NaN leave a gap in the band. */
  public Plot curve(
      String series, LineStyle style, double[] xs, double[] ys, double[] lower, double[] upper) {
    double[] px = PlotShapes.scaled(xs, xScale);
    if (lower != null) {
      double[] low = PlotShapes.scaled(lower, yScale);
      double[] high = PlotShapes.scaled(upper, yScale);
      layers.add((figure, panel) -> PlotShapes.band(figure, panel, px, low, high, style.ink()));
    }
    double[] py = PlotShapes.scaled(ys, yScale);
    layers.add(
        (figure, panel) -> figure.stroke(panel.path(px, py), style.ink(), 1.9f, style.dash()));
    key(series, legend -> legend.line(series, style.ink(), style.dash()));
    for (int i = 0; i < xs.length; i++) {
      double low = lower == null ? Double.NaN : lower[i];
      row(series, xs[i], ys[i], low, upper == null ? Double.NaN : upper[i]);
    }
    notes(series, xs, ys);
    return this;
  }

  /** Dots at points. */
  public Plot dots(String series, Ink ink, double[] xs, double[] ys) {
    return dots(series, ink, xs, ys, null, null);
  }

  /** Dots with whiskers. */
  public Plot dots(
      String series, Ink ink, double[] xs, double[] ys, double[] lower, double[] upper) {
    for (int i = 0; i < xs.length; i++) {
      double low = lower == null ? Double.NaN : lower[i];
      double high = upper == null ? Double.NaN : upper[i];
      row(series, xs[i], ys[i], low, high);
      whisker(xs[i], low, high, ink);
    }
    key(series, legend -> legend.dot(series, ink));
    notes(series, xs, ys);
    return marks(xs, ys, MARK, ink);
  }

  /** Many small dots as one shape, of a name in the key and in the numbers. */
  public Plot cloud(String series, Ink ink, double opacity, double[] xs, double[] ys) {
    Polygons diamonds = new Polygons();
    for (int i = 0; i < xs.length; i++) {
      row(series, xs[i], ys[i], Double.NaN, Double.NaN);
    }
    layers.add(
        (figure, panel) -> {
          double dx = 2.4 * panel.unitsPerPixel();
          double dy = 2.4 * (y.max() - y.min()) / (panel.bottom() - panel.top());
          for (int i = 0; i < xs.length; i++) {
            diamonds.diamond(xScale.applyAsDouble(xs[i]), yScale.applyAsDouble(ys[i]), dx, dy);
          }
          if (!diamonds.isEmpty()) {
            figure.fill(panel.path(diamonds.x(), diamonds.y()), ink, opacity);
          }
        });
    key(series, legend -> legend.dot(series, ink));
    return this;
  }

  /** Bars from the bottom of the axes. */
  public Plot bars(String series, Ink ink, double[] from, double[] to, double[] heights) {
    Polygons boxes = new Polygons();
    for (int i = 0; i < from.length; i++) {
      if (heights[i] > y.min()) {
        boxes.box(from[i], y.min(), to[i], heights[i]);
      }
      row(series, (from[i] + to[i]) / 2, heights[i], Double.NaN, Double.NaN);
    }
    if (!boxes.isEmpty()) {
      layers.add((figure, panel) -> figure.fill(panel.path(boxes.x(), boxes.y()), ink, 0.6));
    }
    return this;
  }

  /** A straight line that is no data, between points; without a name it is not in the key. */
  public Plot guide(
      String key, Ink ink, double x1, double y1, double x2, double y2, float... dash) {
    double[] xs = PlotShapes.scaled(new double[] {x1, x2}, xScale);
    double[] ys = PlotShapes.scaled(new double[] {y1, y2}, yScale);
    layers.add((figure, panel) -> figure.stroke(panel.path(xs, ys), ink, 1.3f, dash));
    if (!key.isEmpty()) {
      key(key, legend -> legend.line(key, ink, dash));
    }
    return this;
  }

  /** A thin line of numbers that the eye compares with, in the numbers but not in the key. */
  public Plot reference(String series, LineStyle style, double[] xs, double[] ys) {
    return reference(series, style, xs, ys, 1);
  }

  private Plot reference(String series, LineStyle style, double[] xs, double[] ys, float width) {
    for (int i = 0; i < xs.length; i++) {
      row(series, xs[i], ys[i], Double.NaN, Double.NaN);
    }
    return stroked(style, xs, ys, width);
  }

  private Plot stroked(LineStyle style, double[] xs, double[] ys, float width) {
    double[] px = PlotShapes.scaled(xs, xScale);
    double[] py = PlotShapes.scaled(ys, yScale);
    layers.add((figure, p) -> figure.stroke(p.path(px, py), style.ink(), width, style.dash()));
    return this;
  }

  /** An entry of the key alone, for lines that are drawn otherwise. */
  public Plot key(String text, LineStyle style) {
    key(text, legend -> legend.line(text, style.ink(), style.dash()));
    return this;
  }

  /**
   * A line with dots and whiskers, moved a little to the side of where its numbers are, so that the
   * whiskers of several lines do not hide each other.
   */
  public Plot beside(
      String series,
      LineStyle style,
      double shift,
      double[] xs,
      double[] ys,
      double[] low,
      double[] high) {
    double[] moved = new double[xs.length];
    for (int i = 0; i < xs.length; i++) {
      moved[i] = xs[i] + shift;
      row(series, xs[i], ys[i], low[i], high[i]);
      whisker(moved[i], low[i], high[i], style.ink());
    }
    notes(series, moved, ys);
    return guides(style, moved, ys).marks(moved, ys, 5, style.ink()).key(series, style);
  }

  /** A thin line that leads the eye through dots, without a row or a key. */
  public Plot guides(LineStyle style, double[] xs, double[] ys) {
    return stroked(style, xs, ys, 1);
  }

  /** An upright line at a place, from bottom to top. */
  public Plot upright(String key, Ink ink, double at, float... dash) {
    double px = xScale.applyAsDouble(at);
    layers.add(
        (figure, panel) -> PlotShapes.segment(figure, panel, px, y.min(), px, y.max(), ink, dash));
    key(key, legend -> legend.line(key, ink, dash));
    return this;
  }

  /** A level line at a height, from left to right. */
  public Plot level(String key, Ink ink, double at, float... dash) {
    double py = yScale.applyAsDouble(at);
    layers.add(
        (figure, panel) -> PlotShapes.segment(figure, panel, x.min(), py, x.max(), py, ink, dash));
    key(key, legend -> legend.line(key, ink, dash));
    return this;
  }

  /** A range of the horizontal axis, shaded. */
  public Plot range(String key, Ink ink, double from, double to) {
    double low = Math.max(x.min(), xScale.applyAsDouble(from));
    double high = Math.min(x.max(), xScale.applyAsDouble(to));
    if (low < high) {
      Polygons box = new Polygons().box(low, y.min(), high, y.max());
      layers.add((figure, panel) -> figure.fill(panel.path(box.x(), box.y()), ink, 0.16));
      key(key, legend -> legend.box(key, ink, 0.16, false));
    }
    return this;
  }

  /** A band that is no data of its own, for instance where calibrated models would lie. */
  public Plot shade(String key, Ink ink, double[] xs, double[] lower, double[] upper) {
    double[] px = PlotShapes.scaled(xs, xScale);
    layers.add((figure, panel) -> PlotShapes.band(figure, panel, px, lower, upper, ink));
    if (!key.isEmpty()) {
      key(key, legend -> legend.box(key, ink, 0.2, false));
    }
    return this;
  }

  /** Dots that mark places on lines, without a row or a key. */
  public Plot marks(double[] xs, double[] ys, double size, Ink ink) {
    layers.add(
        (figure, panel) -> {
          for (int i = 0; i < xs.length; i++) {
            double cx = panel.x(xScale.applyAsDouble(xs[i]));
            double cy = panel.y(yScale.applyAsDouble(ys[i]));
            if (Double.isFinite(cx) && Double.isFinite(cy)) {
              Shape dot = new Ellipse2D.Double(cx - size / 2, cy - size / 2, size, size);
              figure.fill(dot, ink, 1);
            }
          }
        });
    return this;
  }

  List<Row> rows() {
    return rows;
  }

  String xTitle() {
    return xTitle;
  }

  String yTitle() {
    return yTitle;
  }

  Axis x() {
    return x;
  }

  Axis y() {
    return y;
  }

  String name() {
    return name;
  }

  int height() {
    return height;
  }

  List<String> keyNames() {
    return keyNames;
  }

  List<Consumer<Legend>> keys() {
    return keys;
  }

  Panel draw(Figure figure, int left, int top, int width, int panelHeight) {
    Panel panel = new Panel(left, top, width, panelHeight, x, y);
    layers.forEach(layer -> layer.accept(figure, panel));
    figure.plain(panel);
    return panel;
  }

  private void row(String series, double px, double py, double lower, double upper) {
    rows.add(new Row(name.isEmpty() ? yTitle : name, series, px, py, lower, upper));
  }

  private void key(String text, Consumer<Legend> entry) {
    if (!keyNames.contains(text)) {
      keyNames.add(text);
      keys.add(entry);
    }
  }

  private void whisker(double at, double lower, double upper, Ink ink) {
    if (!Double.isNaN(lower) && !Double.isNaN(upper)) {
      double px = xScale.applyAsDouble(at);
      double low = yScale.applyAsDouble(lower);
      double high = yScale.applyAsDouble(upper);
      layers.add((figure, panel) -> PlotShapes.segment(figure, panel, px, low, px, high, ink));
    }
  }

  private void notes(String series, double[] xs, double[] ys) {
    if (xs.length > MOST_NOTES) {
      return;
    }
    layers.add(
        (figure, panel) -> {
          for (int i = 0; i < xs.length; i++) {
            double cx = panel.x(xScale.applyAsDouble(xs[i]));
            double cy = panel.y(yScale.applyAsDouble(ys[i]));
            if (Double.isFinite(cx) && Double.isFinite(cy)) {
              figure.note(
                  new Rectangle2D.Double(cx - 5, cy - 5, 10, 10),
                  series,
                  1,
                  series + ": " + words(xTitle, xs[i]) + ", " + words(yTitle, ys[i]));
            }
          }
        });
  }

  private static String words(String title, double value) {
    return title.toLowerCase(java.util.Locale.ROOT) + " " + Numbers.digits(value);
  }
}
