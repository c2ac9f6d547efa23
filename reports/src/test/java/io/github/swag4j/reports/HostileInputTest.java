package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.conformal.PredictionSets;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.reliability.OverconfidenceCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.selective.RiskCoverageCurve;
import io.github.swag4j.reports.comparison.DifferenceChart;
import io.github.swag4j.reports.comparison.MethodChart;
import io.github.swag4j.reports.detection.PrecisionRecallChart;
import io.github.swag4j.reports.detection.RocChart;
import io.github.swag4j.reports.detection.ScoreDistributionChart;
import io.github.swag4j.reports.posterior.SignalToNoiseChart;
import io.github.swag4j.reports.posterior.SpectrumChart;
import io.github.swag4j.reports.reliability.ClasswiseReliabilityChart;
import io.github.swag4j.reports.reliability.OverconfidenceChart;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import io.github.swag4j.reports.reliability.ReliabilityComparisonChart;
import io.github.swag4j.reports.selection.AccuracyByUncertaintyChart;
import io.github.swag4j.reports.selection.ConformalChart;
import io.github.swag4j.reports.selection.RiskCoverageChart;
import io.github.swag4j.reports.selection.UncertaintyPartsChart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Names, sizes and holes that files in the wild have. */
class HostileInputTest {
  private static final List<String> NAMES =
      List.of(
          "<script>alert(1)</script>",
          "\"quotes\" & 'others'",
          "\ud83d\ude80 \ud83d\udc69\u200d\ud83d\udd2c emoji",
          "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
          "\u202eturned\u202c, \u0007bell\nline",
          "W".repeat(200));

  @Test
  void hostileNamesStayTextInsideTheFrameAndWholeInTheNumbers() throws Exception {
    for (Chart chart : ofHostileNames()) {
      String svg = chart.toSvg();
      Samples.parse(svg);
      assertThat(svg).doesNotContain("<script").doesNotContain("\u202e").doesNotContain("\u0007");
      Frames.requireTextInsideAndApart(chart);
      assertThat(chart.toPng(1)).isNotEmpty();
      String csv = chart.data().toCsv();
      for (String name : NAMES) {
        assertThat(csv).as(chart.getClass().getSimpleName()).contains(name.replace("\"", "\"\""));
      }
    }
  }

  @Test
  void twoAndAThousandClassesAreDrawn() {
    Predictions two = predictions(2, 300);
    assertThat(ClasswiseReliabilityChart.of("two", two).data().rows()).isNotEmpty();
    Predictions many = predictions(1000, 400);
    ClasswiseReliabilityChart classes = ClasswiseReliabilityChart.of("many", many);
    assertThat(classes.toSvg()).contains("The 12 of 1,000 classes with").hasSizeLessThan(60_000);
    ConformalChart sets = ConformalChart.of("sets", PredictionSets.naive(many, 0.01), 0.99);
    assertThat(sets.data().rows().size()).isLessThanOrEqualTo(2 * 13);
    Frames.requireTextInsideAndApart(classes);
    Frames.requireTextInsideAndApart(sets);
    Frames.requireTextInsideAndApart(
        ReliabilityChart.of("many", ReliabilityDiagram.of(many)).withCorpCurve());
  }

  @Test
  void oneRowIsDrawn() {
    Predictions one = predictions(3, 1);
    for (Chart chart : ofRows(one)) {
      assertThat(chart.data().rows()).as(chart.getClass().getSimpleName()).isNotEmpty();
      Samples.parse(chart.toSvg());
      Frames.requireTextInsideAndApart(chart);
    }
  }

  @Test
  void aMillionRowsAreASmallFile() {
    Random random = new Random(1);
    double[] scores = random.doubles(1_000_000).toArray();
    boolean[] correct = new boolean[scores.length];
    for (int row = 0; row < correct.length; row++) {
      correct[row] = random.nextDouble() < scores[row];
    }
    RiskCoverageCurve curve = RiskCoverageCurve.of(scores, correct);
    List<Chart> charts =
        List.of(
            RiskCoverageChart.of("t", Map.of("swag", curve)),
            ScoreDistributionChart.of("t", "score", Map.of("swag", scores)));
    for (Chart chart : charts) {
      assertThat(chart.toSvg().length()).isLessThan(60_000);
      assertThat(chart.data().rows().size()).isBetween(100, 2000);
    }
    assertThat(charts.get(1).data().numbers("value")[0]).isZero();
  }

  @Test
  void missingLabelsAndNaNAreRefusedWithWhatIsMissing() {
    Predictions unlabelled =
        Predictions.builder().probabilities(new double[][] {{0.2, 0.8}}).build();
    assertThatThrownBy(() -> ClasswiseReliabilityChart.of("t", unlabelled))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("label");
    assertThatThrownBy(
            () -> AccuracyByUncertaintyChart.of("t", OodScore.entropy(), Map.of("a", unlabelled)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("label");
    assertThatThrownBy(() -> UncertaintyPartsChart.of("t", unlabelled))
        .hasMessageContaining("expected_entropy")
        .hasMessageContaining("predict with several posterior samples");
    assertThatThrownBy(
            () -> ScoreDistributionChart.of("t", "s", Map.of("swag", new double[] {1, Double.NaN})))
        .hasMessage("swag[1] must be a number, got NaN");
    assertThatThrownBy(() -> ScoreDistributionChart.of("t", "s", Map.of("swag", new double[0])))
        .hasMessage("swag must have at least 1 number, got 0");
    assertThatThrownBy(() -> SpectrumChart.of("t", Map.of("swag", new double[] {0, 0})))
        .hasMessageContaining("one of them above it, got 0.0 to 0.0");
    assertThatThrownBy(() -> SignalToNoiseChart.Layer.of("w", new float[] {1}, new float[] {-1}))
        .hasMessageContaining("w[0] must have a mean and a deviation of at least 0");
  }

  @Test
  void moreLinesThanCanBeToldApartAreRefused() {
    Map<String, double[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 9; i++) {
      many.put("method " + i, new double[] {i});
    }
    assertThatThrownBy(() -> ScoreDistributionChart.of("t", "s", many))
        .hasMessage("sets must be between 1 and 8, got 9");
  }

  private static List<Chart> ofHostileNames() {
    Predictions rows =
        Predictions.builder()
            .probabilities(probabilities(NAMES.size(), 200))
            .labels(labels(NAMES.size(), 200))
            .classNames(NAMES)
            .build();
    Function<Function<Predictions, ?>, Map<String, Object>> named =
        make -> {
          Map<String, Object> map = new LinkedHashMap<>();
          NAMES.forEach(name -> map.put(name, make.apply(rows)));
          return map;
        };
    List<Chart> charts = new ArrayList<>();
    charts.add(ClasswiseReliabilityChart.of(NAMES.get(0), rows));
    charts.add(
        ReliabilityComparisonChart.of(NAMES.get(5), cast(named.apply(ReliabilityDiagram::of))));
    charts.add(OverconfidenceChart.of(NAMES.get(3), cast(named.apply(OverconfidenceCurve::of))));
    charts.add(RiskCoverageChart.of(NAMES.get(2), cast(named.apply(RiskCoverageCurve::of))));
    charts.add(
        AccuracyByUncertaintyChart.of(
            NAMES.get(4), OodScore.entropy(), cast(named.apply(Function.identity()))));
    charts.add(
        ScoreDistributionChart.of(
            "t", NAMES.get(5), cast(named.apply(p -> OodScore.entropy().score(p)))));
    Map<String, DetectionCurve> curves =
        cast(named.apply(p -> DetectionCurve.of(new double[] {1, 2}, new double[] {2, 3})));
    charts.add(PrecisionRecallChart.of("t", curves));
    charts.add(
        MethodChart.of(
            "t",
            NAMES.get(1),
            NAMES.get(5),
            cast(
                named.apply(
                    p -> new MethodChart.Measured(1, new Interval(0, 2), 0.01, List.of())))));
    charts.add(
        DifferenceChart.of(
            "t",
            NAMES.get(0),
            NAMES.stream()
                .map(name -> new DifferenceChart.Row(name, 1, new Interval(0, 2), false))
                .toList()));
    charts.add(SpectrumChart.of("t", cast(named.apply(p -> new double[] {2, 1}))));
    charts.add(
        SignalToNoiseChart.of(
            "t",
            NAMES.stream().map(name -> new SignalToNoiseChart.Layer(name, 1, 2, 3, 4)).toList()));
    return charts;
  }

  private static List<Chart> ofRows(Predictions p) {
    double[] scores = OodScore.entropy().score(p);
    DetectionCurve curve = DetectionCurve.of(scores, new double[] {2});
    return List.of(
        ReliabilityChart.of("t", ReliabilityDiagram.of(p)).withCorpCurve(),
        ReliabilityComparisonChart.of("t", Map.of("swag", ReliabilityDiagram.of(p))),
        ClasswiseReliabilityChart.of("t", p),
        OverconfidenceChart.of("t", Map.of("swag", OverconfidenceCurve.of(p))),
        RiskCoverageChart.of("t", Map.of("swag", RiskCoverageCurve.of(p))),
        AccuracyByUncertaintyChart.of("t", OodScore.entropy(), Map.of("swag", p)),
        ConformalChart.of("t", PredictionSets.naive(p, 0.1), 0.9),
        ScoreDistributionChart.of("t", "s", Map.of("swag", scores)),
        RocChart.of("t", Map.of("swag", curve)),
        PrecisionRecallChart.of("t", Map.of("swag", curve)));
  }

  @SuppressWarnings("unchecked")
  private static <T> Map<String, T> cast(Map<String, Object> map) {
    return (Map<String, T>) map;
  }

  private static Predictions predictions(int classes, int rows) {
    return Predictions.of(probabilities(classes, rows), labels(classes, rows));
  }

  private static double[][] probabilities(int classes, int rows) {
    Random random = new Random(classes);
    double[][] p = new double[rows][classes];
    for (double[] row : p) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        row[k] = Math.pow(random.nextDouble(), 4);
        sum += row[k];
      }
      for (int k = 0; k < classes; k++) {
        row[k] /= sum;
      }
    }
    return p;
  }

  private static int[] labels(int classes, int rows) {
    Random random = new Random(rows);
    return IntStream.range(0, rows).map(row -> random.nextInt(classes)).toArray();
  }
}
