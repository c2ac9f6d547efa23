package io.github.swag4j.swa.weights;

/**
 * How running sums of weights are kept.
 *
 * <p>A plain float32 average stands still as soon as one step, |w - mean| / n or (1 - decay) |w -
 * mean|, is below half a unit in the last place of the mean: for weights that differ by one part in
 * a thousand after about 10,000 collections, or at once with a decay of 0.9999.
 */
public enum Accumulation {
  /**
   * One float32 a number, 4 bytes. Enough for up to about 1,000 collections (an average an epoch);
   * rounding then stays below 1,000 / 2 units in the last place at worst.
   */
  FLOAT32,
  /**
   * A float32 and the residual it could not hold (Kahan), 8 bytes: about 48 bits. The default; does
   * not stand still.
   *
   * @see <a href="https://doi.org/10.1145/363707.363723">Kahan 1965, Further remarks on reducing
   *     truncation errors</a>
   */
  COMPENSATED,
  /** One float64, 8 bytes; all arithmetic in float64. */
  FLOAT64
}
