package io.github.swag4j.swag.djl;

import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.BayesianPredictor.RowListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * How a {@link BayesianPredictor} predicts.
 *
 * @param samples how many, or {@link #UNSAID}
 * @param seed of the samples
 * @param output what a classifier gives
 * @param asSaid whether that is not held against the numbers
 * @param statistics where batch-norm statistics come from
 * @param keepSamples whether single samples are kept in the results
 * @param progress hears of each sample
 * @param rows hears of each row under each sample
 * @param streams files single samples are streamed to, one for each data set; none for none
 * @param control how the prediction is watched and ended
 * @param execution how the passes run
 */
record PredictorOptions(
    int samples,
    long seed,
    Output output,
    boolean asSaid,
    BatchNormSource statistics,
    boolean keepSamples,
    IntConsumer progress,
    RowListener rows,
    List<Path> streams,
    PredictionControl control,
    Execution execution) {

  /** Who runs the passes, and whether dropout is active in them. */
  record Execution(boolean dropout, Workers workers) {}

  /** Samples where nobody said how many, of a posterior that has any number. */
  static final int SAMPLES = 30;

  /** Nobody said how many. */
  static final int UNSAID = -1;

  /** The listener of nothing. */
  static final RowListener NO_ROWS = (dataSet, sample, row, probabilities) -> {};

  PredictorOptions {
    if (samples < 1 && samples != UNSAID) {
      throw new IllegalArgumentException("samples must be at least 1, got " + samples);
    }
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(progress, "sample listener");
    Objects.requireNonNull(rows, "row listener");
    Objects.requireNonNull(control, "control");
    streams = List.copyOf(streams);
  }

  static PredictorOptions defaults() {
    return new PredictorOptions(
        UNSAID,
        0,
        Output.LOGITS,
        false,
        new BatchNormSource.Unsaid(),
        false,
        i -> {},
        NO_ROWS,
        List.of(),
        PredictionControl.none(),
        new Execution(false, Workers.one()));
  }

  PredictorOptions withSamples(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + count);
    }
    return new PredictorOptions(
        count,
        seed,
        output,
        asSaid,
        statistics,
        keepSamples,
        progress,
        rows,
        streams,
        control,
        execution);
  }

  PredictorOptions withSeed(long value) {
    return new PredictorOptions(
        samples,
        value,
        output,
        asSaid,
        statistics,
        keepSamples,
        progress,
        rows,
        streams,
        control,
        execution);
  }

  PredictorOptions withOutput(Output what, boolean withoutCheck) {
    return new PredictorOptions(
        samples,
        seed,
        what,
        withoutCheck,
        statistics,
        keepSamples,
        progress,
        rows,
        streams,
        control,
        execution);
  }

  PredictorOptions withStatistics(BatchNormSource source) {
    return new PredictorOptions(
        samples,
        seed,
        output,
        asSaid,
        source,
        keepSamples,
        progress,
        rows,
        streams,
        control,
        execution);
  }

  PredictorOptions withKeptSamples() {
    return new PredictorOptions(
        samples,
        seed,
        output,
        asSaid,
        statistics,
        true,
        progress,
        rows,
        streams,
        control,
        execution);
  }

  PredictorOptions withProgress(IntConsumer listener) {
    return new PredictorOptions(
        samples,
        seed,
        output,
        asSaid,
        statistics,
        keepSamples,
        listener,
        rows,
        streams,
        control,
        execution);
  }

  PredictorOptions withRows(RowListener listener) {
    return new PredictorOptions(
        samples,
        seed,
        output,
        asSaid,
        statistics,
        keepSamples,
        progress,
        listener,
        streams,
        control,
        execution);
  }

  PredictorOptions withStreams(List<Path> files) {
    return new PredictorOptions(
        samples,
        seed,
        output,
        asSaid,
        statistics,
        keepSamples,
        progress,
        rows,
        files,
        control,
        execution);
  }

  PredictorOptions withControl(PredictionControl how) {
    return new PredictorOptions(
        samples,
        seed,
        output,
        asSaid,
        statistics,
        keepSamples,
        progress,
        rows,
        streams,
        how,
        execution);
  }

  PredictorOptions withDropout() {
    return withExecution(new Execution(true, execution.workers()));
  }

  PredictorOptions withWorkers(Workers who) {
    return withExecution(
        new Execution(execution.dropout(), Objects.requireNonNull(who, "workers")));
  }

  private PredictorOptions withExecution(Execution how) {
    return new PredictorOptions(
        samples,
        seed,
        output,
        asSaid,
        statistics,
        keepSamples,
        progress,
        rows,
        streams,
        control,
        how);
  }

  boolean dropout() {
    return execution.dropout();
  }

  /** Refuses what only class probabilities have. */
  void requireNoStreams(String what) {
    if (!streams.isEmpty() || rows != NO_ROWS) {
      throw new IllegalArgumentException(
          what
              + " has no class probabilities to stream or to hear of: call keepSamples for single"
              + " samples");
    }
  }

  /** Refuses what was said of a classifier. */
  void requireNoClassOutputs(String what) {
    requireNoStreams(what);
    if (output != Output.LOGITS) {
      throw new IllegalArgumentException(
          what + " has no classes, got output(Output." + output + "): leave it out");
    }
  }

  private String statisticsText() {
    String kind = statistics.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    return statistics instanceof BatchNormSource.Refresh from
        ? kind + " " + from.weighting().name()
        : kind;
  }

  /** What must be the same to go on with a saved prediction, but weights and inputs. */
  String description(String kind, String known) {
    return String.join(
        ", ",
        kind,
        "seed " + seed,
        "batch norm " + statisticsText(),
        "dropout " + dropout(),
        "samples " + (keepSamples ? "kept" : "not kept"),
        "rule " + control.stop().map(r -> r.of().name()).orElse("none"),
        "labels " + known);
  }
}
