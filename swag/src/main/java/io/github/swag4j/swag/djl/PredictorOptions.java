package io.github.swag4j.swag.djl;

import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.BayesianPredictor.RowListener;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** How a {@link BayesianPredictor} predicts. A value: each {@code with} gives a copy. */
final class PredictorOptions {

  /** Samples where nobody said how many, of a posterior that has any number. */
  static final int SAMPLES = 30;

  /** Nobody said how many. */
  static final int UNSAID = -1;

  /** The listener of nothing. */
  static final RowListener NO_ROWS = (dataSet, sample, row, probabilities) -> {};

  private int samples = UNSAID;
  private long seed;
  private Output output = Output.LOGITS;
  private boolean asSaid;
  private BatchNormSource statistics = new BatchNormSource.Unsaid();
  private boolean keepSamples;
  private IntConsumer progress = i -> {};
  private RowListener rows = NO_ROWS;
  private List<Path> streams = List.of();
  private PredictionControl control = PredictionControl.none();
  private boolean dropout;
  private Workers workers = Workers.one();
  private List<String> classNames = List.of();

  private PredictorOptions() {}

  static PredictorOptions defaults() {
    return new PredictorOptions();
  }

  private PredictorOptions with(Consumer<PredictorOptions> change) {
    PredictorOptions copy = new PredictorOptions();
    copy.samples = samples;
    copy.seed = seed;
    copy.output = output;
    copy.asSaid = asSaid;
    copy.statistics = statistics;
    copy.keepSamples = keepSamples;
    copy.progress = progress;
    copy.rows = rows;
    copy.streams = streams;
    copy.control = control;
    copy.dropout = dropout;
    copy.workers = workers;
    copy.classNames = classNames;
    change.accept(copy);
    return copy;
  }

  PredictorOptions withSamples(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + count);
    }
    return with(o -> o.samples = count);
  }

  PredictorOptions withSeed(long value) {
    return with(o -> o.seed = value);
  }

  PredictorOptions withOutput(Output what, boolean withoutCheck) {
    Objects.requireNonNull(what, "output");
    return with(
        o -> {
          o.output = what;
          o.asSaid = withoutCheck;
        });
  }

  PredictorOptions withStatistics(BatchNormSource source) {
    return with(o -> o.statistics = source);
  }

  PredictorOptions withKeptSamples() {
    return with(o -> o.keepSamples = true);
  }

  PredictorOptions withProgress(IntConsumer listener) {
    Objects.requireNonNull(listener, "sample listener");
    return with(o -> o.progress = listener);
  }

  PredictorOptions withRows(RowListener listener) {
    Objects.requireNonNull(listener, "row listener");
    return with(o -> o.rows = listener);
  }

  PredictorOptions withStreams(List<Path> files) {
    List<Path> copy = List.copyOf(files);
    return with(o -> o.streams = copy);
  }

  PredictorOptions withControl(PredictionControl how) {
    Objects.requireNonNull(how, "control");
    return with(o -> o.control = how);
  }

  PredictorOptions withDropout() {
    return with(o -> o.dropout = true);
  }

  PredictorOptions withWorkers(Workers who) {
    Objects.requireNonNull(who, "workers");
    return with(o -> o.workers = who);
  }

  PredictorOptions withClassNames(List<String> names) {
    List<String> copy = List.copyOf(names);
    if (copy.size() < 2 || new HashSet<>(copy).size() < copy.size()) {
      throw new IllegalArgumentException(
          "class names must be two or more and differ, got " + copy + ": name each class once");
    }
    return with(o -> o.classNames = copy);
  }

  /** How many, or {@link #UNSAID}. */
  int samples() {
    return samples;
  }

  long seed() {
    return seed;
  }

  /** What a classifier gives. */
  Output output() {
    return output;
  }

  /** Whether that is not held against the numbers. */
  boolean asSaid() {
    return asSaid;
  }

  /** Where batch-norm statistics come from. */
  BatchNormSource statistics() {
    return statistics;
  }

  /** Whether single samples are kept in the results. */
  boolean keepSamples() {
    return keepSamples;
  }

  /** Hears of each sample. */
  IntConsumer progress() {
    return progress;
  }

  /** Hears of each row under each sample. */
  RowListener rows() {
    return rows;
  }

  /** Files single samples are streamed to, one for each data set; none for none. */
  List<Path> streams() {
    return streams;
  }

  /** How the prediction is watched and ended. */
  PredictionControl control() {
    return control;
  }

  /** Who runs the passes. */
  Workers workers() {
    return workers;
  }

  /** Whether dropout is active in them. */
  boolean dropout() {
    return dropout;
  }

  /** Names of the classes; none if nobody said them. */
  List<String> classNames() {
    return classNames;
  }

  /** Name of a class, its index if nobody said it. */
  String className(int k) {
    return classNames.isEmpty() ? Integer.toString(k) : classNames.get(k);
  }

  /** Refuses a model of another number of classes than have names, and labels that are none. */
  void requireClasses(int[] labels, int width) {
    int classes = Math.max(width, 2);
    if (!classNames.isEmpty() && classNames.size() != classes) {
      throw new IllegalArgumentException(
          "class names must be one for each of the model's "
              + classes
              + " classes, got "
              + classNames.size()
              + ": "
              + classNames);
    }
    ClassOutputs.requireLabels(labels, width);
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
    if (!classNames.isEmpty()) {
      throw new IllegalArgumentException(
          what + " has no classes, got classNames(" + classNames + "): leave them out");
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
