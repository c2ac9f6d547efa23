package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.dataset.ArrayDataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is refused is refused at once, and what is asked for is there. */
class PredictorRefusalTest {
  private static final int ROWS = 12;
  private NDManager manager;
  private Block logits;
  private final AtomicInteger heard = new AtomicInteger();
  private final AtomicInteger batches = new AtomicInteger();

  @BeforeEach
  void makeModel() {
    manager = NDManager.newBaseManager();
    logits = network(UnaryOperator.identity());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Block network(UnaryOperator<NDArray> last) {
    Block block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(new LambdaBlock(l -> new NDList(last.apply(l.head())), "last"));
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    return block;
  }

  /** Two samples of everything, three batches a pass. */
  private BayesianPredictor predictor(Block block) {
    Weights weights = ModelWeights.of(block).capture();
    WeightPosterior same =
        new WeightPosterior() {
          @Override
          public io.github.swag4j.swa.weights.WeightLayout layout() {
            return weights.layout();
          }

          @Override
          public Weights mean() {
            return weights;
          }

          @Override
          public Weights sample(long seed, int index) {
            float[][] values = new float[weights.layout().tensors().size()][];
            for (int t = 0; t < values.length; t++) {
              values[t] = weights.toArray(t);
              values[t][0] += index;
            }
            return Weights.of(weights.layout(), values);
          }

          @Override
          public boolean isPoint() {
            return false;
          }
        };
    return BayesianPredictor.of(block, same).samples(2).onSample(s -> heard.incrementAndGet());
  }

  private InputBatches inputs() {
    return (parent, consumer) -> {
      for (int b = 0; b < 3; b++) {
        batches.incrementAndGet();
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.arange(16f).reshape(4, 4).div(16).add(b)));
        }
      }
    };
  }

  private void requireRefusedInTheFirstBatch(
      BayesianPredictor predictor, int[] labels, String message) {
    heard.set(0);
    batches.set(0);
    assertThatThrownBy(() -> predictor.predict(inputs(), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
    assertThat(heard).hasValue(0);
    assertThat(batches).hasValue(1);
  }

  @Test
  void wrongOutputsAndLabelsAreRefusedInTheFirstBatchOfTheFirstSample() {
    requireRefusedInTheFirstBatch(
        predictor(network(a -> a.softmax(1))), null, "say output(Output.PROBABILITIES)");
    requireRefusedInTheFirstBatch(
        predictor(logits).output(Output.PROBABILITIES), null, "say output(Output.LOGITS)");
    requireRefusedInTheFirstBatch(
        predictor(network(a -> a.softmax(1).mul(0.9f))).output(Output.PROBABILITIES),
        null,
        "must be probabilities that sum to 1");
    int[] labels = new int[ROWS];
    labels[11] = 3;
    requireRefusedInTheFirstBatch(
        predictor(logits), labels, "labels[11] must be a class index below 3");
    requireRefusedInTheFirstBatch(
        predictor(logits), new int[2], "labels must be one a row, got 2 for 4 rows or more");
    requireRefusedInTheFirstBatch(
        predictor(network(a -> a.mul(Float.NaN))), null, "output must be finite, got NaN in row 0");
  }

  @Test
  void tooManyLabelsAreRefusedAfterTheFirstPass() {
    assertThatThrownBy(() -> predictor(logits).predict(inputs(), new int[13]))
        .hasMessage("labels must be one a row, got 13 for 12 rows");
    assertThat(heard).hasValue(0);
  }

  @Test
  void aBatchOfAnotherWidthIsRefusedWhereItComes() {
    AtomicInteger calls = new AtomicInteger();
    Block wider =
        network(a -> calls.incrementAndGet() < 2 ? a : a.concat(a.get(":, 0:1").neg(), 1));
    calls.set(0);
    assertThatThrownBy(() -> predictor(wider).predict(inputs(), null))
        .hasMessage("every batch must have the classes of the first, 3, got 4 from row 4");
  }

  @Test
  void inputsTheModelCannotTakeAreToldByTheirTypeAndShape() {
    InputBatches wide =
        (m, consumer) -> consumer.accept(new NDList(m.ones(new Shape(2, 4), DataType.FLOAT64)));
    Weights before = ModelWeights.of(logits).capture();
    assertThatThrownBy(() -> predictor(logits).predict(wide, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("batch of FLOAT64 (2, 4)", "toType(DataType.FLOAT32, false)");
    InputBatches narrow = (m, consumer) -> consumer.accept(new NDList(m.ones(new Shape(2, 3))));
    assertThatThrownBy(() -> predictor(logits).predict(narrow, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch of FLOAT32 (2, 3)");
    assertThat(ModelWeights.of(logits).capture()).isEqualTo(before);
  }

  @Test
  void aDataSetWithoutLabelsIsPredictedWithoutThem() throws IOException {
    ArrayDataset unlabelled =
        new ArrayDataset.Builder()
            .setData(manager.randomNormal(new Shape(ROWS, 4)))
            .setSampling(5, false)
            .build();
    Predictions got = predictor(logits).predict(unlabelled);
    assertThat(got.rows()).isEqualTo(ROWS);
    assertThat(got.hasLabels()).isFalse();
  }

  @Test
  void samplesAreKeptOrHeardRowByRowAndTheirMeanIsThePrediction() throws IOException {
    List<String> order = new ArrayList<>();
    double[][][] rows = new double[2][ROWS][];
    Predictions got =
        predictor(logits)
            .keepSamples()
            .onRow(
                (dataSet, sample, row, p) -> {
                  order.add(dataSet + "/" + sample);
                  rows[sample][row] = p.clone();
                })
            .predict(inputs(), null);
    assertThat(order).hasSize(2 * ROWS).startsWith("0/0").endsWith("0/1");
    assertThat(got.samples()).isEqualTo(2);
    for (int r = 0; r < ROWS; r++) {
      for (int k = 0; k < 3; k++) {
        assertThat(got.sampleProbability(0, r, k)).isEqualTo(rows[0][r][k]);
        assertThat(got.sampleProbability(1, r, k)).isEqualTo(rows[1][r][k]);
        assertThat(got.probability(r, k))
            .isCloseTo((rows[0][r][k] + rows[1][r][k]) / 2, within(1e-7));
      }
    }
    assertThat(rows[0][0]).isNotEqualTo(rows[1][0]);
    assertThat(predictor(logits).predict(inputs(), null).samples()).isZero();
  }

  @Test
  void roomForRowsIsMadeALogarithmicNumberOfTimes() {
    int capacity = 0;
    int grown = 0;
    for (long needed = 32; needed <= 1_000_000; needed += 32) {
      if (needed > capacity) {
        capacity = OutputTable.capacity(needed, capacity, 10, 0);
        grown++;
      }
    }
    assertThat(grown).isLessThanOrEqualTo(16);
    assertThat(OutputTable.capacity(32, 0, 10, 50_000)).isEqualTo(50_000);
    assertThatThrownBy(() -> OutputTable.capacity(3_000_000, 0, 1000, 0))
        .hasMessageContaining("fewer than 2^31 values, got 3000000 rows or more of 1000 classes");
  }

  @Test
  void labelsAreCopiedInAndOut() {
    int[] labels = {0, 1};
    Labelled set = new Labelled(inputs(), labels);
    labels[0] = 2;
    set.labels()[1] = 2;
    assertThat(set.labels()).containsExactly(0, 1);
    assertThat(new Labelled(inputs(), null).labels()).isNull();
  }

  @Test
  void gradientsAreOffWhilePredictingAndAsBeforeAfterwards()
      throws ExecutionException, InterruptedException {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      List<Boolean> seen = new ArrayList<>();
      other
          .submit(
              () -> {
                JniUtils.setGradMode(true);
                predictor(logits)
                    .predict(
                        (m, consumer) -> {
                          seen.add(JniUtils.isGradMode());
                          inputs().forEach(m, consumer);
                        },
                        null);
                seen.add(JniUtils.isGradMode());
                return null;
              })
          .get();
      assertThat(seen).containsExactly(false, false, true);
    } finally {
      other.shutdown();
    }
  }

  @Test
  void aModelWithoutBatchNormIsPredictedOnTheUsersWordToo() throws IOException {
    Predictions asked = predictor(logits).predict(inputs(), null);
    Predictions told = predictor(logits).withoutBatchNorm().predict(inputs(), null);
    for (int r = 0; r < ROWS; r++) {
      assertThat(told.probabilities(r)).isEqualTo(asked.probabilities(r));
    }
  }
}
