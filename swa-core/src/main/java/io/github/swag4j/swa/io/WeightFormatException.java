package io.github.swag4j.swa.io;

import io.github.swag4j.base.Refusal;
import java.io.IOException;
import java.nio.file.Path;

/** A file of weights that is not what it should be. */
public final class WeightFormatException extends IOException implements Refusal.Holder {
  private static final long serialVersionUID = 1L;

  /** What is refused, with the file before it. */
  private final Refusal refusal;

  /**
   * Names the file and the problem.
   *
   * @param file the file
   * @param problem place, what was expected, what was found
   */
  public WeightFormatException(Path file, String problem) {
    this(file, Refusal.of(problem));
  }

  /**
   * Names the file, the problem and what can be done.
   *
   * @param file the file
   * @param refusal place, what was expected, what was found, with remedies as values
   */
  public WeightFormatException(Path file, Refusal refusal) {
    super(file + ": " + refusal.text());
    this.refusal = refusal.after(file + ": ");
  }

  @Override
  public Refusal refusal() {
    return refusal;
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
