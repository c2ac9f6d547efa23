package io.github.swag4j.reports.drawing;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A plot area inside a figure: XChart draws its grid and series, the figure adds the text.
 *
 * <p>XChart draws text as outlines of glyphs, which makes files large, dependent on the machine's
 * fonts and unreadable for screen readers. So its titles, ticks and legend are off; the plot then
 * fills the panel exactly and {@link #x} and {@link #y} are plain proportions.
 */
public final class Panel {
  private static final Color CLEAR = new Color(0, 0, 0, 0);

  private final int left;
  private final int top;
  private final int width;
  private final int height;
  private final Axis horizontal;
  private final Axis vertical;
  private final XYChart chart;
  private int series;

  public Panel(int left, int top, int width, int height, Axis horizontal, Axis vertical) {
    this.left = left;
    this.top = top;
    this.width = width;
    this.height = height;
    this.horizontal = horizontal;
    this.vertical = vertical;
    this.chart = new XYChart(width, height);
    XYStyler styler = chart.getStyler();
    styler.setChartTitleVisible(false).setLegendVisible(false).setChartPadding(0);
    styler.setPlotContentSize(1).setPlotBorderVisible(false);
    styler.setChartBackgroundColor(CLEAR).setPlotBackgroundColor(CLEAR);
    styler.setPlotMargin(0).setPlotGridLinesVisible(false).setPlotTicksMarksVisible(false);
    styler.setAxisTitlesVisible(false).setAxisTicksVisible(false);
    styler.setXAxisMin(horizontal.min()).setXAxisMax(horizontal.max());
    styler.setYAxisMin(vertical.min()).setYAxisMax(vertical.max());
    for (Axis.Tick tick : vertical.ticks()) {
      line(horizontal.min(), tick.value(), horizontal.max(), tick.value(), Ink.GRID, 1);
    }
  }

  public int left() {
    return left;
  }

  public int top() {
    return top;
  }

  public int right() {
    return left + width;
  }

  public int bottom() {
    return top + height;
  }

  public Axis horizontal() {
    return horizontal;
  }

  public Axis vertical() {
    return vertical;
  }

  /** Position in the figure of a value on the horizontal axis. */
  public double x(double value) {
    return left + width * (value - horizontal.min()) / (horizontal.max() - horizontal.min());
  }

  /** Position in the figure of a value on the vertical axis. */
  public double y(double value) {
    return top + height * (vertical.max() - value) / (vertical.max() - vertical.min());
  }

  /** Units of the horizontal axis in one unit of the drawing. */
  public double unitsPerPixel() {
    return (horizontal.max() - horizontal.min()) / width;
  }

  /** Closed shapes, separated by NaN in both coordinates. */
  public Panel area(double[] x, double[] y, Ink ink, double opacity) {
    XYSeries added = add(x, y, XYSeriesRenderStyle.PolygonArea);
    added.setFillColor(ink.color(opacity));
    added.setLineStyle(SeriesLines.NONE);
    added.setLineColor(CLEAR);
    return this;
  }

  /** A line through points, broken where a coordinate is NaN. */
  public Panel line(double[] x, double[] y, Ink ink, float strokeWidth, float... dash) {
    XYSeries added = add(x, y, XYSeriesRenderStyle.Line);
    added.setLineColor(ink.color());
    added.setLineStyle(stroke(strokeWidth, dash));
    return this;
  }

  /** A straight line between two points. */
  public Panel line(
      double x1, double y1, double x2, double y2, Ink ink, float strokeWidth, float... dash) {
    return line(new double[] {x1, x2}, new double[] {y1, y2}, ink, strokeWidth, dash);
  }

  /** A line through points in the coordinates of the figure, broken where one is NaN. */
  public Path2D path(double[] x, double[] y) {
    Path2D path = new Path2D.Double();
    boolean broken = true;
    for (int i = 0; i < x.length; i++) {
      if (Double.isNaN(x[i]) || Double.isNaN(y[i])) {
        broken = true;
      } else if (broken) {
        path.moveTo(x(x[i]), y(y[i]));
        broken = false;
      } else {
        path.lineTo(x(x[i]), y(y[i]));
      }
    }
    return path;
  }

  public void paint(Graphics2D target) {
    Graphics2D g = (Graphics2D) target.create();
    g.translate(left, top);
    chart.paint(g, width, height);
    g.dispose();
  }

  public static BasicStroke stroke(float width, float... dash) {
    return dash.length == 0
        ? new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
        : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
  }

  private XYSeries add(double[] x, double[] y, XYSeriesRenderStyle style) {
    XYSeries added = chart.addSeries("series " + series++, x, y);
    added.setXYSeriesRenderStyle(style);
    added.setMarker(SeriesMarkers.NONE);
    return added;
  }
}
