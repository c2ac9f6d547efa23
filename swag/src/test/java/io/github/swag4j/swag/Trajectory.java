package io.github.swag4j.swag;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightLayout.Role;
import io.github.swag4j.swa.weights.WeightLayout.Tensor;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * 60 iterates of a network trained on real data and the posterior that NumPy makes of them in
 * float64; see {@code src/test/python/make_trajectory.py}.
 */
final class Trajectory {
  static final int RANK = 20;
  static final WeightLayout LAYOUT =
      WeightLayout.of(
          List.of(
              new Tensor("hidden.weight", Role.WEIGHT, List.of(12L, 16L)),
              new Tensor("hidden.bias", Role.BIAS, List.of(12L)),
              new Tensor("head.weight", Role.WEIGHT, List.of(10L, 12L)),
              new Tensor("head.bias", Role.BIAS, List.of(10L))));

  private Trajectory() {}

  private static SafeTensors open() throws IOException {
    try {
      return SafeTensors.open(
          Path.of(Trajectory.class.getResource("golden/trajectory.safetensors").toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Weights> iterates() throws IOException {
    List<Weights> out = new ArrayList<>();
    try (SafeTensors file = open()) {
      for (int n = 0; n < 60; n++) {
        float[][] values = new float[LAYOUT.tensors().size()][];
        for (int t = 0; t < values.length; t++) {
          values[t] = file.readFiniteFloats("iterates/" + LAYOUT.tensor(t).name(), n);
        }
        out.add(Weights.of(LAYOUT, values));
      }
    }
    return out;
  }

  /** One of the float64 arrays. */
  static double[] golden(String name) throws IOException {
    try (SafeTensors file = open()) {
      StoredTensor tensor = file.entries().get(name);
      ByteBuffer bytes =
          ByteBuffer.allocate((int) tensor.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
      file.read(tensor, 0, bytes);
      double[] out = new double[(int) tensor.size()];
      bytes.flip().asDoubleBuffer().get(out);
      return out;
    }
  }
}
