package io.github.swag4j.reports.reliability;

import io.github.swag4j.calibration.reliability.OverconfidenceCurve;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The reliability curve of the SWAG paper: confidence minus accuracy against confidence, one line a
 * method, on an axis that is stretched towards confidence 1, where most rows of a trained network
 * are.
 *
 * <p>Above the line of 0 a method is over-confident, below it under-confident. The axis is even in
 * the logarithm of 1 - confidence.
 *
 * @see <a href="https://arxiv.org/abs/1902.02476">Maddox et al. 2019, figure 3</a>
 */
public final class OverconfidenceChart extends PlottedChart {

  /** Confidences that may be labelled; which of them are depends on the curves. */
  private static final double[] LABELLED = {
    0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999, 0.99999, 0.999999
  };

  private final String title;
  private final Map<String, OverconfidenceCurve> curves;

  private OverconfidenceChart(String title, Map<String, OverconfidenceCurve> curves) {
    this.title = title;
    this.curves = curves;
  }

  /**
   * A chart of some methods.
   *
   * @param title what was judged, for example {@code "Fashion-MNIST test"}
   * @param curves the methods' curves by name, between 1 and 8
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many
   */
  public static OverconfidenceChart of(String title, Map<String, OverconfidenceCurve> curves) {
    return new OverconfidenceChart(
        Objects.requireNonNull(title, "title"), Checks.series("methods", curves));
  }

  @Override
  protected Sheet sheet() {
    List<OverconfidenceCurve.Point> all =
        curves.values().stream().flatMap(curve -> curve.points().stream()).toList();
    double low = 0;
    double high = 0;
    double from = Double.POSITIVE_INFINITY;
    double to = Double.NEGATIVE_INFINITY;
    for (OverconfidenceCurve.Point point : all) {
      low = Math.min(low, point.overconfidence());
      high = Math.max(high, point.overconfidence());
      from = Math.min(from, point.stretched());
      to = Math.max(to, point.stretched());
    }
    Axis vertical = Axis.around(low, high > low ? high : 0.01, 5);
    Plot plot =
        new Plot(
                "Confidence (stretched towards 1)",
                confidences(from, to),
                "Confidence − accuracy",
                vertical)
            .scaledX(OverconfidenceChart::stretched)
            .level("perfect calibration", Ink.MUTED, 0, 5, 4);
    Map<String, LineStyle> styles = LineStyle.of(curves.keySet());
    StringBuilder words = new StringBuilder("Confidence minus accuracy against confidence.");
    curves.forEach(
        (name, curve) -> {
          double[] x = column(curve, true);
          double[] y = column(curve, false);
          plot.line(name, styles.get(name), x, y).marks(x, y, 5, styles.get(name).ink());
          words.append(' ').append(name).append(": ").append(Numbers.metric(y[0])).append(" at ");
          words.append(Numbers.metric(x[0])).append(", ").append(Numbers.metric(y[y.length - 1]));
          words.append(" at ").append(Numbers.metric(x[x.length - 1])).append('.');
        });
    String bins = curves.values().iterator().next().binning().describe();
    return new Sheet(title, words.toString()).plot(plot).caption(bins);
  }

  private static double stretched(double confidence) {
    return new OverconfidenceCurve.Point(confidence, 0, 1).stretched();
  }

  private static double[] column(OverconfidenceCurve curve, boolean confidence) {
    return curve.points().stream()
        .mapToDouble(p -> confidence ? p.confidence() : p.overconfidence())
        .toArray();
  }

  private static Axis confidences(double low, double high) {
    double margin = high > low ? 0.03 * (high - low) : 0.1;
    List<Axis.Tick> ticks = new ArrayList<>();
    for (double confidence : LABELLED) {
      double at = stretched(confidence);
      if (at >= low - margin && at <= high + margin) {
        ticks.add(
            new Axis.Tick(
                at, confidence == 0 ? "0" : BigDecimal.valueOf(confidence).toPlainString()));
      }
    }
    if (ticks.isEmpty()) {
      ticks.add(new Axis.Tick(low, Numbers.digits(1 - Math.pow(10, -low))));
    }
    return new Axis(low - margin, high + margin, ticks);
  }
}
