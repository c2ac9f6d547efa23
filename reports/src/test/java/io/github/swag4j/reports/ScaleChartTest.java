package io.github.swag4j.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.selection.ScaleCurve;
import io.github.swag4j.calibration.selection.ScaleSearch;
import io.github.swag4j.reports.posterior.ScaleChart;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search for a scale is drawn as its curve says. */
class ScaleChartTest {

  /** Logits whose noise is none at one scale. */
  static ScaleCurve curve(double rightScale, double... grid) throws IOException {
    return ScaleSearch.run(
        ScaleSearch.Options.defaults().withGrid(grid),
        scale -> {
          Random random = new Random(5);
          double[][] logits = new double[600][3];
          int[] labels = new int[600];
          for (int r = 0; r < labels.length; r++) {
            labels[r] = random.nextInt(3);
            for (int k = 0; k < 3; k++) {
              double right = (k == labels[r] ? 1.2 : 0) + random.nextGaussian();
              double noise = (Math.sqrt(scale) - Math.sqrt(rightScale)) * random.nextGaussian();
              logits[r][k] = 2 * (right + 1.5 * noise);
            }
          }
          return Predictions.ofLogits(logits, labels);
        });
  }

  @Test
  void theDescriptionSaysWhichScaleIsBestAndWhichAreAsGood() throws IOException {
    ScaleCurve curve = curve(0.5, 0, 0.125, 0.25, 0.5, 1, 2);
    ScaleChart chart = ScaleChart.of("SWAG", curve);
    assertThat(curve.best().scale()).isBetween(0.25, 1.0);
    assertThat(chart.description())
        .startsWith(
            "Negative log-likelihood over " + curve.points().size() + " scales from 0 to 2.")
        .contains("least at scale ")
        .contains("Within one standard error of it are scales from ")
        .doesNotContain("larger ones");
    assertThat(chart.toSvg())
        .contains("as predicted")
        .contains("after temperature")
        .contains("Scale 0.125: NLL ")
        .contains("above the best, standard error ");
    assertThat(chart.toSvg()).isEqualTo(chart.toSvg());
    assertThat(chart.toPng(1)).hasSizeGreaterThan(2000);
  }

  @Test
  void anEdgeIsSaid() throws IOException {
    assertThat(ScaleChart.of("SWAG", curve(4, 0.1, 0.2)).description())
        .contains("the largest scale tried: larger ones may be better");
    assertThat(ScaleChart.of("SWAG", curve(0.13, 0.12, 0.14)).toSvg()).contains(">0.12<");
  }

  @Test
  void oneScaleIsNoCurve() throws IOException {
    String json =
        curve(1, 0.5, 1)
            .toJson()
            .replaceAll("\\[([^,\\]]+)(,[^\\]]*)\\]", "[$1]")
            .replaceAll("\"difference\":\\s*\\[[^\\]]*\\]", "\"difference\":[0]");
    ScaleCurve one = ScaleCurve.fromJson(json);
    assertThat(one.points()).hasSize(1);
    assertThatThrownBy(() -> ScaleChart.of("SWAG", one)).hasMessageContaining("at least 2 scales");
  }
}
