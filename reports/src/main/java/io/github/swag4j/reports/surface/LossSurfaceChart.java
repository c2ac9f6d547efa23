package io.github.swag4j.reports.surface;

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
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A loss surface over a plane in the space of weights: coloured between contour lines, with named
 * places, dots and curves such as the ellipses of a posterior over it.
 *
 * <p>Levels are the nearer to each other the nearer they are to the lowest value. Values that are
 * not finite are left out and counted. A unit is as long on both axes where the grid is a square.
 *
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, figure 1</a>
 */
public final class LossSurfaceChart extends Chart {

  /**
   * A weight vector in the plane.
   *
   * @param name what it is called
   * @param x along the first axis
   * @param y along the second axis
   * @param inPlane false for one that lies off the plane and is shown where it is nearest
   */
  public record Place(String name, double x, double y, boolean inPlane) {}

  /**
   * A line over the surface.
   *
   * @param name what it is called, written beside it
   * @param places {@code [n][2]} x and y
   */
  public record Curve(String name, double[][] places) {
    /**
     * Copies the places.
     *
     * @param name what it is called, written beside it
     * @param places {@code [n][2]} x and y
     */
    public Curve {
      Objects.requireNonNull(name, "name");
      places = Arrays.stream(places).map(double[]::clone).toArray(double[][]::new);
    }

    /**
     * The places.
     *
     * @return a copy, {@code [n][2]} x and y
     */
    @Override
    public double[][] places() {
      return Arrays.stream(places).map(double[]::clone).toArray(double[][]::new);
    }
  }

  private static final int WIDTH = 380;
  private static final int LEFT = 62;
  private static final int SIDE = 226;

  private final String title;
  private final String quantity;
  private final String[] axes;
  private final double[] x;
  private final double[] y;
  private final double[][] values;
  private final List<Place> places;
  private final List<Curve> curves;
  private final Curve dots;

  private LossSurfaceChart(
      String title,
      String quantity,
      String[] axes,
      double[] x,
      double[] y,
      double[][] values,
      List<Place> places,
      List<Curve> curves,
      Curve dots) {
    this.title = title;
    this.quantity = quantity;
    this.axes = axes;
    this.x = x;
    this.y = y;
    this.values = values;
    this.places = places;
    this.curves = curves;
    this.dots = dots;
  }

  /**
   * A surface.
   *
   * @param title what it is the surface of
   * @param quantity what its values are, with their unit
   * @param x {@code [columns]} rising, 2 or more
   * @param y {@code [rows]} rising, 2 or more
   * @param values {@code [rows][columns]}, at least one of them finite
   * @return the chart
   * @throws IllegalArgumentException if sizes do not fit, coordinates do not rise, or no value is
   *     finite
   */
  public static LossSurfaceChart of(
      String title, String quantity, double[] x, double[] y, double[][] values) {
    requireRising("x", x);
    requireRising("y", y);
    if (values.length != y.length
        || Arrays.stream(values).anyMatch(row -> row.length != x.length)) {
      throw new IllegalArgumentException(
          "values must be " + y.length + " rows of " + x.length + " columns each");
    }
    if (Arrays.stream(values).flatMapToDouble(Arrays::stream).noneMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "a surface must have a finite value, all "
              + x.length * y.length
              + " are not: take a smaller margin");
    }
    double[][] copy = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
    return new LossSurfaceChart(
        Objects.requireNonNull(title, "title"),
        Objects.requireNonNull(quantity, "quantity"),
        new String[] {"Distance along the first axis", "Distance along the second axis"},
        x.clone(),
        y.clone(),
        copy,
        List.of(),
        List.of(),
        new Curve("", new double[0][]));
  }

  private static void requireRising(String axis, double[] coordinates) {
    boolean rising = coordinates.length >= 2 && Double.isFinite(coordinates[0]);
    for (int i = 1; i < coordinates.length; i++) {
      rising &= coordinates[i] > coordinates[i - 1] && Double.isFinite(coordinates[i]);
    }
    if (!rising) {
      throw new IllegalArgumentException(
          axis + " must be 2 or more finite, rising coordinates, got " + coordinates.length);
    }
  }

  /**
   * The same chart with names of its axes.
   *
   * @param first of the horizontal axis
   * @param second of the vertical axis
   * @return a new chart
   */
  public LossSurfaceChart axes(String first, String second) {
    return new LossSurfaceChart(
        title, quantity, new String[] {first, second}, x, y, values, places, curves, dots);
  }

  /**
   * The same chart with named places.
   *
   * @param marked the places; those outside the grid are not shown
   * @return a new chart
   */
  public LossSurfaceChart places(List<Place> marked) {
    return new LossSurfaceChart(
        title, quantity, axes, x, y, values, List.copyOf(marked), curves, dots);
  }

  /**
   * The same chart with lines over the surface.
   *
   * @param lines the lines; what is outside the grid is not shown
   * @return a new chart
   */
  public LossSurfaceChart curves(List<Curve> lines) {
    return new LossSurfaceChart(
        title, quantity, axes, x, y, values, places, List.copyOf(lines), dots);
  }

  /**
   * The same chart with small dots.
   *
   * @param scattered their places, and what they are
   * @return a new chart
   */
  public LossSurfaceChart dots(Curve scattered) {
    Objects.requireNonNull(scattered, "scattered");
    return new LossSurfaceChart(title, quantity, axes, x, y, values, places, curves, scattered);
  }

  private long holes() {
    return Arrays.stream(values)
        .flatMapToDouble(Arrays::stream)
        .filter(v -> !Double.isFinite(v))
        .count();
  }

  @Override
  public ChartData data() {
    ChartData.Builder data = ChartData.builder("what", "x", "y", "value");
    for (int r = 0; r < y.length; r++) {
      for (int c = 0; c < x.length; c++) {
        data.row(quantity, x[c], y[r], values[r][c]);
      }
    }
    places.forEach(p -> data.row(p.name(), p.x(), p.y(), Double.NaN));
    List<Curve> drawn = new ArrayList<>(curves);
    drawn.add(dots);
    for (Curve curve : drawn) {
      Arrays.stream(curve.places).forEach(p -> data.row(curve.name(), p[0], p[1], Double.NaN));
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    List<String> foot = foot();
    int rows = foot.stream().mapToInt(line -> lines(line).size()).sum();
    int top = 66 + 19 * (Legend.lines(title, Style.TITLE.size, WIDTH - 24).size() - 1);
    int height = top + SIDE + 48 + 17 * rows;
    Figure figure = new Figure(title, describe(), WIDTH, height);
    double baseline = Legend.heading(figure) - 2;
    figure.text(
        Legend.fit(quantity, Style.LEGEND.size, WIDTH - 24),
        12,
        baseline,
        Anchor.START,
        Style.LEGEND);
    Panel panel =
        new Panel(
            LEFT,
            top,
            SIDE,
            SIDE,
            Axis.within(x[0], x[x.length - 1], 5),
            Axis.within(y[0], y[y.length - 1], 5));
    double[] levels = SurfaceLevels.of(values);
    map(figure, panel, levels);
    figure.panel(panel, axes[1], true);
    figure.text(
        Legend.fit(axes[0], Style.NOTE.size, SIDE + 100),
        LEFT + SIDE / 2.0,
        top + SIDE + 36,
        Anchor.MIDDLE,
        Style.NOTE);
    over(figure, panel);
    SurfaceLevels.key(figure, levels, LEFT + SIDE + 18, top, SIDE);
    double y0 = top + SIDE + 57;
    for (String line : foot) {
      for (String part : lines(line)) {
        figure.text(part, 12, y0, Anchor.START, Style.NOTE);
        y0 += 17;
      }
    }
    return figure;
  }

  private static List<String> lines(String text) {
    return Legend.lines(text, Style.NOTE.size, WIDTH - 24);
  }

  private List<String> foot() {
    List<String> foot = new ArrayList<>();
    if (places.stream().anyMatch(p -> !p.inPlane())) {
      foot.add("Open circles lie off the plane and are shown where it is nearest to them.");
    }
    if (dots.places.length > 0) {
      foot.add("Small dots: " + dots.name() + ".");
    }
    if (holes() > 0) {
      foot.add(
          "Blank: "
              + Numbers.count(holes())
              + " of "
              + Numbers.count((long) x.length * y.length)
              + " points where the value is not finite.");
    }
    return foot;
  }

  /** Regions are painted from the highest down, each over all that are lower. */
  private void map(Figure figure, Panel panel, double[] levels) {
    Rectangle2D frame = new Rectangle2D.Double(LEFT, panel.top(), SIDE, SIDE);
    figure.fill(frame, SurfaceColors.of(levels.length, levels.length + 1));
    Contours contours = new Contours(x, y, values, panel::x, panel::y);
    for (int i = levels.length - 1; i >= 0; i--) {
      figure.fill(contours.below(levels[i]), SurfaceColors.of(i, levels.length + 1));
    }
    for (double level : levels) {
      figure.stroke(contours.lines(level), Ink.PAPER, 0.7f);
    }
    for (int r = 0; r < y.length; r++) {
      for (int c = 0; c < x.length; c++) {
        if (!Double.isFinite(values[r][c])) {
          figure.fill(cell(panel, r, c), Ink.PAPER, 1);
        }
      }
    }
  }

  /** Half of the way to each neighbour. */
  private Rectangle2D cell(Panel panel, int r, int c) {
    double left = panel.x((x[Math.max(c - 1, 0)] + x[c]) / 2);
    double right = panel.x((x[Math.min(c + 1, x.length - 1)] + x[c]) / 2);
    double bottom = panel.y((y[Math.max(r - 1, 0)] + y[r]) / 2);
    double top = panel.y((y[Math.min(r + 1, y.length - 1)] + y[r]) / 2);
    return new Rectangle2D.Double(left, top, right - left, bottom - top);
  }

  private boolean isInside(double px, double py) {
    return px >= x[0] && px <= x[x.length - 1] && py >= y[0] && py <= y[y.length - 1];
  }

  private void over(Figure figure, Panel panel) {
    Rectangle2D frame = new Rectangle2D.Double(LEFT, panel.top(), SIDE, SIDE);
    PlaceLabels names = new PlaceLabels(frame);
    for (Curve curve : curves) {
      Path2D path = path(panel, curve);
      figure.stroke(path, Ink.PAPER, 3.4f);
      figure.stroke(path, Ink.TEXT, 1.6f);
    }
    for (double[] dot : dots.places) {
      if (isInside(dot[0], dot[1])) {
        disc(figure, panel.x(dot[0]), panel.y(dot[1]), 3, Ink.PAPER);
        disc(figure, panel.x(dot[0]), panel.y(dot[1]), 2, Ink.TEXT);
        names.keepFree(panel.x(dot[0]), panel.y(dot[1]), 3);
      }
    }
    List<Place> shown = places.stream().filter(p -> isInside(p.x(), p.y())).toList();
    for (Place place : shown) {
      double px = panel.x(place.x());
      double py = panel.y(place.y());
      disc(figure, px, py, 6, place.inPlane() ? Ink.PAPER : Ink.TEXT);
      disc(figure, px, py, 4.5, place.inPlane() ? Ink.TEXT : Ink.PAPER);
      names.keepFree(px, py, 7);
    }
    for (Place place : shown) {
      names.write(figure, place.name(), panel.x(place.x()), panel.y(place.y()));
    }
    for (Curve curve : curves) {
      Arrays.stream(curve.places)
          .filter(p -> isInside(p[0], p[1]))
          .max((a, b) -> Double.compare(a[1], b[1]))
          .ifPresent(p -> names.write(figure, curve.name(), panel.x(p[0]), panel.y(p[1])));
    }
  }

  private static void disc(Figure figure, double px, double py, double radius, Ink ink) {
    figure.fill(new Ellipse2D.Double(px - radius, py - radius, 2 * radius, 2 * radius), ink, 1);
  }

  private Path2D path(Panel panel, Curve curve) {
    Path2D.Double path = new Path2D.Double();
    boolean down = false;
    for (double[] p : curve.places) {
      if (!isInside(p[0], p[1])) {
        down = false;
      } else if (down) {
        path.lineTo(panel.x(p[0]), panel.y(p[1]));
      } else {
        path.moveTo(panel.x(p[0]), panel.y(p[1]));
        down = true;
      }
    }
    return path;
  }

  private String describe() {
    double[] finite =
        Arrays.stream(values).flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
    StringBuilder text = new StringBuilder(quantity);
    text.append(" at ").append(x.length).append(" by ").append(y.length);
    text.append(" points of a plane, from ");
    text.append(SurfaceLevels.shortened(Arrays.stream(finite).min().orElse(0))).append(" to ");
    text.append(SurfaceLevels.shortened(Arrays.stream(finite).max().orElse(0))).append('.');
    for (Place place : places) {
      text.append(' ').append(place.name()).append(" at ");
      text.append(Numbers.fixed(place.x(), 3)).append(", ");
      text.append(Numbers.fixed(place.y(), 3)).append(place.inPlane() ? "." : ", off the plane.");
    }
    for (Curve curve : curves) {
      text.append(' ').append(curve.name()).append('.');
    }
    foot().forEach(line -> text.append(' ').append(line));
    return text.toString();
  }
}
