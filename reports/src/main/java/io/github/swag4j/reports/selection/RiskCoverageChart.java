package io.github.swag4j.reports.selection;

import io.github.swag4j.calibration.selective.RiskAtCoverage;
import io.github.swag4j.calibration.selective.RiskCoverageCurve;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import io.github.swag4j.reports.drawing.Thinning;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Error rate of the rows that are answered against the share of rows that is, the most confident
 * first: one line a method.
 *
 * <p>Two thin lines stand for each method: the best ranking there could be, which would leave out
 * every error first (oracle), and one by chance, whose error rate stays what it is (random). The
 * nearer a line is to its oracle, the more the confidence knows. The key has the area under each
 * curve (AURC).
 */
public final class RiskCoverageChart extends PlottedChart {
  private static final int ORACLE = 61;

  private final String title;
  private final Map<String, RiskCoverageCurve> curves;

  private RiskCoverageChart(String title, Map<String, RiskCoverageCurve> curves) {
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
  public static RiskCoverageChart of(String title, Map<String, RiskCoverageCurve> curves) {
    return new RiskCoverageChart(
        Objects.requireNonNull(title, "title"), Checks.series("methods", curves));
  }

  @Override
  protected Sheet sheet() {
    double highest = 0;
    for (RiskCoverageCurve curve : curves.values()) {
      for (RiskAtCoverage point : curve.points()) {
        highest = Math.max(highest, point.risk());
      }
    }
    Axis vertical = Axis.share(highest > 0 ? highest : 0.01, 5);
    Plot plot =
        new Plot("Coverage: share of rows answered", Axis.percent(), "Error rate", vertical)
            .height(240);
    Map<String, LineStyle> styles = LineStyle.of(curves.keySet());
    StringBuilder words = new StringBuilder("Error rate against coverage.");
    curves.forEach(
        (name, curve) -> {
          Ink ink = styles.get(name).ink();
          oracle(plot, name, curve, ink);
          List<RiskAtCoverage> points = curve.points();
          double[] x = points.stream().mapToDouble(RiskAtCoverage::coverage).toArray();
          double[] y = points.stream().mapToDouble(RiskAtCoverage::risk).toArray();
          int[] kept = Thinning.keep(x, y);
          String aurc = ", AURC " + Numbers.metric(curve.aurc());
          plot.line(name, aurc, styles.get(name), Thinning.at(x, kept), Thinning.at(y, kept));
          words.append(' ').append(name).append(aurc).append(", best possible ");
          words.append(Numbers.metric(curve.oracleAurc())).append(", by chance ");
          words.append(Numbers.metric(curve.randomAurc())).append('.');
        });
    plot.key("oracle", new LineStyle(Ink.MUTED, 2, 2.5f));
    plot.key("random", new LineStyle(Ink.MUTED, 5, 4));
    return new Sheet(title, words.toString()).plot(plot);
  }

  /** The errors are answered last. */
  private static void oracle(Plot plot, String name, RiskCoverageCurve curve, Ink ink) {
    double[] x = new double[ORACLE];
    double[] y = new double[ORACLE];
    double right = 1 - curve.errorRate();
    x[0] = 0;
    for (int i = 1; i < ORACLE; i++) {
      x[i] = right + curve.errorRate() * (i - 1) / (ORACLE - 2);
      y[i] = x[i] > 0 ? (x[i] - right) / x[i] : 1;
    }
    plot.reference(name + ", oracle", new LineStyle(ink, 2, 2.5f), x, y);
    plot.reference(
        name + ", random",
        new LineStyle(ink, 5, 4),
        new double[] {0, 1},
        new double[] {curve.errorRate(), curve.errorRate()});
  }
}
