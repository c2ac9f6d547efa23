package io.github.swag4j.swag.djl.laplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.util.PairList;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.laplace.Fisher;
import io.github.swag4j.swag.laplace.LaplacePosterior;
import io.github.swag4j.swag.laplace.Structure;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no Laplace approximation can be right for is refused, with what to do instead. */
class LaplaceRefusalTest {
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    // Weights under which no unit is 0 for all rows, where outputs would be what was refused for.
    Engine.getInstance().setRandomSeed(5);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Block ending(UnaryOperator<NDArray> last) {
    Block block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(5).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build())
            .add(new LambdaBlock(l -> new NDList(last.apply(l.head())), "last"));
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    return block;
  }

  private static InputBatches rows(float first) {
    return (parent, consumer) -> {
      try (NDManager own = parent.newSubManager()) {
        float[] values = {first, 1, 2, 3, -1, 0, .5f, 2, 0, 0, 1, -2};
        consumer.accept(new NDList(own.create(values, new Shape(3, 4))));
      }
    };
  }

  /** A fit of each kind. */
  private interface Fit {
    LaplacePosterior fit(InputBatches train, int... labels) throws IOException;
  }

  private static void requireRefused(Block block, InputBatches train, int[] labels, String why) {
    Fit[] kinds = {
      LastLayerLaplace.of(block)::fit,
      LastLayerLaplace.of(block).structure(Structure.FULL)::fit,
      KroneckerLaplace.of(block)::fit,
      DiagonalLaplace.of(block)::fit
    };
    Weights before = ModelWeights.of(block).capture();
    for (Fit kind : kinds) {
      assertThatThrownBy(() -> kind.fit(train, labels))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(why);
      assertThat(ModelWeights.of(block).capture()).isEqualTo(before);
    }
  }

  /** The identity of so many inputs is larger than any memory. */
  @Test
  void aPassThatCannotBeOpenedLeavesTheThreadItsGradients() {
    Block block = Linear.builder().setUnits(2).build();
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1 << 23));
    LastLayer last = LastLayer.of(block);
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      assertThatThrownBy(() -> new FeaturePass(last)).isInstanceOf(RuntimeException.class);
      assertThat(JniUtils.isGradMode()).isTrue();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /** The first batch alone is compared with the model's logits, later ones only run. */
  @Test
  void aLaterBatchThatTheModelCannotRunIsNamedByItsShape() {
    Block block = ending(UnaryOperator.identity());
    InputBatches odd =
        (parent, consumer) -> {
          rows(1).forEach(parent, consumer);
          try (NDManager own = parent.newSubManager()) {
            consumer.accept(new NDList(own.ones(new Shape(1, 7))));
          }
        };
    assertThatThrownBy(() -> LastLayerLaplace.of(block).fit(odd, new int[] {0, 1, 2, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(1, 7)");
  }

  @Test
  void badRowsAndLabelsAreRefusedByAll() {
    Block block = ending(UnaryOperator.identity());
    requireRefused(block, rows(1), new int[] {0, 3, 1}, "below 3, got 3 in row 1");
    requireRefused(block, rows(1), new int[] {0, 1, -1}, "below 3, got -1 in row 2");
    requireRefused(block, rows(1), new int[] {0, 1}, "got 2 for 3 rows or more");
    requireRefused(block, rows(1), new int[] {0, 1, 2, 0}, "got 4 for 3 rows");
    requireRefused(block, rows(1), null, "needs the labels of its training rows");
    requireRefused(block, rows(Float.NaN), new int[] {0, 1, 2}, "must be finite, got NaN in row 0");
    requireRefused(block, (parent, consumer) -> {}, new int[0], "needs training rows, got 0");
  }

  @Test
  void whatIsNotOneWholeLabelARowIsRefused() {
    Block block = ending(UnaryOperator.identity());
    for (float[] labels : new float[][] {{0, .5f, 1}, {0, Float.NaN, 1}}) {
      ArrayDataset dataset =
          new ArrayDataset.Builder()
              .setData(manager.ones(new Shape(3, 4)))
              .optLabels(manager.create(labels))
              .setSampling(3, false)
              .build();
      assertThatThrownBy(() -> LastLayerLaplace.of(block).fit(dataset))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("labels must be class indices, got " + labels[1] + " in row 1");
    }
    ArrayDataset oneHot =
        new ArrayDataset.Builder()
            .setData(manager.ones(new Shape(3, 4)))
            .optLabels(manager.eye(3))
            .setSampling(3, false)
            .build();
    assertThatThrownBy(() -> KroneckerLaplace.of(block).fit(oneHot))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not one-hot vectors");
  }

  /** The diagonal takes gradients row by row. */
  @Test
  void aRowOfLogitsThatSumsToOneIsNoReasonToRefuse() throws IOException {
    int[] calls = {0};
    Block chance =
        ending(
            a ->
                calls[0]++ == 1
                    ? a.sub(a).add(a.getManager().create(new float[] {0.25f, 0.25f, 0.5f}))
                    : a);
    calls[0] = 0;
    assertThat(
            DiagonalLaplace.of(chance)
                .fisher(Fisher.EMPIRICAL)
                .fit(rows(1), new int[] {0, 1, 2})
                .rows())
        .isEqualTo(3);
  }

  @Test
  void modelsThatGiveNoLogitsAreRefused() {
    Block softmax = ending(array -> array.softmax(1));
    int[] labels = {0, 1, 2};
    assertThatThrownBy(() -> LastLayerLaplace.of(softmax).fit(rows(1), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be those of its last linear layer 03Linear_weight")
        .hasMessageContaining("take off a softmax");
    assertThatThrownBy(() -> KroneckerLaplace.of(softmax).fit(rows(1), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each row is a distribution already");
    assertThatThrownBy(() -> DiagonalLaplace.of(softmax).fit(rows(1), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each row is a distribution already");
    Block sigmoids = ending(array -> Activation.sigmoid(array));
    int[] many = new int[120];
    InputBatches often =
        (parent, consumer) -> {
          for (int batch = 0; batch < 40; batch++) {
            rows(batch - 20).forEach(parent, consumer);
          }
        };
    assertThatThrownBy(() -> DiagonalLaplace.of(sigmoids).fit(often, many))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("take off the sigmoids at its end");
    Block doubled = ending(array -> array.add(array));
    assertThatThrownBy(() -> LastLayerLaplace.of(doubled).fit(rows(1), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be those of its last linear layer");
    Block cut = ending(array -> array.get(":, 0:2"));
    assertThatThrownBy(() -> LastLayerLaplace.of(cut).fit(rows(1), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the model gives FLOAT32 (3, 2)");
  }

  /** A layer of the user's own, whose inside nobody sees. */
  private static final class Own extends AbstractBlock {
    private final Block inner = addChildBlock("inner", Linear.builder().setUnits(3).build());

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      NDList once = inner.forward(store, inputs, training);
      return new NDList(once.head().add(inputs.head()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return inputs;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
      inner.initialize(manager, type, inputs);
    }
  }

  @Test
  void layersWhoseCurvatureKfacCannotSeeAreRefusedByName() {
    Block block =
        new SequentialBlock()
            .add(Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(4).build())
            .add(
                Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(4).optGroups(2).build())
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(3).build())
            .add(new Own());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 2, 3, 3));
    assertThatThrownBy(() -> KroneckerLaplace.of(block))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/02Conv2d (Conv2d), /05Own (Own)")
        .hasMessageContaining("freeze them");
    Block recurrent =
        new SequentialBlock()
            .add(LSTM.builder().setStateSize(3).setNumLayers(1).build())
            .add(Linear.builder().setUnits(3).build());
    recurrent.initialize(manager, DataType.FLOAT32, new Shape(1, 5, 2));
    assertThatThrownBy(() -> KroneckerLaplace.of(recurrent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(LSTM)");
    assertThatThrownBy(
            () ->
                LastLayerLaplace.of(
                    initialised(
                        Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(4).build())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be a Linear, got Conv2d");
  }

  private Block initialised(Block block) {
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 2, 3, 3));
    return block;
  }

  @Test
  void aLinearLayerThatIsNotTheLastStepIsRefusedThoughItIsTheLastLayer() {
    Block block = new SequentialBlock().add(new Own());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
    assertThatThrownBy(
            () ->
                LastLayerLaplace.of(block)
                    .fit(
                        (parent, consumer) ->
                            consumer.accept(new NDList(manager.ones(new Shape(2, 3)))),
                        new int[] {0, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be those of its last linear layer");
  }

  @Test
  void aFullCovarianceThatIsTooLargeIsRefusedBeforeItIsMade() {
    Block block = Linear.builder().setUnits(100).build();
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 100));
    LastLayerLaplace laplace = LastLayerLaplace.of(block);
    assertThatThrownBy(() -> laplace.structure(Structure.FULL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 8192 weights")
        .hasMessageContaining("10100")
        .hasMessageContaining("use the Kronecker structure");
  }

  @Test
  void whileGradientsAreCollectedElsewhereAFitIsRefused() {
    Block block = ending(UnaryOperator.identity());
    int[] labels = {0, 1, 2};
    try (GradientCollector busy = Engine.getInstance().newGradientCollector()) {
      assertThat(busy).isNotNull();
      assertThatThrownBy(() -> KroneckerLaplace.of(block).fit(rows(1), labels))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> DiagonalLaplace.of(block).fit(rows(1), labels))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aPredictorForAnotherPosteriorOrOtherWeightsIsRefused() throws IOException {
    Block block = ending(UnaryOperator.identity());
    int[] labels = {0, 1, 2};
    LaplacePosterior all = KroneckerLaplace.of(block).fit(rows(1), labels);
    Block headless = Linear.builder().setUnits(3).build();
    headless.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    assertThatThrownBy(() -> LinearisedPredictor.of(headless, all))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of the model's own layers")
        .hasMessageContaining("[01Linear, 03Linear]");
    LaplacePosterior last = LastLayerLaplace.of(block).fit(rows(1), labels);
    LinearisedPredictor predictor = LinearisedPredictor.of(block, last);
    assertThatThrownBy(() -> predictor.monteCarlo(0)).isInstanceOf(IllegalArgumentException.class);
    ModelWeights.of(block).write(last.sample(0, 0));
    assertThatThrownBy(() -> predictor.predict(rows(1), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have the weights that the posterior was fitted to");
  }
}
