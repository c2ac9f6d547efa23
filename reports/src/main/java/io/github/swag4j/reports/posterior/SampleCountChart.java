package io.github.swag4j.reports.posterior;

import io.github.swag4j.calibration.posterior.SampleConvergence;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A metric against the number of posterior samples that are averaged, with its 95 % band where
 * standard errors are known: the Monte Carlo error of having drawn these samples and not others.
 * Where the line is level and the band narrow, more samples would not help.
 */
public final class SampleCountChart extends PlottedChart {

  /** Standard errors on either side of a 95 % band. */
  private static final double NORMAL = 1.959963984540054;

  private final String title;
  private final String metric;
  private final Map<String, List<SampleConvergence.Point>> curves;

  private SampleCountChart(
      String title, String metric, Map<String, List<SampleConvergence.Point>> curves) {
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
    Map<String, List<SampleConvergence.Point>> points = new LinkedHashMap<>();
    curves.forEach((name, curve) -> points.put(name, curve.points()));
    return ofPoints(title, metric, points);
  }

  /**
   * A chart of points, such as a prediction has recorded on the way. Points whose standard error is
   * NaN have no band.
   *
   * @param title what was judged, for example {@code "Fashion-MNIST test"}
   * @param metric name and unit of the metric, for example {@code "Negative log-likelihood (nats)"}
   * @param curves the metric of each method, by growing numbers of samples, between 1 and 8 methods
   *     of at least one point
   * @return the chart
   * @throws IllegalArgumentException if there are no methods or too many, or one has no points
   */
  public static SampleCountChart ofPoints(
      String title, String metric, Map<String, List<SampleConvergence.Point>> curves) {
    Map<String, List<SampleConvergence.Point>> copies = new LinkedHashMap<>();
    curves.forEach(
        (name, points) -> {
          if (points.isEmpty()) {
            throw new IllegalArgumentException(
                "each method must have at least one point, got none of " + name);
          }
          copies.put(name, List.copyOf(points));
        });
    return new SampleCountChart(
        Objects.requireNonNull(title, "title"),
        Objects.requireNonNull(metric, "metric"),
        Checks.series("methods", copies));
  }

  @Override
  protected Sheet sheet() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int most = 1;
    boolean bands = false;
    for (List<SampleConvergence.Point> points : curves.values()) {
      for (SampleConvergence.Point point : points) {
        boolean band = !Double.isNaN(point.standardError());
        bands |= band;
        double half = band ? NORMAL * point.standardError() : 0;
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
        (name, points) -> {
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
    Sheet sheet = new Sheet(title, words.toString()).plot(plot);
    return bands ? sheet.caption("Band: 95 %, Monte Carlo error of the draw of samples.") : sheet;
  }

  private static double[] ends(List<SampleConvergence.Point> points, double errors) {
    return points.stream().mapToDouble(p -> p.value() + errors * p.standardError()).toArray();
  }
}
