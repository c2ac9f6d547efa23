package io.github.swag4j.swag.djl.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.ArrayDataset;
import io.github.swag4j.calibration.ood.features.FeatureBatch;
import io.github.swag4j.calibration.ood.features.LinearHead;
import io.github.swag4j.calibration.ood.features.Mahalanobis;
import io.github.swag4j.calibration.ood.features.NearestNeighbours;
import io.github.swag4j.calibration.ood.features.VirtualLogitMatching;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.TorchScriptModels;
import io.github.swag4j.swag.WeightPosterior;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LayerFeaturesTest {
  private OodNetwork network;

  @BeforeEach
  void open() throws Exception {
    network = new OodNetwork();
  }

  @AfterEach
  void close() {
    network.close();
  }

  private void requireGolden(FeatureBatch got, String name) {
    double[] expected = network.golden.numbers(name);
    assertThat(got.rows()).isEqualTo(OodNetwork.ROWS);
    assertThat(got.dimensions()).isEqualTo(expected.length / OodNetwork.ROWS);
    for (int i = 0; i < expected.length; i++) {
      int r = i / got.dimensions();
      assertThat(got.features(r)[i % got.dimensions()]).isCloseTo(expected[i], within(1e-5));
    }
  }

  /** Detectors of features alone need no logits; those that do must not take probabilities. */
  @Test
  void probabilitiesAreNotGivenForLogits() throws Exception {
    network.block.add(new LambdaBlock(l -> new NDList(l.head().softmax(1)), "softmax"));
    FeatureBatch got = LayerFeatures.of(network.block).of(network.inputs());
    requireGolden(got, "features");
    assertThatThrownBy(() -> got.logits(0)).hasMessageContaining("must have logits, got none");
  }

  @Test
  void theInputsOfTheLastLinearLayerAreThoseOfPytorch() throws Exception {
    LayerFeatures layer = LayerFeatures.of(network.block);
    FeatureBatch got = layer.of(network.inputs());
    requireGolden(got, "features");
    LinearHead head = layer.head();
    double[] logits = network.golden.numbers("logits");
    for (int r = 0; r < OodNetwork.ROWS; r++) {
      double[] own = head.logits(got.features(r));
      for (int k = 0; k < 3; k++) {
        assertThat(own[k]).isCloseTo(logits[r * 3 + k], within(1e-4));
      }
    }
  }

  @Test
  void aLayerIsFoundByNameAndByIndex() throws Exception {
    requireGolden(LayerFeatures.of(network.block, "3").of(network.inputs()), "features");
    String nested =
        "0/" + network.block.getChildren().get(0).getValue().getChildren().keys().get(2);
    LayerFeatures maps = LayerFeatures.of(network.block, nested);
    assertThatThrownBy(() -> maps.of(network.inputs()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("call averaged() or flattened()");
    requireGolden(maps.averaged().of(network.inputs()), "channel_means");
    requireGolden(maps.flattened().of(network.inputs()), "maps");
    assertThatThrownBy(maps::head).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> LayerFeatures.of(network.block, "0/9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at \"9\" there are");
  }

  @Test
  void detectorsAreFittedAndAskedInOneCallEach() throws Exception {
    Blobs blobs = new Blobs(network.manager);
    LayerFeatures layer = LayerFeatures.of(blobs.block);
    List<FeatureDetection> detections =
        List.of(
            FeatureDetection.fit(layer, blobs.train, Mahalanobis::fit),
            FeatureDetection.fit(layer, blobs.train, rows -> NearestNeighbours.fit(rows, 3)),
            FeatureDetection.fitWithHead(layer, blobs.train, VirtualLogitMatching::fit));
    for (FeatureDetection detection : detections) {
      double near = Arrays.stream(detection.scores(blobs.train)).average().orElseThrow();
      double far = Arrays.stream(detection.scores(blobs.far)).average().orElseThrow();
      assertThat(far).isGreaterThan(near);
      FeatureDetection again = FeatureDetection.of(layer, detection.detector());
      assertThat(again.scores(InputBatches.of(blobs.far))).isEqualTo(detection.scores(blobs.far));
    }
  }

  /** Two classes of points, and points far away from both. */
  private static final class Blobs {
    final Block block;
    final ArrayDataset train;
    final ArrayDataset far;

    Blobs(NDManager manager) {
      manager.getEngine().setRandomSeed(4);
      block =
          new SequentialBlock()
              .add(Linear.builder().setUnits(6).build())
              .add(Activation.softSignBlock())
              .add(Linear.builder().setUnits(2).build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
      NDArray labels = manager.arange(40).mod(2).toType(DataType.FLOAT32, false);
      NDArray centres = labels.sub(0.5f).mul(2).reshape(40, 1);
      train = dataset(manager.randomNormal(new Shape(40, 3)).mul(0.2f).add(centres), labels);
      far = dataset(manager.randomNormal(new Shape(40, 3)).mul(0.2f).add(25), null);
    }

    private static ArrayDataset dataset(NDArray rows, NDArray labels) {
      ArrayDataset.Builder builder = new ArrayDataset.Builder().setData(rows);
      if (labels != null) {
        builder.optLabels(labels);
      }
      return builder.setSampling(16, false).build();
    }
  }

  @Test
  void aBranchOfAParallelBlockIsReached() throws Exception {
    Block doubled =
        new SequentialBlock().add(l -> new NDList(l.head().add(l.head()))).add(Activation::relu);
    SequentialBlock block =
        new SequentialBlock()
            .add(
                new ParallelBlock(
                    outs -> new NDList(outs.get(0).head().add(outs.get(1).head())),
                    List.of(doubled, new SequentialBlock().add(l -> new NDList(l.head())))))
            .add(Linear.builder().setUnits(2).build());
    block.initialize(network.manager, DataType.FLOAT32, new Shape(1, 3));
    InputBatches rows = rows(1, -2, 3);
    assertThat(LayerFeatures.of(block, "0/0").of(rows).features(0)).containsExactly(2, 0, 6);
    assertThat(LayerFeatures.of(block).of(rows).features(0)).containsExactly(3, -2, 9);
  }

  @Test
  void theLastLayerShowsItsInputsWhereItCannotBeReached() throws Exception {
    SequentialBlock block = new SequentialBlock().add(Activation::relu).add(new Hidden());
    block.initialize(network.manager, DataType.FLOAT32, new Shape(1, 3));
    LayerFeatures layer = LayerFeatures.of(block);
    InputBatches rows = rows(1, -2, 3);
    FeatureBatch got = layer.of(rows);
    assertThat(got.features(0)).containsExactly(1, 0, 3);
    assertThat(layer.head().dimensions()).isEqualTo(3);
  }

  @Test
  void rowsOfAShuffledDataSetKeepTheirLabelsAndLogits() throws Exception {
    SequentialBlock hidden = new SequentialBlock().add(Activation::relu).add(new Hidden());
    SequentialBlock open =
        new SequentialBlock().add(Activation::relu).add(Linear.builder().setUnits(3).build());
    NDManager manager = network.manager;
    NDArray labels = manager.arange(40).mod(2).toType(DataType.FLOAT32, false);
    NDArray data = manager.randomNormal(new Shape(40, 3)).add(labels.mul(9).reshape(40, 1));
    InputBatches far = rows(20, 1, 30);
    for (Block block : List.of(hidden, open)) {
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
      LayerFeatures layer = LayerFeatures.of(block);
      double[] scores = new double[2];
      for (int shuffled = 0; shuffled < 2; shuffled++) {
        ArrayDataset train =
            new ArrayDataset.Builder()
                .setData(data)
                .optLabels(labels)
                .setSampling(16, shuffled == 1)
                .build();
        scores[shuffled] = FeatureDetection.fit(layer, train, Mahalanobis::fit).scores(far)[0];
        assertThat(
                FeatureDetection.fitWithHead(
                    layer, train, (r, head) -> NearestNeighbours.fit(r, 3)))
            .isNotNull();
      }
      // With labels of other rows the classes' means would be one another's.
      assertThat(scores[1]).isCloseTo(scores[0], within(1e-6 * Math.abs(scores[0])));
    }
  }

  @Test
  void aHeadThatDoesNotGiveTheLogitsIsRefused() throws Exception {
    SequentialBlock scaled =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(l -> new NDList(l.head().mul(10)));
    scaled.initialize(network.manager, DataType.FLOAT32, new Shape(1, 3));
    assertThatThrownBy(
            () ->
                FeatureDetection.fitWithHead(
                    LayerFeatures.of(scaled),
                    rows(1, -2, 3),
                    null,
                    (rows, head) -> NearestNeighbours.fit(rows, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be those of its last linear layer");
    assertThatThrownBy(() -> LayerFeatures.of(scaled).head())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be those of its last linear layer");
    SequentialBlock softmax =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(l -> new NDList(l.head().softmax(1)));
    softmax.initialize(network.manager, DataType.FLOAT32, new Shape(1, 3));
    assertThatThrownBy(() -> LayerFeatures.of(softmax).head())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use a detector without a head");
  }

  @Test
  void aHeadOfAModelThatTakesNoNoiseIsHeldAgainstRowsOfTheUsers() throws Exception {
    SequentialBlock indices =
        new SequentialBlock()
            .add(
                l -> {
                  if (l.head().min().getFloat() < 0) {
                    throw new IllegalArgumentException("indices must be at least 0");
                  }
                  return l;
                })
            .add(Linear.builder().setUnits(3).build());
    indices.initialize(network.manager, DataType.FLOAT32, new Shape(1, 3));
    LayerFeatures layer = LayerFeatures.of(indices);
    assertThatThrownBy(layer::head)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("for noise", "call FeatureDetection.fitWithHead");
    assertThat(
            FeatureDetection.fitWithHead(
                layer, rows(1, 2, 3), null, (r, head) -> NearestNeighbours.fit(r, 1)))
        .isNotNull();
  }

  @Test
  void archivesShowTheInputsOfTheirLastLayer() throws Exception {
    Path archive =
        Path.of(
            WeightPosterior.class
                .getResource("/io/github/swag4j/swag/golden/dropout-scripted.pt")
                .toURI());
    try (Model model = TorchScriptModels.load(archive)) {
      LayerFeatures layer = LayerFeatures.of(model);
      FeatureBatch got = layer.of(rows(1, -1, 0.5f, 2));
      assertThat(got.dimensions()).isEqualTo(8);
      assertThat(Arrays.stream(got.features(0)).min().orElseThrow()).isGreaterThanOrEqualTo(0);
      assertThatThrownBy(layer::head)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("build it with LinearHead.of");
    }
  }

  private static InputBatches rows(float... row) {
    return (parent, consumer) -> {
      try (NDManager own = parent.newSubManager()) {
        consumer.accept(new NDList(own.create(row, new Shape(1, row.length))));
      }
    };
  }

  @Test
  void whatCannotBeReachedIsRefused() {
    Block bare = Linear.builder().setUnits(2).build();
    bare.initialize(network.manager, DataType.FLOAT32, new Shape(1, 3));
    SequentialBlock around = new SequentialBlock().add(new Hidden());
    around.initialize(network.manager, DataType.FLOAT32, new Shape(1, 3));
    assertThatThrownBy(() -> LayerFeatures.of(around, "0/0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a Hidden, which does not show what it runs");
    SequentialBlock none = new SequentialBlock().add(Activation::relu);
    assertThatThrownBy(() -> LayerFeatures.of(none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be a Linear for its inputs to be the features");
    assertThatThrownBy(() -> LayerFeatures.of(network.block).of((manager, consumer) -> {}))
        .hasMessageContaining("features need at least 1 row");
  }

  /** Runs its child as only it knows. */
  private static final class Hidden extends ai.djl.nn.AbstractBlock {
    private final Block child = addChildBlock("child", Linear.builder().setUnits(3).build());

    @Override
    protected NDList forwardInternal(
        ai.djl.training.ParameterStore store,
        NDList in,
        boolean training,
        ai.djl.util.PairList<String, Object> params) {
      return child.forward(store, in, training);
    }

    @Override
    protected void initializeChildBlocks(NDManager owner, DataType type, Shape... shapes) {
      child.initialize(owner, type, shapes);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] shapes) {
      return child.getOutputShapes(shapes);
    }
  }
}
