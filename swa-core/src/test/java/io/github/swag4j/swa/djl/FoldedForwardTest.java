package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("native")
class FoldedForwardTest {
  private static final float BOUND = 1e-5f;

  private NDManager manager;
  private ParameterStore parameters;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    EngineConvolutions.verified(manager.getEngine());
    parameters = new ParameterStore(manager, false);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static Conv2d.Builder convolution(int filters) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(filters)
        .optPadding(new Shape(1, 1));
  }

  private SequentialBlock initialised(SequentialBlock block, Shape input) {
    block.initialize(manager, DataType.FLOAT32, input);
    return block;
  }

  /**
   * Weights like those of training, and statistics of the batch norm's own inputs, moved so that
   * the shift |s m| is about so many times the largest |gamma| + |beta|.
   */
  private static void fill(Block block, Random random, double shift) {
    for (Pair<String, Parameter> pair : block.getParameters()) {
      NDArray array = pair.getValue().getArray();
      float[] values = new float[(int) array.size()];
      double fan = Math.max(1, array.size() / Math.max(1, array.getShape().get(0)));
      for (int i = 0; i < values.length; i++) {
        double z = random.nextGaussian();
        values[i] =
            (float)
                switch (pair.getValue().getType()) {
                  case WEIGHT -> z * Math.sqrt(2 / fan);
                  case GAMMA -> (random.nextBoolean() ? 1 : -1) * (0.1 + random.nextDouble());
                  case BETA, BIAS -> z / 4;
                  case RUNNING_MEAN -> (random.nextBoolean() ? 1 : -1) * shift;
                  default -> 1 + random.nextDouble();
                };
      }
      array.set(values);
    }
  }

  private int pairs(Block block) {
    try (FoldedForward folded = FoldedForward.of(block, parameters, manager)) {
      return folded.pairs();
    }
  }

  private float[] plain(Block block, NDArray inputs) {
    return block.forward(parameters, new NDList(inputs), false).singletonOrThrow().toFloatArray();
  }

  private float[] folded(Block block, NDArray inputs) {
    try (FoldedForward folded = FoldedForward.of(block, parameters, manager)) {
      return folded.run(new NDList(inputs)).singletonOrThrow().toFloatArray();
    }
  }

  private static float largestDifference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float difference = 0;
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
      largest = Math.max(largest, Math.abs(b[i]));
    }
    return difference / largest;
  }

  @Test
  void aPairGivesWhatTwoLayersGiveWhateverTheConvolution() {
    Random random = new Random(3);
    for (int round = 0; round < 40; round++) {
      int groups = 1 + random.nextInt(2);
      int in = groups * (1 + random.nextInt(20));
      int side = 5 + random.nextInt(8);
      Conv2d layer =
          Conv2d.builder()
              .setKernelShape(new Shape(1 + random.nextInt(3), 1 + random.nextInt(3)))
              .setFilters(groups * (1 + random.nextInt(40)))
              .optGroups(groups)
              .optStride(new Shape(1 + random.nextInt(2), 1))
              .optPadding(new Shape(random.nextInt(2), 1))
              .optDilation(new Shape(1, 1 + random.nextInt(2)))
              .optBias(random.nextBoolean())
              .build();
      BatchNorm norm = BatchNorm.builder().optEpsilon(random.nextBoolean() ? 1e-5f : 0.3f).build();
      Shape input = new Shape(3, in, side, side);
      SequentialBlock block = initialised(new SequentialBlock().add(layer).add(norm), input);
      fill(block, random, 2 * random.nextDouble());
      NDArray images = manager.randomNormal(input);

      assertThat(pairs(block)).isEqualTo(1);
      assertThat(largestDifference(folded(block, images), plain(block, images)))
          .as("round %d, %s of %s", round, layer.getKernelShape(), input)
          .isLessThan(BOUND);
    }
  }

  @Test
  void sumsOfThousandsOfTermsAtTheLargestShiftStayWithinTheBound() {
    Shape input = new Shape(2, 512, 6, 6);
    SequentialBlock block =
        new SequentialBlock()
            .add(convolution(64).optBias(false).build())
            .add(BatchNorm.builder().build());
    initialised(block, input);
    for (int seed = 0; seed < 5; seed++) {
      fill(block, new Random(seed), 3.5);
      NDArray images = manager.randomNormal(input);

      assertThat(pairs(block)).isEqualTo(1);
      assertThat(largestDifference(folded(block, images), plain(block, images))).isLessThan(BOUND);
    }
  }

  @Test
  void aPairWhoseShiftDwarfsItsOutputsStaysTwoLayers() {
    Shape input = new Shape(2, 3, 6, 6);
    SequentialBlock block =
        new SequentialBlock().add(convolution(8).build()).add(BatchNorm.builder().build());
    initialised(block, input);
    fill(block, new Random(1), 100);

    assertThat(pairs(block)).isZero();
    NDArray images = manager.randomNormal(input);
    assertThat(folded(block, images)).isEqualTo(plain(block, images));
  }

  @Test
  void statisticsThatAreNoNumbersStayWhatTheyAre() {
    Shape input = new Shape(2, 3, 6, 6);
    SequentialBlock block =
        new SequentialBlock().add(convolution(8).build()).add(BatchNorm.builder().build());
    initialised(block, input);
    fill(block, new Random(1), 1);
    block.getParameters().get("02BatchNorm_runningVar").getArray().set(new NDIndex(":"), -5f);

    assertThat(pairs(block)).isZero();
  }

  @Test
  void onlyNormalisationRightAfterAConvolutionIsFolded() {
    Shape input = new Shape(2, 3, 6, 6);
    SequentialBlock inner =
        new SequentialBlock().add(convolution(4).build()).add(BatchNorm.builder().build());
    SequentialBlock block =
        new SequentialBlock()
            .add(convolution(8).build())
            .add(Activation::relu)
            .add(BatchNorm.builder().build())
            .add(inner)
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(5).build())
            .add(BatchNorm.builder().build());
    initialised(block, input);
    fill(block, new Random(1), 0.5);

    assertThat(pairs(block)).as("the pair inside alone").isEqualTo(1);
    NDArray images = manager.randomNormal(input);
    assertThat(largestDifference(folded(block, images), plain(block, images))).isLessThan(BOUND);
  }

  @Test
  void aBlockThatGivesItsIntermediatesRunsWhole() {
    Shape input = new Shape(2, 3, 6, 6);
    SequentialBlock block =
        new SequentialBlock().add(convolution(8).build()).add(BatchNorm.builder().build());
    block.setReturnIntermediate(true);
    initialised(block, input);

    assertThat(pairs(block)).isZero();
  }

  @Test
  void epsilonIsFoundAndAnotherAxisRefused() {
    for (float epsilon : new float[] {1e-5f, 1e-3f, 0.1f}) {
      BatchNorm norm = BatchNorm.builder().optEpsilon(epsilon).build();
      norm.initialize(manager, DataType.FLOAT32, new Shape(2, 5, 4, 4));

      assertThat(FoldedConvolution.epsilon(norm, 5, manager) / epsilon)
          .isBetween(1 - 1e-6, 1 + 1e-6);
    }
    BatchNorm last = BatchNorm.builder().optAxis(3).build();
    last.initialize(manager, DataType.FLOAT32, new Shape(2, 4, 4, 5));

    assertThat(FoldedConvolution.epsilon(last, 5, manager)).isNaN();
    assertThat(FoldedConvolution.epsilon(last, 3, manager)).isNaN();
  }

  @Test
  void aPassFoldsUntilItUnfolds() {
    Shape input = new Shape(2, 3, 6, 6);
    SequentialBlock block =
        new SequentialBlock().add(convolution(8).build()).add(BatchNorm.builder().build());
    initialised(block, input);
    fill(block, new Random(1), 1);
    NDList images = new NDList(manager.randomNormal(input));
    try (InferencePass pass = InferencePass.of(block)) {
      float[] before = pass.run(images).toFloatArray();
      pass.fold();
      float[] folded = pass.run(images).toFloatArray();
      fill(block, new Random(2), 1);
      float[] stale = pass.run(images).toFloatArray();
      pass.fold();
      float[] again = pass.run(images).toFloatArray();
      pass.unfold();
      float[] after = pass.run(images).toFloatArray();

      assertThat(largestDifference(folded, before)).isLessThan(BOUND);
      assertThat(stale).as("weights may not be written meanwhile").isEqualTo(folded);
      assertThat(largestDifference(again, after)).isLessThan(BOUND);
      assertThat(largestDifference(after, before)).isGreaterThan(0.01f);
    }
  }

  @Test
  void aReplicaFoldsItsOwnValues() throws IOException {
    Shape input = new Shape(2, 3, 6, 6);
    SequentialBlock block =
        new SequentialBlock().add(convolution(8).build()).add(BatchNorm.builder().build());
    initialised(block, input);
    fill(block, new Random(1), 1);
    NDList images = new NDList(manager.randomNormal(input));
    try (Replica replica = Replica.of(block)) {
      float[] own = plain(block, images.head());
      fill(block, new Random(2), 1);
      try (InferencePass pass = InferencePass.of(replica)) {
        pass.fold();

        assertThat(largestDifference(pass.run(images).toFloatArray(), own)).isLessThan(BOUND);
      }
    }
  }
}
