package io.github.swag4j.swa.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file of weights that is not what it should be. */
public final class WeightFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Names the file and the problem.
   *
   * @param file the file
   * @param problem place, what was expected, what was found
   */
  public WeightFormatException(Path file, String problem) {
    super(file + ": " + problem);
  }

  /**
   * A value that is NaN or infinite.
   *
   * @param file the file
   * @param tensor the tensor's name
   * @param value the value
   * @param at which value of the tensor, row-major
   * @return the exception
   */
  public static WeightFormatException notFinite(Path file, String tensor, double value, long at) {
    return new WeightFormatException(
        file,
        "tensor "
            + tensor
            + " must be finite, got "
            + value
            + " at "
            + at
            + ": what wrote the file had diverged, take an earlier one");
  }
}
