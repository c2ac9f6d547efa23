package io.github.swag4j.swa.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.github.swag4j.swa.Selection;
import io.github.swag4j.swa.djl.internal.TensorMemory;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.Weights;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The two ways to a tensor's values, and which tensors there are. */
class TensorMemoryTest {

  /** The contract a GPU needs, held by the copying way on the CPU. */
  @Test
  void theCopyingWayReadsAndWritesWhatTheSharedWayDoes() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray array = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
      array.setRequiresGradient(true);
      TensorMemory shared = TensorMemory.of(array);
      TensorMemory copying = TensorMemory.copying(array);
      assertThat(shared.isShared()).isTrue();
      assertThat(floats(copying.read())).containsExactly(1, 2, 3, 4, 5, 6);
      FloatBuffer view = shared.read();
      copying.write(FloatBuffer.wrap(new float[] {6, 5, 4, 3, 2, 1}));
      assertThat(floats(view)).containsExactly(6, 5, 4, 3, 2, 1);
      assertThat(array.hasGradient()).isTrue();
      FloatBuffer copy = copying.read();
      view.put(0, 9);
      assertThat(copy.get(0)).isEqualTo(6);
    }
  }

  @Test
  void transposedTensorsAreReadAndWrittenInRowMajorOrder() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray base = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
      TensorMemory memory = TensorMemory.of(base.transpose());
      assertThat(floats(memory.read())).containsExactly(1, 4, 2, 5, 3, 6);
      memory.write(FloatBuffer.wrap(new float[] {10, 40, 20, 50, 30, 60}));
      assertThat(base.toFloatArray()).containsExactly(10, 20, 30, 40, 50, 60);
    }
  }

  @Test
  void halfPrecisionIsWidenedAndRoundedBack() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray array = manager.create(new float[] {1, -2, 0.5f}).toType(DataType.FLOAT16, true);
      TensorMemory memory = TensorMemory.of(array);
      assertThat(memory.isShared()).isFalse();
      assertThat(floats(memory.read())).containsExactly(1, -2, 0.5f);
      memory.write(FloatBuffer.wrap(new float[] {3, 4, 1.0004f}));
      assertThat(array.getDataType()).isEqualTo(DataType.FLOAT16);
      assertThat(floats(memory.read())).containsExactly(3, 4, 1);
    }
  }

  /** Drawn twice and written by a race before: 20 writes of one sample gave 20 models. */
  @Test
  void aSharedLayerIsOneTensor() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block shared = Linear.builder().setUnits(8).optBias(true).build();
      SequentialBlock block = new SequentialBlock();
      block.add(shared).add(shared).add(Linear.builder().setUnits(5).optBias(false).build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
      ModelWeights weights = ModelWeights.of(block);
      assertThat(block.getParameters()).hasSize(5);
      assertThat(weights.layout().tensors()).hasSize(3);
      assertThat(weights.layout().size()).isEqualTo(8 * 8 + 8 + 40);
      Weights drawn = drawn(weights.layout());
      weights.write(drawn);
      Weights once = weights.capture();
      weights.write(drawn);
      assertThat(weights.capture()).isEqualTo(once).isEqualTo(drawn);
    }
  }

  @Test
  void parametersOfOneMemoryAreOneTensorAndKeepTheirValues() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray array = manager.create(new float[] {7, 8, 9});
      Block block = new Pair(array, array.reshape(3), manager.create(new float[] {4}));
      ModelWeights weights = ModelWeights.of(block);
      assertThat(weights.layout().tensors())
          .extracting(WeightLayout.Tensor::name)
          .containsExactly("p0", "p2");
      assertThat(weights.capture().toArray(0)).containsExactly(7, 8, 9);
      assertThat(weights.capture().toArray(1)).containsExactly(4);
    }
  }

  @Test
  void frozenAndUnselectedParametersAreLeftOut() {
    try (NDManager manager = NDManager.newBaseManager()) {
      SequentialBlock block = new SequentialBlock();
      Block body = Linear.builder().setUnits(4).build();
      block.add(body).add(Linear.builder().setUnits(2).build());
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
      body.freezeParameters(true);
      assertThat(ModelWeights.of(block).layout().size()).isEqualTo(16 + 10);
      assertThat(ModelWeights.of(block, Selection.weights().withoutFrozen()).layout().size())
          .isEqualTo(10);
      Selection noBias = Selection.weights().without(WeightLayout.Role.BIAS);
      assertThat(ModelWeights.of(block, noBias).layout().size()).isEqualTo(12 + 8);
      assertThatThrownBy(() -> ModelWeights.of(block, Selection.weights().onlyNames("none")))
          .hasMessageContaining("must leave a parameter, got none of [01Linear_weight");
    }
  }

  @Test
  void aModelWithoutParametersIsRefusedWithWhatMayBeWrong() {
    assertThatThrownBy(() -> ModelWeights.of(Blocks.identityBlock()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("export it without torch.jit.freeze");
  }

  private static Weights drawn(WeightLayout layout) {
    Random random = new Random(3);
    float[][] values = new float[layout.tensors().size()][];
    for (int t = 0; t < values.length; t++) {
      values[t] = new float[layout.tensor(t).size()];
      for (int i = 0; i < values[t].length; i++) {
        values[t][i] = random.nextFloat();
      }
    }
    return Weights.of(layout, values);
  }

  private static float[] floats(FloatBuffer buffer) {
    float[] out = new float[buffer.capacity()];
    buffer.get(0, out);
    return out;
  }

  /** A block of given arrays. */
  private static final class Pair extends ai.djl.nn.AbstractBlock {
    Pair(NDArray... arrays) {
      for (int i = 0; i < arrays.length; i++) {
        Parameter parameter =
            addParameter(
                Parameter.builder().setName("p" + i).setType(Parameter.Type.OTHER).build());
        parameter.setArray(arrays[i]);
      }
    }

    @Override
    protected NDList forwardInternal(
        ai.djl.training.ParameterStore store,
        NDList inputs,
        boolean training,
        ai.djl.util.PairList<String, Object> params) {
      return inputs;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }
}
