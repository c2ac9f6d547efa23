package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.swa.Golden;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The networks of {@code batch-norm.json} with PyTorch's weights. */
final class GoldenNetwork implements AutoCloseable {
  final NDManager manager = NDManager.newBaseManager();
  final JsonObject golden;
  final Block block;
  final Shape rowShape;
  private final float[] inputs;

  private GoldenNetwork(String name, SequentialBlock block, Shape rowShape) {
    this.golden = Golden.read("batch-norm.json").getAsJsonObject(name);
    this.block = block;
    this.rowShape = rowShape;
    this.inputs = Golden.floats(golden.get("inputs"));
    block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(rowShape));
    ModelWeights weights = ModelWeights.of(block);
    float[][] values = new float[weights.layout().tensors().size()][];
    int t = 0;
    for (Map.Entry<String, JsonElement> e : golden.getAsJsonObject("weights").entrySet()) {
      values[t++] = Golden.floats(e.getValue().getAsJsonObject().get("values"));
    }
    WeightLayout layout = weights.layout();
    weights.write(Weights.of(layout, values));
  }

  static GoldenNetwork dense() {
    return new GoldenNetwork(
        "dense",
        new SequentialBlock()
            .add(Linear.builder().setUnits(5).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(3).build()),
        new Shape(6));
  }

  static GoldenNetwork convolutional() {
    SequentialBlock block = new SequentialBlock();
    for (int channels : new int[] {4, 6}) {
      block
          .add(
              Conv2d.builder()
                  .setKernelShape(new Shape(3, 3))
                  .setFilters(channels)
                  .optBias(false)
                  .build())
          .add(BatchNorm.builder().optMomentum(channels == 4 ? 0.9f : 0.7f).build())
          .add(Activation::relu)
          .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
    }
    block.add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(3).build());
    return new GoldenNetwork("convolutional", block, new Shape(1, 12, 12));
  }

  /** The inputs in the golden file's batches. */
  InputBatches batches() {
    double[] sizes = Golden.doubles(golden.get("batches"));
    return (parent, consumer) -> {
      int row = 0;
      for (double size : sizes) {
        try (NDManager batch = parent.newSubManager()) {
          consumer.accept(new NDList(rows(batch, row, (int) size)));
        }
        row += (int) size;
      }
    };
  }

  NDArray rows(NDManager owner, int from, int count) {
    int width = (int) rowShape.size();
    float[] part = java.util.Arrays.copyOfRange(inputs, from * width, (from + count) * width);
    return owner.create(part, new Shape(count).addAll(rowShape));
  }

  List<JsonObject> layers() {
    List<JsonObject> layers = new ArrayList<>();
    golden.getAsJsonArray("layers").forEach(l -> layers.add(l.getAsJsonObject()));
    return layers;
  }

  @Override
  public void close() {
    manager.close();
  }
}
