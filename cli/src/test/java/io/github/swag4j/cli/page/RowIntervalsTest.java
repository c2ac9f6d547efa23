package io.github.swag4j.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.cli.page.MetricIntervals.Options;
import io.github.swag4j.cli.page.MetricIntervals.Value;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowIntervalsTest {
  private static final BinningConvention GUO = BinningConvention.GUO;
  private static final int ROWS = 150;

  /** Two classes and others that never come. */
  private static Predictions twoOf(int classes, double bias, long seed) {
    Random random = new Random(seed);
    double[][] p = new double[ROWS][classes];
    int[] labels = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      p[row][1] = 0.1 + 0.8 * random.nextDouble();
      p[row][0] = 1 - p[row][1];
      labels[row] = random.nextDouble() < p[row][1] + bias ? 1 : 0;
    }
    return Predictions.of(p, labels);
  }

  @Test
  void classesThatNeverComeDoNotMakeTheClasswiseErrorMoreCertain() {
    int certain = 0;
    for (int seed = 0; seed < 16; seed++) {
      Options how = new Options(100, 0.9, seed);
      double[] lower = new double[2];
      for (int of = 0; of < 2; of++) {
        MetricIntervals intervals = MetricIntervals.ofAll(twoOf(2 + of, 0.07, seed), GUO, how);
        lower[of] = intervals.get("classwise_ece").orElseThrow().lower();
      }
      // Labels drawn for each class by itself rejected calibration of three where not of two.
      assertThat(lower[1] > 0).as("seed " + seed).isEqualTo(lower[0] > 0);
      certain += lower[0] > 0 ? 1 : 0;
    }
    assertThat(certain).isBetween(1, 15);
  }

  @Test
  void intervalsOfStreamedMeansStayWithinTheirRange() {
    double[][] p = new double[3][];
    Arrays.fill(p, new double[] {0.999, 0.001});
    p[2] = new double[] {0.6, 0.4};
    Options how = new Options(100, 0.95, 0);
    MetricIntervals of =
        MetricIntervals.of(CalibrationSketch.of(Predictions.of(p, new int[3])).summary(), how);
    for (String key : new String[] {"nll", "brier"}) {
      assertThat(of.get(key).map(Value::lower)).as(key).contains(0.0);
    }
    assertThat(of.get("mean_confidence").map(Value::upper)).contains(1.0);
    assertThat(of.get("overconfidence").map(Value::lower).orElseThrow()).isGreaterThan(-1);
  }
}
