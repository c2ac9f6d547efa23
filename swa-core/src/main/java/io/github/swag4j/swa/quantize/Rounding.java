package io.github.swag4j.swa.quantize;

/** Which of its two neighbours on the grid a number becomes. */
public enum Rounding {
  /** The nearer one; of two equally near the even multiple, as IEEE 754 rounds. */
  NEAREST,
  /**
   * Either, the nearer the likelier, so that the mean is the number itself, unless that lies beyond
   * the format's last multiple: {@code delta floor(x / delta + u)} with u uniform in [0, 1).
   */
  STOCHASTIC
}
