package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Standard deviations of rows' losses, from which streamed files have intervals. */
class SketchDeviationTest {

  @Test
  void deviationsAreThoseOfTheRowsLosses() {
    int[] labels = CalibrationSketchTest.labels(500, 4, 6);
    float[] flat = CalibrationSketchTest.probabilities(500, 4, 5);
    float[][] p =
        IntStream.range(0, 500)
            .mapToObj(r -> Arrays.copyOfRange(flat, r * 4, (r + 1) * 4))
            .toArray(float[][]::new);
    // Without the saturated rows, whose loss is the floor's.
    int[] kept = IntStream.range(0, 500).filter(r -> p[r][labels[r]] > 1e-30).toArray();
    double[] nll = Arrays.stream(kept).mapToDouble(r -> -Math.log(p[r][labels[r]])).toArray();
    double[] brier = new double[kept.length];
    for (int r = 0; r < kept.length; r++) {
      for (int k = 0; k < 4; k++) {
        double gap = p[kept[r]][k] - (k == labels[kept[r]] ? 1 : 0);
        brier[r] += gap * gap;
      }
    }
    CalibrationSummary summary =
        CalibrationSketch.of(Predictions.of(p, labels).select(kept)).summary();
    assertThat(kept.length).isGreaterThan(300);
    assertThat(summary.nllDeviation()).isCloseTo(deviation(nll), within(1e-5));
    assertThat(summary.brierDeviation()).isCloseTo(deviation(brier), within(1e-5));
  }

  @Test
  void deviationsThatSquaresCannotTellFromZeroAreUnknown() {
    double[][] sure = {{1 - 1e-6, 1e-6}, {1 - 9e-6, 9e-6}, {1 - 1e-7, 1e-7}};
    CalibrationSummary summary = CalibrationSketch.of(Predictions.of(sure, new int[3])).summary();
    assertThat(summary.nllDeviation()).isNaN();
    assertThat(summary.brierDeviation()).isNaN();
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double around = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(around / (values.length - 1));
  }
}
