package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.WeightPosterior;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A posterior whose samples are a network's weights with noise of a seed and index, for tests. */
record ShiftedWeights(Weights mean, float spread) implements WeightPosterior {

  static ShiftedWeights of(Block block, float spread) {
    return new ShiftedWeights(ModelWeights.of(block).capture(), spread);
  }

  /** A linear network with a last step. */
  static Block network(NDManager manager, int outputs, UnaryOperator<NDArray> last) {
    Block block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(outputs).build())
            .add(new LambdaBlock(l -> new NDList(last.apply(l.head())), "last"));
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    ModelWeights live = ModelWeights.of(block);
    live.write(new ShiftedWeights(live.capture(), 0).ofNothing(outputs));
    return block;
  }

  /** Weights that do not depend on how the block was initialised. */
  private Weights ofNothing(long seed) {
    float[][] zero = new float[layout().tensors().size()][];
    for (int t = 0; t < zero.length; t++) {
      zero[t] = new float[mean.toArray(t).length];
    }
    return new ShiftedWeights(Weights.of(layout(), zero), 0.5f).sample(seed, 0);
  }

  /** Rows of four normal numbers. */
  static InputBatches inputs(long seed, int rows, int batch) {
    return (parent, consumer) -> {
      Random random = new Random(seed);
      for (int from = 0; from < rows; from += batch) {
        int n = Math.min(batch, rows - from);
        float[] values = new float[n * 4];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        try (NDManager own = parent.newSubManager()) {
          consumer.accept(new NDList(own.create(values, new Shape(n, 4))));
        }
      }
    };
  }

  /** What the network gives under a sample, row by row, by hand. */
  double[][] outputs(Block block, long seed, int sample, InputBatches inputs, NDManager manager)
      throws IOException {
    ModelWeights live = ModelWeights.of(block);
    Weights before = live.capture();
    live.write(sample(seed, sample));
    List<double[]> rows = new ArrayList<>();
    inputs.forEach(
        manager,
        batch -> {
          NDArray out = block.forward(new ParameterStore(manager, false), batch, false).head();
          float[] values = out.toFloatArray();
          int width = (int) (out.size() / out.getShape().get(0));
          for (int from = 0; from < values.length; from += width) {
            double[] row = new double[width];
            for (int k = 0; k < width; k++) {
              row[k] = values[from + k];
            }
            rows.add(row);
          }
        });
    live.restore(before);
    return rows.toArray(double[][]::new);
  }

  @Override
  public WeightLayout layout() {
    return mean.layout();
  }

  @Override
  public Weights sample(long seed, int index) {
    Random random = new Random(31 * seed + index);
    float[][] values = new float[layout().tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = mean.toArray(t);
      for (int i = 0; i < values[t].length; i++) {
        values[t][i] += spread * (float) random.nextGaussian();
      }
    }
    return Weights.of(layout(), values);
  }
}
