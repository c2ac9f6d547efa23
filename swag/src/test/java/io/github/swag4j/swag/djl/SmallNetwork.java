package io.github.swag4j.swag.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A network of 4 inputs with batch normalisation, posteriors of its weights, and rows. */
final class SmallNetwork {

  private SmallNetwork() {}

  static Block withBatchNorm(NDManager manager, int outputs) {
    Engine.getInstance().setRandomSeed(5);
    Block block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(6).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(outputs).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    return block;
  }

  static Block linear(NDManager manager, int outputs) {
    Block block = Linear.builder().setUnits(outputs).build();
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    return block;
  }

  static Weights random(Block block, long seed, double deviation) {
    Random random = new Random(seed);
    ModelWeights model = ModelWeights.of(block);
    float[][] values = new float[model.layout().tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[model.layout().tensor(t).size()];
      for (int i = 0; i < values[t].length; i++) {
        values[t][i] = (float) (0.2 + deviation * random.nextGaussian());
      }
    }
    return Weights.of(model.layout(), values);
  }

  /** A posterior of rank 4 around random weights. */
  static SwagPosterior swag(Block block, long seed) {
    List<Weights> columns = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      columns.add(random(block, 100 * seed + k, 0.3));
    }
    Weights mean = random(block, seed, 0.7);
    float[][] variances = new float[mean.layout().tensors().size()][];
    for (int t = 0; t < variances.length; t++) {
      variances[t] = new float[mean.layout().tensor(t).size()];
      Arrays.fill(variances[t], 0.05f);
    }
    return new SwagPosterior(
        SwagPosterior.Options.defaults().withRank(4),
        10,
        0.5,
        mean,
        Weights.of(mean.layout(), variances),
        columns);
  }

  static float[][] rows(long seed, int count) {
    Random random = new Random(seed);
    float[][] rows = new float[count][4];
    for (float[] row : rows) {
      for (int i = 0; i < 4; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  static InputBatches batches(float[][] rows, int batch) {
    return (parent, consumer) -> {
      for (int from = 0; from < rows.length; from += batch) {
        int n = Math.min(batch, rows.length - from);
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(Arrays.copyOfRange(rows, from, from + n))));
        }
      }
    };
  }
}
