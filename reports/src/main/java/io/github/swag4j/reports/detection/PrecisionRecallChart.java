package io.github.swag4j.reports.detection;

import io.github.swag4j.calibration.ood.DetectionCurve;
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
 * Precision against recall of some scores, out-of-distribution rows being what is looked for: of
 * the rows that are called out, the share that is, against the share of all of them that is found.
 *
 * <p>The key has each line's average precision (AUPR). The dashed level is what a score that knows
 * nothing has; it depends on how many rows of each kind there are, so curves of different sets do
 * not compare.
 */
public final class PrecisionRecallChart extends PlottedChart {
  private final String title;
  private final Map<String, DetectionCurve> curves;

  private PrecisionRecallChart(String title, Map<String, DetectionCurve> curves) {
    this.title = title;
    this.curves = curves;
  }

  /**
   * A chart of some curves.
   *
   * @param title what was told apart, for example {@code "MNIST against Fashion-MNIST"}
   * @param curves the curves by name, between 1 and 8
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many
   */
  public static PrecisionRecallChart of(String title, Map<String, DetectionCurve> curves) {
    return new PrecisionRecallChart(
        Objects.requireNonNull(title, "title"), Checks.series("curves", curves));
  }

  @Override
  protected Sheet sheet() {
    DetectionCurve first = curves.values().iterator().next();
    double share = (double) first.outRows() / (first.inRows() + first.outRows());
    Plot plot =
        new Plot(
                "Recall: out-of-distribution rows found",
                Axis.unit(),
                "Precision: of those called out",
                Axis.unit())
            .height(262)
            .level("a score that knows nothing", Ink.MUTED, share, 5, 4);
    Map<String, LineStyle> styles = LineStyle.of(curves.keySet());
    StringBuilder words =
        new StringBuilder("Precision against recall of out-of-distribution rows, which are ")
            .append(Numbers.percent(share, 1))
            .append(" of all.");
    curves.forEach(
        (name, curve) -> {
          String aupr = ", AUPR " + Numbers.metric(curve.auprOut());
          // Nothing found has no precision to draw.
          List<DetectionCurve.PrecisionRecallPoint> points =
              curve.precisionRecallOut().stream().filter(p -> p.recall() > 0).toList();
          double[] x = points.stream().mapToDouble(p -> p.recall()).toArray();
          double[] y = points.stream().mapToDouble(p -> p.precision()).toArray();
          int[] kept = Thinning.keep(x, y);
          plot.line(name, aupr, styles.get(name), Thinning.at(x, kept), Thinning.at(y, kept));
          words.append(' ').append(name).append(aupr).append('.');
        });
    return new Sheet(title, words.toString()).plot(plot);
  }
}
