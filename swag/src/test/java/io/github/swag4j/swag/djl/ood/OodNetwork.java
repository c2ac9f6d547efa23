package io.github.swag4j.swag.djl.ood;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The network of {@code odin.json}; see {@code src/test/python/make_ood_golden.py}. */
final class OodNetwork implements AutoCloseable {
  static final int ROWS = 7;
  static final Shape ROW = new Shape(2, 6, 6);
  final NDManager manager = NDManager.newBaseManager();
  final JsonObject golden;
  final SequentialBlock block;

  OodNetwork() throws IOException {
    try (InputStream in =
        WeightPosterior.class.getResourceAsStream("/io/github/swag4j/swag/golden/odin.json")) {
      golden = JsonObject.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    block =
        new SequentialBlock()
            .add(
                new SequentialBlock()
                    .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
                    .add(BatchNorm.builder().build())
                    .add(Activation.tanhBlock()))
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(5).build())
            .add(Activation.tanhBlock())
            .add(Linear.builder().setUnits(3).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(ROW));
    write(
        ModelWeights.of(block),
        "conv.weight",
        "conv.bias",
        "norm.weight",
        "norm.bias",
        "hidden.weight",
        "hidden.bias",
        "last.weight",
        "last.bias");
    write(ModelWeights.statistics(block), "norm.running_mean", "norm.running_var");
  }

  private void write(ModelWeights target, String... names) {
    float[][] tensors = new float[names.length][];
    for (int t = 0; t < names.length; t++) {
      tensors[t] = floats(golden.object("weights").numbers(names[t]));
    }
    target.write(Weights.of(target.layout(), tensors));
  }

  static float[] floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  /** The rows in batches of 3, 3 and 1. */
  InputBatches inputs() {
    float[] values = floats(golden.numbers("inputs"));
    int size = (int) ROW.size();
    return (parent, consumer) -> {
      for (int from = 0; from < ROWS; from += 3) {
        int rows = Math.min(3, ROWS - from);
        float[] part = Arrays.copyOfRange(values, from * size, (from + rows) * size);
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(part, new Shape(rows).addAll(ROW))));
        }
      }
    };
  }

  @Override
  public void close() {
    manager.close();
  }
}
