package io.github.swag4j.swa.schedule;

/**
 * Weight of a loss that must not act while predictions are still random: {@code peak exp(-5 (1 -
 * s)^2)} with {@code s = min(t, length) / length}, from {@code 0.0067 peak} up to {@code peak}.
 *
 * <p>Like a learning rate it is a function of time alone. The public codes ask for it once an epoch
 * ({@code weight(Math.floor(epochs))}), which makes stairs of it.
 *
 * @param peak the weight from {@code length} on, at least 0
 * @param length units until then, at least 0; 0 for the whole weight at once
 * @see <a href="https://arxiv.org/abs/1610.02242">Laine and Aila 2017, Temporal Ensembling for
 *     Semi-Supervised Learning, section 2.1</a>
 */
public record RampUp(double peak, double length) {
  private static final double STEEPNESS = 5;

  /**
   * Checks the numbers.
   *
   * @param peak the weight from {@code length} on, at least 0
   * @param length units until then, at least 0
   * @throws IllegalArgumentException if a number is negative or not finite
   */
  public RampUp {
    Checks.notNegative("peak", peak);
    Checks.notNegative("length", length);
  }

  /**
   * The weight at a time.
   *
   * @param time units finished, at least 0
   * @return in [0, peak]
   * @throws IllegalArgumentException if the time is negative
   */
  public double weight(double time) {
    if (!(time >= 0)) {
      throw new IllegalArgumentException("time must be at least 0, got " + time);
    }
    double left = time >= length ? 0 : 1 - time / length;
    return peak * Math.exp(-STEEPNESS * left * left);
  }
}
