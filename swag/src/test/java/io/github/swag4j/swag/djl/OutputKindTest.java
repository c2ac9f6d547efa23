package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a network's last layer may give, and what is made of it. */
class OutputKindTest {
  private static final int ROWS = 60;
  private static final int SAMPLES = 4;
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private BayesianPredictor predictor(int outputs, UnaryOperator<NDArray> last) {
    Block block = ShiftedWeights.network(manager, outputs, last);
    return predictor(block);
  }

  private static BayesianPredictor predictor(Block block) {
    return BayesianPredictor.of(block, ShiftedWeights.of(block, 0.7f)).samples(SAMPLES).seed(5);
  }

  private static Predictions predict(BayesianPredictor predictor) throws IOException {
    return predictor.predict(ShiftedWeights.inputs(1, ROWS, 25), null);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double entropy(double p) {
    return -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  }

  @Test
  void aBinaryNetworkOfOneLogitIsPredictedByTheSigmoidOfEachSample() throws IOException {
    Block block = ShiftedWeights.network(manager, 1, a -> a.mul(3));
    ShiftedWeights posterior = ShiftedWeights.of(block, 0.7f);
    int[] labels = new int[ROWS];
    Arrays.setAll(labels, r -> r % 2);
    Predictions got =
        predictor(block)
            .output(Output.BINARY_LOGIT)
            .keepSamples()
            .predict(ShiftedWeights.inputs(1, ROWS, 25), labels);
    assertThat(got.isBinary()).isTrue();
    double[] p = new double[ROWS];
    double[] expected = new double[ROWS];
    for (int s = 0; s < SAMPLES; s++) {
      double[][] f = posterior.outputs(block, 5, s, ShiftedWeights.inputs(1, ROWS, ROWS), manager);
      for (int r = 0; r < ROWS; r++) {
        double q = sigmoid(f[r][0]);
        assertThat(got.sampleProbability(s, r, 1)).isCloseTo(q, within(1e-5));
        assertThat(got.sampleProbability(s, r, 0)).isCloseTo(1 - q, within(1e-5));
        p[r] += q / SAMPLES;
        expected[r] += entropy(q) / SAMPLES;
      }
    }
    for (int r = 0; r < ROWS; r++) {
      assertThat(got.probability(r, 1)).isCloseTo(p[r], within(1e-5));
      assertThat(got.expectedEntropy(r)).isCloseTo(expected[r], within(1e-5));
      assertThat(got.entropy(r) - got.expectedEntropy(r))
          .isCloseTo(entropy(p[r]) - expected[r], within(1e-5));
      assertThat(got.label(r)).isEqualTo(r % 2);
    }
  }

  @Test
  void aColumnAndAVectorOfOneOutputAreTheSame() throws IOException {
    Block column = ShiftedWeights.network(manager, 1, a -> a);
    Block vector = ShiftedWeights.network(manager, 1, a -> a.reshape(-1));
    ShiftedWeights posterior = ShiftedWeights.of(column, 0.7f);
    Predictions a =
        predict(BayesianPredictor.of(column, posterior).samples(2).output(Output.BINARY_LOGIT));
    Predictions b =
        predict(
            BayesianPredictor.of(
                    vector,
                    new ShiftedWeights(
                        io.github.swag4j.swa.weights.Weights.of(
                            io.github.swag4j.swa.djl.ModelWeights.of(vector).layout(),
                            posterior.mean().toArray(0),
                            posterior.mean().toArray(1)),
                        0.7f))
                .samples(2)
                .output(Output.BINARY_LOGIT));
    for (int r = 0; r < ROWS; r++) {
      assertThat(b.probability(r, 1)).isEqualTo(a.probability(r, 1));
    }
  }

  @Test
  void aSigmoidInsideTheModelGivesTheSameAsOneHere() throws IOException {
    Block logits = ShiftedWeights.network(manager, 1, a -> a.mul(3));
    Predictions outside = predict(predictor(logits).output(Output.BINARY_LOGIT));
    boolean[] inside = {false};
    Block both =
        ShiftedWeights.network(
            manager, 1, a -> inside[0] ? Activation.sigmoid(a.mul(3)) : a.mul(3));
    io.github.swag4j.swa.djl.ModelWeights.of(both)
        .write(
            io.github.swag4j.swa.weights.Weights.of(
                io.github.swag4j.swa.djl.ModelWeights.of(both).layout(),
                ShiftedWeights.of(logits, 0).mean().toArray(0),
                ShiftedWeights.of(logits, 0).mean().toArray(1)));
    inside[0] = true;
    Predictions got = predict(predictor(both).output(Output.BINARY_PROBABILITY));
    for (int r = 0; r < ROWS; r++) {
      assertThat(got.probability(r, 1)).isCloseTo(outside.probability(r, 1), within(1e-6));
    }
  }

  @Test
  void oneOutputIsNeverTakenForWhatItWasNotSaidToBe() {
    assertThatThrownBy(() -> predict(predictor(1, a -> a)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "with 2 classes or more, got (25, 1)",
            "output(Output.BINARY_LOGIT)",
            "output(Output.BINARY_PROBABILITY)",
            "regression");
    assertThatThrownBy(() -> predict(predictor(3, a -> a).output(Output.BINARY_LOGIT)))
        .hasMessageContainingAll("[rows] or [rows][1]", "got (25, 3)", "output(Output.LOGITS)");
    assertThatThrownBy(() -> predict(predictor(1, a -> a.mul(9)).output(Output.BINARY_PROBABILITY)))
        .hasMessageContainingAll("must be probabilities in [0, 1]", "output(Output.BINARY_LOGIT)");
  }

  @Test
  void labelsOfABinaryNetworkMustBeNoughtOrOne() {
    int[] labels = new int[ROWS];
    labels[7] = 2;
    assertThatThrownBy(
            () ->
                predictor(1, a -> a)
                    .output(Output.BINARY_LOGIT)
                    .predict(ShiftedWeights.inputs(1, ROWS, 25), labels))
        .hasMessageContaining("labels[7] must be a class index below 2");
  }

  @Test
  void sigmoidsOfEachClassAreRecognisedWhereLogitsOrDistributionsWereSaid() {
    UnaryOperator<NDArray> sigmoids = a -> Activation.sigmoid(a.mul(9));
    assertThatThrownBy(
            () -> predictor(5, sigmoids).predict(ShiftedWeights.inputs(1, ROWS, ROWS), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "taken for logits, but all 300", "between 0 and 1", "Output.SIGMOIDS", "outputAsSaid");
    assertThatThrownBy(() -> predict(predictor(5, sigmoids).output(Output.PROBABILITIES)))
        .hasMessageContainingAll("sum to 1", "output(Output.SIGMOIDS)");
    assertThatThrownBy(
            () ->
                predictor(1, a -> Activation.sigmoid(a.mul(20)))
                    .output(Output.BINARY_LOGIT)
                    .predict(ShiftedWeights.inputs(1, 500, 500), null))
        .hasMessageContainingAll("taken for logits", "output(Output.BINARY_PROBABILITY)");
  }

  @Test
  void sigmoidsAreDividedByTheirSumAndTheUsersWordIsTakenWhereItIsGiven() throws IOException {
    UnaryOperator<NDArray> sigmoids = a -> Activation.sigmoid(a.mul(9));
    Block block = ShiftedWeights.network(manager, 5, sigmoids);
    ShiftedWeights posterior = ShiftedWeights.of(block, 0.7f);
    double[][] f = posterior.outputs(block, 5, 0, ShiftedWeights.inputs(1, ROWS, ROWS), manager);
    Predictions shares = predict(predictor(block).samples(1).output(Output.SIGMOIDS));
    Predictions softmax = predict(predictor(block).samples(1).outputAsSaid(Output.LOGITS));
    for (int r = 0; r < ROWS; r++) {
      double sum = Arrays.stream(f[r]).sum();
      double exps = Arrays.stream(f[r]).map(Math::exp).sum();
      assertThat(shares.probability(r, 2)).isCloseTo(f[r][2] / sum, within(1e-5));
      assertThat(softmax.probability(r, 2)).isCloseTo(Math.exp(f[r][2]) / exps, within(1e-5));
    }
  }

  /** The first row sums to 1 by chance, the others are plain logits. */
  @Test
  void aBatchOfOneRowOfLogitsThatSumsToOneIsNotTakenForProbabilities() throws IOException {
    int[] calls = {0};
    UnaryOperator<NDArray> chance =
        a ->
            calls[0]++ % 3 == 0
                ? a.mul(0).add(a.getManager().create(new float[] {0.25f, 0.25f, 0.5f}))
                : a;
    BayesianPredictor predictor = predictor(3, chance);
    calls[0] = 0;
    Predictions got = predictor.predict(ShiftedWeights.inputs(1, 3, 1), null);
    double e = Math.exp(0.25);
    assertThat(got.probability(0, 2)).isCloseTo(e / (2 + e), within(1e-6));
    calls[0] = 0;
    assertThat(predictor.logits().predict(ShiftedWeights.inputs(1, 3, 1), null).mean(0, 2))
        .isEqualTo(0.5);
  }

  @Test
  void aSoftmaxIsRecognisedInBatchesOfOneRow() {
    assertThatThrownBy(
            () -> predictor(3, a -> a.softmax(1)).predict(ShiftedWeights.inputs(1, 9, 1), null))
        .hasMessageContaining("say output(Output.PROBABILITIES)");
    assertThatThrownBy(
            () -> predictor(3, a -> a.softmax(1)).predict(ShiftedWeights.inputs(1, 1, 1), null))
        .hasMessageContaining("say output(Output.PROBABILITIES)");
  }

  /** Its rows sum to 1 within 2.4e-4 only. */
  @Test
  void aSoftmaxOfHalfPrecisionIsNotPutThroughAnother() throws IOException {
    UnaryOperator<NDArray> half = a -> a.softmax(1).toType(DataType.FLOAT16, false);
    assertThatThrownBy(() -> predict(predictor(5, half)))
        .hasMessageContaining("say output(Output.PROBABILITIES)");
    Predictions single = predict(predictor(5, a -> a.softmax(1)).output(Output.PROBABILITIES));
    Predictions got = predict(predictor(5, half).output(Output.SIGMOIDS));
    for (int r = 0; r < ROWS; r++) {
      assertThat(got.probability(r, 1)).isCloseTo(single.probability(r, 1), within(5e-4));
    }
  }

  @Test
  void valuesThatAreNotFiniteAreRefusedWithTheirRowInEveryKind() {
    int[] calls = {0};
    UnaryOperator<NDArray> late =
        a -> {
          NDArray out = a.duplicate();
          if (calls[0]++ >= 1) {
            out.set(new ai.djl.ndarray.index.NDIndex("2:3"), Float.POSITIVE_INFINITY);
          }
          return out;
        };
    for (Output kind : Output.values()) {
      boolean binary = ClassOutputs.isBinary(kind);
      UnaryOperator<NDArray> range =
          switch (kind) {
            case LOGITS, BINARY_LOGIT -> a -> a;
            case PROBABILITIES -> a -> a.softmax(1);
            case SIGMOIDS, BINARY_PROBABILITY -> Activation::sigmoid;
          };
      BayesianPredictor predictor =
          predictor(binary ? 1 : 3, a -> late.apply(range.apply(a))).output(kind);
      calls[0] = 0;
      assertThatThrownBy(() -> predict(predictor))
          .as(kind.name())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the model's output must be finite, got Infinity in row 27");
    }
  }

  @Test
  void halfAndDoublePrecisionAreWidened() throws IOException {
    Block single = ShiftedWeights.network(manager, 3, a -> a);
    Predictions expected = predict(predictor(single));
    for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT16}) {
      Block other = ShiftedWeights.network(manager, 3, a -> a.toType(type, false));
      io.github.swag4j.swa.djl.ModelWeights.of(other)
          .write(
              io.github.swag4j.swa.weights.Weights.of(
                  io.github.swag4j.swa.djl.ModelWeights.of(other).layout(),
                  ShiftedWeights.of(single, 0).mean().toArray(0),
                  ShiftedWeights.of(single, 0).mean().toArray(1)));
      Predictions got = predict(predictor(other));
      double tolerance = type == DataType.FLOAT16 ? 3e-3 : 1e-7;
      for (int r = 0; r < ROWS; r++) {
        assertThat(got.probability(r, 1)).isCloseTo(expected.probability(r, 1), within(tolerance));
      }
    }
    assertThatThrownBy(() -> predict(predictor(3, a -> a.toType(DataType.INT32, false))))
        .hasMessageContaining("must be FLOAT32 (FLOAT16 and FLOAT64 are taken too), got INT32");
  }

  @Test
  void aModelThatMixesRowsIsRefused() {
    assertThatThrownBy(() -> predict(predictor(4, a -> a.reshape(new Shape(-1, 2)))))
        .hasMessageContaining("a row of outputs for each row of inputs, got (50, 2) for 25 rows");
  }

  @Test
  void meanLogitsAreTheMeanOfTheSamplesAndTheirSoftmaxIsNotTheMeanProbability() throws IOException {
    Block block = ShiftedWeights.network(manager, 3, a -> a.mul(2));
    ShiftedWeights posterior = ShiftedWeights.of(block, 0.7f);
    MeanLogits got =
        predictor(block).keepSamples().logits().predict(ShiftedWeights.inputs(1, ROWS, 25), null);
    assertThat(got.samples()).isEqualTo(SAMPLES);
    double[][][] f = new double[SAMPLES][][];
    for (int s = 0; s < SAMPLES; s++) {
      f[s] = posterior.outputs(block, 5, s, ShiftedWeights.inputs(1, ROWS, ROWS), manager);
    }
    Predictions geometric = got.predictions();
    Predictions mean = predict(predictor(block));
    double apart = 0;
    for (int r = 0; r < ROWS; r++) {
      double m = 0;
      double squares = 0;
      for (int s = 0; s < SAMPLES; s++) {
        assertThat(got.sample(s, r, 1)).isCloseTo(f[s][r][1], within(1e-5));
        m += f[s][r][1] / SAMPLES;
        squares += f[s][r][1] * f[s][r][1] / SAMPLES;
      }
      assertThat(got.mean(r, 1)).isCloseTo(m, within(1e-5));
      assertThat(got.variance(r, 1)).isCloseTo(squares - m * m, within(1e-4));
      assertThat(geometric.logit(r, 1)).isEqualTo(got.mean(r, 1));
      apart = Math.max(apart, Math.abs(geometric.probability(r, 1) - mean.probability(r, 1)));
    }
    assertThat(apart).isGreaterThan(1e-3);
  }

  @Test
  void logitsAreOnlyAskedOfAModelThatGivesThem() {
    assertThatThrownBy(() -> predictor(3, a -> a).output(Output.PROBABILITIES).logits())
        .hasMessageContaining("logits need a model that gives them");
    assertThatThrownBy(
            () ->
                predictor(3, a -> a.softmax(1))
                    .logits()
                    .predict(ShiftedWeights.inputs(1, ROWS, 25), null))
        .hasMessageContaining("each row is a distribution already");
    assertThatThrownBy(
            () ->
                predictor(3, a -> a)
                    .logits()
                    .predict(ShiftedWeights.inputs(1, ROWS, 25), new int[] {3}))
        .hasMessageContaining("labels[0] must be a class index below 3");
  }

  @Test
  void aLikelihoodOfOutputsItDoesNotKnowIsRefused() {
    Block block = ShiftedWeights.network(manager, 3, a -> a);
    DatasetLogLikelihood likelihood =
        DatasetLogLikelihood.classification(
            block, ShiftedWeights.inputs(1, 4, 4), new int[] {0, 1, 2, 0});
    assertThatThrownBy(() -> likelihood.output(Output.SIGMOIDS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logits or probabilities of each class, got SIGMOIDS");
  }
}
