package io.github.swag4j.swa.io;

import io.github.swag4j.swa.weights.WeightLayout;
import io.github.swag4j.swa.weights.WeightSource;
import io.github.swag4j.swa.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Weights in files: read from whatever has them, written as safetensors, a tensor each under its
 * own name, and what they are as metadata.
 */
public final class WeightFiles {

  private static final String INDEX = "model.safetensors.index.json";
  private static final String TORCH_INDEX = "pytorch_model.bin.index.json";

  private static final int ZIP = 0x504b0304;

  private WeightFiles() {}

  /**
   * Opens a file of weights, whatever its name, by what is in it: safetensors, a PyTorch state dict
   * or checkpoint, a {@code .pt2} export, an index of several files, or a folder with such an
   * index. Nothing in it is executed.
   *
   * @param file the file
   * @return the open file
   * @throws WeightFormatException if it is something else, saying what, or is not valid
   * @throws IOException if it cannot be read
   */
  public static TensorFile open(Path file) throws IOException {
    return open(file, Optional.empty());
  }

  /**
   * Opens a file of weights, with the name of the state dict in a PyTorch checkpoint.
   *
   * @param file the file
   * @param key name of the state dict; empty for the only one there is
   * @return the open file
   * @throws WeightFormatException if it is something else, saying what, or is not valid
   * @throws IOException if it cannot be read
   */
  public static TensorFile open(Path file, Optional<String> key) throws IOException {
    if (Files.isDirectory(file)) {
      for (String index : List.of(INDEX, TORCH_INDEX)) {
        if (Files.exists(file.resolve(index))) {
          return ShardedFile.open(file.resolve(index));
        }
      }
      throw new WeightFormatException(
          file, "is a folder without " + INDEX + ": name the files of weights in it");
    }
    ByteBuffer start = start(file);
    return start.hasRemaining() && start.get(0) == '{' && !isSafeTensors(start)
        ? ShardedFile.open(file)
        : openSingle(file, key);
  }

  /** Eight bytes of a length, then the header's brace: no other format of weights has that. */
  private static boolean isSafeTensors(ByteBuffer start) {
    return start.remaining() > 8 && start.get(8) == '{' && start.get(7) == 0;
  }

  private static ByteBuffer start(Path file) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(ForeignFiles.BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      start.limit((int) Math.min(start.capacity(), channel.size()));
      FileBytes.readFully(file, channel, start, 0);
    }
    return start.flip();
  }

  /** Opens a file that is not an index of others. */
  static TensorFile openSingle(Path file, Optional<String> key) throws IOException {
    ByteBuffer start = start(file);
    if (!start.hasRemaining()) {
      throw new WeightFormatException(file, "is empty: what wrote it did not finish");
    }
    if (isSafeTensors(start)) {
      return SafeTensors.open(file);
    }
    if (start.remaining() > 3 && start.getInt(0) == ZIP || LegacyTorch.isStart(start)) {
      return TorchArchive.open(file, key, LegacyTorch.isStart(start));
    }
    Optional<WeightFormatException> foreign = ForeignFiles.recognise(file, start);
    if (foreign.isPresent()) {
      throw foreign.get();
    }
    return SafeTensors.open(file);
  }

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
   * Reads weights of a known layout, under the layout's names, from a file of any format. Double
   * precision is rounded to floats.
   *
   * @param file the file
   * @param layout what the model has
   * @return the weights
   * @throws WeightFormatException if the file is damaged, a tensor is missing, of another shape or
   *     not in the layout, or a value is not finite
   * @throws IOException if reading fails
   */
  public static Weights read(Path file, WeightLayout layout) throws IOException {
    try (TensorFile opened = open(file)) {
      return WeightMapping.byName(layout, opened, UnaryOperator.identity()).read();
    }
  }
}
