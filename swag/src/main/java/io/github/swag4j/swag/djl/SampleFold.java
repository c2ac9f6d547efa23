package io.github.swag4j.swag.djl;

import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * Takes the outputs of samples from the threads that compute them and folds them into accumulators
 * in the order of the samples, whatever the order they end in: one thread and several give the same
 * bits. Also what happens between batches and between samples: progress, cancellation, the rule to
 * stop, the state saved.
 *
 * <p>A thread begins a sample, adds its batches data set by data set, and ends it. A sample that
 * ends before its predecessors waits, holding 8 bytes a row and column; so begin samples in order,
 * and at most a few beyond {@link #folded}. Safe for use by several threads.
 */
final class SampleFold {
  private final List<? extends SampleAccumulator> accumulators;
  private final PredictionControl control;
  private final IntConsumer sampleDone;
  private final SavedPrediction saved;
  private final int samples;
  private final List<Weights> statistics = new ArrayList<>();
  private final List<String> drawn = new ArrayList<>();
  private final String[] inputs;
  private final boolean[] seen;
  private String training;
  private final TreeMap<Integer, Ended> waiting = new TreeMap<>();
  private volatile boolean interrupted;
  private boolean enough;
  private int folded;
  private int savedAt;
  private long batches;

  private record Ended(SampleOutputs outputs, Weights statistics) {}

  /**
   * A fold of no samples.
   *
   * @param accumulators one for each data set
   * @param samples samples wanted
   * @param control how it is watched and ended
   * @param sampleDone hears of the number of samples folded
   * @param what all that must be the same to go on with a saved prediction, but data and weights
   */
  SampleFold(
      List<? extends SampleAccumulator> accumulators,
      int samples,
      PredictionControl control,
      IntConsumer sampleDone,
      String what) {
    this.accumulators = accumulators;
    this.samples = samples;
    this.control = control;
    this.sampleDone = sampleDone;
    this.inputs = new String[accumulators.size()];
    this.seen = new boolean[accumulators.size()];
    this.saved = control.state().map(file -> new SavedPrediction(file, what)).orElse(null);
  }

  /**
   * Goes on from the saved prediction, if one is kept and there.
   *
   * @param draw draws a finished sample again
   * @param statisticsLayout the model's batch-norm statistics
   * @param known the statistics a sample would be predicted with now, empty if not known before
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is of another prediction
   */
  synchronized void resume(
      IntFunction<Weights> draw,
      WeightLayout statisticsLayout,
      IntFunction<Optional<Weights>> known)
      throws IOException {
    if (saved == null || !saved.exists()) {
      return;
    }
    SavedPrediction.State state = saved.read(statisticsLayout);
    if (state.samples() > samples) {
      throw saved.refuse(
          "holds " + state.samples() + " samples, asked for were " + samples + ": ask for as many");
    }
    for (int s = 0; s < state.samples(); s++) {
      if (!WeightFingerprint.of(draw.apply(s)).equals(state.drawn().get(s))) {
        throw saved.refuse("was made with another posterior, sample " + s + " is not the same");
      }
      Weights then = state.statistics().get(s);
      if (known.apply(s).filter(now -> !now.equals(then)).isPresent()) {
        throw saved.refuse("was made with other batch-norm statistics, those of sample " + s);
      }
    }
    if (state.inputs().size() != inputs.length) {
      throw saved.refuse(
          "has " + state.inputs().size() + " data sets, given were " + inputs.length);
    }
    for (int d = 0; d < inputs.length; d++) {
      inputs[d] = state.inputs().get(d);
      accumulators.get(d).restore(state.samples(), state.arrays(d));
    }
    training = state.training();
    statistics.addAll(state.statistics());
    drawn.addAll(state.drawn());
    folded = state.samples();
    savedAt = folded;
    lookForEnough();
  }

  /** Samples folded so far: the first one to begin. */
  synchronized int folded() {
    return folded;
  }

  /**
   * Whether a sample is needed. Samples must be begun in order.
   *
   * @param sample index of the sample
   * @return false once there are enough
   */
  synchronized boolean wants(int sample) {
    return sample < samples && !enough;
  }

  /**
   * Begins a sample.
   *
   * @param sample index of the sample
   * @param weights what it is predicted with
   * @return takes its outputs
   */
  SampleOutputs begin(int sample, Weights weights) {
    List<OutputTable> tables = new ArrayList<>();
    for (SampleAccumulator accumulator : accumulators) {
      tables.add(accumulator.begin(sample));
    }
    String print = saved == null ? "" : WeightFingerprint.of(weights);
    return new SampleOutputs(this, sample, print, tables);
  }

  /**
   * Ends a sample: it is folded, and those after it that waited, or waits for those before it.
   *
   * @param outputs its outputs, every data set ended
   * @param used the batch-norm statistics it was predicted with
   * @throws IOException if the state cannot be saved
   */
  synchronized void end(SampleOutputs outputs, Weights used) throws IOException {
    waiting.put(outputs.sample(), new Ended(outputs, used));
    while (!enough && !waiting.isEmpty() && waiting.firstKey() == folded) {
      fold(waiting.pollFirstEntry().getValue());
    }
    if (enough) {
      waiting.clear();
    }
  }

  private void fold(Ended ended) throws IOException {
    for (int d = 0; d < accumulators.size(); d++) {
      accumulators.get(d).fold(folded, ended.outputs().table(d));
    }
    statistics.add(ended.statistics());
    drawn.add(ended.outputs().drawn());
    folded++;
    lookForEnough();
    if (control.savesAfter(folded)) {
      save();
    }
    sampleDone.accept(folded);
  }

  private void lookForEnough() {
    enough =
        control
            .stop()
            .filter(rule -> folded >= rule.least())
            .filter(rule -> accumulators.stream().allMatch(a -> a.isEnough(rule)))
            .isPresent();
  }

  /** Saves what was folded, if a state is kept and it is not saved yet. */
  synchronized void save() throws IOException {
    if (saved == null || savedAt == folded) {
      return;
    }
    // A thread that is interrupted cannot write: its channel would be closed.
    boolean interruptedNow = Thread.interrupted();
    try {
      saved.write(
          new SavedPrediction.State(
              List.copyOf(drawn),
              Arrays.asList(inputs),
              training,
              List.copyOf(statistics),
              accumulators.stream().map(SampleAccumulator::state).toList()));
      savedAt = folded;
    } finally {
      if (interruptedNow) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Saves what was folded although the prediction fails. */
  void saveAfter(Throwable failure) {
    try {
      save();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Ends the prediction at the next batch of each thread, as if each were interrupted. */
  void interrupt() {
    interrupted = true;
  }

  /** Ends the prediction if that was asked for; also to be called where batches only refresh. */
  void requireWanted() {
    if (interrupted || Thread.currentThread().isInterrupted()) {
      interrupted = true;
      throw new UncheckedIOException(
          new InterruptedIOException(
              "prediction interrupted after " + folded() + " of " + samples + " samples"));
    }
    if (control.isCancelled()) {
      throw new CancellationException(
          "prediction cancelled after " + folded() + " of " + samples + " samples");
    }
  }

  void batchDone(int sample, int dataSet, long rows) {
    synchronized (this) {
      batches++;
      control
          .progress()
          .accept(new PredictionProgress(folded, samples, sample, dataSet, rows, batches));
    }
    requireWanted();
  }

  synchronized void requireSameInputs(int sample, int dataSet, String checksums) {
    if (inputs[dataSet] == null) {
      inputs[dataSet] = checksums;
    }
    if (!inputs[dataSet].equals(checksums)) {
      if (!seen[dataSet]) {
        throw saved.refuse(
            "was made with other inputs, those of data set " + dataSet + " are not the same");
      }
      throw new IllegalArgumentException(
          "every pass over the data must give the same rows, those of data set "
              + dataSet
              + " under sample "
              + sample
              + " are not those of the first pass: do not shuffle it or change its inputs at"
              + " random");
    }
    seen[dataSet] = true;
  }

  /**
   * Inputs that batch norm is refreshed from, between whose batches the prediction can end, and
   * which must be the same at each pass if its state is saved.
   *
   * @param trainingInputs the inputs
   * @return the same batches
   */
  InputBatches watch(InputBatches trainingInputs) {
    return (manager, consumer) -> {
      InputChecksums checksums = new InputChecksums();
      trainingInputs.forEach(
          manager,
          batch -> {
            if (saved != null) {
              checksums.add(batch);
            }
            consumer.accept(batch);
            requireWanted();
          });
      requireSameTraining(checksums.text());
    };
  }

  private synchronized void requireSameTraining(String checksums) {
    if (training == null) {
      training = checksums;
    }
    if (!training.equals(checksums)) {
      throw saved.refuse(
          "needs the same inputs at every pass to refresh batch norm from, also from one run to the"
              + " next, got others: do not shuffle them or change them at random");
    }
  }

  /** The batch-norm statistics of each sample folded. */
  synchronized List<Weights> statistics() {
    return List.copyOf(statistics);
  }
}
