package io.github.swag4j.swa.quantize;

import java.util.Arrays;

/** Which numbers of a tensor share an exponent. */
public enum Blocks {
  /** All: the big block of the SWALP paper. */
  TENSOR,
  /**
   * Those of one index of the first dimension: a row of a matrix, a filter of a convolution, a
   * sample of a batch. A vector (a bias) is one block, as are the small blocks of the SWALP paper.
   */
  FIRST_DIMENSION,
  /**
   * As {@link #FIRST_DIMENSION}, but each number of a vector is a block, that is, a float of W
   * bits: what QPyTorch does with {@code dim=0}.
   */
  FIRST_DIMENSION_ALWAYS,
  /** Those of one filter of a convolution; tensors of fewer than three dimensions are whole. */
  FILTERS,
  /** Those of one index of the first two dimensions: a kernel of a convolution. */
  FIRST_TWO_DIMENSIONS;

  /**
   * Numbers in each block; blocks are consecutive in row-major order.
   *
   * @param shape of the tensor; empty for a single number
   * @return at least 1, a divisor of the tensor's size; 1 if that is 0
   * @throws IllegalArgumentException if a dimension is negative
   */
  public int size(long... shape) {
    long size = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "dimensions must be at least 0, got " + Arrays.toString(shape));
      }
      size = Math.multiplyExact(size, dimension);
    }
    int kept = leading(shape.length);
    long blocks = 1;
    for (int i = 0; i < Math.min(kept, shape.length); i++) {
      blocks *= shape[i];
    }
    return size == 0 ? 1 : Math.toIntExact(size / blocks);
  }

  /** How many leading dimensions tell blocks apart. */
  private int leading(int dimensions) {
    return switch (this) {
      case TENSOR -> 0;
      case FIRST_DIMENSION -> dimensions > 1 ? 1 : 0;
      case FIRST_DIMENSION_ALWAYS -> 1;
      case FILTERS -> dimensions > 2 ? 1 : 0;
      case FIRST_TWO_DIMENSIONS -> 2;
    };
  }
}
