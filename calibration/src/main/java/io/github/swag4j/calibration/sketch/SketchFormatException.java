package io.github.swag4j.calibration.sketch;

import java.io.IOException;

/** Bytes or a file are not a saved {@link CalibrationSketch}, or a damaged one. */
public final class SketchFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message the file, if there is one, the rule, and what was found
   */
  public SketchFormatException(String message) {
    super(message);
  }
}
