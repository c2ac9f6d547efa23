package io.github.swag4j.reports;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.comparison.DifferenceChart;
import io.github.swag4j.reports.detection.ScoreHistogramChart;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.monitoring.WindowChart;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import io.github.swag4j.reports.training.TrainingChart;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Inputs of the tests, and eyes to read what was drawn. */
public final class Samples {
  private Samples() {}

  /** Binary predictions with confidences in a few bins only. */
  public static Predictions predictions(long seed, int rows) {
    Random random = new Random(seed);
    double[] positive = new double[rows];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      positive[r] = random.nextInt(4) == 0 ? 1.0 : 0.7 + 0.3 * random.nextDouble();
      labels[r] = random.nextDouble() < 0.8 ? 1 : 0;
    }
    return Predictions.binary(positive, labels);
  }

  public static ReliabilityChart reliability(String title) {
    return ReliabilityChart.of(title, ReliabilityDiagram.of(predictions(1, 500)));
  }

  public static ScoreHistogramChart scores(String title) {
    Random random = new Random(2);
    double[] in = random.doubles(300).toArray();
    double[] out = random.doubles(200, 0.5, 1.5).toArray();
    return ScoreHistogramChart.of(title, "entropy", in, out);
  }

  public static TrainingChart training(String title) {
    List<TrainingChart.Epoch> epochs = new ArrayList<>();
    for (int e = 0; e < 12; e++) {
      epochs.add(
          new TrainingChart.Epoch(1.0 / (e + 1), e % 2 == 0 ? 0.5 + e / 30.0 : Double.NaN, 0.05));
    }
    return TrainingChart.of(title, epochs).averagingAfter(8);
  }

  public static DetectionCurve detection(long seed) {
    Random random = new Random(seed);
    return DetectionCurve.of(
        random.doubles(400).toArray(), random.doubles(300, 0.3, 1.3).toArray());
  }

  public static List<DifferenceChart.Row> differences() {
    return List.of(
        new DifferenceChart.Row("SWAG, NLL", -0.1, new Interval(-0.15, -0.05), true),
        new DifferenceChart.Row("SWAG, accuracy", 0.001, new Interval(-0.01, 0.012), false),
        new DifferenceChart.Row("SWA, AUROC", -0.03, new Interval(-0.04, -0.02), false));
  }

  public static WindowChart windows(String title) {
    return WindowChart.of(
        title,
        0.99,
        List.of(
            window("week 1", 100, 0.9, new Interval(0.84, 0.94), 0.92, 0.3),
            window("week 2", 100, 0.7, new Interval(0.6, 0.79), 0.91, 0.9),
            window("week 3", 1, 1, Interval.UNKNOWN, 0.6, 0.5)));
  }

  private static WindowChart.Window window(
      String name, long rows, double accuracy, Interval interval, double confidence, double nll) {
    return new WindowChart.Window(
        name,
        rows,
        new WindowChart.Measured(accuracy, interval),
        new WindowChart.Measured(confidence, Interval.UNKNOWN),
        new WindowChart.Measured(nll, Interval.UNKNOWN));
  }

  public static MetricsTable table() {
    return MetricsTable.builder("m").lowerIsBetter("x").row("a", 1).build();
  }

  public static Document parse(String xml) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(xml)));
    } catch (Exception e) {
      throw new AssertionError("must be well-formed XML: " + e.getMessage(), e);
    }
  }

  public static List<Element> elements(Document document, String name) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> list = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      list.add((Element) nodes.item(i));
    }
    return list;
  }

  /** The drawing behind a chart. */
  public static Figure figure(Chart chart, Chart.Layout layout) {
    return chart.figure(layout);
  }

  /** Rows that the hover notes of a chart stand for. */
  public static long drawnRows(Chart chart) {
    return elements(parse(chart.toSvg()), "rect").stream()
        .filter(e -> e.hasAttribute("data-count"))
        .mapToLong(e -> Long.parseLong(e.getAttribute("data-count")))
        .sum();
  }

  /** Shapes filled with an ink, directly or by their group. */
  public static long filled(Chart chart, Ink ink, String opacity) {
    return elements(parse(chart.toSvg()), "path").stream()
        .filter(e -> inherited(e, "fill").equals(ink.lightHex()))
        .filter(e -> inherited(e, "fill-opacity").equals(opacity))
        .count();
  }

  private static String inherited(Element e, String name) {
    return e.hasAttribute(name)
        ? e.getAttribute(name)
        : e.getParentNode() instanceof Element p ? inherited(p, name) : "";
  }
}
