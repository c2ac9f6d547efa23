package io.github.swag4j.benchmarks;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** 25 tensors of a million random weights in native memory, as a model on the CPU has them. */
final class LiveWeights implements WeightSource {
  static final int TENSORS = 25;
  static final int SIZE = 1_000_000;

  private final WeightLayout layout;
  private final FloatBuffer[] values = new FloatBuffer[TENSORS];

  LiveWeights(long seed) {
    Random random = new Random(seed);
    List<WeightLayout.Tensor> tensors = new ArrayList<>();
    for (int t = 0; t < TENSORS; t++) {
      tensors.add(new WeightLayout.Tensor("t" + t, WeightLayout.Role.WEIGHT, List.of((long) SIZE)));
      values[t] =
          ByteBuffer.allocateDirect(SIZE * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      for (int i = 0; i < SIZE; i++) {
        values[t].put(i, random.nextFloat() - 0.5f);
      }
    }
    layout = WeightLayout.of(tensors);
  }

  @Override
  public WeightLayout layout() {
    return layout;
  }

  @Override
  public FloatBuffer values(int tensor) {
    return values[tensor];
  }
}
