package io.github.swag4j.reports;

import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Legend;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Panel;
import io.github.swag4j.reports.drawing.Polygons;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Curves over one axis, with bands where a curve is known with a spread, and dashed lines for what
 * theory expects of it; both axes linear or logarithmic.
 *
 * <p>A point whose value is NaN, or is not above 0 on a logarithmic axis, leaves a gap.
 */
public final class CurveChart extends Chart {

  /** How an axis counts. */
  public enum Scale {
    /** Equal differences are equal distances. */
    LINEAR,
    /** Equal ratios are equal distances. */
    LOGARITHMIC
  }

  /**
   * What an axis shows.
   *
   * @param name what it is, with its unit
   * @param scale how it counts
   */
  public record Dimension(String name, Scale scale) {
    /**
     * Checks that both are there.
     *
     * @param name what it is, with its unit
     * @param scale how it counts
     */
    public Dimension {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(scale, "scale");
    }
  }

  private record Curve(
      String name, double[] x, double[] y, double[] low, double[] high, Ink ink, boolean dashed) {}

  private static final List<Ink> INKS =
      List.of(Ink.BLUE, Ink.VERMILION, Ink.GREEN, Ink.TEXT, Ink.MUTED);

  private static final int WIDTH = 380;
  private static final int HEIGHT = 220;
  private static final int LEFT = 72;
  private static final int RIGHT = 26;

  private final String title;
  private final Dimension horizontal;
  private final Dimension vertical;
  private final List<Curve> curves;

  private CurveChart(Builder b) {
    this.title = b.title;
    this.horizontal = b.horizontal;
    this.vertical = b.vertical;
    this.curves = List.copyOf(b.curves);
  }

  /**
   * Starts a chart.
   *
   * @param title what is shown
   * @param horizontal the axis to the right
   * @param vertical the axis upwards
   * @return a builder
   */
  public static Builder titled(String title, Dimension horizontal, Dimension vertical) {
    return new Builder(
        Objects.requireNonNull(title, "title"),
        Objects.requireNonNull(horizontal, "horizontal"),
        Objects.requireNonNull(vertical, "vertical"));
  }

  /** Collects curves. */
  public static final class Builder {
    private final String title;
    private final Dimension horizontal;
    private final Dimension vertical;
    private final List<Curve> curves = new ArrayList<>();
    private int colours;

    private Builder(String title, Dimension horizontal, Dimension vertical) {
      this.title = title;
      this.horizontal = horizontal;
      this.vertical = vertical;
    }

    /**
     * A curve with a colour of its own, of which there are five.
     *
     * @param name for the legend
     * @param x {@code [points]}, ascending
     * @param y {@code [points]}
     * @return this builder
     * @throws IllegalArgumentException if lengths differ, or it is the sixth
     */
    public Builder curve(String name, double[] x, double[] y) {
      return curve(name, x, y, y, y);
    }

    /**
     * A curve with a band around it, in a colour of its own, of which there are five.
     *
     * @param name for the legend
     * @param x {@code [points]}, ascending
     * @param y {@code [points]}
     * @param low {@code [points]}, lower edge of the band
     * @param high {@code [points]}, upper edge of the band
     * @return this builder
     * @throws IllegalArgumentException if lengths differ, or it is the sixth
     */
    public Builder curve(String name, double[] x, double[] y, double[] low, double[] high) {
      if (colours == INKS.size()) {
        throw new IllegalArgumentException(
            "a chart has colours for at most " + INKS.size() + " curves, got one more: " + name);
      }
      add(name, x, y, low, high, INKS.get(colours), false);
      colours++;
      return this;
    }

    /**
     * A dashed line in the colour of the last curve: what is expected of it.
     *
     * @param name for the legend; empty if it has no place there
     * @param x {@code [points]}, ascending
     * @param y {@code [points]}
     * @return this builder
     * @throws IllegalArgumentException if lengths differ
     * @throws IllegalStateException if there is no curve yet
     */
    public Builder expected(String name, double[] x, double[] y) {
      if (colours == 0) {
        throw new IllegalStateException(
            "what is expected needs the curve of which it is, got none");
      }
      return add(name, x, y, y, y, INKS.get(colours - 1), true);
    }

    private Builder add(
        String name, double[] x, double[] y, double[] low, double[] high, Ink ink, boolean dashed) {
      if (x.length != y.length || x.length != low.length || x.length != high.length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "curve %s must have as many x as y and edges of its band, got %d, %d, %d and %d",
                name,
                x.length,
                y.length,
                low.length,
                high.length));
      }
      curves.add(
          new Curve(
              Objects.requireNonNull(name, "name"),
              x.clone(),
              y.clone(),
              low.clone(),
              high.clone(),
              ink,
              dashed));
      return this;
    }

    /**
     * Builds the chart.
     *
     * @return the chart
     * @throws IllegalArgumentException if no curve has a point that can be shown
     */
    public CurveChart build() {
      CurveChart chart = new CurveChart(this);
      if (!chart.range(chart.horizontal, Curve::x).isThere()
          || !chart.range(chart.vertical, Curve::y).isThere()) {
        throw new IllegalArgumentException(
            "chart \"" + title + "\" must have a curve with a point that its axes can show");
      }
      return chart;
    }
  }

  /** A row for each point: its curve, and its band or its value again where it has none. */
  @Override
  public ChartData data() {
    ChartData.Builder data = ChartData.builder("curve", "x", "y", "low", "high");
    for (Curve curve : curves) {
      for (int i = 0; i < curve.x().length; i++) {
        data.row(curve.name(), curve.x()[i], curve.y()[i], curve.low()[i], curve.high()[i]);
      }
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    Legend legend = new Legend();
    for (Curve curve : curves) {
      if (!curve.name().isEmpty()) {
        legend.line(curve.name(), curve.ink(), curve.dashed() ? new float[] {5, 4} : new float[0]);
      }
    }
    // The legend's rows decide how tall the figure is: drawn once to know, once to stay.
    double below = legend.draw(new Figure(title, "", WIDTH, 0), 12, WIDTH - 12.0, 46);
    int top = (int) below + 4;
    Figure figure = new Figure(title, describe(), WIDTH, top + HEIGHT + 50);
    Legend.head(figure);
    legend.draw(figure, 12, WIDTH - 12.0, 46);
    Panel panel = panel(top);
    curves.forEach(curve -> band(panel, curve));
    for (Curve curve : curves) {
      panel.line(
          shown(curve.x(), horizontal),
          shown(curve.y(), vertical),
          curve.ink(),
          curve.dashed() ? 1.4f : 2,
          curve.dashed() ? new float[] {5, 4} : new float[0]);
    }
    figure.panel(panel, vertical.name(), true);
    figure.text(horizontal.name(), WIDTH - RIGHT, top + HEIGHT + 38, Anchor.END, Style.NOTE);
    curves.stream().filter(curve -> !curve.dashed()).forEach(c -> marks(figure, panel, c));
    return figure;
  }

  private Panel panel(int top) {
    Range across = range(horizontal, Curve::x);
    Range up =
        range(vertical, Curve::y)
            .with(range(vertical, Curve::low))
            .with(range(vertical, Curve::high));
    return new Panel(
        LEFT,
        top,
        WIDTH - LEFT - RIGHT,
        HEIGHT,
        axis(horizontal, across, 7),
        axis(vertical, up, 5));
  }

  private void band(Panel panel, Curve curve) {
    double[] x = shown(curve.x(), horizontal);
    double[] low = shown(curve.low(), vertical);
    double[] high = shown(curve.high(), vertical);
    Polygons shape = new Polygons();
    for (int from = 0; from < x.length; from++) {
      int to = from;
      while (to < x.length && !Double.isNaN(x[to] + low[to] + high[to])) {
        to++;
      }
      if (to - from > 1 && !Arrays.equals(low, from, to, high, from, to)) {
        around(shape, x, low, high, from, to);
      }
      from = to;
    }
    if (!shape.isEmpty()) {
      panel.area(shape.x(), shape.y(), curve.ink(), 0.18);
    }
  }

  /** The outline of a stretch of a band: its lower edge, then back on the upper one. */
  private static void around(
      Polygons shape, double[] x, double[] low, double[] high, int from, int to) {
    if (!shape.isEmpty()) {
      shape.point(Double.NaN, Double.NaN);
    }
    for (int i = from; i < to; i++) {
      shape.point(x[i], low[i]);
    }
    for (int i = to - 1; i >= from; i--) {
      shape.point(x[i], high[i]);
    }
  }

  private void marks(Figure figure, Panel panel, Curve curve) {
    double[] x = shown(curve.x(), horizontal);
    double[] y = shown(curve.y(), vertical);
    double radius = x.length > 60 ? 0 : 2.6;
    for (int i = 0; i < x.length; i++) {
      if (Double.isNaN(x[i]) || Double.isNaN(y[i])) {
        continue;
      }
      double cx = panel.x(x[i]);
      double cy = panel.y(y[i]);
      if (radius > 0) {
        figure.fill(
            new Ellipse2D.Double(cx - radius, cy - radius, 2 * radius, 2 * radius), curve.ink(), 1);
      }
      figure.note(
          new Rectangle2D.Double(cx - 6, cy - 6, 12, 12),
          curve.name(),
          1,
          curve.name()
              + " at "
              + Numbers.digits(curve.x()[i])
              + ": "
              + Numbers.digits(curve.y()[i]));
    }
  }

  /** The smallest and largest of what an axis can show. */
  private record Range(double low, double high) {
    boolean isThere() {
      return low <= high;
    }

    Range with(Range other) {
      return new Range(Math.min(low, other.low), Math.max(high, other.high));
    }
  }

  private Range range(Dimension dimension, Function<Curve, double[]> values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Curve curve : curves) {
      for (double value : shown(values.apply(curve), dimension)) {
        if (!Double.isNaN(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    return new Range(low, high);
  }

  private static Axis axis(Dimension dimension, Range range, int parts) {
    if (dimension.scale() == Scale.LINEAR) {
      return Axis.around(range.low(), range.high(), parts);
    }
    double low = Math.floor(range.low() + 1e-9);
    double high = Math.max(low + 1, Math.ceil(range.high() - 1e-9));
    int step = (int) Math.max(1, Math.ceil((high - low) / 8));
    List<Axis.Tick> ticks = new ArrayList<>();
    for (int power = (int) low; power <= high; power += step) {
      ticks.add(new Axis.Tick(power, power(power)));
    }
    return new Axis(low, high, ticks);
  }

  private static String power(int power) {
    return power >= -3 && power <= 5
        ? Numbers.tick(Math.pow(10, power), Math.pow(10, Math.min(0, power)))
        : "1e" + power;
  }

  /** Where values lie on an axis, NaN for those that it cannot show. */
  private static double[] shown(double[] values, Dimension dimension) {
    double[] shown = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      boolean there =
          Double.isFinite(values[i]) && (dimension.scale() == Scale.LINEAR || values[i] > 0);
      shown[i] =
          !there
              ? Double.NaN
              : dimension.scale() == Scale.LINEAR ? values[i] : Math.log10(values[i]);
    }
    return shown;
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    text.append(vertical.name()).append(" over ").append(horizontal.name()).append('.');
    for (Curve curve : curves) {
      if (!curve.name().isEmpty()) {
        text.append(' ').append(curve.name()).append(" from ");
        text.append(Numbers.digits(end(curve, c -> c.y()[0]))).append(" to ");
        text.append(Numbers.digits(end(curve, c -> c.y()[c.y().length - 1]))).append('.');
      }
    }
    return text.toString();
  }

  private static double end(Curve curve, ToDoubleFunction<Curve> value) {
    return curve.y().length == 0 ? Double.NaN : value.applyAsDouble(curve);
  }
}
