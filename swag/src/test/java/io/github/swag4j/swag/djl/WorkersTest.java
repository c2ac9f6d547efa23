package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final int ROWS = 23;
  private NDManager manager;
  private Block block;

  @BeforeEach
  void makeModel() {
    manager = NDManager.newBaseManager();
    Engine.getInstance().setRandomSeed(5);
    block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(6).build())
            .add(BatchNorm.builder().build())
            .add(Dropout.builder().optRate(0.3f).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static SwagPosterior posterior(WeightLayout layout) {
    SwagCollector collector =
        new SwagCollector(AveragingPlan.epochs(), SwagPosterior.Options.defaults());
    Random random = new Random(3);
    for (int n = 0; n < 5; n++) {
      float[][] values = new float[layout.tensors().size()][];
      for (int t = 0; t < values.length; t++) {
        values[t] = new float[layout.tensor(t).size()];
        for (int i = 0; i < values[t].length; i++) {
          values[t][i] = (float) (0.3 + 0.5 * random.nextGaussian());
        }
      }
      collector.collect(Weights.of(layout, values));
    }
    return collector.posterior();
  }

  private static InputBatches inputs(int seed, int rows, int batch) {
    float[] values = new float[rows * 4];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return (parent, consumer) -> {
      for (int from = 0; from < rows; from += batch) {
        int n = Math.min(batch, rows - from);
        float[] part = Arrays.copyOfRange(values, from * 4, (from + n) * 4);
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(part, new Shape(n, 4))));
        }
      }
    };
  }

  private BayesianPredictor predictor(Workers workers) {
    return predictor(block, workers);
  }

  private static BayesianPredictor predictor(Block model, Workers workers) {
    return BayesianPredictor.of(model, posterior(ModelWeights.of(model).layout()))
        .samples(11)
        .seed(8)
        .refreshBatchNorm(inputs(1, 40, 8))
        .workers(workers);
  }

  private static void requireSameBits(Predictions a, Predictions b) {
    assertThat(a.rows()).isEqualTo(b.rows());
    for (int r = 0; r < a.rows(); r++) {
      assertThat(a.probabilities(r)).isEqualTo(b.probabilities(r));
      assertThat(a.expectedEntropy(r)).isEqualTo(b.expectedEntropy(r));
    }
  }

  /** Tests run with one of the engine's threads, so that even one at a time gives the same bits. */
  @Test
  void anyNumberOfWorkersGivesTheSameBits() throws IOException {
    Predictions one = predictor(Workers.one()).predict(inputs(2, ROWS, 5), null);
    for (Workers workers :
        List.of(Workers.of(2), Workers.of(40), Workers.atMost(3), Workers.auto())) {
      Predictions several = predictor(workers).predict(inputs(2, ROWS, 5), null);
      for (int r = 0; r < ROWS; r++) {
        assertThat(several.probability(r, 0)).isCloseTo(one.probability(r, 0), within(1e-6));
      }
      requireSameBits(several, predictor(workers).predict(inputs(2, ROWS, 5), null));
      requireSameBits(several, one);
    }
  }

  @Test
  void everyDataSetAndSampleIsThereInOrder() throws IOException {
    List<Integer> done = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    BayesianPredictor.Result got =
        predictor(Workers.of(3))
            .onSample(done::add)
            .onRow((set, sample, row, p) -> rows.add(sample + "/" + set + "/" + row))
            .predictAll(
                List.of(new Labelled(inputs(2, 3, 2), null), new Labelled(inputs(3, 2, 2), null)));
    assertThat(done).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertThat(got.statistics()).hasSize(11);
    assertThat(rows).hasSize(55);
    assertThat(rows.subList(0, 7))
        .containsExactly("0/0/0", "0/0/1", "0/0/2", "0/1/0", "0/1/1", "1/0/0", "1/0/1");
    BayesianPredictor.Result one =
        predictor(Workers.one())
            .predictAll(
                List.of(new Labelled(inputs(2, 3, 2), null), new Labelled(inputs(3, 2, 2), null)));
    assertThat(got.statistics()).isEqualTo(one.statistics());
  }

  @Test
  void theLiveModelIsNotTouchedWhileTheyWork() throws IOException {
    Weights weights = ModelWeights.of(block).capture();
    Weights statistics = ModelWeights.statistics(block).capture();
    predictor(Workers.of(2))
        .onSample(
            s -> {
              assertThat(ModelWeights.of(block).capture()).isEqualTo(weights);
              assertThat(ModelWeights.statistics(block).capture()).isEqualTo(statistics);
            })
        .predict(inputs(2, ROWS, 5), null);
    assertThat(ModelWeights.of(block).capture()).isEqualTo(weights);
  }

  @Test
  void archivesAreReplicatedToo() throws Exception {
    Path archive =
        Path.of(
            WeightPosterior.class
                .getResource("/io/github/swag4j/swag/golden/dropout-scripted.pt")
                .toURI());
    try (Model model = TorchScriptModels.load(archive)) {
      Predictions one = predictor(model.getBlock(), Workers.one()).predict(inputs(2, 9, 4), null);
      Predictions two = predictor(model.getBlock(), Workers.of(2)).predict(inputs(2, 9, 4), null);
      for (int r = 0; r < 9; r++) {
        assertThat(two.probability(r, 0)).isCloseTo(one.probability(r, 0), within(1e-6));
      }
    }
  }

  @Test
  void theFirstFailureEndsAll() {
    AtomicInteger passes = new AtomicInteger();
    InputBatches good = inputs(2, ROWS, 5);
    InputBatches failing =
        (parent, consumer) -> {
          if (passes.incrementAndGet() == 4) {
            throw new IOException("gone");
          }
          good.forEach(parent, consumer);
        };
    Weights weights = ModelWeights.of(block).capture();
    assertThatThrownBy(() -> predictor(Workers.of(3)).predict(failing, null))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
    assertThat(ModelWeights.of(block).capture()).isEqualTo(weights);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().startsWith("swag4j-sample"));
  }

  @Test
  void aFailureBeyondTheSamplesThatAreEnoughIsNoneOfThePrediction() throws IOException {
    CountDownLatch failed = new CountDownLatch(1);
    AtomicInteger passes = new AtomicInteger();
    InputBatches good = inputs(2, ROWS, 5);
    InputBatches late =
        (parent, consumer) -> {
          if (passes.incrementAndGet() == 1) {
            awaitOrGiveUp(failed);
          }
          good.forEach(parent, consumer);
        };
    PredictionControl control =
        PredictionControl.none()
            .withStop(StopRule.probabilities(1e6, 3))
            .withProgress(
                p -> {
                  if (p.sample() >= 3) {
                    failed.countDown();
                    throw new IllegalStateException("sample " + p.sample());
                  }
                });
    BayesianPredictor.Result got =
        predictor(Workers.of(3)).control(control).predictAll(List.of(new Labelled(late, null)));
    assertThat(failed.getCount()).isZero();
    assertThat(got.statistics()).hasSize(3);
  }

  private static void awaitOrGiveUp(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IOException("nothing failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  @Test
  void anInterruptEndsThemAndStaysSet() {
    Thread caller = Thread.currentThread();
    assertThatThrownBy(
            () ->
                predictor(Workers.of(2))
                    .onSample(s -> interruptUntilSeen(caller))
                    .predict(inputs(2, ROWS, 5), null))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessageContaining("prediction interrupted after");
    assertThat(Thread.interrupted()).isTrue();
  }

  /** Holds a sample back until the caller has seen it: else all may be done before. */
  private static void interruptUntilSeen(Thread caller) {
    caller.interrupt();
    try {
      for (int wait = 0; wait < 1_000 && caller.isInterrupted(); wait++) {
        Thread.sleep(5);
      }
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void masksOfDropoutAreDrawnByOneAtATime() throws IOException {
    BayesianPredictor dropout = predictor(Workers.of(2)).monteCarloDropout();
    assertThatThrownBy(() -> dropout.predict(inputs(2, ROWS, 5), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call workers(Workers.one())");
    requireSameBits(
        dropout.workers(Workers.auto()).predict(inputs(2, ROWS, 5), null),
        dropout.workers(Workers.one()).predict(inputs(2, ROWS, 5), null));
    assertThatThrownBy(() -> Workers.of(0)).hasMessage("workers must be at least 1, got 0");
  }

  @Test
  void automaticWorkersFitIntoMemory() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(Workers.auto().count(30, 1 << 20)).isEqualTo(Math.min(processors, 30));
    assertThat(Workers.auto().count(1, 1 << 20)).isEqualTo(1);
    assertThat(Workers.auto().count(30, 1L << 31)).isEqualTo(1);
    assertThat(Workers.of(5).count(3, 1L << 31)).isEqualTo(3);
  }
}
