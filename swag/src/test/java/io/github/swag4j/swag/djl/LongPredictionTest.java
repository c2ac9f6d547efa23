package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.BayesianPredictor.Result;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Progress, cancellation, interruption, and going on from a saved state. */
class LongPredictionTest {
  private static final int ROWS = 20;
  private static final int SAMPLES = 6;

  @TempDir private Path folder;
  private NDManager manager;
  private Block block;
  private ShiftedWeights posterior;
  private Weights weights;
  private Weights statistics;

  @BeforeEach
  void makeModel() {
    manager = NDManager.newBaseManager();
    block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(5).build())
            .add(BatchNorm.builder().build())
            .add(Linear.builder().setUnits(3).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    posterior = ShiftedWeights.of(block, 0.5f);
    weights = ModelWeights.of(block).capture();
    statistics = ModelWeights.statistics(block).capture();
  }

  @AfterEach
  void theModelIsUntouchedWhateverHappened() {
    assertThat(ModelWeights.of(block).capture()).isEqualTo(weights);
    assertThat(ModelWeights.statistics(block).capture()).isEqualTo(statistics);
    manager.close();
  }

  private BayesianPredictor predictor() {
    return BayesianPredictor.of(block, posterior)
        .samples(SAMPLES)
        .seed(3)
        .refreshBatchNorm(ShiftedWeights.inputs(9, 400, 100));
  }

  private static List<Labelled> sets() {
    int[] labels = new int[ROWS];
    Arrays.setAll(labels, r -> r % 3);
    return List.of(
        new Labelled(ShiftedWeights.inputs(1, ROWS, 8), labels),
        new Labelled(ShiftedWeights.inputs(2, ROWS, 8), null));
  }

  private static void requireSame(Result got, Result expected) {
    assertThat(got.statistics()).isEqualTo(expected.statistics());
    assertThat(got.curves()).isEqualTo(expected.curves());
    for (int d = 0; d < 2; d++) {
      Predictions a = got.predictions().get(d);
      Predictions b = expected.predictions().get(d);
      assertThat(a.samples()).isEqualTo(b.samples());
      for (int r = 0; r < ROWS; r++) {
        assertThat(a.probabilities(r)).isEqualTo(b.probabilities(r));
        assertThat(a.expectedEntropy(r)).isEqualTo(b.expectedEntropy(r));
        for (int s = 0; s < a.samples(); s++) {
          assertThat(a.sampleProbability(s, r, 1)).isEqualTo(b.sampleProbability(s, r, 1));
        }
      }
    }
  }

  @Test
  void everyBatchIsReported() throws IOException {
    List<PredictionProgress> heard = new ArrayList<>();
    predictor().control(PredictionControl.none().withProgress(heard::add)).predictAll(sets());
    assertThat(heard).hasSize(SAMPLES * 2 * 3);
    assertThat(heard.get(0)).isEqualTo(new PredictionProgress(0, SAMPLES, 0, 0, 8, 1));
    assertThat(heard.get(7)).isEqualTo(new PredictionProgress(1, SAMPLES, 1, 0, 16, 8));
    assertThat(heard.get(35)).isEqualTo(new PredictionProgress(5, SAMPLES, 5, 1, 20, 36));
  }

  @Test
  void aCancelledPredictionEndsAtTheNextBatch() {
    int[] batches = {0};
    PredictionControl control =
        PredictionControl.none()
            .withProgress(p -> batches[0]++)
            .withCancellation(() -> batches[0] == 8);
    assertThatThrownBy(() -> predictor().control(control).predictAll(sets()))
        .isInstanceOf(CancellationException.class)
        .hasMessage("prediction cancelled after 1 of 6 samples");
    assertThat(batches[0]).isEqualTo(8);
  }

  @Test
  void anInterruptedPredictionEndsAtTheNextBatchAndTheThreadIsInterruptedStill() {
    int[] batches = {0};
    PredictionControl control =
        PredictionControl.none()
            .withProgress(
                p -> {
                  if (++batches[0] == 8) {
                    Thread.currentThread().interrupt();
                  }
                });
    assertThatThrownBy(() -> predictor().control(control).predictAll(sets()))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("prediction interrupted after 1 of 6 samples");
    assertThat(batches[0]).isEqualTo(8);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aFailureInTheMiddleIsHandedOn() {
    int[] batches = {0};
    PredictionControl control =
        PredictionControl.none()
            .withProgress(
                p -> {
                  if (++batches[0] == 8) {
                    throw new IllegalStateException("the window was closed");
                  }
                });
    assertThatThrownBy(() -> predictor().control(control).predictAll(sets()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the window was closed");
  }

  @Test
  void severalWorkersAreCancelledAndGoOnToo() throws IOException {
    BayesianPredictor two = predictor().keepSamples().workers(Workers.of(2));
    Result expected = two.predictAll(sets());
    PredictionControl control =
        PredictionControl.none().resumable(folder.resolve("two.safetensors"), 1);
    AtomicInteger finished = new AtomicInteger();
    assertThatThrownBy(
            () ->
                two.control(
                        control
                            .withProgress(p -> finished.set(p.samplesDone()))
                            .withCancellation(() -> finished.get() >= 1))
                    .predictAll(sets()))
        .isInstanceOf(CancellationException.class);
    List<Integer> done = new ArrayList<>();
    requireSame(two.control(control).onSample(done::add).predictAll(sets()), expected);
    assertThat(done).hasSizeBetween(1, SAMPLES - 1);
  }

  @Test
  void aRefreshOfBatchNormEndsBetweenItsBatchesToo() {
    int[] batches = {0};
    InputBatches training =
        (parent, consumer) ->
            ShiftedWeights.inputs(9, 400, 100)
                .forEach(
                    parent,
                    batch -> {
                      if (++batches[0] == 2) {
                        Thread.currentThread().interrupt();
                      }
                      consumer.accept(batch);
                    });
    assertThatThrownBy(() -> predictor().refreshBatchNorm(training).predictAll(sets()))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(batches[0]).isEqualTo(2);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void inputsThatDifferFromPassToPassAreRefusedForInputBatchesToo() {
    int[] passes = {0};
    InputBatches changing =
        (parent, consumer) -> ShiftedWeights.inputs(passes[0]++, ROWS, 8).forEach(parent, consumer);
    assertThatThrownBy(() -> predictor().predict(changing, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("data set 0 under sample 1", "do not shuffle it");
  }

  @Test
  void whatWasBrokenOffAnywhereGoesOnToTheSameBits() throws IOException {
    Result expected = predictor().keepSamples().predictAll(sets());
    for (int stop = 1; stop < SAMPLES; stop++) {
      Path file = folder.resolve(stop + ".safetensors");
      int[] samples = {0};
      int last = stop;
      PredictionControl control = PredictionControl.none().resumable(file, 2);
      BayesianPredictor predictor = predictor().keepSamples();
      assertThatThrownBy(
              () ->
                  predictor
                      .control(control.withCancellation(() -> samples[0] == last))
                      .onSample(s -> samples[0] = s)
                      .predictAll(sets()))
          .isInstanceOf(CancellationException.class);
      List<Integer> drawn = new ArrayList<>();
      Result resumed = predictor.control(control).onSample(drawn::add).predictAll(sets());
      assertThat(drawn).first().isEqualTo(stop + 1);
      requireSame(resumed, expected);
    }
  }

  @Test
  void aFinishedPredictionTakesNoSamplesAgainAndMoreSamplesOnlyTheNewOnes() throws IOException {
    Path file = folder.resolve("state.safetensors");
    PredictionControl control = PredictionControl.none().resumable(file, 100);
    List<Integer> done = new ArrayList<>();
    Result first = predictor().control(control).predictAll(sets());
    Result again = predictor().control(control).onSample(done::add).predictAll(sets());
    assertThat(done).isEmpty();
    requireSame(again, first);
    Result more = predictor().samples(8).control(control).onSample(done::add).predictAll(sets());
    assertThat(done).containsExactly(7, 8);
    requireSame(more, predictor().samples(8).predictAll(sets()));
    assertThatThrownBy(() -> predictor().samples(3).control(control).predictAll(sets()))
        .hasMessageContaining("holds 8 samples, asked for were 3");
  }

  @Test
  void aStateIsSavedAlsoWhenTheThreadIsInterrupted() throws IOException {
    Path file = folder.resolve("state.safetensors");
    PredictionControl control = PredictionControl.none().resumable(file, 100);
    assertThatThrownBy(
            () ->
                predictor()
                    .control(control)
                    .onSample(
                        s -> {
                          if (s == 4) {
                            Thread.currentThread().interrupt();
                          }
                        })
                    .predictAll(sets()))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    List<Integer> done = new ArrayList<>();
    requireSame(
        predictor().control(control).onSample(done::add).predictAll(sets()),
        predictor().predictAll(sets()));
    assertThat(done).containsExactly(5, 6);
  }

  @Test
  void aStateOfAnotherPredictionIsRefused() throws IOException {
    Path file = folder.resolve("state.safetensors");
    PredictionControl control = PredictionControl.none().resumable(file, 1);
    predictor().samples(2).control(control).predictAll(sets());
    byte[] saved = Files.readAllBytes(file);
    BayesianPredictor same = predictor().control(control);
    refuse(same.seed(4), sets(), "then", "seed 3", "now", "seed 4", "remove the file");
    refuse(same.keepSamples(), sets(), "samples kept");
    BayesianPredictor other =
        BayesianPredictor.of(block, ShiftedWeights.of(block, 0.4f))
            .samples(SAMPLES)
            .seed(3)
            .refreshBatchNorm(ShiftedWeights.inputs(9, 400, 100))
            .control(control);
    refuse(other, sets(), "another posterior, sample 0");
    List<Labelled> rows =
        List.of(sets().get(0), new Labelled(ShiftedWeights.inputs(3, ROWS, 8), null));
    refuse(same, rows, "other inputs, those of data set 1");
    List<Labelled> labels =
        List.of(new Labelled(sets().get(0).inputs(), new int[ROWS]), sets().get(1));
    refuse(same, labels, "labels ");
    refuse(same, sets().subList(0, 1), "labels ");
    refuse(
        same.refreshBatchNorm(ShiftedWeights.inputs(8, 400, 100)),
        sets(),
        "the same inputs at every pass to refresh batch norm from");
    assertThat(Files.readAllBytes(file)).isEqualTo(saved);
    saved[saved.length - 3] ^= 1;
    Files.write(file, saved);
    assertThatThrownBy(() -> same.predictAll(sets()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void aFinishedPredictionOfOtherDataIsRefused() throws IOException {
    Path file = folder.resolve("state.safetensors");
    PredictionControl control = PredictionControl.none().resumable(file, 1);
    BayesianPredictor same = predictor().control(control);
    same.predictAll(sets());
    List<Labelled> rows =
        List.of(sets().get(0), new Labelled(ShiftedWeights.inputs(3, ROWS, 8), null));
    refuse(same, rows, "other inputs, those of data set 1");
    refuse(
        same.refreshBatchNorm(ShiftedWeights.inputs(8, 400, 100)),
        sets(),
        "the same inputs at every pass to refresh batch norm from");
  }

  @Test
  void samplesOfOtherBatchNormStatisticsAreNotMixed() throws IOException {
    Path file = folder.resolve("state.safetensors");
    PredictionControl control = PredictionControl.none().resumable(file, 1);
    List<Weights> used = predictor().predictAll(sets()).statistics();
    List<Weights> others =
        predictor()
            .refreshBatchNorm(ShiftedWeights.inputs(8, 400, 100))
            .predictAll(sets())
            .statistics();
    BayesianPredictor stored = predictor().batchNormStatistics(used).control(control);
    stored.samples(2).predictAll(sets());
    refuse(stored.batchNormStatistics(others), sets(), "other batch-norm statistics", "sample 0");
    assertThat(stored.predictAll(sets()).statistics()).isEqualTo(used);

    Files.delete(file);
    BayesianPredictor own = predictor().modelStatistics().control(control);
    own.samples(2).predictAll(sets());
    ModelWeights.statistics(block).write(others.get(0));
    try {
      refuse(own, sets(), "other batch-norm statistics", "sample 0");
    } finally {
      ModelWeights.statistics(block).write(statistics);
    }
    assertThat(own.predictAll(sets()).statistics()).hasSize(SAMPLES).containsOnly(statistics);
  }

  @Test
  void anotherWeightingOfBatchNormIsAnotherPrediction() throws IOException {
    Path file = folder.resolve("state.safetensors");
    InputBatches training = ShiftedWeights.inputs(9, 400, 100);
    BayesianPredictor pooled =
        predictor()
            .refreshBatchNorm(training, BatchNormRefresh.Weighting.POOLED)
            .control(PredictionControl.none().resumable(file, 1));
    pooled.samples(2).predictAll(sets());
    refuse(
        pooled.refreshBatchNorm(training, BatchNormRefresh.Weighting.PER_BATCH),
        sets(),
        "refresh POOLED",
        "refresh PER_BATCH");
  }

  private static void refuse(BayesianPredictor predictor, List<Labelled> sets, String... words) {
    assertThatThrownBy(() -> predictor.predictAll(sets))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("state.safetensors")
        .hasMessageContainingAll(words);
  }

  @Test
  void samplesAreNotStreamedToAFileThatWouldHaveToBeGoneOnWith() {
    assertThatThrownBy(
            () ->
                predictor()
                    .streamSamples(folder.resolve("a.npz"), folder.resolve("b.npz"))
                    .control(PredictionControl.none().resumable(folder.resolve("s.safetensors"), 1))
                    .predictAll(sets()))
        .hasMessageContaining("call keepSamples");
    assertThatThrownBy(() -> PredictionControl.none().resumable(folder.resolve("s"), 0))
        .hasMessageContaining("got every 0");
  }
}
