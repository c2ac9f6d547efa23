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
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Two quantities along a line in the space of weights, each on an axis of its own: train loss on
 * the left, test error on the right. Places on the line are marked. Values that are not finite
 * leave gaps and are counted.
 *
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, figure 5</a>
 */
public final class SurfaceLineChart extends Chart {

  /**
   * A weight vector on the line.
   *
   * @param name what it is called
   * @param x where it is
   */
  public record Mark(String name, double x) {}

  /**
   * What is drawn.
   *
   * @param name of the axis, with its unit
   * @param values one for each place
   */
  public record Curve(String name, double[] values) {
    /**
     * Copies the values.
     *
     * @param name of the axis, with its unit
     * @param values one for each place
     */
    public Curve {
      Objects.requireNonNull(name, "name");
      values = values.clone();
    }

    /**
     * The values.
     *
     * @return a copy, one for each place
     */
    @Override
    public double[] values() {
      return values.clone();
    }
  }

  private static final int WIDTH = 380;
  private static final int LEFT = 66;
  private static final int RIGHT = 322;
  private static final int HEIGHT = 200;

  private final String title;
  private final String axis;
  private final double[] x;
  private final Curve left;
  private final Curve right;
  private final List<Mark> marks;

  private SurfaceLineChart(
      String title, String axis, double[] x, Curve left, Curve right, List<Mark> marks) {
    this.title = title;
    this.axis = axis;
    this.x = x;
    this.left = left;
    this.right = right;
    this.marks = marks;
  }

  /**
   * A line.
   *
   * @param title what it is the line of
   * @param axis name of the horizontal axis, with its unit
   * @param x rising, 2 or more
   * @param left on the left axis, one value for each x
   * @param right on the right axis, one value for each x
   * @return the chart
   * @throws IllegalArgumentException if sizes do not fit, x does not rise, or a curve has no finite
   *     value
   */
  public static SurfaceLineChart of(
      String title, String axis, double[] x, Curve left, Curve right) {
    for (int i = 1; i < x.length; i++) {
      if (!(x[i] > x[i - 1])) {
        throw new IllegalArgumentException("x must rise, got " + x[i] + " after " + x[i - 1]);
      }
    }
    for (Curve curve : List.of(left, right)) {
      if (x.length < 2 || curve.values.length != x.length) {
        throw new IllegalArgumentException(
            curve.name()
                + " must have a value for each of 2 or more places, got "
                + curve.values.length
                + " for "
                + x.length);
      }
      if (Arrays.stream(curve.values).noneMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            curve.name() + " must have a finite value: take a smaller margin");
      }
    }
    return new SurfaceLineChart(
        Objects.requireNonNull(title, "title"),
        Objects.requireNonNull(axis, "axis"),
        x.clone(),
        left,
        right,
        List.of());
  }

  /**
   * The same chart with weight vectors marked.
   *
   * @param places the weight vectors; those outside the line's range are not shown
   * @return a new chart
   */
  public SurfaceLineChart marks(List<Mark> places) {
    return new SurfaceLineChart(title, axis, x, left, right, List.copyOf(places));
  }

  private long holes() {
    long count = 0;
    for (int i = 0; i < x.length; i++) {
      boolean whole = Double.isFinite(left.values[i]) && Double.isFinite(right.values[i]);
      count += whole ? 0 : 1;
    }
    return count;
  }

  @Override
  public ChartData data() {
    ChartData.Builder data = ChartData.builder(axis, left.name(), right.name());
    for (int i = 0; i < x.length; i++) {
      data.row(x[i], left.values[i], right.values[i]);
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    int head = 58 + 19 * (Legend.lines(title, Style.TITLE.size, WIDTH - 24).size() - 1);
    int top = head + 34;
    Figure figure =
        new Figure(title, describe(), WIDTH, top + HEIGHT + 46 + (holes() > 0 ? 18 : 0));
    double baseline = Legend.heading(figure) + 2;
    new Legend()
        .line(left.name() + " (left)", Ink.BLUE)
        .line(right.name() + " (right)", Ink.VERMILION, 6, 4)
        .draw(figure, 12, WIDTH, baseline);
    Axis horizontal = Axis.within(x[0], x[x.length - 1], 5);
    Panel panel = new Panel(LEFT, top, RIGHT - LEFT, HEIGHT, horizontal, axis(left));
    marks(figure, panel, top);
    figure.panel(panel, Legend.fit(left.name(), Style.NOTE.size, HEIGHT), true);
    Axis second = axis(right);
    for (Axis.Tick tick : second.ticks()) {
      double ty = top + HEIGHT * (second.max() - tick.value()) / (second.max() - second.min());
      figure.text(tick.label(), RIGHT + 7, ty + 4, Anchor.START, Style.TICK);
    }
    curve(figure, panel, panel.vertical(), left, Ink.BLUE);
    curve(figure, panel, second, right, Ink.VERMILION, 6, 4);
    notes(figure, panel, top);
    figure.text(
        Legend.fit(axis, Style.NOTE.size, RIGHT - LEFT + 60),
        (LEFT + RIGHT) / 2.0,
        top + HEIGHT + 36,
        Anchor.MIDDLE,
        Style.NOTE);
    if (holes() > 0) {
      figure.text(gaps(), 12, top + HEIGHT + 56, Anchor.START, Style.NOTE);
    }
    return figure;
  }

  private String gaps() {
    return "Gaps: " + holes() + " of " + x.length + " points where a value is not finite.";
  }

  private static Axis axis(Curve curve) {
    double[] finite = Arrays.stream(curve.values).filter(Double::isFinite).toArray();
    return Axis.around(
        Arrays.stream(finite).min().orElse(0), Arrays.stream(finite).max().orElse(1), 5);
  }

  private void marks(Figure figure, Panel panel, int top) {
    PlaceLabels names =
        new PlaceLabels(new Rectangle2D.Double(LEFT, top - 24, RIGHT - LEFT + 40, 24));
    for (Mark mark : marks) {
      if (mark.x() >= x[0] && mark.x() <= x[x.length - 1]) {
        double px = panel.x(mark.x());
        figure.stroke(new Line2D.Double(px, top, px, top + HEIGHT), Ink.MUTED, 1, 2, 3);
        names.write(figure, mark.name(), px - 4, top - 12);
      }
    }
  }

  private void curve(
      Figure figure, Panel panel, Axis vertical, Curve curve, Ink ink, float... dash) {
    Path2D.Double path = new Path2D.Double();
    boolean down = false;
    for (int i = 0; i < x.length; i++) {
      double value = curve.values[i];
      if (!Double.isFinite(value)) {
        down = false;
        continue;
      }
      double px = panel.x(x[i]);
      double share = (vertical.max() - value) / (vertical.max() - vertical.min());
      double py = panel.top() + (panel.bottom() - panel.top()) * share;
      if (down) {
        path.lineTo(px, py);
      } else {
        path.moveTo(px, py);
        down = true;
      }
      figure.fill(new Ellipse2D.Double(px - 2, py - 2, 4, 4), ink, 1);
    }
    figure.stroke(path, ink, 2, dash);
  }

  private void notes(Figure figure, Panel panel, int top) {
    double step = (RIGHT - LEFT) / (x.length - 1.0);
    for (int i = 0; i < x.length; i++) {
      double from = Math.max(LEFT, panel.x(x[i]) - step / 2);
      double to = Math.min(RIGHT, panel.x(x[i]) + step / 2);
      figure.note(
          new Rectangle2D.Double(from, top, to - from, HEIGHT),
          left.name(),
          1,
          Numbers.fixed(x[i], 3)
              + ": "
              + left.name()
              + " "
              + Numbers.metric(left.values[i])
              + ", "
              + right.name()
              + " "
              + Numbers.metric(right.values[i]));
    }
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (Curve curve : List.of(left, right)) {
      int best = -1;
      for (int i = 0; i < x.length; i++) {
        boolean finite = Double.isFinite(curve.values[i]);
        best = finite && (best < 0 || curve.values[i] < curve.values[best]) ? i : best;
      }
      text.append(curve.name()).append(" is lowest, ");
      text.append(Numbers.metric(curve.values[best])).append(", at ");
      text.append(Numbers.fixed(x[best], 3)).append(". ");
    }
    for (Mark mark : marks) {
      text.append(mark.name()).append(" at ").append(Numbers.fixed(mark.x(), 3)).append(". ");
    }
    return text.append(holes() > 0 ? gaps() : "").toString().strip();
  }
}
