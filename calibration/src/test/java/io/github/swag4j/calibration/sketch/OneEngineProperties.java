package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Bins that are known before the rows hold the same bits in memory and in a sketch. */
class OneEngineProperties {

  @Property(tries = 300)
  void binsInMemoryAreThoseOfASketchBitForBit(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 5) int columns,
      @ForAll boolean single,
      @ForAll boolean weighted) {
    Predictions p = predictions(new Random(seed), rows, columns, single, weighted);
    for (BinningConvention convention : BinningConvention.all()) {
      if (convention.hasFixedBins()) {
        CalibrationSummary summary = CalibrationSketch.of(p, convention).summary();
        CalibrationError error = CalibrationError.of(p, convention);
        assertThat(error.binning().bins())
            .as(convention.toString())
            .isEqualTo(summary.binning().bins());
        assertThat(error.ece()).isEqualTo(summary.ece());
      }
    }
  }

  private static Predictions predictions(
      Random random, int rows, int columns, boolean single, boolean weighted) {
    int classes = Math.max(2, columns);
    double[] p = new double[rows * columns];
    int[] labels = new int[rows];
    double[] weights = new double[rows];
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int k = 0; k < columns; k++) {
        // Some at the edges of bins, some 0, some 1.
        p[r * columns + k] =
            random.nextInt(3) == 0 ? random.nextInt(16) / 15.0 : random.nextDouble();
        sum += p[r * columns + k];
      }
      for (int k = 0; columns > 1 && k < columns; k++) {
        p[r * columns + k] = sum > 0 ? p[r * columns + k] / sum : 1.0 / columns;
      }
      labels[r] = random.nextInt(classes);
      weights[r] =
          random.nextInt(4) == 0 ? 1 : Math.scalb(random.nextDouble(), random.nextInt(60) - 30);
    }
    weights[0] = 2;
    PredictionsBuilder builder = Predictions.builder().labels(labels);
    if (weighted) {
      builder.weights(weights);
    }
    if (columns == 1) {
      return builder.positiveProbabilities(p).build();
    }
    if (!single) {
      return builder.probabilities(p, columns).build();
    }
    float[] floats = new float[p.length];
    for (int i = 0; i < p.length; i++) {
      floats[i] = (float) p[i];
    }
    return builder.probabilities(floats, columns).build();
  }
}
