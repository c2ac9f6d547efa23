package io.github.swag4j.reports.reliability;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.reliability.CorpCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
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
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Reliability diagram with the histogram of confidences below it.
 *
 * <p>Above: for each bin a bar as high as its accuracy and a hatched box between accuracy and mean
 * confidence, the gap that the calibration error averages. The box is vermilion where the
 * classifier is over-confident (confidence above accuracy) and green where it is under-confident.
 * An empty bin is left blank, the bar of one with few rows is pale; the dashed diagonal is perfect
 * calibration. At each bin's mean confidence stands a whisker, the 95 % interval of its accuracy
 * (Clopper-Pearson), and across the bin lies a band, where that accuracy would be in 95 of 100 data
 * sets if the model were calibrated. Below: the share of rows in each bin, with the accuracy and
 * the mean confidence of all rows as vertical lines. Last, the convention of the bins and the
 * number of rows. {@link #withCorpCurve} adds the curve that needs no bins.
 *
 * <p>For the probability of one class, such as that of a binary problem given as one column, the
 * same shapes say where the probability is higher or lower than the share of rows of that class;
 * the words are chosen accordingly.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, On Calibration of Modern Neural
 *     Networks, figure 1</a>
 */
public final class ReliabilityChart extends Chart {
  private static final int WIDTH = 360;
  private static final int WIDE = 540;
  private static final int LEFT = 60;

  /** Bars of fewer rows than these are paler, those of fewer than the second palest. */
  private static final long[] FEW = {100, 10};

  private static final double[] OPACITIES = {0.75, 0.4, 0.16};
  private static final double BAND = 0.22;
  private static final String[] TOP_LABEL_COLUMNS = {"accuracy", "mean_confidence"};
  private static final String[] EVENT_COLUMNS = {"observed_share", "mean_probability"};

  private final String title;
  private final ReliabilityDiagram diagram;
  private final ReliabilityWords words;

  /** Null where it is not asked for. */
  private final CorpCurve corp;

  private ReliabilityChart(String title, ReliabilityDiagram diagram, CorpCurve corp) {
    this.title = title;
    this.diagram = diagram;
    this.words = new ReliabilityWords(diagram);
    this.corp = corp;
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
        Objects.requireNonNull(title, "title"), Objects.requireNonNull(diagram, "diagram"), null);
  }

  /**
   * The same chart with the curve that needs no bins: the isotonic regression of the outcomes on
   * the confidences, a step for each stretch of confidences that it pools.
   *
   * @return a new chart
   * @see <a href="https://doi.org/10.1073/pnas.2016191118">Dimitriadis, Gneiting and Jordan 2021,
   *     Stable reliability diagrams for probabilistic classifiers</a>
   */
  public ReliabilityChart withCorpCurve() {
    return new ReliabilityChart(title, diagram, CorpCurve.of(diagram.forecasts()));
  }

  @Override
  protected boolean hasWideLayout() {
    return true;
  }

  @Override
  public ChartData data() {
    String[] rate = words.judgesTopLabel() ? TOP_LABEL_COLUMNS : EVENT_COLUMNS;
    ChartData.Builder data =
        ChartData.builder(
            "bin_lower",
            "bin_upper",
            "rows",
            rate[0],
            rate[0] + "_lower",
            rate[0] + "_upper",
            rate[1],
            "calibrated_lower",
            "calibrated_upper");
    for (int i = 0; i < diagram.bins().size(); i++) {
      ReliabilityDiagram.Bin bin = diagram.bins().get(i);
      Interval calibrated = BinBand.of(diagram.binning().bins().get(i));
      data.row(
          bin.lower(),
          bin.upper(),
          bin.count(),
          bin.accuracy(),
          bin.clopperPearson().lower(),
          bin.clopperPearson().upper(),
          bin.meanConfidence(),
          calibrated.lower(),
          calibrated.upper());
    }
    return data.build();
  }

  @Override
  protected Figure figure(Layout layout) {
    int width = layout == Layout.WIDE ? WIDE : WIDTH;
    int right = width - 12;
    List<String> binning = Legend.lines(diagram.binning().describe(), 12, right - 12);
    // As high as it takes: titles and keys have as many lines as they need.
    Figure sketch = new Figure(title, "", width, 0);
    int top = (int) keys(sketch, width) - 2;
    int bottom = top + (layout == Layout.WIDE ? 280 : 226) + 114;
    Figure figure = new Figure(title, words.describe(), width, bottom + 50 + 16 * binning.size());
    keys(figure, width);
    Panel above = new Panel(LEFT, top, right - LEFT, bottom - 114 - top, Axis.unit(), Axis.unit());
    reliability(above);
    figure.panel(above, words.judgesTopLabel() ? "Accuracy" : "Observed share of the event", false);
    new Legend()
        .line(words.judgesTopLabel() ? "accuracy" : "observed share", Ink.BLUE)
        .line(words.judgesTopLabel() ? "mean confidence" : "mean probability", Ink.VERMILION, 5, 3)
        .draw(figure, LEFT, width, above.bottom() + 24);
    int histogramTop = above.bottom() + 36;
    Panel below =
        new Panel(
            LEFT,
            histogramTop,
            right - LEFT,
            bottom - histogramTop,
            Axis.unit(),
            Axis.share(largestShare(), 2));
    histogram(below);
    figure.panel(below, "Rows", true);
    String judged =
        words.judgesTopLabel() ? "Confidence" : "Probability of the " + diagram.binning().event();
    figure.text(judged, (LEFT + right) / 2.0, bottom + 38, Anchor.MIDDLE, Style.NOTE);
    for (int i = 0; i < binning.size(); i++) {
      figure.text(binning.get(i), 12, bottom + 60 + 16 * i, Anchor.START, Style.NOTE);
    }
    notes(figure, above, below);
    return figure;
  }

  /** Title, numbers and keys; the place where the diagram begins. */
  private double keys(Figure figure, int width) {
    ReliabilityDiagram.Bin worst = words.worst();
    double y =
        Legend.heading(
            figure,
            "ECE",
            Numbers.metric(diagram.ece()),
            worst == null ? "MCE" : "MCE (" + ReliabilityWords.rows(worst.count()) + ")",
            Numbers.metric(worst == null ? Double.NaN : Math.abs(worst.overconfidence())),
            words.judgesTopLabel() ? "Accuracy" : "Observed",
            Numbers.metric(diagram.accuracy()),
            words.judgesTopLabel() ? "Confidence" : "Predicted",
            Numbers.metric(diagram.meanConfidence()));
    return gapLegend().draw(figure, 12, width - 4, y);
  }

  private Legend gapLegend() {
    String rate = words.judgesTopLabel() ? "accuracy" : "observed share";
    Legend legend = new Legend().box(rate + " in bin", Ink.BLUE, OPACITIES[0], false);
    for (int i = 0; i < FEW.length; i++) {
      if (hasPaleness(i + 1)) {
        legend.box("of fewer than " + FEW[i] + " rows", Ink.BLUE, OPACITIES[i + 1], false);
      }
    }
    legend.line("its 95 % interval", Ink.TEXT).box("95 % if calibrated", Ink.MUTED, BAND, false);
    if (words.filled().stream().anyMatch(bin -> bin.overconfidence() > 0)) {
      String over = words.judgesTopLabel() ? "over-confident gap" : "predicted too high";
      legend.box(over, Ink.VERMILION, 0.3, true);
    }
    if (words.filled().stream().anyMatch(bin -> bin.overconfidence() < 0)) {
      String under = words.judgesTopLabel() ? "under-confident gap" : "predicted too low";
      legend.box(under, Ink.GREEN, 0.3, true);
    }
    legend.line("perfect calibration", Ink.MUTED, 5, 4);
    return corp == null ? legend : legend.line("CORP curve", Ink.PURPLE);
  }

  private boolean hasPaleness(int paleness) {
    return words.filled().stream().anyMatch(bin -> paleness(bin) == paleness);
  }

  /** 0 for a bar that can be relied on, more for fewer rows. */
  private static int paleness(ReliabilityDiagram.Bin bin) {
    int paleness = 0;
    while (paleness < FEW.length && bin.count() < FEW[paleness]) {
      paleness++;
    }
    return paleness;
  }

  private void reliability(Panel panel) {
    double inset = 0.7 * panel.unitsPerPixel();
    List<Polygons> bars = Stream.generate(Polygons::new).limit(OPACITIES.length).toList();
    Polygons over = new Polygons();
    Polygons under = new Polygons();
    Polygons overLines = new Polygons();
    Polygons underLines = new Polygons();
    Polygons whiskers = new Polygons();
    Polygons band = new Polygons();
    for (int i = 0; i < diagram.bins().size(); i++) {
      ReliabilityDiagram.Bin bin = diagram.bins().get(i);
      if (bin.isEmpty()) {
        continue;
      }
      double from = Math.max(0, bin.lower()) + inset;
      double to = Math.max(from + inset, Math.min(1, bin.upper()) - inset);
      bars.get(paleness(bin)).box(from, 0, to, bin.accuracy());
      double low = Math.min(bin.accuracy(), bin.meanConfidence());
      double high = Math.max(bin.accuracy(), bin.meanConfidence());
      boolean tooSure = bin.meanConfidence() > bin.accuracy();
      if (high > low) {
        (tooSure ? over : under).box(from, low, to, high);
        // The two hatches lean opposite ways, so that the charts survive black-and-white print. The
        // gap of next to no rows is not made to stand out.
        if (paleness(bin) < FEW.length) {
          (tooSure ? overLines : underLines)
              .outline(from, low, to, high)
              .hatch(from, low, to, high, tooSure ? 1 : -1, 0.035);
        }
      }
      Interval calibrated = BinBand.of(diagram.binning().bins().get(i));
      band.box(from, calibrated.lower(), to, calibrated.upper());
      double at = Math.min(Math.max(bin.meanConfidence(), from), to);
      whisker(whiskers, at, bin.clopperPearson(), 3 * inset);
    }
    for (int i = 0; i < OPACITIES.length; i++) {
      area(panel, bars.get(i), Ink.BLUE, OPACITIES[i]);
    }
    area(panel, over, Ink.VERMILION, 0.3);
    // Inside a blue bar a green tint would be lost: paper first.
    area(panel, under, Ink.PAPER, 0.75);
    area(panel, under, Ink.GREEN, 0.3);
    lines(panel, overLines, Ink.VERMILION);
    lines(panel, underLines, Ink.GREEN);
    area(panel, band, Ink.MUTED, BAND);
    panel.line(0, 0, 1, 1, Ink.MUTED, 1.5f, 5, 4);
    panel.line(whiskers.x(), whiskers.y(), Ink.TEXT, 1.2f);
    if (corp != null) {
      Polygons steps = new Polygons();
      for (CorpCurve.Step step : corp.steps()) {
        steps.point(step.lower(), step.eventRate()).point(step.upper(), step.eventRate());
      }
      panel.line(steps.x(), steps.y(), Ink.PURPLE, 2);
    }
  }

  private static void whisker(Polygons to, double x, Interval interval, double cap) {
    to.segment(x, interval.lower(), x, interval.upper());
    to.segment(x - cap, interval.lower(), x + cap, interval.lower());
    to.segment(x - cap, interval.upper(), x + cap, interval.upper());
  }

  private void histogram(Panel panel) {
    double inset = 0.7 * panel.unitsPerPixel();
    Polygons bars = new Polygons();
    for (ReliabilityDiagram.Bin bin : words.filled()) {
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
    for (ReliabilityDiagram.Bin bin : words.filled()) {
      double x = above.x(Math.max(0, bin.lower()));
      double width = above.x(Math.min(1, bin.upper())) - x;
      double height = below.bottom() - above.top();
      figure.note(
          new Rectangle2D.Double(x, above.top(), width, height),
          "bin",
          bin.count(),
          words.note(bin));
    }
  }

  private double largestShare() {
    double largest = 0;
    for (ReliabilityDiagram.Bin bin : words.filled()) {
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
