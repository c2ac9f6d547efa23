package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.comparison.DifferenceChart;
import io.github.swag4j.reports.detection.RocChart;
import io.github.swag4j.reports.detection.ScoreHistogramChart;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Numbers;
import io.github.swag4j.reports.monitoring.WindowChart;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import io.github.swag4j.reports.training.ScheduleChart;
import io.github.swag4j.reports.training.TrainingChart;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class ChartTest {
  private static List<Chart> all(String title) {
    return List.of(
        Samples.reliability(title),
        Samples.scores(title),
        Samples.training(title),
        RocChart.of(title, Map.of("msp", Samples.detection(3), "entropy", Samples.detection(4))),
        DifferenceChart.of(title, "SGD", Samples.differences()),
        Samples.windows(title),
        ScheduleChart.of(title, "Epoch", 30, t -> t < 15 ? 0.05 : 0.01).averagingAfter(15));
  }

  @Test
  void everyChartIsSmallWellFormedAndAccessible() {
    for (Chart chart : all("a title")) {
      Element svg = Samples.parse(chart.toSvg()).getDocumentElement();
      assertThat(svg.getTagName()).isEqualTo("svg");
      assertThat(svg.getAttribute("role")).isEqualTo("img");
      assertThat(svg.getAttribute("viewBox")).startsWith("0 0 ");
      String[] named = svg.getAttribute("aria-labelledby").split(" ", -1);
      assertThat(chart.toSvg()).contains("<title id=\"" + named[0] + "\">a title</title>");
      assertThat(chart.toSvg()).contains("<desc id=\"" + named[1] + "\">" + chart.description());
      assertThat(chart.toSvg().length()).isLessThan(60_000);
    }
  }

  @Test
  void textIsTextAndNothingOutsideIsReferredTo() {
    for (Chart chart : all("a title")) {
      String svg = chart.toSvg().replace("http://www.w3.org/2000/svg", "");
      assertThat(svg).contains("<text").doesNotContain("http", "url(", "href", "<script", "<style");
    }
  }

  @Test
  void sameChartGivesTheSameBytes() {
    List<Chart> first = all("t");
    List<Chart> second = all("t");
    for (int i = 0; i < first.size(); i++) {
      assertThat(first.get(i).toSvg()).isEqualTo(second.get(i).toSvg());
      assertThat(first.get(i).toSvg()).isEqualTo(first.get(i).toSvg());
    }
  }

  @Test
  void markupInTitlesIsText() {
    for (Chart chart : all("<script>alert('&')</script>")) {
      assertThat(chart.toSvg()).doesNotContain("<script").contains("&lt;script&gt;");
      Samples.parse(chart.toSvg());
    }
    Samples.parse(Samples.reliability("a\u0000b\ud83d\ude00").toSvg());
  }

  @Test
  void emptyBinsAreLeftBlank() {
    Predictions two =
        Predictions.binary(new double[] {0.55, 0.95, 0.96, 1.0}, new int[] {1, 1, 0, 1});
    ReliabilityDiagram diagram = ReliabilityDiagram.of(two);
    long filled = diagram.bins().stream().filter(b -> b.count() > 0).count();
    assertThat(filled).isEqualTo(2);
    ReliabilityChart chart = ReliabilityChart.of("t", diagram);
    // Bars of fewer than 10 rows, without the legend's box, which is a rect.
    assertThat(Samples.filled(chart, Ink.BLUE, "0.16")).isEqualTo(filled);
    assertThat(Samples.filled(chart, Ink.BLUE, "0.75")).isZero();
    assertThat(chart.description()).contains("13 of them empty");
  }

  @Test
  void barsOfFewRowsArePaleWhiskersAreTheirIntervalsAndMceSaysHowManyRowsItHas() {
    double[] positive = new double[220];
    int[] labels = new int[220];
    for (int row = 0; row < 220; row++) {
      positive[row] = row < 5 ? 0.55 : row < 65 ? 0.75 : 0.95;
      labels[row] = row < 5 || row % 5 == 0 ? 0 : 1;
    }
    ReliabilityDiagram diagram = ReliabilityDiagram.of(Predictions.binary(positive, labels));
    ReliabilityChart chart = ReliabilityChart.of("t", diagram);
    for (String opacity : List.of("0.16", "0.4", "0.75")) {
      assertThat(Samples.filled(chart, Ink.BLUE, opacity)).isOne();
    }
    // Calibration's band lies over every bar.
    assertThat(Samples.filled(chart, Ink.MUTED, "0.22")).isEqualTo(3);
    ReliabilityDiagram.Bin few = diagram.bins().get(8);
    assertThat(few.count()).isEqualTo(5);
    assertThat(chart.toSvg())
        .contains("of fewer than 100 rows", "of fewer than 10 rows", ">MCE (5 rows)</text>")
        .contains("95 % interval 0.000 to " + Numbers.fixed(few.clopperPearson().upper(), 3))
        .contains("its 95 % interval", "95 % if calibrated");
    assertThat(chart.description()).contains("largest gap 0.5500 in a bin of 5 rows");
  }

  @Test
  void titlesAreWrittenInFullHoweverLong() {
    String title = "predictions of the model of last winter on the test set of this spring.csv";
    String svg = Samples.reliability(title).toSvg();
    String drawn =
        Samples.elements(Samples.parse(svg), "text").stream()
            .filter(e -> e.getAttribute("font-size").equals("15"))
            .map(Element::getTextContent)
            .collect(Collectors.joining(" "));
    assertThat(drawn).startsWith(title);
  }

  @Test
  void scoresThatPileUpAtZeroAreShownOnALogarithmicAxisAndNoneIsLost() {
    Random random = new Random(7);
    double[] in = random.doubles(900).map(u -> Math.pow(u, 12)).toArray();
    in[0] = 0;
    double[] out = random.doubles(300).toArray();
    ScoreHistogramChart chart = ScoreHistogramChart.of("t", "msp", in, out);
    assertThat(chart.toSvg()).contains("msp, logarithmic axis", ">≤ ");
    assertThat(Samples.drawnRows(chart)).isEqualTo(1200);
    assertThat(ScoreHistogramChart.of("t", "s", out, out).toSvg()).doesNotContain("logarithmic");
    // Energies may be below 0.
    double[] negative = {-1, -0.5, 0, 20};
    assertThat(ScoreHistogramChart.of("t", "s", negative, out).toSvg())
        .doesNotContain("logarithmic");
  }

  @Test
  void aRocChartHasItsPointsWhereTheCurveHasThem() {
    DetectionCurve curve = Samples.detection(3);
    RocChart chart = RocChart.of("t", Map.of("msp", curve));
    assertThat(chart.description())
        .contains("msp: AUROC " + Numbers.metric(curve.auroc()) + " ± ")
        .contains("FPR95 " + Numbers.metric(curve.fpr95()));
    assertThatThrownBy(() -> RocChart.of("t", Map.of()))
        .hasMessage("curves must be between 1 and 5, got 0");
  }

  @Test
  void windowsSayTheirRowsAndAWindowWithoutAnIntervalHasADotAlone() {
    WindowChart chart = Samples.windows("t");
    assertThat(Samples.drawnRows(chart)).isEqualTo(201);
    assertThat(chart.description())
        .contains("week 1: 100 rows, accuracy 0.9000 (0.8400 to 0.9400), mean confidence 0.9200")
        .contains("week 3: 1 row, accuracy 1.0000, mean confidence 0.6000, NLL 0.5000.")
        .doesNotContain("A change");
    assertThat(chart.changedBefore(1).description()).contains("A change is marked before week 2.");
    assertThatThrownBy(() -> chart.changedBefore(3))
        .hasMessage("a change must be before a window between 1 and 2, got 3");
    assertThat(chart.toSvg()).contains("accuracy, 99 % interval<", "NLL, 99 % interval<");
    assertThatThrownBy(() -> WindowChart.of("t", 0.95, List.of()))
        .hasMessage("a chart needs at least 1 window, got 0");
    assertThatThrownBy(() -> WindowChart.of("t", 95, List.of()))
        .hasMessage("level must be between 0 and 1, both excluded, got 95.0: 95 % is 0.95");
  }

  @Test
  void overAndUnderConfidenceDifferInColour() {
    ReliabilityDiagram tooSure =
        ReliabilityDiagram.of(Predictions.binary(new double[] {0.9, 0.9}, new int[] {1, 0}));
    ReliabilityDiagram tooShy =
        ReliabilityDiagram.of(Predictions.binary(new double[] {0.6, 0.6}, new int[] {1, 1}));
    String opacity = "0.3";
    assertThat(Samples.filled(ReliabilityChart.of("t", tooSure), Ink.VERMILION, opacity)).isOne();
    assertThat(Samples.filled(ReliabilityChart.of("t", tooSure), Ink.GREEN, opacity)).isZero();
    assertThat(Samples.filled(ReliabilityChart.of("t", tooShy), Ink.GREEN, opacity)).isOne();
    assertThat(Samples.filled(ReliabilityChart.of("t", tooShy), Ink.VERMILION, opacity)).isZero();
  }

  @Test
  void aReliabilityChartNamesItsBinsAndRowsInTheFileItself() {
    assertThat(Samples.reliability("t").toSvg())
        .contains(">guo: 15 equal-width bins, positive class, 500 rows</text>");
    BinningConvention peer = BinningConvention.named("torchmetrics");
    String svg =
        ReliabilityChart.of("t", ReliabilityDiagram.of(Samples.predictions(1, 500), peer)).toSvg();
    assertThat(svg)
        .contains(">torchmetrics: 15 equal-width bins [lo, hi) and one for", " 500 rows</text>");
  }

  @Test
  void theProbabilityOfOneClassIsTooHighOrTooLowNotConfident() {
    String one = Samples.reliability("t").toSvg();
    assertThat(one).contains("predicted too high", "too high by ", ", observed share ");
    assertThat(one).doesNotContain("onfident").doesNotContain("ccuracy");
    Predictions two = Predictions.of(new double[][] {{0.1, 0.9}, {0.4, 0.6}}, new int[] {1, 0});
    String top = ReliabilityChart.of("t", ReliabilityDiagram.of(two)).toSvg();
    assertThat(top).contains("over-confident gap", "over-confident by ", ", accuracy ");
    assertThat(top).doesNotContain("predicted too");
  }

  @Property(tries = 40)
  void everyRowIsInTheHistograms(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int n) {
    ReliabilityDiagram diagram = ReliabilityDiagram.of(Samples.predictions(seed, n));
    assertThat(Samples.drawnRows(ReliabilityChart.of("t", diagram))).isEqualTo(n);
    Random random = new Random(seed);
    double[] in = random.doubles(n, -50, 50).toArray();
    double[] out = random.doubles(n + 1, -50, 50).toArray();
    in[0] = Double.POSITIVE_INFINITY;
    out[0] = Double.NEGATIVE_INFINITY;
    ScoreHistogramChart chart =
        ScoreHistogramChart.of(
            "t", "s", in, out, ScoreHistogramChart.Options.defaults().withRange(-1, 1));
    assertThat(Samples.drawnRows(chart)).isEqualTo(2L * n + 1);
  }

  @Test
  void chartsOfPredictionsWeighTheirRows() {
    double[] in = {0.9, 0.6};
    double[] out = {0.8, 0.5};
    Predictions plain = Predictions.builder().positiveProbabilities(in).build();
    Predictions weighted =
        Predictions.builder().positiveProbabilities(out).weights(new double[] {3, 1}).build();
    OodScore score = OodScore.maximumProbability();
    String drawn = ScoreHistogramChart.of("t", score, plain, weighted).description();
    assertThat(drawn).contains("AUROC 0.6250").contains("Shares are of the rows");
    ScoreHistogramChart.Options narrow = ScoreHistogramChart.Options.defaults().withRange(0.3, 0.4);
    assertThat(ScoreHistogramChart.of("t", score, plain, weighted, narrow).description())
        .contains("AUROC 0.6250")
        .contains("rows beyond the range");
    String counted = ScoreHistogramChart.of("t", score, plain, plain).description();
    assertThat(counted).contains("AUROC 0.5000").doesNotContain("Shares are of the rows");
  }

  @Test
  void aChartOfPredictionsScoresEachSetOnce() {
    Predictions rows = Predictions.builder().positiveProbabilities(new double[] {0.9, 0.6}).build();
    AtomicInteger calls = new AtomicInteger();
    OodScore counting =
        new OodScore() {
          @Override
          public String name() {
            return "counting";
          }

          @Override
          public double[] score(Predictions predictions) {
            calls.incrementAndGet();
            return new double[] {0, 1};
          }
        };
    assertThat(ScoreHistogramChart.of("t", counting, rows, rows).description())
        .contains("AUROC 0.5000");
    assertThat(calls).hasValue(2);
  }

  @Test
  void scoresThatAreAllTheSameHaveARange() {
    double[] same = {3, 3, 3};
    assertThat(Samples.drawnRows(ScoreHistogramChart.of("t", "s", same, same))).isEqualTo(6);
  }

  @Test
  void scoresThatAreNotNumbersAreRefused() {
    assertThatThrownBy(
            () -> ScoreHistogramChart.of("t", "s", new double[] {Double.NaN}, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ScoreHistogramChart.of("t", "s", new double[0], new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void unmeasuredEpochsLeaveAGapAndUnmeasuredCurvesNoPanel() {
    TrainingChart chart =
        TrainingChart.of(
            "t",
            List.of(
                new TrainingChart.Epoch(1, Double.NaN, Double.NaN),
                new TrainingChart.Epoch(0.5, Double.NaN, Double.NaN)));
    assertThat(chart.toSvg()).contains("Training loss").doesNotContain("Validation accuracy");
    assertThat(Samples.drawnRows(chart)).isEqualTo(2);
    assertThatThrownBy(() -> TrainingChart.of("t", List.of()))
        .hasMessage("epochs must hold at least one finite number, got 0 epochs");
    assertThatThrownBy(() -> chart.averagingAfter(3))
        .hasMessage("averaging must start after between 0 and 2 epochs, got 3");
  }

  @Test
  void filesAreSvgPngPdfOrCsv(@TempDir Path dir) throws Exception {
    Chart chart = Samples.reliability("t");
    chart.write(dir.resolve("figures/a.svg"));
    assertThat(Files.readString(dir.resolve("figures/a.svg"), StandardCharsets.UTF_8))
        .isEqualTo(chart.toSvg());
    chart.write(dir.resolve("a.png"));
    var image = ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(dir.resolve("a.png"))));
    assertThat(image.getWidth()).isEqualTo(1080);
    assertThatThrownBy(() -> chart.write(dir.resolve("a.gif")))
        .hasMessageStartingWith("a chart's file must end in .svg, .png, .pdf or .csv, got ");
    chart.write(dir.resolve("a.pdf"));
    assertThat(Files.readAllBytes(dir.resolve("a.pdf")))
        .startsWith("%PDF".getBytes(StandardCharsets.US_ASCII));
    chart.write(dir.resolve("a.csv"));
    assertThat(Files.readString(dir.resolve("a.csv"))).isEqualTo(chart.data().toCsv());
    try (var files = Files.list(dir)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("figures", "a.png", "a.pdf", "a.csv");
    }
  }
}
