package io.github.swag4j.swa.io;

import io.github.swag4j.swa.WeightLayout;
import io.github.swag4j.swa.WeightSource;
import io.github.swag4j.swa.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Weights in safetensors files: a tensor each, under its own name, and what they are as metadata.
 */
public final class WeightFiles {

  private WeightFiles() {}

  /**
   * Writes weights.
   *
   * @param file where to; replaced atomically
   * @param kind what the weights are, e.g. {@code average}
   * @param weights the weights
   * @param metadata further facts, e.g. how many weights were averaged
   * @throws IOException if writing fails
   */
  public static void write(
      Path file, String kind, WeightSource weights, Map<String, String> metadata)
      throws IOException {
    WeightLayout layout = weights.layout();
    SafeTensorsWriter writer = SafeTensorsWriter.of(kind, layout);
    metadata.forEach(writer::metadata);
    for (int t = 0; t < layout.tensors().size(); t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      writer.tensor(tensor.name(), tensor.shape(), List.of(weights.values(t)));
    }
    writer.write(file);
  }

  /**
   * Reads weights of a known layout. Other tensors in the file are ignored.
   *
   * @param file the file
   * @param layout what the model has
   * @return the weights
   * @throws WeightFormatException if the file is damaged, a tensor is missing or of another shape,
   *     or a value is not finite
   * @throws IOException if reading fails
   */
  public static Weights read(Path file, WeightLayout layout) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      float[][] values = new float[layout.tensors().size()][];
      for (int t = 0; t < values.length; t++) {
        WeightLayout.Tensor tensor = layout.tensor(t);
        opened.requireShape(tensor.name(), tensor.shape());
        values[t] = opened.readFiniteFloats(tensor.name());
      }
      return Weights.adopt(layout, values);
    }
  }
}
