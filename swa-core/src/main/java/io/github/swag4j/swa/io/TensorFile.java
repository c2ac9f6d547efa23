package io.github.swag4j.swa.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An open file of named tensors. What it says of itself was checked when it was opened; values are
 * read in pieces, from wherever they lie in the file, so a file may be larger than the memory.
 *
 * <p>Safe for use by several threads until it is closed.
 *
 * @see WeightFiles#open(Path)
 */
public interface TensorFile extends AutoCloseable {

  /**
   * The file.
   *
   * @return its path as it was given
   */
  Path file();

  /**
   * All files it is read from.
   *
   * @return {@link #file} alone, or an index and the files it names
   */
  default List<Path> files() {
    return List.of(file());
  }

  /**
   * What kind of file it is.
   *
   * @return words for people, e.g. {@code safetensors}
   */
  String format();

  /**
   * Facts the file holds beside its tensors.
   *
   * @return an unmodifiable map in the file's order, empty if there are none
   */
  Map<String, String> metadata();

  /**
   * The tensors there are.
   *
   * @return an unmodifiable map by name, in the file's order
   */
  Map<String, StoredTensor> entries();

  /**
   * Whether the order of the tensors is that of the model, as far as the format can tell.
   *
   * @return false if the writer may have sorted them
   */
  boolean keepsOrder();

  /**
   * Reads values of a tensor, as the bytes the file has for them, little-endian and row-major.
   *
   * @param tensor one of this file's
   * @param first the first value
   * @param into filled from its position to its limit, a multiple of the type's size
   * @throws IOException if reading fails or the file has become shorter
   */
  void read(StoredTensor tensor, long first, ByteBuffer into) throws IOException;

  @Override
  void close() throws IOException;
}
