package io.github.swag4j.cli;

import io.github.swag4j.cli.page.PageWords;
import io.github.swag4j.cli.run.UsageException;
import java.math.BigDecimal;

/** Shares and probabilities as options give them, in decimals: 1 - 0.9 is 0.1. */
final class Share {
  private Share() {}

  /**
   * A share that an option gives.
   *
   * @param option what it is called
   * @param value what it gives
   * @param usual a usual value, for the message
   * @throws UsageException if the share is not between 0 and 1, both excluded
   */
  static double open(String option, double value, double usual) {
    if (!(value > 0 && value < 1)) {
      throw new UsageException(
          option
              + " must be between 0 and 1, both excluded, got "
              + value
              + ": "
              + percent(usual)
              + " is "
              + usual);
    }
    return value;
  }

  /** The rest to 1: one row more or less may hang on its last bit. */
  static double rest(double share) {
    return BigDecimal.ONE.subtract(new BigDecimal(Double.toString(share))).doubleValue();
  }

  /** Such as 95 %. */
  static String percent(double share) {
    return PageWords.percent(share);
  }
}
