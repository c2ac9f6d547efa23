package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Samples may come from several threads in any order; the result is that of one thread. */
class SampleFoldTest {
  private static final int ROWS = 9;
  private static final int CLASSES = 4;
  private static final Weights NOTHING =
      Weights.of(
          WeightLayout.of(
              List.of(new WeightLayout.Tensor("w", WeightLayout.Role.WEIGHT, List.of(1L)))),
          new float[] {1});

  private static PredictiveMean mean(PredictorOptions options, List<Integer> heard) {
    return new PredictiveMean(options, null, (sample, p, width) -> heard.add(sample));
  }

  private static void predict(SampleFold fold, NDManager manager, int sample) throws IOException {
    SampleOutputs outputs = fold.begin(sample, NOTHING);
    Random random = new Random(sample);
    for (int b = 0; b < 3; b++) {
      float[] values = new float[ROWS / 3 * CLASSES];
      for (int i = 0; i < values.length; i++) {
        values[i] = 3 * (float) random.nextGaussian();
      }
      try (NDManager batch = manager.newSubManager()) {
        outputs.add(
            0,
            new NDList(batch.ones(new Shape(ROWS / 3, 2))),
            batch.create(values, new Shape(ROWS / 3, CLASSES)));
      }
    }
    outputs.endDataSet(0);
    fold.end(outputs, NOTHING);
  }

  private static Predictions inOrder(PredictorOptions options, List<Integer> order)
      throws IOException {
    List<Integer> heard = new ArrayList<>();
    PredictiveMean mean = mean(options, heard);
    SampleFold fold =
        new SampleFold(List.of(mean), order.size(), options.control(), options.progress(), "test");
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int s : order) {
        predict(fold, manager, s);
      }
    }
    assertThat(heard).isSorted();
    return mean.predictions();
  }

  private static void requireSame(Predictions a, Predictions b) {
    assertThat(a.samples()).isEqualTo(b.samples());
    for (int r = 0; r < ROWS; r++) {
      assertThat(a.probabilities(r)).isEqualTo(b.probabilities(r));
      assertThat(a.expectedEntropy(r)).isEqualTo(b.expectedEntropy(r));
    }
  }

  @Test
  void theOrderOfArrivalDoesNotMatter() throws IOException {
    PredictorOptions options = PredictorOptions.defaults();
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    Predictions expected = inOrder(options, order);
    for (int shuffle = 0; shuffle < 20; shuffle++) {
      Collections.shuffle(order, new Random(shuffle));
      requireSame(inOrder(options, order), expected);
    }
  }

  @Test
  void threadsThatTakeSamplesAsTheyComeGiveTheSameBits()
      throws IOException, InterruptedException, ExecutionException {
    PredictorOptions options = PredictorOptions.defaults().withKeptSamples();
    int samples = 40;
    List<Integer> order = new ArrayList<>();
    for (int s = 0; s < samples; s++) {
      order.add(s);
    }
    Predictions expected = inOrder(options, order);
    PredictiveMean mean = mean(options, new ArrayList<>());
    SampleFold fold =
        new SampleFold(List.of(mean), samples, options.control(), options.progress(), "test");
    ExecutorService workers = Executors.newFixedThreadPool(4);
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Future<?>> done = new ArrayList<>();
      for (int s = 0; s < samples; s++) {
        int sample = s;
        done.add(
            workers.submit(
                () -> {
                  predict(fold, manager, sample);
                  return null;
                }));
      }
      for (Future<?> f : done) {
        f.get();
      }
    } finally {
      workers.shutdown();
    }
    assertThat(fold.folded()).isEqualTo(samples);
    requireSame(mean.predictions(), expected);
  }

  @Test
  void samplesPastTheRuleToStopAreDroppedThoughTheyWereComputed() throws IOException {
    PredictorOptions options =
        PredictorOptions.defaults()
            .withControl(PredictionControl.none().withStop(StopRule.probabilities(10, 3)));
    PredictiveMean mean = mean(options, new ArrayList<>());
    SampleFold fold =
        new SampleFold(List.of(mean), 10, options.control(), options.progress(), "test");
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int s : new int[] {3, 1, 4, 0, 2}) {
        assertThat(fold.wants(s)).isTrue();
        predict(fold, manager, s);
      }
    }
    assertThat(fold.folded()).isEqualTo(3);
    assertThat(fold.wants(5)).isFalse();
    requireSame(mean.predictions(), inOrder(PredictorOptions.defaults(), List.of(0, 1, 2)));
  }
}
