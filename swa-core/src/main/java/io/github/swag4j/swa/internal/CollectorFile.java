package io.github.swag4j.swa.internal;

import io.github.swag4j.swa.io.SafeTensors;
import io.github.swag4j.swa.io.SafeTensorsWriter;
import io.github.swag4j.swa.io.StoredTensor;
import io.github.swag4j.swa.io.TensorType;
import io.github.swag4j.swa.io.WeightFormatException;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swa.weights.WeightLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of averages and collectors in safetensors files, so that collecting goes on bit for
 * bit.
 *
 * <p>Numbers are float32 or float64 tensors {@code PART/NAME}; residuals {@code PART.low/NAME}. The
 * first files had a float64 as three whole numbers below 2^22, float32 tensors {@code
 * PART.bits/NAME} of shape [3, ...]: the upper 22, the next 21 and the last 21 bits. They are read
 * still.
 */
public final class CollectorFile {
  private static final String LOW = ".low/";
  private static final String BITS = ".bits/";

  private CollectorFile() {}

  /**
   * Begins a file.
   *
   * @param kind what it holds
   * @param layout its tensors; null for a collector of nothing yet
   * @param count weight vectors collected
   * @return the writer
   */
  public static SafeTensorsWriter start(String kind, WeightLayout layout, long count) {
    SafeTensorsWriter writer =
        new SafeTensorsWriter()
            .metadata("format", "1")
            .metadata("writer", "swag4j")
            .metadata("kind", kind)
            .metadata("count", Long.toString(count));
    if (layout != null) {
      StringBuilder roles = new StringBuilder();
      for (WeightLayout.Tensor tensor : layout.tensors()) {
        roles.append(roles.isEmpty() ? "" : ",").append(tensor.role().name());
      }
      writer.metadata("layout", layout.hash()).metadata("roles", roles.toString());
    }
    return writer;
  }

  /**
   * Adds numbers kept in blocks.
   *
   * @param writer the writer
   * @param part their name
   * @param values the numbers; not to change before the file is written
   */
  public static void add(SafeTensorsWriter writer, String part, BlockValues values) {
    BlockCut cut = values.cut();
    WeightLayout layout = cut.layout();
    for (int t = 0; t < layout.tensors().size(); t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      if (values.wide == null) {
        writer.tensor(part + "/" + tensor.name(), tensor.shape(), parts(cut, t, values.high));
        if (values.low != null) {
          writer.tensor(part + LOW + tensor.name(), tensor.shape(), parts(cut, t, values.low));
        }
      } else {
        int of = t;
        writer.tensor(
            new StoredTensor(part + "/" + tensor.name(), TensorType.F64, tensor.shape()),
            sink -> write(cut, of, values.wide, sink));
      }
    }
  }

  private static void write(
      BlockCut cut, int tensor, double[][] blocks, SafeTensorsWriter.Sink sink) throws IOException {
    ByteBuffer bytes = littleEndian(Blocks.SIZE);
    for (int b = cut.first(tensor); b < cut.first(tensor + 1); b++) {
      bytes.clear();
      bytes.asDoubleBuffer().put(blocks[b]);
      sink.write(bytes.limit(cut.length(b) * Double.BYTES));
    }
  }

  private static ByteBuffer littleEndian(int doubles) {
    return ByteBuffer.allocate(doubles * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<FloatBuffer> parts(BlockCut cut, int tensor, float[][] blocks) {
    List<FloatBuffer> parts = new ArrayList<>();
    for (int b = cut.first(tensor); b < cut.first(tensor + 1); b++) {
      parts.add(FloatBuffer.wrap(blocks[b]));
    }
    return parts;
  }

  private static List<Long> withFirst(long first, WeightLayout.Tensor tensor) {
    List<Long> shape = new ArrayList<>();
    shape.add(first);
    shape.addAll(tensor.shape());
    return shape;
  }

  /**
   * Adds plain tensors.
   *
   * @param writer the writer
   * @param part their name
   * @param layout the tensors
   * @param values {@code [tensors][size of tensor]}
   */
  public static void add(
      SafeTensorsWriter writer, String part, WeightLayout layout, float[][] values) {
    for (int t = 0; t < values.length; t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      writer.tensor(
          part + "/" + tensor.name(), tensor.shape(), List.of(FloatBuffer.wrap(values[t])));
    }
  }

  /**
   * Checks what a file holds.
   *
   * @param file its path
   * @param opened the file
   * @param kind what it should hold
   * @throws WeightFormatException if it holds something else
   */
  public static void requireKind(Path file, SafeTensors opened, String kind)
      throws WeightFormatException {
    String got = opened.requireMetadata("kind");
    if (!got.equals(kind) || !opened.requireMetadata("format").equals("1")) {
      throw new WeightFormatException(
          file,
          "metadata kind must be "
              + kind
              + " of format 1, got "
              + got
              + " of format "
              + opened.requireMetadata("format"));
    }
  }

  /**
   * The layout a file was written with.
   *
   * @param file its path
   * @param opened the file
   * @param part the part to take names from
   * @return the layout
   * @throws WeightFormatException if names, shapes and their fingerprint do not agree
   */
  public static WeightLayout layout(Path file, SafeTensors opened, String part)
      throws WeightFormatException {
    List<String> roles = List.of(opened.requireMetadata("roles").split(",", -1));
    List<WeightLayout.Tensor> tensors = new ArrayList<>();
    for (String entry : opened.entries().keySet()) {
      boolean bits = entry.startsWith(part + BITS);
      if (!bits && !entry.startsWith(part + "/")) {
        continue;
      }
      List<Long> shape = opened.entries().get(entry).shape();
      if (tensors.size() == roles.size() || (bits && shape.isEmpty())) {
        throw new WeightFormatException(file, "tensor " + entry + " is not as it was written");
      }
      tensors.add(
          new WeightLayout.Tensor(
              entry.substring(entry.indexOf('/') + 1),
              WeightLayout.Role.valueOf(roles.get(tensors.size())),
              bits ? shape.subList(1, shape.size()) : shape));
    }
    WeightLayout layout = WeightLayout.of(tensors);
    if (!layout.hash().equals(opened.requireMetadata("layout"))) {
      throw new WeightFormatException(
          file,
          "tensors must be those of layout "
              + opened.requireMetadata("layout")
              + ", got "
              + layout.hash()
              + ": another program changed the file or its order");
    }
    return layout;
  }

  /**
   * Reads numbers kept in blocks.
   *
   * @param file its path
   * @param opened the file
   * @param part their name
   * @param cut the blocks
   * @param accumulation how they are kept
   * @return the numbers, bit for bit
   * @throws IOException if reading fails or they are not as they were written
   */
  public static BlockValues values(
      Path file, SafeTensors opened, String part, BlockCut cut, Accumulation accumulation)
      throws IOException {
    BlockValues values = new BlockValues(cut, accumulation);
    WeightLayout layout = cut.layout();
    for (int t = 0; t < layout.tensors().size(); t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      if (accumulation == Accumulation.FLOAT64) {
        if (opened.entries().containsKey(part + BITS + tensor.name())) {
          readBits(file, opened, part, values, t);
        } else {
          readDoubles(file, opened, part, values, t);
        }
        continue;
      }
      fill(values.high, cut, t, read(file, opened, part + "/" + tensor.name(), tensor.shape()));
      if (values.low != null) {
        fill(values.low, cut, t, read(file, opened, part + LOW + tensor.name(), tensor.shape()));
      }
    }
    return values;
  }

  private static void readDoubles(
      Path file, SafeTensors opened, String part, BlockValues values, int t) throws IOException {
    BlockCut cut = values.cut();
    String name = part + "/" + cut.layout().tensor(t).name();
    StoredTensor stored =
        require(file, opened, name, TensorType.F64, cut.layout().tensor(t).shape());
    ByteBuffer bytes = littleEndian(Blocks.SIZE);
    for (int b = cut.first(t); b < cut.first(t + 1); b++) {
      bytes.clear().limit(cut.length(b) * Double.BYTES);
      opened.read(stored, cut.from(b), bytes);
      bytes.flip().asDoubleBuffer().get(values.wide[b]);
      for (double value : values.wide[b]) {
        requireFinite(file, name, value);
      }
    }
  }

  /** As the first files have it. */
  private static void readBits(
      Path file, SafeTensors opened, String part, BlockValues values, int t) throws IOException {
    BlockCut cut = values.cut();
    WeightLayout.Tensor tensor = cut.layout().tensor(t);
    int size = tensor.size();
    String name = part + BITS + tensor.name();
    float[] bits = read(file, opened, name, withFirst(3, tensor));
    for (int b = cut.first(t); b < cut.first(t + 1); b++) {
      for (int i = 0; i < cut.length(b); i++) {
        int at = cut.from(b) + i;
        long of = (long) bits[at] << 42 | (long) bits[size + at] << 21 | (long) bits[2 * size + at];
        values.wide[b][i] = requireFinite(file, name, Double.longBitsToDouble(of));
      }
    }
  }

  private static void fill(float[][] blocks, BlockCut cut, int tensor, float[] from) {
    for (int b = cut.first(tensor); b < cut.first(tensor + 1); b++) {
      System.arraycopy(from, cut.from(b), blocks[b], 0, cut.length(b));
    }
  }

  /**
   * Reads plain tensors.
   *
   * @param file its path
   * @param opened the file
   * @param part their name
   * @param layout the tensors
   * @return {@code [tensors][size of tensor]}
   * @throws IOException if reading fails or they are not as they were written
   */
  public static float[][] tensors(Path file, SafeTensors opened, String part, WeightLayout layout)
      throws IOException {
    float[][] out = new float[layout.tensors().size()][];
    for (int t = 0; t < out.length; t++) {
      WeightLayout.Tensor tensor = layout.tensor(t);
      out[t] = read(file, opened, part + "/" + tensor.name(), tensor.shape());
    }
    return out;
  }

  private static float[] read(Path file, SafeTensors opened, String name, List<Long> shape)
      throws IOException {
    require(file, opened, name, TensorType.F32, shape);
    float[] values = opened.readFloats(name);
    for (float value : values) {
      requireFinite(file, name, value);
    }
    return values;
  }

  /**
   * A tensor as it must be.
   *
   * @param file the file's path
   * @param opened the file
   * @param name the tensor's name
   * @param type its type
   * @param shape its shape
   * @return what the file says of it
   * @throws WeightFormatException if it is missing or another
   */
  public static StoredTensor require(
      Path file, SafeTensors opened, String name, TensorType type, List<Long> shape)
      throws WeightFormatException {
    StoredTensor got = opened.entries().get(name);
    if (got == null || got.type() != type || !got.shape().equals(shape)) {
      throw new WeightFormatException(
          file,
          "tensor "
              + name
              + " must have shape "
              + shape
              + " and type "
              + type
              + ", got "
              + (got == null ? "none of that name" : got.shape() + " and " + got.type()));
    }
    return got;
  }

  /**
   * Checks a value.
   *
   * @param file the file's path
   * @param name the tensor's name
   * @param value one of its values
   * @return the value
   * @throws WeightFormatException if it is NaN or infinite
   */
  public static double requireFinite(Path file, String name, double value)
      throws WeightFormatException {
    if (!Double.isFinite(value)) {
      throw new WeightFormatException(
          file, "tensor " + name + " must be finite, got " + value + ": the file is damaged");
    }
    return value;
  }
}
