package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.posterior.SampleConvergence.Point;
import io.github.swag4j.reports.posterior.SampleCountChart;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A metric by number of samples, with and without its Monte Carlo error. */
class SampleCountChartTest {
  private static final List<Point> RECORDED =
      List.of(new Point(1, 0.5, Double.NaN), new Point(2, 0.4, Double.NaN));

  @Test
  void recordedPointsHaveALineAndNoBand() {
    SampleCountChart chart = SampleCountChart.ofPoints("Test", "NLL", Map.of("SWAG", RECORDED));
    assertThat(chart.description()).contains("SWAG: 0.5000 with 1, 0.4000 with 2.");
    assertThat(chart.toSvg()).contains(">Test<").doesNotContain("Band:");
    assertThat(chart.toPng(1)).hasSizeGreaterThan(2000);
  }

  @Test
  void knownErrorsAreABand() {
    List<Point> known = List.of(new Point(1, 0.5, Double.NaN), new Point(2, 0.4, 0.03));
    assertThat(SampleCountChart.ofPoints("Test", "NLL", Map.of("SWAG", known)).toSvg())
        .contains("Band: 95 %, Monte Carlo error of the draw of samples.");
  }

  @Test
  void aMethodWithoutPointsIsNamed() {
    assertThatThrownBy(
            () -> SampleCountChart.ofPoints("Test", "NLL", Map.of("SWAG", List.<Point>of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("each method must have at least one point, got none of SWAG");
  }
}
