package io.github.swag4j.reports.surface;

import io.github.swag4j.reports.Chart;
import io.github.swag4j.reports.ChartData;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Figure.Anchor;
import io.github.swag4j.reports.drawing.Figure.Style;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Legend;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Panel;
import io.github.swag4j.reports.drawing.Polygons;
import java.awt.geom.Ellipse2D;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How fast loss and error grow when weights are perturbed along random directions: for each method
 * the median over the directions, and a band from the lowest to the highest. The flatter a
 * solution, the lower its line stays. A number that is not finite counts as the highest: left out,
 * it would make the steepest directions those that do not count.
 *
 * @see <a href="https://arxiv.org/abs/1712.09913">Li et al. 2018, Visualizing the Loss Landscape of
 *     Neural Nets</a>
 */
public final class FlatnessChart extends Chart {

  /**
   * A method.
   *
   * @param name what it is called
   * @param loss {@code [directions][radii]}
   * @param error {@code [directions][radii]}
   */
  public record Solution(String name, double[][] loss, double[][] error) {
    /**
     * Copies the numbers.
     *
     * @param name what it is called
     * @param loss {@code [directions][radii]}
     * @param error {@code [directions][radii]}
     */
    public Solution {
      Objects.requireNonNull(name, "name");
      loss = copy(loss);
      error = copy(error);
    }

    /**
     * The losses.
     *
     * @return a copy, {@code [directions][radii]}
     */
    @Override
    public double[][] loss() {
      return copy(loss);
    }

    /**
     * The errors.
     *
     * @return a copy, {@code [directions][radii]}
     */
    @Override
    public double[][] error() {
      return copy(error);
    }

    private static double[][] copy(double[][] numbers) {
      return Arrays.stream(numbers).map(double[]::clone).toArray(double[][]::new);
    }
  }

  private static final int PANEL = 330;
  private static final int HEIGHT = 210;

  private final String title;
  private final String lossName;
  private final String errorName;
  private final double[] radii;
  private final List<Solution> solutions;

  private FlatnessChart(
      String title, String lossName, String errorName, double[] radii, List<Solution> solutions) {
    this.title = title;
    this.lossName = lossName;
    this.errorName = errorName;
    this.radii = radii;
    this.solutions = solutions;
  }

  /**
   * A chart of several methods.
   *
   * @param title what was perturbed
   * @param lossName what the losses are, with their unit
   * @param errorName what the errors are, with their unit
   * @param radii rising, 2 or more: how far, as a share of each filter's length
   * @param solutions one or more, with finite numbers at a radius at least
   * @return the chart
   * @throws IllegalArgumentException if sizes do not fit, radii do not rise, or there are no
   *     numbers
   */
  public static FlatnessChart of(
      String title, String lossName, String errorName, double[] radii, List<Solution> solutions) {
    for (int i = 1; i < radii.length; i++) {
      if (!(radii[i] > radii[i - 1])) {
        throw new IllegalArgumentException(
            "radii must rise, got " + radii[i] + " after " + radii[i - 1]);
      }
    }
    if (radii.length < 2 || solutions.isEmpty()) {
      throw new IllegalArgumentException("a flatness chart needs 2 radii and a method at least");
    }
    for (Solution solution : solutions) {
      for (double[][] numbers : List.of(solution.loss, solution.error)) {
        if (numbers.length == 0
            || Arrays.stream(numbers).anyMatch(row -> row.length != radii.length)) {
          throw new IllegalArgumentException(
              solution.name() + " must have " + radii.length + " numbers for each direction");
        }
        if (Arrays.stream(numbers).flatMapToDouble(Arrays::stream).noneMatch(Double::isFinite)) {
          throw new IllegalArgumentException(
              solution.name() + " must have a finite number: take smaller radii");
        }
      }
    }
    return new FlatnessChart(
        Objects.requireNonNull(title, "title"),
        Objects.requireNonNull(lossName, "lossName"),
        Objects.requireNonNull(errorName, "errorName"),
        radii.clone(),
        List.copyOf(solutions));
  }

  @Override
  protected boolean hasNarrowLayout() {
    return true;
  }

  @Override
  public ChartData data() {
    ChartData.Builder data =
        ChartData.builder("solution", "direction", "radius", lossName, errorName);
    for (Solution solution : solutions) {
      for (int d = 0; d < solution.loss.length; d++) {
        for (int r = 0; r < radii.length; r++) {
          data.row(solution.name(), d, radii[r], solution.loss[d][r], solution.error[d][r]);
        }
      }
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    boolean narrow = layout == Layout.NARROW;
    int width = narrow ? PANEL + 30 : 2 * PANEL + 30;
    int lines = Legend.lines(title, Style.TITLE.size, width - 24).size();
    Legend legend = new Legend();
    for (int s = 0; s < solutions.size(); s++) {
      String name = Legend.fit(solutions.get(s).name(), Style.LEGEND.size, width / 2.0);
      legend.line(name, ink(s), dash(s));
    }
    legend.box("lowest to highest of " + directions() + " directions", Ink.AXIS, 0.25, false);
    // What a legend takes is known once it is drawn.
    double after = legend.draw(new Figure(title, "", width, 10), 12, width, 39 + 19 * (lines - 1));
    int top = (int) after + 30;
    int pitch = HEIGHT + 76;
    int foot = holes() > 0 ? 18 : 0;
    int height = top + (narrow ? pitch : 0) + HEIGHT + 48 + foot;
    Figure figure = new Figure(title, describe(), width, height);
    legend.draw(figure, 12, width, Legend.heading(figure) + 2);
    draw(figure, lossName, true, 0, top);
    draw(figure, errorName, false, narrow ? 0 : PANEL + 15, narrow ? top + pitch : top);
    if (foot > 0) {
      figure.text(gaps(), 12, height - 8, Anchor.START, Style.NOTE);
    }
    return figure;
  }

  private int directions() {
    return solutions.get(0).loss.length;
  }

  private LineStyle style(int solution) {
    List<String> names = solutions.stream().map(Solution::name).toList();
    return LineStyle.of(names).get(names.get(solution));
  }

  private Ink ink(int solution) {
    return style(solution).ink();
  }

  private float[] dash(int solution) {
    return style(solution).dash();
  }

  private static double[][] numbers(Solution solution, boolean loss) {
    return loss ? solution.loss : solution.error;
  }

  private void draw(Figure figure, String name, boolean loss, int left, int top) {
    double[] all =
        solutions.stream()
            .flatMap(s -> Arrays.stream(numbers(s, loss)))
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .toArray();
    Axis vertical = Axis.around(Math.min(0, Arrays.stream(all).min().orElse(0)), max(all), 5);
    Panel panel =
        new Panel(
            left + 58,
            top,
            PANEL - 66,
            HEIGHT,
            Axis.within(radii[0], radii[radii.length - 1], 5),
            vertical);
    for (int s = 0; s < solutions.size(); s++) {
      band(panel, numbers(solutions.get(s), loss), ink(s));
    }
    for (int s = 0; s < solutions.size(); s++) {
      line(figure, panel, numbers(solutions.get(s), loss), s);
    }
    figure.panel(panel, "", true);
    figure.text(
        Legend.fit(name, Style.LEGEND.size, PANEL - 20),
        left + 12,
        top - 10,
        Anchor.START,
        Style.LEGEND);
    figure.text(
        "Radius (share of each filter's length)",
        panel.right(),
        top + HEIGHT + 36,
        Anchor.END,
        Style.NOTE);
  }

  private static double max(double[] all) {
    return Arrays.stream(all).max().orElse(1);
  }

  /** From the lowest to the highest at each radius where all directions have numbers. */
  private void band(Panel panel, double[][] numbers, Ink ink) {
    Polygons shape = new Polygons();
    for (int i = 0; i + 1 < radii.length; i++) {
      double[] here = column(numbers, i);
      double[] there = column(numbers, i + 1);
      if (here[here.length - 1] + there[there.length - 1] < Double.POSITIVE_INFINITY) {
        shape.segment(radii[i], here[0], radii[i], here[here.length - 1]);
        shape.point(radii[i + 1], there[there.length - 1]).point(radii[i + 1], there[0]);
      }
    }
    if (!shape.isEmpty()) {
      panel.area(shape.x(), shape.y(), ink, 0.18);
    }
  }

  private void line(Figure figure, Panel panel, double[][] numbers, int solution) {
    double[] x = new double[radii.length];
    double[] y = new double[radii.length];
    for (int i = 0; i < radii.length; i++) {
      y[i] = median(column(numbers, i));
      x[i] = Double.isNaN(y[i]) ? Double.NaN : radii[i];
      if (!Double.isNaN(y[i])) {
        figure.fill(
            new Ellipse2D.Double(panel.x(x[i]) - 2.2, panel.y(y[i]) - 2.2, 4.4, 4.4),
            ink(solution),
            1);
      }
    }
    panel.line(x, y, ink(solution), 2, dash(solution));
  }

  /** Numbers of all directions at a radius, rising, those that are not finite at the end. */
  private static double[] column(double[][] numbers, int radius) {
    return Arrays.stream(numbers)
        .mapToDouble(row -> row[radius])
        .map(v -> Double.isFinite(v) ? v : Double.POSITIVE_INFINITY)
        .sorted()
        .toArray();
  }

  /** NaN where half of the directions or more have no number. */
  private static double median(double[] sorted) {
    int half = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return Double.isFinite(median) ? median : Double.NaN;
  }

  private long holes() {
    return solutions.stream()
        .flatMap(s -> Arrays.stream(s.loss))
        .flatMapToDouble(Arrays::stream)
        .filter(v -> !Double.isFinite(v))
        .count();
  }

  private String gaps() {
    return "Not finite, taken for the highest: " + holes() + " points.";
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    int last = radii.length - 1;
    for (Solution solution : solutions) {
      double[] loss = column(solution.loss, last);
      double[] error = column(solution.error, last);
      text.append(solution.name()).append(" at radius ").append(Numbers.fixed(radii[last], 2));
      text.append(": ").append(lossName).append(' ');
      text.append(Numbers.metric(median(loss)));
      text.append(", ").append(errorName).append(' ');
      text.append(Numbers.metric(median(error))).append(". ");
    }
    text.append("Medians over ").append(directions()).append(" random directions.");
    return holes() > 0 ? text + " " + gaps() : text.toString();
  }
}
