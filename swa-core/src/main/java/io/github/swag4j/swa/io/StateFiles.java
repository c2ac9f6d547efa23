package io.github.swag4j.swa.io;

import io.github.swag4j.swa.state.TrainingState;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A {@link TrainingState} in a safetensors file: its arrays as tensors of one dimension, its
 * numbers as metadata. What is read is what was written, to the bit.
 */
public final class StateFiles {
  private static final String KIND = "training-state";
  private static final String NUMBER = "number/";

  private StateFiles() {}

  /**
   * Writes a state.
   *
   * @param file where to; replaced atomically
   * @param state the state
   * @throws IOException if writing fails
   */
  public static void write(Path file, TrainingState state) throws IOException {
    SafeTensorsWriter writer = SafeTensorsWriter.of(KIND);
    state.numbers().forEach((name, value) -> writer.metadata(NUMBER + name, value.toString()));
    for (String name : state.sizes().keySet()) {
      float[] values = state.tensor(name);
      writer.tensor(name, List.of((long) values.length), List.of(FloatBuffer.wrap(values)));
    }
    writer.write(file);
  }

  /**
   * Reads a state.
   *
   * @param file the file
   * @return the state
   * @throws WeightFormatException if the file is damaged or holds something else
   * @throws IOException if reading fails
   */
  public static TrainingState read(Path file) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      String kind = opened.requireMetadata("kind");
      if (!kind.equals(KIND)) {
        throw new WeightFormatException(file, "metadata kind must be " + KIND + ", got " + kind);
      }
      TrainingState.Builder out = TrainingState.builder();
      for (Map.Entry<String, String> e : opened.metadata().entrySet()) {
        if (e.getKey().startsWith(NUMBER)) {
          out.number(e.getKey().substring(NUMBER.length()), number(file, e));
        }
      }
      for (String name : opened.entries().keySet()) {
        out.tensor(name, opened.readFloats(name));
      }
      return out.build();
    }
  }

  private static long number(Path file, Map.Entry<String, String> e) throws IOException {
    try {
      return Long.parseLong(e.getValue());
    } catch (NumberFormatException notWhole) {
      throw new WeightFormatException(
          file, "metadata " + e.getKey() + " must be a whole number, got " + e.getValue());
    }
  }
}
