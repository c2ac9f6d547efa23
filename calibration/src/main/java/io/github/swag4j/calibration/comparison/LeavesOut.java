package io.github.swag4j.calibration.comparison;

/** A metric that knows a quicker way to leave out blocks of rows than to go through all others. */
interface LeavesOut {

  /**
   * The metric without each block.
   *
   * @param blockOf {@code [rows]}, the block of each row
   * @param blocks number of blocks
   * @return {@code [blocks]}, NaN where nothing is left
   */
  double[] withoutBlocks(int[] blockOf, int blocks);
}
