package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.reports.comparison.DifferenceChart;
import io.github.swag4j.reports.drawing.Figure;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.drawing.Legend;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceChartTest {

  @Test
  void aDifferenceWithoutAnIntervalIsADotAlone() {
    DifferenceChart.Row row = new DifferenceChart.Row("SWA, x", 0.1, Interval.UNKNOWN, false);
    DifferenceChart chart = DifferenceChart.of("t", "SGD", List.of(row));
    assertThat(chart.description())
        .contains("SWA, x: +0.1000 (no interval), no difference beyond chance.");
    assertThat(chart.toSvg()).doesNotContain("NaN");
  }

  @Test
  void onAPhoneALongNameStandsAboveItsNumbersAndNotInThem() {
    DifferenceChart.Row row =
        new DifferenceChart.Row(
            "SWA, AUROC of my own images", -0.0326, new Interval(-0.0421, -0.0231), false);
    for (Chart.Layout layout : List.of(Chart.Layout.NARROW, Chart.Layout.STANDARD)) {
      Figure figure = Samples.figure(DifferenceChart.of("t", "SGD", List.of(row)), layout);
      Figure.Label name = label(figure, "SWA, AUROC");
      Figure.Label numbers = label(figure, "−0.0326");
      double ends = name.x() + Legend.width(name.text(), 12);
      double begins = numbers.x() - Legend.width(numbers.text(), 12);
      assertThat(ends <= begins || name.y() + 14 <= numbers.y()).as(layout.toString()).isTrue();
    }
    Figure far =
        Samples.figure(
            DifferenceChart.of(
                "t",
                "SGD",
                List.of(new DifferenceChart.Row("x".repeat(200), 0, new Interval(-1, 1), false))),
            Chart.Layout.NARROW);
    assertThat(label(far, "xxx").text()).endsWith("…");
  }

  private static Figure.Label label(Figure figure, String start) {
    return figure.labels().stream()
        .filter(label -> label.text().startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDifferenceIsGreenOnlyWhereItsIntervalIsOnTheBetterSide() {
    DifferenceChart chart = DifferenceChart.of("t", "SGD", Samples.differences());
    assertThat(chart.description())
        .contains("SWAG, NLL: −0.1000 (−0.1500 to −0.0500), better than SGD")
        .contains("SWAG, accuracy: +0.0010 (−0.0100 to +0.0120), no difference beyond chance")
        .contains("SWA, AUROC: −0.0300 (−0.0400 to −0.0200), worse than SGD");
    assertThat(Samples.filled(chart, Ink.GREEN, "")).isLessThanOrEqualTo(1);
    assertThatThrownBy(() -> DifferenceChart.of("t", "SGD", List.of()))
        .hasMessage("a chart needs at least 1 difference, got 0");
  }
}
