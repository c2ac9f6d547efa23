package io.github.swag4j.swag.djl;

import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.BayesianPredictor.RowListener;
import java.util.Objects;
import java.util.function.IntConsumer;

/** How a {@link BayesianPredictor} predicts. */
record PredictorOptions(
    int samples,
    long seed,
    Output output,
    BatchNormSource statistics,
    boolean keepSamples,
    boolean dropout,
    IntConsumer progress,
    RowListener rows) {

  /** Samples where nobody said how many, of a posterior that has any number. */
  static final int SAMPLES = 30;

  /** Nobody said how many. */
  static final int UNSAID = -1;

  PredictorOptions {
    if (samples < 1 && samples != UNSAID) {
      throw new IllegalArgumentException("samples must be at least 1, got " + samples);
    }
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(progress, "sample listener");
    Objects.requireNonNull(rows, "row listener");
  }

  static PredictorOptions defaults() {
    return new PredictorOptions(
        UNSAID,
        0,
        Output.LOGITS,
        new BatchNormSource.Unsaid(),
        false,
        false,
        i -> {},
        (dataSet, sample, row, probabilities) -> {});
  }

  PredictorOptions withSamples(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + count);
    }
    return new PredictorOptions(
        count, seed, output, statistics, keepSamples, dropout, progress, rows);
  }

  PredictorOptions withSeed(long value) {
    return new PredictorOptions(
        samples, value, output, statistics, keepSamples, dropout, progress, rows);
  }

  PredictorOptions withOutput(Output what) {
    return new PredictorOptions(
        samples, seed, what, statistics, keepSamples, dropout, progress, rows);
  }

  PredictorOptions withStatistics(BatchNormSource source) {
    return new PredictorOptions(
        samples, seed, output, source, keepSamples, dropout, progress, rows);
  }

  PredictorOptions withKeptSamples() {
    return new PredictorOptions(samples, seed, output, statistics, true, dropout, progress, rows);
  }

  PredictorOptions withProgress(IntConsumer listener) {
    return new PredictorOptions(
        samples, seed, output, statistics, keepSamples, dropout, listener, rows);
  }

  PredictorOptions withRows(RowListener listener) {
    return new PredictorOptions(
        samples, seed, output, statistics, keepSamples, dropout, progress, listener);
  }

  PredictorOptions withDropout() {
    return new PredictorOptions(
        samples, seed, output, statistics, keepSamples, true, progress, rows);
  }
}
