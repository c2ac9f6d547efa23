package io.github.swag4j.reports.detection;

import io.github.swag4j.calibration.ood.DetectionCurve;
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
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Receiver operating characteristics of some scores: the share of out-of-distribution rows that are
 * found against the share of in-distribution rows that are called out by mistake, one line a score.
 *
 * <p>The dashed diagonal is a score that knows nothing. A dot on each line is where 95 % of the
 * out-of-distribution rows are found, its place to the right being FPR95; a square where 95 % of
 * the in-distribution rows are kept, what it leaves above being the other FPR95. The key has each
 * line's AUROC with half the width of DeLong's 95 % interval.
 */
public final class RocChart extends Chart {

  /** The most lines that can be told apart. */
  public static final int MAX_CURVES = 5;

  private static final int WIDTH = 360;
  private static final int WIDE = 540;
  private static final int LEFT = 60;
  private static final int STEPS = 240;
  private static final double LEVEL = 0.95;

  private final String title;
  private final Map<String, DetectionCurve> curves;

  private RocChart(String title, Map<String, DetectionCurve> curves) {
    this.title = title;
    this.curves = curves;
  }

  /**
   * A chart of some curves.
   *
   * @param title what was told apart, for example {@code "MNIST against Fashion-MNIST"}
   * @param curves the curves by the names they have in the key, between 1 and {@link #MAX_CURVES}
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many
   */
  public static RocChart of(String title, Map<String, DetectionCurve> curves) {
    if (curves.isEmpty() || curves.size() > MAX_CURVES) {
      throw new IllegalArgumentException(
          "curves must be between 1 and " + MAX_CURVES + ", got " + curves.size());
    }
    return new RocChart(Objects.requireNonNull(title, "title"), new LinkedHashMap<>(curves));
  }

  @Override
  protected boolean hasWideLayout() {
    return true;
  }

  @Override
  public ChartData data() {
    ChartData.Builder data =
        ChartData.builder("series", "false_positive_rate", "true_positive_rate", "threshold");
    curves.forEach(
        (name, curve) ->
            kept(curve)
                .forEach(
                    p ->
                        data.row(
                            name, p.falsePositiveRate(), p.truePositiveRate(), p.threshold())));
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    int width = layout == Layout.WIDE ? WIDE : WIDTH;
    int right = width - 16;
    int top = (int) keys(new Figure(title, "", width, 0), width);
    int bottom = top + (layout == Layout.WIDE ? 320 : 262);
    Figure figure = new Figure(title, describe(), width, bottom + 48);
    keys(figure, width);
    Panel panel = new Panel(LEFT, top, right - LEFT, bottom - top, Axis.unit(), Axis.unit());
    panel.line(0, 0, 1, 1, Ink.MUTED, 1.2f, 5, 4);
    figure.panel(panel, "Out-of-distribution rows found", true);
    Map<String, LineStyle> styles = LineStyle.of(curves.keySet());
    curves.forEach(
        (name, curve) -> {
          LineStyle style = styles.get(name);
          line(figure, panel, curve, style);
          double x = panel.x(curve.fpr95());
          double y = panel.y(foundAt(curve, curve.fpr95()));
          figure.fill(new Ellipse2D.Double(x - 4, y - 4, 8, 8), style.ink(), 1);
          Shape square =
              new Rectangle2D.Double(
                  panel.x(1 - LEVEL) - 3.5, panel.y(1 - curve.fpr95IdPositive()) - 3.5, 7, 7);
          figure.fill(square, Ink.PAPER, 1);
          figure.stroke(square, style.ink(), 1.6f);
        });
    String axis = "In-distribution rows called out by mistake";
    figure.text(axis, (LEFT + right) / 2.0, bottom + 38, Anchor.MIDDLE, Style.NOTE);
    notes(figure, panel);
    return figure;
  }

  private double keys(Figure figure, int width) {
    double y = Legend.heading(figure);
    Map<String, LineStyle> styles = LineStyle.of(curves.keySet());
    for (Map.Entry<String, DetectionCurve> each : curves.entrySet()) {
      // A long name is cut before the number that it stands for.
      String number = ": " + auroc(each.getValue());
      double room = width - 40 - Legend.width(number, 12);
      LineStyle style = styles.get(each.getKey());
      new Legend()
          .line(Legend.fit(each.getKey(), 12, room) + number, style.ink(), style.dash())
          .draw(figure, 12, width, y);
      y += 18;
    }
    return new Legend()
            .dot("95 % found", Ink.MUTED)
            .square("95 % of in-distribution kept", Ink.MUTED)
            .draw(figure, 12, width, y)
        - 4;
  }

  private static String auroc(DetectionCurve curve) {
    double half = (curve.aurocInterval(LEVEL).upper() - curve.aurocInterval(LEVEL).lower()) / 2;
    return "AUROC "
        + Numbers.metric(curve.auroc())
        + (Double.isNaN(half) ? "" : " ± " + Numbers.metric(half));
  }

  /** The points that change the picture: one a step of either axis. */
  private static List<DetectionCurve.RocPoint> kept(DetectionCurve curve) {
    List<DetectionCurve.RocPoint> kept = new ArrayList<>();
    List<DetectionCurve.RocPoint> all = curve.roc();
    for (int i = 0; i < all.size(); i++) {
      DetectionCurve.RocPoint point = all.get(i);
      DetectionCurve.RocPoint last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
      if (last == null
          || i == all.size() - 1
          || step(point.falsePositiveRate()) != step(last.falsePositiveRate())
          || step(point.truePositiveRate()) != step(last.truePositiveRate())) {
        kept.add(point);
      }
    }
    return kept;
  }

  private static void line(Figure figure, Panel panel, DetectionCurve curve, LineStyle style) {
    Path2D path = new Path2D.Double();
    path.moveTo(panel.x(0), panel.y(0));
    for (DetectionCurve.RocPoint point : kept(curve)) {
      path.lineTo(panel.x(point.falsePositiveRate()), panel.y(point.truePositiveRate()));
    }
    figure.stroke(path, style.ink(), 1.9f, style.dash());
  }

  private static int step(double rate) {
    return (int) (rate * STEPS);
  }

  /** The true-positive rate of the last threshold with a given false-positive rate or less. */
  private static double foundAt(DetectionCurve curve, double falsePositives) {
    double found = 0;
    for (DetectionCurve.RocPoint point : curve.roc()) {
      if (point.falsePositiveRate() <= falsePositives && found < LEVEL) {
        found = point.truePositiveRate();
      }
    }
    return found;
  }

  /** Ten strips that say what each score finds at so many mistakes. */
  private void notes(Figure figure, Panel panel) {
    for (int tenth = 0; tenth < 10; tenth++) {
      double rate = (tenth + 0.5) / 10;
      StringBuilder text =
          new StringBuilder("At ").append(Numbers.percent(rate, 0)).append(" mistakes: ");
      String separator = "";
      for (Map.Entry<String, DetectionCurve> each : curves.entrySet()) {
        text.append(separator).append(each.getKey()).append(" finds ");
        text.append(Numbers.percent(at(each.getValue(), rate), 1));
        separator = ", ";
      }
      double left = panel.x(tenth / 10.0);
      figure.note(
          new Rectangle2D.Double(
              left, panel.top(), panel.x((tenth + 1) / 10.0) - left, panel.bottom() - panel.top()),
          "mistakes",
          1,
          text.toString());
    }
  }

  private static double at(DetectionCurve curve, double falsePositives) {
    double found = 0;
    for (DetectionCurve.RocPoint point : curve.roc()) {
      if (point.falsePositiveRate() <= falsePositives) {
        found = Math.max(found, point.truePositiveRate());
      }
    }
    return found;
  }

  private String describe() {
    StringBuilder text =
        new StringBuilder("Share of out-of-distribution rows found against the share of")
            .append(" in-distribution rows called out.");
    curves.forEach(
        (name, curve) ->
            text.append(' ')
                .append(name)
                .append(": ")
                .append(auroc(curve))
                .append(", FPR95 ")
                .append(Numbers.metric(curve.fpr95()))
                .append(", with in-distribution rows as positives ")
                .append(Numbers.metric(curve.fpr95IdPositive()))
                .append('.'));
    return text.toString();
  }
}
