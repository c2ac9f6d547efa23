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
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of PyTorch are made by {@code src/test/python/make_dropout_golden.py}. */
class MonteCarloDropoutTest {
  private static final int ROWS = 5;
  private static final int CLASSES = 3;
  private static final int SAMPLES = 10_000;
  private NDManager manager;
  private JsonObject golden;

  @BeforeEach
  void open() throws IOException {
    manager = NDManager.newBaseManager();
    golden = JsonObject.parse(Files.readString(golden("dropout.json"), StandardCharsets.UTF_8));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static Path golden(String name) {
    try {
      return Path.of(
          WeightPosterior.class.getResource("/io/github/swag4j/swag/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private SequentialBlock network() {
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(8).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Dropout.builder().optRate(0.3f).build())
            .add(Linear.builder().setUnits(CLASSES).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    JsonObject values = golden.object("weights");
    write(
        ModelWeights.of(block),
        values,
        "first.weight",
        "first.bias",
        "norm.weight",
        "norm.bias",
        "last.weight",
        "last.bias");
    write(ModelWeights.statistics(block), values, "norm.running_mean", "norm.running_var");
    return block;
  }

  private static void write(ModelWeights target, JsonObject values, String... names) {
    WeightLayout layout = target.layout();
    float[][] tensors = new float[names.length][];
    for (int t = 0; t < names.length; t++) {
      tensors[t] = floats(values.numbers(names[t]));
    }
    target.write(Weights.of(layout, tensors));
  }

  private static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  private InputBatches inputs() {
    float[] rows = floats(golden.numbers("inputs"));
    return (parent, consumer) -> {
      try (NDManager own = parent.newSubManager()) {
        consumer.accept(new NDList(own.create(rows, new Shape(ROWS, 4))));
      }
    };
  }

  private static BayesianPredictor dropout(Block block) {
    return BayesianPredictor.of(block, WeightPosterior.point(ModelWeights.of(block).capture()))
        .monteCarloDropout();
  }

  /** Both are means of 10,000 samples: their difference has the standard error of both. */
  private void requirePytorchsMeans(Predictions got) {
    double[] mean = golden.numbers("mean");
    double[] deviation = golden.numbers("deviation");
    double[] entropy = golden.numbers("entropy");
    double[] entropyDeviation = golden.numbers("entropy_deviation");
    double unit = Math.sqrt(1.0 / SAMPLES + 1.0 / golden.number("passes"));
    for (int r = 0; r < ROWS; r++) {
      for (int k = 0; k < CLASSES; k++) {
        int i = r * CLASSES + k;
        assertThat(got.probability(r, k))
            .isCloseTo(mean[i], within(4 * unit * deviation[i] + 1e-6));
      }
      assertThat(got.expectedEntropy(r))
          .isCloseTo(entropy[r], within(4 * unit * entropyDeviation[r] + 1e-6));
    }
  }

  @Test
  void theMeanIsThatOfPytorchsPassesWithinItsStandardError() throws IOException {
    Block block = network();
    Predictions got = dropout(block).samples(SAMPLES).seed(2).predict(inputs(), null);
    requirePytorchsMeans(got);
    double[] without = golden.numbers("without_dropout");
    Predictions plain =
        BayesianPredictor.of(block, WeightPosterior.point(ModelWeights.of(block).capture()))
            .modelStatistics()
            .predict(inputs(), null);
    for (int i = 0; i < without.length; i++) {
      assertThat(plain.probability(i / CLASSES, i % CLASSES)).isCloseTo(without[i], within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dropout-scripted.pt", "dropout-traced.pt"})
  void torchScriptArchivesDropOutWithTheirStatisticsToo(String archive) throws IOException {
    try (Model model = TorchScriptModels.load(golden(archive))) {
      Weights statistics = ModelWeights.statistics(model.getBlock()).capture();
      Predictions got = dropout(model.getBlock()).samples(SAMPLES).predict(inputs(), null);
      requirePytorchsMeans(got);
      assertThat(ModelWeights.statistics(model.getBlock()).capture()).isEqualTo(statistics);
    }
  }

  @Test
  void aSeedGivesTheSameMasksAgainWhateverTheEngineDrewBefore() throws IOException {
    BayesianPredictor predictor = dropout(network()).samples(5).seed(9);
    Engine.getInstance().setRandomSeed(1);
    Predictions first = predictor.predict(inputs(), null);
    Engine.getInstance().setRandomSeed(2);
    Predictions again = predictor.predict(inputs(), null);
    Predictions other = predictor.seed(10).predict(inputs(), null);
    for (int r = 0; r < ROWS; r++) {
      assertThat(again.probabilities(r)).isEqualTo(first.probabilities(r));
      assertThat(other.probabilities(r)).isNotEqualTo(first.probabilities(r));
    }
  }

  @Test
  void theEngineGoesOnWithoutRepeatingTheMasks() throws IOException {
    BayesianPredictor predictor = dropout(network()).samples(2);
    Engine.getInstance().setRandomSeed(1);
    predictor.predict(inputs(), null);
    float[] after = manager.randomNormal(new Shape(4)).toFloatArray();
    predictor.predict(inputs(), null);
    float[] later = manager.randomNormal(new Shape(4)).toFloatArray();
    Engine.getInstance().setRandomSeed(1);
    predictor.predict(inputs(), null);
    assertThat(manager.randomNormal(new Shape(4)).toFloatArray()).isEqualTo(after);
    assertThat(later).isNotEqualTo(after);
  }

  @Test
  void residualBranchesAreRunOneByOne() throws IOException {
    SequentialBlock branch =
        new SequentialBlock()
            .add(Linear.builder().setUnits(4).build())
            .add(BatchNorm.builder().build())
            .add(Dropout.builder().optRate(0.5f).build());
    SequentialBlock block =
        new SequentialBlock()
            .add(
                new ParallelBlock(
                    outs -> new NDList(outs.get(0).head().add(outs.get(1).head())),
                    List.of(branch, new SequentialBlock().add(l -> new NDList(l.head())))))
            .add(Linear.builder().setUnits(CLASSES).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    Weights statistics = ModelWeights.statistics(block).capture();
    Predictions got = dropout(block).samples(8).predict(inputs(), null);
    assertThat(ModelWeights.statistics(block).capture()).isEqualTo(statistics);
    assertThat(got.entropy(0)).isGreaterThan(got.expectedEntropy(0) + 1e-4);
  }

  /** Joins its children as only it knows. */
  private static final class Own extends AbstractBlock {
    private final Block norm;
    private final Block drop;

    Own(boolean normalised) {
      norm =
          addChildBlock("norm", normalised ? BatchNorm.builder().build() : new SequentialBlock());
      drop = addChildBlock("drop", Dropout.builder().optRate(0.5f).build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList in, boolean training, PairList<String, Object> params) {
      return drop.forward(store, norm.forward(store, in, training), training);
    }

    @Override
    protected void initializeChildBlocks(NDManager owner, DataType type, Shape... shapes) {
      norm.initialize(owner, type, shapes);
      drop.initialize(owner, type, shapes);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] shapes) {
      return shapes;
    }
  }

  private Block around(Block inner) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(4).build())
            .add(BatchNorm.builder().build())
            .add(inner)
            .add(Linear.builder().setUnits(CLASSES).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    return block;
  }

  @Test
  void aBlockThatHidesHowItJoinsDropoutAndBatchNormIsRefused() throws IOException {
    assertThat(dropout(around(new Own(false))).samples(2).predict(inputs(), null).rows())
        .isEqualTo(ROWS);
    assertThatThrownBy(() -> dropout(around(new Own(true))).predict(inputs(), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is a Own, which does not show how it joins its children");
  }

  @Test
  void aModelWithoutDropoutIsRefused() {
    assertThatThrownBy(() -> dropout(around(Activation.reluBlock())).predict(inputs(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("this one has no Dropout layer");
    Block never = around(Dropout.builder().optRate(0f).build());
    assertThatThrownBy(() -> dropout(never).predict(inputs(), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 passes over the first batch gave the same output");
  }

  @Test
  void statisticsOfOtherWeightsAreNotTakenInSilence() {
    Block block = network();
    Weights other = ModelWeights.of(around(Activation.reluBlock())).capture();
    Weights mine = ModelWeights.of(block).capture();
    float[][] moved = new float[mine.layout().tensors().size()][];
    for (int t = 0; t < moved.length; t++) {
      moved[t] = new float[mine.layout().tensor(t).size()];
      mine.values(t).get(0, moved[t]);
      moved[t][0] += 1;
    }
    BayesianPredictor elsewhere =
        BayesianPredictor.of(block, WeightPosterior.point(Weights.of(mine.layout(), moved)))
            .monteCarloDropout();
    assertThat(other.layout()).isNotEqualTo(mine.layout());
    assertThatThrownBy(() -> elsewhere.predict(inputs(), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("modelStatistics()");
  }
}
