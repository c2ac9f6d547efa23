package io.github.swag4j.reports.reliability;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Checks;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reliability of several methods on shared axes: the accuracy of each bin against its mean
 * confidence, one line a method, empty bins left out.
 *
 * <p>A method is calibrated where its line is on the dashed diagonal, and over-confident where it
 * is below. The grey band is where 95 % of calibrated models with the rows of the first method
 * would be.
 */
public final class ReliabilityComparisonChart extends PlottedChart {
  private final String title;
  private final Map<String, ReliabilityDiagram> diagrams;

  private ReliabilityComparisonChart(String title, Map<String, ReliabilityDiagram> diagrams) {
    this.title = title;
    this.diagrams = diagrams;
  }

  /**
   * A chart of some methods.
   *
   * @param title what was judged, for example {@code "Fashion-MNIST test"}
   * @param diagrams the methods' diagrams by name, between 1 and 8, best of the same bins
   * @return the chart
   * @throws IllegalArgumentException if there are none or too many
   */
  public static ReliabilityComparisonChart of(
      String title, Map<String, ReliabilityDiagram> diagrams) {
    return new ReliabilityComparisonChart(
        Objects.requireNonNull(title, "title"), Checks.series("methods", diagrams));
  }

  @Override
  protected Sheet sheet() {
    Plot plot = new Plot("Confidence", Axis.unit(), "Accuracy", Axis.unit()).height(270);
    calibrated(plot, diagrams.values().iterator().next());
    plot.guide("perfect calibration", Ink.MUTED, 0, 0, 1, 1, 5, 4);
    Map<String, LineStyle> styles = LineStyle.of(diagrams.keySet());
    StringBuilder words = new StringBuilder("Accuracy against mean confidence of bins.");
    diagrams.forEach(
        (name, diagram) -> {
          List<ReliabilityDiagram.Bin> bins = filled(diagram);
          double[] x = bins.stream().mapToDouble(ReliabilityDiagram.Bin::meanConfidence).toArray();
          double[] y = bins.stream().mapToDouble(ReliabilityDiagram.Bin::accuracy).toArray();
          plot.line(name, styles.get(name), x, y).marks(x, y, 5, styles.get(name).ink());
          words.append(' ').append(name).append(": expected calibration error ");
          words.append(Numbers.metric(diagram.ece())).append('.');
        });
    String bins = diagrams.values().iterator().next().binning().describe();
    return new Sheet(title, words.toString()).plot(plot).caption(bins);
  }

  private static void calibrated(Plot plot, ReliabilityDiagram diagram) {
    List<double[]> ends = new ArrayList<>();
    for (int i = 0; i < diagram.bins().size(); i++) {
      ReliabilityDiagram.Bin bin = diagram.bins().get(i);
      if (!bin.isEmpty()) {
        Interval band = BinBand.of(diagram.binning().bins().get(i));
        ends.add(new double[] {bin.meanConfidence(), band.lower(), band.upper()});
      }
    }
    plot.shade("95 % if calibrated", Ink.MUTED, column(ends, 0), column(ends, 1), column(ends, 2));
  }

  private static double[] column(List<double[]> rows, int at) {
    return rows.stream().mapToDouble(row -> row[at]).toArray();
  }

  private static List<ReliabilityDiagram.Bin> filled(ReliabilityDiagram diagram) {
    return diagram.bins().stream().filter(bin -> !bin.isEmpty()).toList();
  }
}
