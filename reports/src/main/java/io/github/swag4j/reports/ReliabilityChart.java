package io.github.swag4j.reports;

import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.Figure.Anchor;
import io.github.swag4j.reports.Figure.Style;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reliability diagram with the histogram of confidences below it.
 *
 * <p>Above: for each bin a bar as high as its accuracy and a hatched box between accuracy and mean
 * confidence, the gap that the calibration error averages. The box is vermilion where the
 * classifier is over-confident (confidence above accuracy) and green where it is under-confident.
 * An empty bin is left blank; the dashed diagonal is perfect calibration. Below: the share of rows
 * in each bin, with the accuracy and the mean confidence of all rows as vertical lines. Last, the
 * convention of the bins and the number of rows.
 *
 * <p>For the probability of one class, such as that of a binary problem given as one column, the
 * same shapes say where the probability is higher or lower than the share of rows of that class;
 * the words are chosen accordingly.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, On Calibration of Modern Neural
 *     Networks, figure 1</a>
 */
public final class ReliabilityChart extends Chart {
  private static final int WIDTH = 380;
  private static final int LEFT = 60;
  private static final int RIGHT = WIDTH - 12;

  private final String title;
  private final ReliabilityDiagram diagram;

  private ReliabilityChart(String title, ReliabilityDiagram diagram) {
    this.title = title;
    this.diagram = diagram;
  }

  /**
   * A chart of a reliability diagram.
   *
   * @param title what was judged, for example {@code "SWAG, Fashion-MNIST test"}
   * @param diagram the numbers
   * @return the chart
   */
  public static ReliabilityChart of(String title, ReliabilityDiagram diagram) {
    return new ReliabilityChart(
        Objects.requireNonNull(title, "title"), Objects.requireNonNull(diagram, "diagram"));
  }

  /** Else the forecasts are probabilities of one class, of which there is no accuracy. */
  private boolean judgesTopLabel() {
    return diagram.binning().event().equals("top label");
  }

  @Override
  Figure figure(boolean narrow) {
    List<String> binning = Legend.lines(diagram.binning().describe(), 12, RIGHT - 12);
    Figure figure = new Figure(title, describe(), WIDTH, 512 + 16 * binning.size());
    Legend.head(
        figure,
        "ECE",
        Numbers.metric(diagram.ece()),
        "MCE",
        Numbers.metric(largestGap()),
        judgesTopLabel() ? "Accuracy" : "Observed",
        Numbers.metric(diagram.accuracy()),
        judgesTopLabel() ? "Confidence" : "Predicted",
        Numbers.metric(diagram.meanConfidence()));
    double y = gapLegend().draw(figure, 12, WIDTH - 4, 90);
    int top = (int) y - 2;
    Panel above = new Panel(LEFT, top, RIGHT - LEFT, 232, Axis.unit(), Axis.unit());
    reliability(above);
    figure.panel(above, judgesTopLabel() ? "Accuracy" : "Observed share of the event", false);
    double row =
        new Legend()
            .line(judgesTopLabel() ? "accuracy" : "observed share", Ink.BLUE)
            .line(judgesTopLabel() ? "mean confidence" : "mean probability", Ink.VERMILION, 5, 3)
            .draw(figure, LEFT, WIDTH, above.bottom() + 24);
    int histogramTop = (int) row - 6;
    Panel below =
        new Panel(
            LEFT,
            histogramTop,
            RIGHT - LEFT,
            462 - histogramTop,
            Axis.unit(),
            Axis.share(largestShare(), 2));
    histogram(below);
    figure.panel(below, "Rows", true);
    String judged =
        judgesTopLabel() ? "Confidence" : "Probability of the " + diagram.binning().event();
    figure.text(judged, (LEFT + RIGHT) / 2.0, 501, Anchor.MIDDLE, Style.NOTE);
    for (int i = 0; i < binning.size(); i++) {
      figure.text(binning.get(i), 12, 525 + 16 * i, Anchor.START, Style.NOTE);
    }
    notes(figure, above, below);
    return figure;
  }

  private Legend gapLegend() {
    return new Legend()
        .box(judgesTopLabel() ? "accuracy in bin" : "observed share in bin", Ink.BLUE, 0.75, false)
        .line("perfect calibration", Ink.MUTED, 5, 4)
        .box(
            judgesTopLabel() ? "over-confident gap" : "predicted too high",
            Ink.VERMILION,
            0.3,
            true)
        .box(judgesTopLabel() ? "under-confident gap" : "predicted too low", Ink.GREEN, 0.3, true);
  }

  private List<ReliabilityDiagram.Bin> filled() {
    List<ReliabilityDiagram.Bin> filled = new ArrayList<>();
    for (ReliabilityDiagram.Bin bin : diagram.bins()) {
      if (!bin.isEmpty()) {
        filled.add(bin);
      }
    }
    return filled;
  }

  private void reliability(Panel panel) {
    double inset = 0.7 * panel.unitsPerPixel();
    Polygons bars = new Polygons();
    Polygons over = new Polygons();
    Polygons under = new Polygons();
    Polygons overLines = new Polygons();
    Polygons underLines = new Polygons();
    for (ReliabilityDiagram.Bin bin : filled()) {
      double from = Math.max(0, bin.lower()) + inset;
      double to = Math.max(from + inset, Math.min(1, bin.upper()) - inset);
      bars.box(from, 0, to, bin.accuracy());
      double low = Math.min(bin.accuracy(), bin.meanConfidence());
      double high = Math.max(bin.accuracy(), bin.meanConfidence());
      boolean tooSure = bin.meanConfidence() > bin.accuracy();
      if (high > low) {
        (tooSure ? over : under).box(from, low, to, high);
        // The two hatches lean opposite ways, so that the charts survive black-and-white print.
        (tooSure ? overLines : underLines)
            .outline(from, low, to, high)
            .hatch(from, low, to, high, tooSure ? 1 : -1, 0.035);
      }
    }
    area(panel, bars, Ink.BLUE, 0.75);
    area(panel, over, Ink.VERMILION, 0.3);
    // Inside a blue bar a green tint would be lost: paper first.
    area(panel, under, Ink.PAPER, 0.75);
    area(panel, under, Ink.GREEN, 0.3);
    lines(panel, overLines, Ink.VERMILION);
    lines(panel, underLines, Ink.GREEN);
    panel.line(0, 0, 1, 1, Ink.MUTED, 1.5f, 5, 4);
  }

  private void histogram(Panel panel) {
    double inset = 0.7 * panel.unitsPerPixel();
    Polygons bars = new Polygons();
    for (ReliabilityDiagram.Bin bin : filled()) {
      double from = Math.max(0, bin.lower()) + inset;
      double to = Math.max(from + inset, Math.min(1, bin.upper()) - inset);
      bars.box(from, 0, to, share(bin));
    }
    area(panel, bars, Ink.AXIS, 0.6);
    double top = panel.vertical().max();
    panel.line(diagram.accuracy(), 0, diagram.accuracy(), top, Ink.BLUE, 1.8f);
    double confidence = diagram.meanConfidence();
    panel.line(confidence, 0, confidence, top, Ink.VERMILION, 1.8f, 5, 3);
  }

  private static void area(Panel panel, Polygons shapes, Ink ink, double opacity) {
    if (!shapes.isEmpty()) {
      panel.area(shapes.x(), shapes.y(), ink, opacity);
    }
  }

  private static void lines(Panel panel, Polygons lines, Ink ink) {
    if (!lines.isEmpty()) {
      panel.line(lines.x(), lines.y(), ink, 0.9f);
    }
  }

  private void notes(Figure figure, Panel above, Panel below) {
    for (ReliabilityDiagram.Bin bin : filled()) {
      double x = above.x(Math.max(0, bin.lower()));
      double width = above.x(Math.min(1, bin.upper())) - x;
      double height = below.bottom() - above.top();
      figure.note(
          new Rectangle2D.Double(x, above.top(), width, height), "bin", bin.count(), note(bin));
    }
  }

  private String note(ReliabilityDiagram.Bin bin) {
    double gap = bin.meanConfidence() - bin.accuracy();
    String verdict =
        judgesTopLabel()
            ? (gap > 0 ? "over-confident by " : "under-confident by ")
            : (gap > 0 ? "too high by " : "too low by ");
    return (judgesTopLabel() ? "Confidence " : "Probability ")
        + Numbers.fixed(bin.lower(), 3)
        + " to "
        + Numbers.fixed(bin.upper(), 3)
        + ": "
        + Numbers.count(bin.count())
        + (bin.count() == 1 ? " row" : " rows")
        + (judgesTopLabel() ? ", accuracy " : ", observed share ")
        + Numbers.fixed(bin.accuracy(), 3)
        + (judgesTopLabel() ? ", mean confidence " : ", mean probability ")
        + Numbers.fixed(bin.meanConfidence(), 3)
        + (gap == 0 ? "" : ", " + verdict + Numbers.fixed(Math.abs(gap), 3));
  }

  private String describe() {
    int blank = diagram.bins().size() - filled().size();
    return "Reliability diagram, "
        + diagram.binning().describe()
        + ": "
        + diagram.bins().size()
        + " bins, "
        + blank
        + " of them empty. "
        + (judgesTopLabel() ? "Accuracy " : "Observed share ")
        + Numbers.metric(diagram.accuracy())
        + (judgesTopLabel() ? ", mean confidence " : ", mean probability ")
        + Numbers.metric(diagram.meanConfidence())
        + ", expected calibration error "
        + Numbers.metric(diagram.ece())
        + ", largest gap "
        + Numbers.metric(largestGap())
        + ".";
  }

  /** The maximum calibration error: the largest gap of a bin that has rows. */
  private double largestGap() {
    double largest = Double.NaN;
    for (ReliabilityDiagram.Bin bin : filled()) {
      double gap = Math.abs(bin.accuracy() - bin.meanConfidence());
      largest = largest >= gap ? largest : gap;
    }
    return largest;
  }

  private double largestShare() {
    double largest = 0;
    for (ReliabilityDiagram.Bin bin : filled()) {
      largest = Math.max(largest, share(bin));
    }
    return largest;
  }

  /** Share of the total weight in a bin, which is the share of rows when rows have no weights. */
  private double share(ReliabilityDiagram.Bin bin) {
    double total = 0;
    for (ReliabilityDiagram.Bin each : diagram.bins()) {
      total += each.weight();
    }
    return bin.weight() / total;
  }
}
