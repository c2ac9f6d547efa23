package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv2dTranspose;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The decision, with an engine whose defects are made up: the same on every processor. */
class ConvolutionTrustTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final Defects engine = new Defects();
  private final ConvolutionTrust trust = new ConvolutionTrust(engine);

  /** An engine whose oneDNN is wrong in places. */
  private static final class Defects implements ConvolutionTrust.Machine {
    private boolean doubted = true;
    private boolean wrongWithoutToo;
    private String beside;
    private final Set<Long> wrongChannelsOut = new HashSet<>();
    private final List<ConvolutionShape> compared = new ArrayList<>();
    private boolean fails;
    private int threads = 1;
    private volatile boolean on = true;

    @Override
    public String firstWrong() {
      return doubted && (on || wrongWithoutToo) ? "wrong outputs" : null;
    }

    @Override
    public String wrongBeside() {
      return beside;
    }

    @Override
    public String wrong(ConvolutionShape shape) {
      compared.add(shape);
      on = compared.size() % 2 == 0;
      if (fails) {
        throw new IllegalStateException("no memory");
      }
      return wrongChannelsOut.contains(shape.weight().get(0)) ? "wrong outputs for " + shape : null;
    }

    @Override
    public void leaveToOneDnn(boolean newOn) {
      on = newOn;
    }

    @Override
    public int threads() {
      return threads;
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static Block convolution(int channels) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(channels)
        .optPadding(new Shape(1, 1))
        .build();
  }

  private static SequentialBlock network(int... channels) {
    SequentialBlock block = new SequentialBlock();
    for (int each : channels) {
      block.add(convolution(each)).add(BatchNorm.builder().build()).add(Activation::relu);
    }
    return block.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(3).build());
  }

  private <T extends Block> T initialized(T block, long... shape) {
    block.initialize(manager, DataType.FLOAT32, new Shape(shape));
    return block;
  }

  private Block images(Block block) {
    return initialized(block, 4, 3, 8, 8);
  }

  @Test
  void whereEverythingIsRightNothingIsComparedOrSwitched() {
    engine.doubted = false;
    trust.require(images(network(6, 24)));
    trust.require(images(network(16)));
    trust.requireAll();
    assertThat(engine.on).isTrue();
    assertThat(engine.compared).isEmpty();
  }

  @Test
  void oneDnnStaysOnForAModelWhoseConvolutionsItGetsRight() {
    trust.require(images(network(16, 32)));
    assertThat(engine.on).isTrue();
    assertThat(engine.compared).extracting(s -> s.weight().get(1)).containsExactly(3L, 16L);
    assertThat(engine.compared.get(1))
        .isEqualTo(
            new ConvolutionShape(
                new Shape(4, 16, 8, 8),
                new Shape(32, 16, 3, 3),
                true,
                new Shape(1, 1),
                new Shape(1, 1),
                new Shape(1, 1)));
  }

  @Test
  void convolutionsOfOneAndThreeAxesCountToo() {
    trust.require(
        initialized(
            new SequentialBlock()
                .add(Conv1d.builder().setKernelShape(new Shape(3)).setFilters(16).build()),
            2,
            5,
            9));
    trust.require(
        initialized(
            Conv3d.builder().setKernelShape(new Shape(1, 2, 3)).setFilters(32).build(),
            2,
            16,
            4,
            4,
            4));
    assertThat(engine.on).isTrue();
    assertThat(engine.compared).extracting(s -> s.weight().dimension()).containsExactly(3, 5);
  }

  @Test
  void aSecondModelOfTheSameShapesIsNotComparedAgain() {
    trust.require(images(network(16, 32)));
    trust.require(images(network(16, 32)));
    assertThat(engine.compared).hasSize(2);
    assertThat(engine.on).isTrue();
  }

  @Test
  void threadsOfAnotherNumberAreComparedAnew() {
    Block block = images(network(16));
    trust.require(block);
    engine.threads = 2;
    trust.require(block);
    trust.require(block);
    assertThat(engine.compared).hasSize(2);
  }

  @Test
  void oneModelThatDiffersSwitchesOneDnnOffForGood() {
    engine.wrongChannelsOut.add(48L);
    Block good = images(network(16));
    trust.require(good);
    assertThat(engine.on).isTrue();
    trust.require(images(network(16, 48)));
    assertThat(engine.on).isFalse();
    trust.require(good);
    trust.require(images(network(32)));
    assertThat(engine.on).isFalse();
  }

  @Test
  void channelsThatDoNotFillBlocksAreNotLeftToAComparison() {
    for (int[] channels : new int[][] {{8}, {24, 16}, {17}, {16, 12}, {16, 20, 16}}) {
      Defects defects = new Defects();
      new ConvolutionTrust(defects).require(images(network(channels)));
      assertThat(defects.on).as("%s", (Object) channels).isFalse();
    }
  }

  private static final class OwnLayer extends AbstractBlock {
    OwnLayer(Parameter.Type type, Shape shape) {
      addParameter(Parameter.builder().setName("own").setType(type).optShape(shape).build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters,
        NDList inputs,
        boolean training,
        PairList<String, Object> arguments) {
      return inputs;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return inputs;
    }
  }

  private void assertOff(Block beside) {
    Defects defects = new Defects();
    ConvolutionTrust own = new ConvolutionTrust(defects);
    own.require(images(network(16)));
    assertThat(defects.on).isTrue();
    own.require(beside);
    assertThat(defects.on).as("%s", beside).isFalse();
    own.require(images(network(16)));
    assertThat(defects.on).as("%s", beside).isFalse();
  }

  @Test
  void whatCannotBeCheckedSwitchesOneDnnOffForGood() throws Exception {
    assertOff(
        images(
            new SequentialBlock()
                .add(convolution(16))
                .add(
                    Conv2d.builder()
                        .setKernelShape(new Shape(3, 3))
                        .setFilters(16)
                        .optGroups(16)
                        .build())));
    assertOff(
        images(
            new SequentialBlock()
                .add(
                    Conv2dTranspose.builder()
                        .setKernelShape(new Shape(3, 3))
                        .setFilters(16)
                        .build())));
    assertOff(
        initialized(
            LSTM.builder().setStateSize(4).setNumLayers(1).optReturnState(false).build(), 2, 5, 3));
    assertOff(
        images(
            new SequentialBlock()
                .add(convolution(16))
                .add(new OwnLayer(Parameter.Type.WEIGHT, new Shape(2, 3)))));
    Path archive =
        Path.of(
            getClass()
                .getResource("/io/github/swag4j/swa/golden/torchscript/cnn-scripted.pt")
                .toURI());
    try (Model model = TorchScriptModels.load(archive)) {
      assertOff(model.getBlock());
    }
  }

  @Test
  void aLayerOfOnesOwnWithAScaleAloneIsHarmless() {
    trust.require(
        images(
            new SequentialBlock()
                .add(convolution(16))
                .add(new OwnLayer(Parameter.Type.GAMMA, new Shape(16)))));
    assertThat(engine.on).isTrue();
  }

  @Test
  void halfPrecisionIsNotTakenForSingle() {
    Block block = new SequentialBlock().add(convolution(16));
    block.initialize(manager, DataType.FLOAT16, new Shape(4, 3, 8, 8));
    trust.require(block);
    assertThat(engine.on).isFalse();
  }

  @Test
  void aModelWithoutConvolutionsChangesNothing() {
    trust.require(
        initialized(new SequentialBlock().add(Linear.builder().setUnits(3).build()), 2, 5));
    assertThat(engine.on).isFalse();
    trust.require(images(network(16)));
    trust.require(
        initialized(new SequentialBlock().add(Linear.builder().setUnits(4).build()), 2, 5));
    assertThat(engine.on).isTrue();
  }

  @Test
  void aModelWithoutValuesIsWaitedForWithOneDnnOff() {
    Block good = images(network(16));
    Block later = network(16, 32);
    trust.require(good);
    trust.require(later);
    assertThat(engine.on).isFalse();
    trust.require(good);
    assertThat(engine.on).isFalse();
    images(later);
    trust.require(good);
    assertThat(engine.on).isTrue();
    assertThat(engine.compared).hasSize(2);
  }

  @Test
  void aModelThatWasWaitedForAndIsWrongEndsItToo() {
    Block later = network(24);
    trust.require(later);
    images(later);
    trust.require(images(network(16)));
    assertThat(engine.on).isFalse();
    trust.require(images(network(16)));
    assertThat(engine.on).isFalse();
  }

  @Test
  void inputsOfAnotherSizeThanInitializedAreNotChecked() {
    Block block = images(network(16));
    trust.require(block);
    trust.requireSize(block, new long[] {4, 3, 8, 8}, new long[] {900, 3, 8, 8});
    assertThat(engine.on).isTrue();
    Block linear =
        initialized(new SequentialBlock().add(Linear.builder().setUnits(3).build()), 2, 5);
    trust.requireSize(linear, new long[] {2, 5}, new long[] {2, 7, 5});
    assertThat(engine.on).isTrue();
    trust.requireSize(block, new long[] {4, 3, 8, 8}, new long[] {4, 3, 9, 8});
    assertThat(engine.on).isFalse();
  }

  @Test
  void aProgramThatComputesAloneGetsAllConvolutionsRight() {
    trust.requireAll();
    assertThat(engine.on).isFalse();
    trust.require(images(network(16)));
    assertThat(engine.on).isFalse();
  }

  @Test
  void anOperationBesideConvolutionsThatIsWrongEndsItToo() {
    engine.beside = "wrong GELU";
    trust.require(images(network(16)));
    assertThat(engine.on).isFalse();
  }

  @Test
  void aComparisonThatFailsProvesNothing() {
    engine.fails = true;
    trust.require(images(network(16)));
    assertThat(engine.on).isFalse();
  }

  @Test
  void convolutionsThatAreWrongWithoutOneDnnTooAreRefused() {
    engine.wrongWithoutToo = true;
    Block block = images(network(16));
    assertThatThrownBy(() -> trust.require(block))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("without oneDNN too")
        .hasMessageContaining("ONEDNN_MAX_CPU_ISA=SSE41");
  }

  @Test
  void whatSeveralThreadsBringIsDecidedAsOneAfterTheOther() throws Exception {
    engine.wrongChannelsOut.add(64L);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      blocks.add(images(network(16 + 16 * (i % 2), i == 23 ? 64 : 32)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (Block block : blocks) {
        calls.add(
            () -> {
              trust.require(block);
              return true;
            });
      }
      for (Future<Boolean> call : threads.invokeAll(calls)) {
        assertThat(call.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(engine.on).isFalse();
    assertThat(engine.compared).doesNotHaveDuplicates();
  }
}
