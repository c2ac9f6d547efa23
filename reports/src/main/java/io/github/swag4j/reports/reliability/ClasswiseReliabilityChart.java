package io.github.swag4j.reports.reliability;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.PlottedChart;
import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.LineStyle;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.drawing.Plot;
import io.github.swag4j.reports.drawing.Sheet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Reliability class by class, as small multiples: for each class the share of rows that are of it
 * against the probability that they were given for it, with a whisker, the 95 % interval of that
 * share (Clopper-Pearson).
 *
 * <p>Of many classes only those are drawn whose calibration error is largest.
 */
public final class ClasswiseReliabilityChart extends PlottedChart {

  /** The most classes that are drawn. */
  public static final int MAX_CLASSES = 12;

  private record Panel(String name, ReliabilityDiagram diagram) {}

  private final String title;
  private final int classes;
  private final List<Panel> panels;

  private ClasswiseReliabilityChart(String title, int classes, List<Panel> panels) {
    this.title = title;
    this.classes = classes;
    this.panels = panels;
  }

  /**
   * A chart of predictions with 10 bins of equal width.
   *
   * @param title what was judged
   * @param predictions labelled predictions
   * @return the chart
   * @throws IllegalStateException if there are no labels
   */
  public static ClasswiseReliabilityChart of(String title, Predictions predictions) {
    return of(title, predictions, BinningConvention.GUO.withBins(10));
  }

  /**
   * A chart of predictions.
   *
   * @param title what was judged
   * @param predictions labelled predictions
   * @param convention the bins
   * @return the chart
   * @throws IllegalStateException if there are no labels
   */
  public static ClasswiseReliabilityChart of(
      String title, Predictions predictions, BinningConvention convention) {
    List<Panel> all = new ArrayList<>();
    for (int k = 0; k < predictions.classes(); k++) {
      String name = predictions.hasClassNames() ? predictions.classNames().get(k) : "class " + k;
      Forecasts ofClass = Forecasts.ofClass(predictions, k);
      all.add(new Panel(name, ReliabilityDiagram.of(ofClass, convention)));
    }
    List<Panel> drawn = all;
    if (all.size() > MAX_CLASSES) {
      drawn =
          all.stream()
              .sorted(Comparator.comparingDouble((Panel p) -> -p.diagram().ece()))
              .limit(MAX_CLASSES)
              .toList();
    }
    return new ClasswiseReliabilityChart(
        Objects.requireNonNull(title, "title"), predictions.classes(), List.copyOf(drawn));
  }

  @Override
  protected Sheet sheet() {
    StringBuilder words = new StringBuilder("Reliability of single classes.");
    for (Panel panel : panels) {
      words.append(' ').append(panel.name()).append(": calibration error ");
      words.append(Numbers.metric(panel.diagram().ece())).append('.');
    }
    Sheet sheet = new Sheet(title, words.toString()).columns(panels.size() < 3 ? 2 : 3);
    for (Panel panel : panels) {
      sheet.plot(plot(panel));
    }
    String which =
        panels.size() < classes
            ? "The "
                + panels.size()
                + " of "
                + Numbers.count(classes)
                + " classes with the largest"
                + " calibration error, the worst first. "
            : "";
    ReliabilityDiagram first = panels.get(0).diagram();
    String rows = ", " + Numbers.count(first.rows()) + " rows";
    return sheet.caption(which + first.convention() + rows);
  }

  private static Plot plot(Panel panel) {
    Axis axis = Axis.within(0, 1, 2);
    List<ReliabilityDiagram.Bin> bins =
        panel.diagram().bins().stream().filter(bin -> !bin.isEmpty()).toList();
    double[] x = bins.stream().mapToDouble(ReliabilityDiagram.Bin::meanConfidence).toArray();
    double[] y = bins.stream().mapToDouble(ReliabilityDiagram.Bin::accuracy).toArray();
    double[] low = bins.stream().mapToDouble(bin -> bin.clopperPearson().lower()).toArray();
    double[] high = bins.stream().mapToDouble(bin -> bin.clopperPearson().upper()).toArray();
    return new Plot("Probability of the class", axis, "Observed share of the class", axis)
        .named(panel.name())
        .guide("perfect calibration", Ink.MUTED, 0, 0, 1, 1, 5, 4)
        .dots("share in bin, 95 % interval", Ink.BLUE, x, y, low, high)
        .guides(new LineStyle(Ink.BLUE), x, y);
  }
}
