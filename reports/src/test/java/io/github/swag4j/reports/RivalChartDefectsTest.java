package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.reports.drawing.Ink;
import io.github.swag4j.reports.reliability.ReliabilityChart;
import org.junit.jupiter.api.Test;

/** What other libraries' charts show wrongly, one test for each. */
class RivalChartDefectsTest {

  /**
   * TorchUncertainty makes bars 1 / (bins + 1) wide and draws that of confidence 1 off the axis.
   */
  @Test
  void torchUncertaintyDrawsTheBarOfConfidenceOneOffTheAxisAndOursIsTheLast() {
    double[][] p = {{1, 0}, {1, 0}, {0.55, 0.45}};
    ReliabilityDiagram diagram =
        ReliabilityDiagram.of(
            Predictions.of(p, new int[] {0, 1, 0}), BinningConvention.GUO.withBins(10));
    assertThat(diagram.bins()).hasSize(10);
    assertThat(diagram.bins().get(9).count()).isEqualTo(2);
    for (int b = 0; b < 10; b++) {
      assertThat(diagram.bins().get(b).upper() - diagram.bins().get(b).lower())
          .isBetween(0.1 - 1e-15, 0.1 + 2e-16);
    }
    ReliabilityChart chart = ReliabilityChart.of("t", diagram);
    assertThat(Samples.drawnRows(chart)).isEqualTo(3);
    assertThat(Samples.filled(chart, Ink.BLUE, "0.16")).isEqualTo(2);
  }

  /** netcal issues 14, 19 and 52: bins without rows have bars up to the diagonal. */
  @Test
  void netcalFillsEmptyBinsUpToTheDiagonalAndOursAreBlank() {
    double[][] p = {{0.95, 0.05}, {0.99, 0.01}};
    ReliabilityDiagram diagram = ReliabilityDiagram.of(Predictions.of(p, new int[] {0, 0}));
    ReliabilityChart chart = ReliabilityChart.of("t", diagram);
    assertThat(Samples.filled(chart, Ink.BLUE, "0.16")).isOne();
    assertThat(chart.description()).contains("14 of them empty");
  }
}
