package io.github.swag4j.calibration.comparison;

/**
 * The blocks of rows that the jackknife leaves out: single rows up to {@value #MOST}, then that
 * many blocks of equal size (within one row) chosen by the seed. The acceleration that comes out
 * estimates the same number, and the cost stays linear in the rows.
 */
final class JackknifeBlocks {

  /** Stream of the random numbers that choose rows. */
  static final long ROWS = 0;

  /** Stream of the random numbers that choose blocks. */
  private static final long BLOCKS = 1;

  static final int MOST = 1000;

  private JackknifeBlocks() {}

  static int count(int rows) {
    return Math.min(rows, MOST);
  }

  /** The block of each row, of rows taken in the given order. */
  static int[] of(int[] order, long seed) {
    int rows = order.length;
    if (rows <= MOST) {
      return CanonicalOrder.places(order);
    }
    int[] block = new int[rows];
    int[] dealt = new ReplicateRandom(seed, 0, BLOCKS).permutation(rows);
    for (int i = 0; i < rows; i++) {
      block[order[dealt[i]]] = i % MOST;
    }
    return block;
  }
}
