package io.github.swag4j.calibration.provenance;

/**
 * How many rows of a fit are among other rows, and what to make of it.
 *
 * @param count rows of the fit that are among the others, each counted once
 * @param estimated whether the count is an estimate from a sample of the fit
 * @param explainedByChance whether unrelated rows may have as much in common: rows agree as often
 *     within a set
 */
public record CommonRows(long count, boolean estimated, boolean explainedByChance) {
  /**
   * Checks the count.
   *
   * @param count rows of the fit that are among the others
   * @param estimated whether the count is an estimate from a sample of the fit
   * @param explainedByChance whether unrelated rows may have as much in common
   * @throws IllegalArgumentException if the count is below 0
   */
  public CommonRows {
    if (count < 0) {
      throw new IllegalArgumentException("count must be at least 0, got " + count);
    }
  }
}
