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

  /** Version of what this library writes, in the metadata of each file. */
  public static final String FORMAT = "1";

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
    SafeTensorsWriter writer = start(kind, layout);
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
        requireShape(file, opened, tensor.name(), tensor.shape());
        values[t] = opened.readFloats(tensor.name());
        requireFinite(file, tensor.name(), values[t]);
      }
      return Weights.adopt(layout, values);
    }
  }

  /**
   * A writer with the metadata every file of this library has.
   *
   * @param kind what the file holds
   * @param layout the tensors it speaks of
   * @return the writer
   */
  public static SafeTensorsWriter start(String kind, WeightLayout layout) {
    return new SafeTensorsWriter()
        .metadata("format", FORMAT)
        .metadata("writer", "swag4j")
        .metadata("kind", kind)
        .metadata("layout", layout.hash());
  }

  /**
   * Checks that a file was written for a layout and holds what is expected.
   *
   * @param file its path, for messages
   * @param opened the file
   * @param kind what it should hold
   * @param layout the layout it should be of
   * @throws WeightFormatException if format, kind or layout differ
   */
  public static void require(Path file, SafeTensors opened, String kind, WeightLayout layout)
      throws WeightFormatException {
    requireValue(file, "format", FORMAT, opened.requireMetadata("format"));
    requireValue(file, "kind", kind, opened.requireMetadata("kind"));
    requireValue(file, "layout", layout.hash(), opened.requireMetadata("layout"));
  }

  /**
   * Checks that a tensor is there with the expected shape.
   *
   * @param file its path, for messages
   * @param opened the file
   * @param name the tensor
   * @param shape its shape
   * @throws WeightFormatException if it is missing or its shape differs
   */
  public static void requireShape(Path file, SafeTensors opened, String name, List<Long> shape)
      throws WeightFormatException {
    SafeTensors.Entry entry = opened.entries().get(name);
    if (entry == null || !entry.shape().equals(shape)) {
      throw new WeightFormatException(
          file,
          "tensor "
              + name
              + " must have shape "
              + shape
              + ", got "
              + (entry == null ? "none of that name" : entry.shape())
              + ": the file belongs to another model");
    }
  }

  /**
   * Checks that a tensor's values are finite.
   *
   * @param file the file's path, for messages
   * @param name the tensor
   * @param values its values
   * @throws WeightFormatException if one is NaN or infinite, naming the first
   */
  public static void requireFinite(Path file, String name, float[] values)
      throws WeightFormatException {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new WeightFormatException(
            file,
            "tensor "
                + name
                + " must be finite, got "
                + values[i]
                + " at "
                + i
                + ": what wrote the file had diverged, take an earlier one");
      }
    }
  }

  private static void requireValue(Path file, String key, String expected, String got)
      throws WeightFormatException {
    if (!got.equals(expected)) {
      throw new WeightFormatException(
          file, "metadata " + key + " must be " + expected + ", got " + got);
    }
  }
}
