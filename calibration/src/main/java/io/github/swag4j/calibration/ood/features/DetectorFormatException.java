package io.github.swag4j.calibration.ood.features;

import java.io.IOException;

/** A file is not a saved detector, or a damaged one. */
public final class DetectorFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong with the file.
   *
   * @param message the file, the place, what was expected and what was found
   */
  public DetectorFormatException(String message) {
    super(message);
  }

  DetectorFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
