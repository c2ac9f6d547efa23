package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What other libraries' charts show wrongly, one test for each. */
class RivalChartDefectsTest {

  /** Its bins end at 10^-0.5 of an entropy: what lies beyond is in no bar. */
  @Test
  void swaGaussianDropsScoresBeyondItsBinsAndOursAreInTheLastOne() {
    double[] entropies = {1e-9, 0.1, 0.2, 2, 2.3};
    double highest = Math.pow(10, -0.5);
    long theirs =
        Arrays.stream(entropies).filter(e -> e >= Math.pow(10, -8) && e < highest).count();
    assertThat(theirs).isEqualTo(2);
    ScoreBins ours = ScoreBins.of(entropies, 30, 0, highest);
    assertThat(ours.rows()).isEqualTo(5);
    assertThat(ours.above()).isEqualTo(2);
  }

  /** DL4J's Histogram takes bounds and lays its bins over [0, 1] all the same. */
  @Test
  void dl4jsHistogramIgnoresItsBoundsAndOursKeepsThem() {
    double[] scores = {10.5, 11.5, 12.5, 13.5};
    ScoreBins bins = ScoreBins.of(scores, 4, 10, 14);
    assertThat(bins.counts()).containsExactly(1, 1, 1, 1);
    assertThat(bins.edge(0)).isEqualTo(10);
    assertThat(bins.edge(4)).isEqualTo(14);
  }

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
