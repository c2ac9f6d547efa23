package io.github.swag4j.reports.posterior;

import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.calibration.selection.ScalePoint;
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
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * How the scale of a posterior was chosen: above, the negative log-likelihood of the validation
 * rows as predicted and after temperature; below, how far each scale is from the best one after
 * temperature, with the standard error of that difference. The horizontal axis is even in the root
 * of the scale, by which samples are spread.
 */
public final class ScaleChart extends Chart {
  private static final int WIDTH = 360;
  private static final int LEFT = 62;
  private static final int RIGHT = WIDTH - 16;
  private static final int UPPER = 170;
  private static final int LOWER = 130;
  private static final int TOP = 104;
  private static final int SECOND = TOP + UPPER + 78;

  /** Labels of scales closer than this would touch. */
  private static final double LABEL = 42;

  private static final double[] LABELLED = {
    0, 1, 0.25, 4, 0.5, 2, 0.1, 10, 0.05, 0.02, 0.01, 100, 30, 0.001
  };

  private final String title;
  private final ScaleCurve curve;

  private ScaleChart(String title, ScaleCurve curve) {
    this.title = title;
    this.curve = curve;
  }

  /**
   * A chart of a search.
   *
   * @param title what is shown, for example {@code "SWAG, 5,000 validation rows"}
   * @param curve what was found, of 2 scales or more
   * @return the chart
   * @throws IllegalArgumentException if the curve has only one scale
   */
  public static ScaleChart of(String title, ScaleCurve curve) {
    if (curve.points().size() < 2) {
      throw new IllegalArgumentException("a curve must have at least 2 scales to be drawn, got 1");
    }
    return new ScaleChart(Objects.requireNonNull(title, "title"), curve);
  }

  @Override
  public ChartData data() {
    ChartData.Builder data =
        ChartData.builder(
            "scale",
            "nll",
            "calibrated_nll",
            "temperature",
            "difference",
            "difference_standard_error");
    for (ScalePoint p : curve.points()) {
      data.row(
          p.scale(),
          p.nll(),
          p.calibratedNll(),
          p.temperature(),
          p.difference(),
          p.differenceStandardError());
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    Figure figure = new Figure(title, describe(), WIDTH, SECOND + LOWER + 52);
    Legend.head(figure);
    new Legend()
        .line("as predicted", Ink.BLUE)
        .line("after temperature", Ink.VERMILION)
        .line("best scale", Ink.GREEN, 4, 3)
        .draw(figure, 12, WIDTH, 50);
    Axis scales = scales();
    losses(figure, scales);
    differences(figure, scales);
    return figure;
  }

  private void losses(Figure figure, Axis scales) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (ScalePoint p : curve.points()) {
      low = Math.min(low, Math.min(p.nll(), p.calibratedNll()));
      high = Math.max(high, Math.max(p.nll(), p.calibratedNll()));
    }
    Panel panel = new Panel(LEFT, TOP, RIGHT - LEFT, UPPER, scales, Axis.around(low, high, 4));
    markBest(panel);
    panel.line(roots(), column(ScalePoint::nll), Ink.BLUE, 2);
    panel.line(roots(), column(ScalePoint::calibratedNll), Ink.VERMILION, 2);
    figure.panel(panel, "", true);
    figure.text("Negative log-likelihood", 12, TOP - 14, Anchor.START, Style.LEGEND);
    dots(figure, panel, ScalePoint::nll, Ink.BLUE);
    dots(figure, panel, ScalePoint::calibratedNll, Ink.VERMILION);
    for (ScalePoint p : curve.points()) {
      note(
          figure,
          panel,
          TOP,
          UPPER,
          p,
          "NLL "
              + Numbers.fixed(p.nll(), 4)
              + ", "
              + Numbers.fixed(p.calibratedNll(), 4)
              + " after temperature "
              + Numbers.fixed(p.temperature(), 3));
    }
  }

  private void differences(Figure figure, Axis scales) {
    double high = 0;
    for (ScalePoint p : curve.points()) {
      high = Math.max(high, p.difference() + p.differenceStandardError());
    }
    double low = 0;
    for (ScalePoint p : curve.points()) {
      low = Math.min(low, p.difference() - p.differenceStandardError());
    }
    Axis vertical = Axis.around(low, high > 0 ? high : 1, 5);
    Panel panel = new Panel(LEFT, SECOND, RIGHT - LEFT, LOWER, scales, vertical);
    markBest(panel);
    for (ScalePoint p : curve.points()) {
      double x = Math.sqrt(p.scale());
      panel.line(
          x,
          p.difference() - p.differenceStandardError(),
          x,
          p.difference() + p.differenceStandardError(),
          Ink.VERMILION,
          1.4f);
    }
    panel.line(roots(), column(ScalePoint::difference), Ink.VERMILION, 2);
    figure.panel(panel, "", true);
    figure.text(
        "Above the best after temperature, \u00b1 1 standard error",
        12,
        SECOND - 14,
        Anchor.START,
        Style.LEGEND);
    figure.text("Scale", RIGHT, SECOND + LOWER + 36, Anchor.END, Style.NOTE);
    dots(figure, panel, ScalePoint::difference, Ink.VERMILION);
    for (ScalePoint p : curve.points()) {
      note(
          figure,
          panel,
          SECOND,
          LOWER,
          p,
          Numbers.fixed(p.difference(), 5)
              + " above the best, standard error "
              + Numbers.fixed(p.differenceStandardError(), 5));
    }
  }

  private void markBest(Panel panel) {
    double x = Math.sqrt(curve.best().scale());
    panel.line(x, panel.vertical().min(), x, panel.vertical().max(), Ink.GREEN, 1.6f, 4, 3);
  }

  private void dots(Figure figure, Panel panel, ToDoubleFunction<ScalePoint> value, Ink ink) {
    for (ScalePoint p : curve.points()) {
      double radius = p.equals(curve.best()) ? 4.2 : 2.6;
      double x = panel.x(Math.sqrt(p.scale())) - radius;
      double y = panel.y(value.applyAsDouble(p)) - radius;
      figure.fill(new Ellipse2D.Double(x, y, 2 * radius, 2 * radius), ink, 1);
    }
  }

  /** The strip around a point, up to halfway to its neighbours. */
  private void note(Figure figure, Panel panel, int top, int height, ScalePoint p, String text) {
    int i = curve.points().indexOf(p);
    double x = panel.x(Math.sqrt(p.scale()));
    double low = i == 0 ? LEFT : (x + at(panel, i - 1)) / 2;
    double high = i == curve.points().size() - 1 ? RIGHT : (x + at(panel, i + 1)) / 2;
    figure.note(
        new Rectangle2D.Double(low, top, Math.max(0.5, high - low), height),
        "scale",
        1,
        "Scale " + number(p.scale()) + ": " + text);
  }

  private double at(Panel panel, int i) {
    return panel.x(Math.sqrt(curve.points().get(i).scale()));
  }

  private double[] roots() {
    return column(p -> Math.sqrt(p.scale()));
  }

  private double[] column(ToDoubleFunction<ScalePoint> value) {
    return curve.points().stream().mapToDouble(value).toArray();
  }

  /** Round scales inside the range, the more telling first, as far as their labels have room. */
  private Axis scales() {
    double[] roots = roots();
    double low = roots[0];
    double high = roots[roots.length - 1];
    List<Axis.Tick> ticks = new ArrayList<>();
    for (double scale : LABELLED) {
      double root = Math.sqrt(scale);
      double room = LABEL * (high - low) / (RIGHT - LEFT);
      boolean free = ticks.stream().allMatch(t -> Math.abs(t.value() - root) >= room);
      if (root >= low && root <= high && free) {
        ticks.add(new Axis.Tick(root, number(scale)));
      }
    }
    if (ticks.size() < 2) {
      ticks =
          List.of(new Axis.Tick(low, number(low * low)), new Axis.Tick(high, number(high * high)));
    }
    double margin = 0.02 * (high - low); // marks at the ends are whole
    return new Axis(low - margin, high + margin, ticks);
  }

  private String describe() {
    ScalePoint best = curve.best();
    List<ScalePoint> alike = curve.asGoodAsTheBest();
    return "Negative log-likelihood over "
        + curve.points().size()
        + " scales from "
        + number(curve.points().get(0).scale())
        + " to "
        + number(curve.points().get(curve.points().size() - 1).scale())
        + ". After temperature it is least at scale "
        + number(best.scale())
        + ": "
        + Numbers.fixed(best.calibratedNll(), 4)
        + " with temperature "
        + Numbers.fixed(best.temperature(), 3)
        + ". Within one standard error of it are scales from "
        + number(alike.get(0).scale())
        + " to "
        + number(alike.get(alike.size() - 1).scale())
        + "."
        + (curve.place() == ScaleCurve.Place.HIGHEST
            ? " It is the largest scale tried: larger ones may be better."
            : "");
  }

  private static String number(double value) {
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(3))
        .stripTrailingZeros()
        .toPlainString();
  }
}
