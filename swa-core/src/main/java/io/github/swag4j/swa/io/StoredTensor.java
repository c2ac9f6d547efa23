package io.github.swag4j.swa.io;

import java.util.List;

/**
 * What a file says of one of its tensors.
 *
 * @param name its name in the file
 * @param type type of the values
 * @param shape dimensions, each at least 0; empty for a scalar
 */
public record StoredTensor(String name, TensorType type, List<Long> shape) {

  /**
   * Checks the shape.
   *
   * @param name its name in the file
   * @param type type of the values
   * @param shape dimensions, each at least 0; empty for a scalar
   * @throws IllegalArgumentException if a dimension is negative or the values have 2^63 bytes or
   *     more
   */
  public StoredTensor {
    shape = List.copyOf(shape);
    sizeOf(name, type, shape);
  }

  /**
   * Number of values.
   *
   * @return the product of the dimensions
   */
  public long size() {
    long size = 1;
    for (long dimension : shape) {
      size *= dimension;
    }
    return size;
  }

  /**
   * Number of bytes of the values.
   *
   * @return the number of values times the size of one
   */
  public long byteSize() {
    return size() * type.bytes();
  }

  @Override
  public String toString() {
    return name + " " + type + " " + shape;
  }

  private static void sizeOf(String name, TensorType type, List<Long> shape) {
    long bytes = type.bytes();
    boolean empty = shape.contains(0L);
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "shape of " + name + " must have dimensions of at least 0, got " + shape);
      }
      try {
        bytes = empty ? 0 : Math.multiplyExact(bytes, dimension);
      } catch (ArithmeticException overflow) {
        throw new IllegalArgumentException(
            "shape of " + name + " is larger than any file, got " + shape, overflow);
      }
    }
  }
}
