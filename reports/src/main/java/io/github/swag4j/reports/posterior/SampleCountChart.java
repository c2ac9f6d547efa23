package io.github.swag4j.reports.posterior;

import io.github.swag4j.calibration.posterior.SampleConvergence;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A metric against the number of posterior samples that are averaged, with its 95 % band: the Monte
 * Carlo error of having drawn these samples and not others. Where the line is level and the band
 * narrow, more samples would not help.
 */
public final class SampleCountChart extends PlottedChart {

  /** Standard errors on either side of a 95 % band. */
  private static final double NORMAL = 1.959963984540054;

  private final String title;
  private final String metric;
  private final Map<String, SampleConvergence> curves;

  private SampleCountChart(String title, String metric, Map<String, SampleConvergence> curves) {
    this.title = title;
    this.metric = metric;
    this.curves = curves;
  }

  /**
   * A chart of some methods.
   *
   * @param title what was judged, for example {@code "Fashion-MNIST test"}
   * @param metric name and unit of the metric, for example {@code "Negative log-likelihood (nats)"}
   * @param curves the metric of each method by number of samples, between 1 and 8 methods
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many
   */
  public static SampleCountChart of(
      String title, String metric, Map<String, SampleConvergence> curves) {
    return new SampleCountChart(
        Objects.requireNonNull(title, "title"),
        Objects.requireNonNull(metric, "metric"),
        Checks.series("methods", curves));
  }

  @Override
  protected Sheet sheet() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int most = 1;
    for (SampleConvergence curve : curves.values()) {
      for (SampleConvergence.Point point : curve.points()) {
        double half = Double.isNaN(point.standardError()) ? 0 : NORMAL * point.standardError();
        low = Math.min(low, point.value() - half);
        high = Math.max(high, point.value() + half);
        most = Math.max(most, point.samples());
      }
    }
    Plot plot =
        new Plot(
                "Posterior samples (logarithmic)",
                Axis.logarithmic(1, most),
                metric,
                Axis.around(low, high, 5))
            .logarithmicX()
            .height(230);
    Map<String, LineStyle> styles = LineStyle.of(curves.keySet());
    StringBuilder words = new StringBuilder(metric).append(" by number of posterior samples.");
    curves.forEach(
        (name, curve) -> {
          List<SampleConvergence.Point> points = curve.points();
          double[] x = points.stream().mapToDouble(SampleConvergence.Point::samples).toArray();
          double[] y = points.stream().mapToDouble(SampleConvergence.Point::value).toArray();
          double[] lower = ends(points, -NORMAL);
          double[] upper = ends(points, NORMAL);
          plot.curve(name, styles.get(name), x, y, lower, upper);
          plot.marks(x, y, 5, styles.get(name).ink());
          words.append(' ').append(name).append(": ").append(Numbers.metric(y[0])).append(" with ");
          words.append((int) x[0]).append(", ").append(Numbers.metric(y[y.length - 1]));
          words.append(" with ").append((int) x[x.length - 1]).append('.');
        });
    return new Sheet(title, words.toString())
        .plot(plot)
        .caption("Band: 95 %, Monte Carlo error of the draw of samples.");
  }

  private static double[] ends(List<SampleConvergence.Point> points, double errors) {
    return points.stream().mapToDouble(p -> p.value() + errors * p.standardError()).toArray();
  }
}
