package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.reports.CurveChart.Dimension;
import io.github.swag4j.reports.CurveChart.Scale;
import org.junit.jupiter.api.Test;

/** Curves, their bands and what is expected of them. */
class CurveChartTest {
  private static final Dimension STEPS = new Dimension("Steps", Scale.LOGARITHMIC);
  private static final Dimension ERROR = new Dimension("Error", Scale.LOGARITHMIC);
  private static final Dimension LINEAR = new Dimension("Error, %", Scale.LINEAR);

  private static CurveChart chart(Dimension across, Dimension up, double... y) {
    double[] x = new double[y.length];
    double[] low = new double[y.length];
    double[] high = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      x[i] = Math.pow(10, i);
      low[i] = y[i] * 0.9;
      high[i] = y[i] * 1.1;
    }
    return CurveChart.titled("Falling", across, up)
        .curve("seen <b>", x, y, low, high)
        .expected("theory", x, y)
        .build();
  }

  @Test
  void logarithmicAxesHaveTheirPowersOfTen() {
    CurveChart chart = chart(STEPS, ERROR, 10, 1, 0.1, 1e-5);
    assertThat(chart.toSvg()).contains(">0.001<").contains(">1e-5<").contains(">1000<");
    assertThat(chart.toSvg()).contains("seen &lt;b&gt;").contains("theory").contains("dasharray");
    assertThat(chart.description()).contains("Error over Steps").contains("from 10 to ");
    assertThat(chart.toSvg()).isEqualTo(chart.toSvg());
  }

  @Test
  void whatAnAxisCannotShowLeavesAGap() {
    String svg = chart(STEPS, ERROR, 10, Double.NaN, 0, 0.1, 0.01).toSvg();
    assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
    assertThat(chart(STEPS, LINEAR, 10, 0, -1, Double.POSITIVE_INFINITY, 3).toSvg())
        .doesNotContain("NaN")
        .contains("Error, %");
  }

  @Test
  void aPointHoldsWhatItIs() {
    assertThat(chart(STEPS, LINEAR, 12.5, 7).toSvg())
        .contains("<title>seen &lt;b&gt; at 10: 7</title>");
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    assertThatThrownBy(() -> chart(STEPS, ERROR, 0, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a point that its axes can show");
    CurveChart.Builder builder = CurveChart.titled("t", STEPS, ERROR);
    assertThatThrownBy(() -> builder.expected("e", new double[1], new double[1]))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> builder.curve("c", new double[1], new double[2]))
        .hasMessageContaining("got 1, 2, 2 and 2");
    for (int i = 0; i < 5; i++) {
      builder.curve("c" + i, new double[] {1}, new double[] {1});
    }
    assertThatThrownBy(() -> builder.curve("six", new double[] {1}, new double[] {1}))
        .hasMessageContaining("at most 5 curves, got one more: six");
  }
}
