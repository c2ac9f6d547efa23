package io.github.swag4j.swa.io;

import java.util.List;

/**
 * A tensor over a part of a storage, as PyTorch has them: value [i, j, ...] lies at offset + i *
 * strides[0] + j * strides[1] + ...
 *
 * @param storage the values it looks at
 * @param type type of the values
 * @param offset its first value in the storage
 * @param shape dimensions
 * @param strides steps along the dimensions, in values
 */
record TensorView(
    Storage storage, TensorType type, long offset, List<Long> shape, List<Long> strides) {

  /**
   * Memory that several tensors may share.
   *
   * @param key its name in the file
   * @param bytes its size
   */
  record Storage(String key, long bytes) {}

  /**
   * Checks that the view stays within its storage.
   *
   * @throws IllegalArgumentException if it does not
   */
  TensorView {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
    if (shape.size() != strides.size()) {
      throw new IllegalArgumentException(
          "a tensor of shape " + shape + " must have a stride each, got " + strides);
    }
    long last = offset;
    boolean empty = false;
    try {
      for (int d = 0; d < shape.size(); d++) {
        if (shape.get(d) < 0 || strides.get(d) < 0) {
          throw new IllegalArgumentException(
              "shape and strides must be at least 0, got " + shape + " and " + strides);
        }
        empty |= shape.get(d) == 0;
        last = Math.addExact(last, Math.multiplyExact(shape.get(d) - 1, strides.get(d)));
      }
      if (offset < 0 || !empty && Math.multiplyExact(last + 1, type.bytes()) > storage.bytes()) {
        throw new IllegalArgumentException(
            "a tensor of shape "
                + shape
                + ", strides "
                + strides
                + " and offset "
                + offset
                + " must lie within its storage "
                + storage.key()
                + " of "
                + storage.bytes()
                + " bytes");
      }
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException("shape " + shape + " is larger than any file", overflow);
    }
  }

  /** Whether values lie one after the other, row-major. */
  boolean isContiguous() {
    long expected = 1;
    for (int d = shape.size() - 1; d >= 0; d--) {
      if (shape.get(d) != 1 && strides.get(d) != expected) {
        return shape.contains(0L);
      }
      expected *= shape.get(d);
    }
    return true;
  }
}
