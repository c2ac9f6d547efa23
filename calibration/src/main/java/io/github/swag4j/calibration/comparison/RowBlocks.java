package io.github.swag4j.calibration.comparison;

import java.util.Arrays;

/**
 * The blocks of rows that the jackknife leaves out: single rows up to {@value #MOST}, then that
 * many blocks of equal size (within one row) chosen by the seed. The acceleration that comes out
 * estimates the same number, and the cost stays linear in the rows.
 */
final class RowBlocks {

  /** Stream of the random numbers that choose rows. */
  static final long ROWS = 0;

  /** Stream of the random numbers that choose blocks. */
  private static final long BLOCKS = 1;

  static final int MOST = 1000;

  private RowBlocks() {}

  static int count(int rows) {
    return Math.min(rows, MOST);
  }

  /** The block of each row. */
  static int[] of(int rows, long seed) {
    int[] block = new int[rows];
    if (rows <= MOST) {
      Arrays.setAll(block, row -> row);
      return block;
    }
    int[] order = new ReplicateRandom(seed, 0, BLOCKS).permutation(rows);
    for (int i = 0; i < rows; i++) {
      block[order[i]] = i % MOST;
    }
    return block;
  }
}
