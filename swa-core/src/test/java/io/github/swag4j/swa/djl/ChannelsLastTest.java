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
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("native")
class ChannelsLastTest {
  private static final Shape INPUT = new Shape(5, 3, 8, 6);

  private NDManager manager;
  private NDArray images;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    images = manager.randomNormal(INPUT);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static Conv2d convolution() {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(16)
        .optPadding(new Shape(1, 1))
        .build();
  }

  private SequentialBlock network(boolean flat) {
    SequentialBlock block = new SequentialBlock();
    block.add(convolution()).add(BatchNorm.builder().build()).add(Activation::relu);
    block.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
    if (flat) {
      block.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(4).build());
    }
    block.initialize(manager, DataType.FLOAT32, INPUT);
    return block;
  }

  private NDArray plain(Block block) {
    return block
        .forward(new ParameterStore(manager, false), new NDList(images), false)
        .singletonOrThrow();
  }

  @Test
  void theOrderOfMemoryChangesNoValueAndNoShape() {
    NDArray other = ChannelsLast.of(network(true)).of(new NDList(images)).head();

    assertThat(other).isNotSameAs(images);
    assertThat(other.getShape()).isEqualTo(images.getShape());
    assertThat(other.toFloatArray()).isEqualTo(images.toFloatArray());
    assertThat(other.get("1, 2").toFloatArray()).isEqualTo(images.get("1, 2").toFloatArray());
  }

  @Test
  void channelsLieSideBySideInMemory() {
    NDArray other = ChannelsLast.of(network(true)).of(new NDList(images)).head();

    NDArray pixels = other.transpose(0, 2, 3, 1);
    NDArray first = pixels.flatten();
    first.set(new NDIndex("0"), 77f);
    assertThat(other.getFloat(0, 0, 0, 0))
        .as("flattening what lies in this order is a view, not a copy")
        .isEqualTo(77f);
    assertThat(images.getFloat(0, 0, 0, 0)).as("the batch stays as it is").isNotEqualTo(77f);
  }

  @Test
  void predictionsAreThoseOfTheUsualOrder() {
    for (boolean flat : new boolean[] {true, false}) {
      SequentialBlock block = network(flat);
      float[] usual = plain(block).toFloatArray();
      try (InferencePass pass = InferencePass.of(block)) {
        NDArray outputs = pass.run(new NDList(images));

        assertThat(outputs.getShape()).isEqualTo(plain(block).getShape());
        float[] values = outputs.toFloatArray();
        for (int i = 0; i < usual.length; i++) {
          assertThat(values[i]).isCloseTo(usual[i], within(usual));
        }
      }
    }
  }

  /** 1e-5 of the largest value. */
  private static Offset<Float> within(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return Offset.offset(1e-5f * largest);
  }

  @Test
  void batchNormStatisticsAreThoseOfTheChannels() throws IOException {
    SequentialBlock block = new SequentialBlock();
    block.add(convolution()).add(BatchNorm.builder().build());
    block.initialize(manager, DataType.FLOAT32, INPUT);
    NDArray channels = plain(new SequentialBlock().add(block.getChildren().get(0).getValue()));

    BatchNormRefresh.of(block).refresh((parent, consumer) -> consumer.accept(new NDList(images)));

    Weights statistics = ModelWeights.statistics(block).capture();
    float[] means =
        channels.transpose(1, 0, 2, 3).reshape(16, -1).mean(new int[] {1}).toFloatArray();
    for (int c = 0; c < means.length; c++) {
      assertThat(statistics.values(0).get(c)).isCloseTo(means[c], within(means));
    }
  }

  @Test
  void whatIsNoImageOrHasNoConvolutionsStaysAsItIs() {
    NDArray rows = manager.ones(new Shape(2, 3));
    NDArray whole = manager.ones(INPUT, DataType.INT32);
    NDList mixed = ChannelsLast.of(network(true)).of(new NDList(rows, whole, images));

    assertThat(mixed.get(0)).isSameAs(rows);
    assertThat(mixed.get(1)).isSameAs(whole);
    assertThat(mixed.get(2)).isNotSameAs(images);
    NDList batch = new NDList(images);
    assertThat(ChannelsLast.of(Blocks.batchFlattenBlock()).of(batch)).isSameAs(batch);
  }

  @Test
  void imagesKeepTheirNames() {
    images.setName("pixels");

    assertThat(ChannelsLast.of(network(true)).of(new NDList(images)).head().getName())
        .isEqualTo("pixels");
  }
}
