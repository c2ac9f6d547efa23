package io.github.swag4j.reports;

import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Curves in panels side by side, as small multiples: more of them than one pair of axes has colours
 * for. All panels have the same axes, and a name has the same look in each.
 *
 * <p>A value that is not finite leaves a gap.
 */
public final class CurveGridChart extends PlottedChart {
  private static final int PARTS = 4;

  private record Curve(String name, double[] x, double[] y) {}

  private record Cell(String name, List<Curve> curves) {}

  private final String title;
  private final String horizontal;
  private final String vertical;
  private final List<Cell> cells;

  private CurveGridChart(Builder b) {
    this.title = b.title;
    this.horizontal = b.horizontal;
    this.vertical = b.vertical;
    this.cells =
        b.cells.stream().map(cell -> new Cell(cell.name(), List.copyOf(cell.curves()))).toList();
  }

  /**
   * Starts a chart.
   *
   * @param title what is shown
   * @param horizontal name of the axes to the right, with its unit
   * @param vertical name of the axes upwards, with its unit
   * @return a builder
   */
  public static Builder titled(String title, String horizontal, String vertical) {
    return new Builder(
        Objects.requireNonNull(title, "title"),
        Objects.requireNonNull(horizontal, "horizontal"),
        Objects.requireNonNull(vertical, "vertical"));
  }

  /** Collects panels and their curves. */
  public static final class Builder {
    private final String title;
    private final String horizontal;
    private final String vertical;
    private final List<Cell> cells = new ArrayList<>();

    private Builder(String title, String horizontal, String vertical) {
      this.title = title;
      this.horizontal = horizontal;
      this.vertical = vertical;
    }

    /**
     * A new panel, which the curves that come next belong to.
     *
     * @param name what stands above it
     * @return this builder
     */
    public Builder panel(String name) {
      cells.add(new Cell(Objects.requireNonNull(name, "name"), new ArrayList<>()));
      return this;
    }

    /**
     * A curve of the last panel.
     *
     * @param name for the legend, which all panels share
     * @param x {@code [points]}, ascending
     * @param y {@code [points]}
     * @return this builder
     * @throws IllegalArgumentException if lengths differ
     * @throws IllegalStateException if there is no panel yet
     */
    public Builder curve(String name, double[] x, double[] y) {
      if (cells.isEmpty()) {
        throw new IllegalStateException("curve " + name + " needs a panel before it, got none");
      }
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "curve %s must have as many x as y, got %d and %d",
                name,
                x.length,
                y.length));
      }
      Curve curve = new Curve(Objects.requireNonNull(name, "name"), finite(x), finite(y));
      cells.get(cells.size() - 1).curves().add(curve);
      return this;
    }

    private static double[] finite(double[] values) {
      double[] out = values.clone();
      for (int i = 0; i < out.length; i++) {
        out[i] = Double.isFinite(out[i]) ? out[i] : Double.NaN;
      }
      return out;
    }

    /**
     * Builds the chart.
     *
     * @return the chart
     * @throws IllegalArgumentException if no curve has a point that can be shown
     */
    public CurveGridChart build() {
      CurveGridChart chart = new CurveGridChart(this);
      if (!chart.range(Curve::x).isThere() || !chart.range(Curve::y).isThere()) {
        throw new IllegalArgumentException(
            "chart \"" + title + "\" must have a curve with a point that its axes can show");
      }
      return chart;
    }
  }

  /** The smallest and largest of some numbers. */
  private record Range(double low, double high) {
    boolean isThere() {
      return low <= high;
    }
  }

  private Range range(Function<Curve, double[]> values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Cell cell : cells) {
      for (Curve curve : cell.curves()) {
        for (double value : values.apply(curve)) {
          if (!Double.isNaN(value)) {
            low = Math.min(low, value);
            high = Math.max(high, value);
          }
        }
      }
    }
    return new Range(low, high);
  }

  @Override
  protected Sheet sheet() {
    Range across = range(Curve::x);
    Range up = range(Curve::y);
    double span = across.high() - across.low();
    // Epochs are whole: three of them have no ticks at halves.
    int parts = span >= 1 ? (int) Math.min(PARTS, span) : PARTS;
    Axis x =
        span > 0
            ? Axis.within(across.low(), across.high(), parts)
            : Axis.around(across.low(), across.high(), parts);
    Axis y = Axis.around(up.low(), up.high(), PARTS);
    Set<String> names = new LinkedHashSet<>();
    cells.forEach(cell -> cell.curves().forEach(curve -> names.add(curve.name())));
    Map<String, LineStyle> styles = LineStyle.of(names);
    Sheet sheet = new Sheet(title, describe()).columns(2);
    for (Cell cell : cells) {
      Plot plot = new Plot(horizontal, x, vertical, y).named(cell.name());
      for (Curve curve : cell.curves()) {
        LineStyle style = styles.get(curve.name());
        plot.line(curve.name(), style, curve.x(), curve.y())
            .marks(curve.x(), curve.y(), 4, style.ink());
      }
      sheet.plot(plot);
    }
    return sheet;
  }

  private String describe() {
    StringBuilder text = new StringBuilder(vertical + " over " + horizontal + '.');
    for (Cell cell : cells) {
      List<String> words = new ArrayList<>();
      for (Curve curve : cell.curves()) {
        if (curve.y().length > 0) {
          words.add(
              curve.name()
                  + " from "
                  + Numbers.digits(curve.y()[0])
                  + " to "
                  + Numbers.digits(curve.y()[curve.y().length - 1]));
        }
      }
      text.append(' ').append(cell.name()).append(": ");
      text.append(words.isEmpty() ? "nothing" : String.join(", ", words)).append('.');
    }
    return text.toString();
  }
}
