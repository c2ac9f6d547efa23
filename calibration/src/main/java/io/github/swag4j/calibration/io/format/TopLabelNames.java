package io.github.swag4j.calibration.io.format;

/**
 * What a table calls the class predicted and its confidence, where it has no column for each class.
 *
 * @param prediction the column of the class predicted; empty, with the other, for usual names
 * @param confidence the column of its probability; empty, with the other, for usual names
 */
public record TopLabelNames(String prediction, String confidence) {

  /** Usual names, such as {@code prediction} and {@code confidence}. */
  public static final TopLabelNames USUAL = new TopLabelNames("", "");

  /**
   * Checks.
   *
   * @param prediction the column of the class predicted
   * @param confidence the column of its probability
   * @throws IllegalArgumentException if only one of them is named
   */
  public TopLabelNames {
    if (prediction.isEmpty() != confidence.isEmpty()) {
      throw new IllegalArgumentException(
          "the columns of the class predicted and of its confidence must both be named, got '"
              + prediction
              + "' and '"
              + confidence
              + "'");
    }
  }

  /**
   * Whether none is named.
   *
   * @return true for {@link #USUAL}
   */
  public boolean isEmpty() {
    return prediction.isEmpty();
  }
}
