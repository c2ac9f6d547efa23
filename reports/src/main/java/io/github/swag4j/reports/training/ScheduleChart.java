package io.github.swag4j.reports.training;

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
import io.github.swag4j.reports.drawing.Polygons;
import java.awt.geom.Ellipse2D;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * A learning rate over the time it is planned for: any function of time, for example {@code
 * schedule::rate} of a {@code LearningRateSchedule}. The part whose weights are averaged can be
 * shaded, and the moments marked at which weights were collected.
 */
public final class ScheduleChart extends Chart {
  private static final int WIDTH = 360;
  private static final int HEIGHT = 190;
  private static final int LEFT = 70;
  private static final int HEAD = 36;
  private static final int MOST_DOTS = 2000;

  /** Places the rate is read at: two a pixel, so that no jump is slanted to the eye. */
  private static final int POINTS = 800;

  private final String title;
  private final String unit;
  private final double until;
  private final double averagedAfter;
  private final double[] times = new double[POINTS + 1];
  private final double[] rates = new double[POINTS + 1];

  private final List<Double> collected;

  private ScheduleChart(ScheduleChart of, double averagedAfter, List<Double> collected) {
    this.collected = collected;
    this.title = of.title;
    this.unit = of.unit;
    this.until = of.until;
    this.averagedAfter = averagedAfter;
    System.arraycopy(of.times, 0, times, 0, times.length);
    System.arraycopy(of.rates, 0, rates, 0, rates.length);
  }

  private ScheduleChart(String title, String unit, double until, DoubleUnaryOperator schedule) {
    this.title = title;
    this.unit = unit;
    this.until = until;
    this.averagedAfter = Double.NaN;
    this.collected = List.of();
    for (int i = 0; i <= POINTS; i++) {
      times[i] = until * i / POINTS;
      rates[i] = schedule.applyAsDouble(times[i]);
      if (!Double.isFinite(rates[i]) || rates[i] < 0) {
        throw new IllegalArgumentException(
            "a learning rate must be finite and at least 0, got "
                + rates[i]
                + " at "
                + unit
                + " "
                + times[i]);
      }
    }
  }

  /**
   * A chart of a schedule from time 0 on.
   *
   * @param title what is shown, for example {@code "SWA, 30 epochs"}
   * @param unit what time counts, for example {@code "Epoch"}
   * @param until where the chart ends, in that unit, above 0
   * @param schedule learning rate at a time, finite and at least 0
   * @return the chart; the schedule is read now and not again
   * @throws IllegalArgumentException if the end is not above 0 and finite, or the schedule gives
   *     what no learning rate can be
   */
  public static ScheduleChart of(
      String title, String unit, double until, DoubleUnaryOperator schedule) {
    if (!(until > 0 && until < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a chart must end above 0, got " + until);
    }
    return new ScheduleChart(
        Objects.requireNonNull(title, "title"),
        Objects.requireNonNull(unit, "unit"),
        until,
        schedule);
  }

  /**
   * The same chart with the time shaded whose weights are averaged.
   *
   * @param time when averaging starts, from 0 to the end of the chart
   * @return a new chart
   * @throws IllegalArgumentException if the time is outside the chart
   */
  public ScheduleChart averagingAfter(double time) {
    if (!(time >= 0 && time <= until)) {
      throw new IllegalArgumentException(
          "averaging must start between 0 and " + until + ", got " + time);
    }
    return new ScheduleChart(this, time, collected);
  }

  /**
   * The same chart with dots on the schedule where weights were collected.
   *
   * @param moments when, each from 0 to the end of the chart, at most 2,000
   * @return a new chart
   * @throws IllegalArgumentException if one is outside the chart, or there are too many
   */
  public ScheduleChart collectedAt(double... moments) {
    if (moments.length > MOST_DOTS) {
      throw new IllegalArgumentException(
          "collection points must be at most " + MOST_DOTS + ", got " + moments.length);
    }
    for (double time : moments) {
      if (!(time >= 0 && time <= until)) {
        throw new IllegalArgumentException(
            "weights must be collected between 0 and " + until + ", got " + time);
      }
    }
    return new ScheduleChart(this, averagedAfter, Arrays.stream(moments).boxed().toList());
  }

  private double rateAt(double time) {
    return rates[(int) Math.round(time / until * POINTS)];
  }

  @Override
  public ChartData data() {
    ChartData.Builder data = ChartData.builder("series", "time", "learning_rate");
    for (int i = 0; i <= POINTS; i++) {
      data.row("learning rate", times[i], rates[i]);
    }
    for (double time : collected) {
      data.row("collected", time, rateAt(time));
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    boolean shaded = averagedAfter < until;
    Legend legend = new Legend();
    if (shaded) {
      legend.box("weights are averaged", Ink.GREEN, 0.16, false);
    }
    if (!collected.isEmpty()) {
      legend.dot("collected (" + Numbers.count(collected.size()) + ")", Ink.BLUE);
    }
    int head = HEAD + (legend.isEmpty() ? 0 : 20);
    Figure figure = new Figure(title, describe(), WIDTH, head + HEIGHT + 84);
    Legend.head(figure);
    legend.draw(figure, 12, WIDTH, 46);
    int top = head + 28;
    double highest = highest();
    Panel panel =
        new Panel(
            LEFT,
            top,
            WIDTH - LEFT - 22,
            HEIGHT,
            Axis.within(0, until, 6),
            Axis.around(0, highest > 0 ? highest : 1, 4));
    if (shaded) {
      Polygons shade = new Polygons().box(averagedAfter, 0, until, panel.vertical().max());
      panel.area(shade.x(), shade.y(), Ink.GREEN, 0.16);
    }
    figure.panel(panel, "", true);
    figure.stroke(panel.path(times, rates), Ink.VERMILION, 2);
    for (double time : collected) {
      double x = panel.x(time);
      double y = panel.y(rateAt(time));
      figure.fill(new Ellipse2D.Double(x - 2.6, y - 2.6, 5.2, 5.2), Ink.BLUE, 1);
    }
    figure.text("Learning rate", 12, top - 12, Anchor.START, Style.LEGEND);
    figure.text(unit, WIDTH - 22, top + HEIGHT + 34, Anchor.END, Style.NOTE);
    return figure;
  }

  private double highest() {
    double highest = 0;
    for (double rate : rates) {
      highest = Math.max(highest, rate);
    }
    return highest;
  }

  private String describe() {
    String text =
        "Learning rate from "
            + number(rates[0])
            + " at the start to "
            + number(rates[POINTS])
            + " at "
            + unit.toLowerCase(java.util.Locale.ROOT)
            + " "
            + number(until)
            + ", at most "
            + number(highest())
            + ".";
    if (averagedAfter < until) {
      text += " Weights are averaged after " + number(averagedAfter) + ".";
    }
    return collected.isEmpty()
        ? text
        : text + " Weights are collected at " + collected.size() + " moments.";
  }

  private static String number(double value) {
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(4))
        .stripTrailingZeros()
        .toPlainString();
  }
}
