package io.github.swag4j.calibration.io.format;

import io.github.swag4j.base.Refusal;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of predictions that cannot be read or written as it stands.
 *
 * <p>The message is one line: the file, the place in it, the rule that is broken, what was found
 * and, where there is one, the remedy.
 */
public final class PredictionFileException extends IOException implements Refusal.Holder {
  private static final long serialVersionUID = 1L;

  /** As text: a Path is not serializable. */
  private final String file;

  /** Where in the file; empty if it is the file as a whole. */
  private final String place;

  /** What is said, with the remedies as values. */
  private final Refusal refusal;

  /**
   * A refusal.
   *
   * @param file the file
   * @param place where in the file, for example {@code line 17, column 3}; empty if it is the file
   *     as a whole
   * @param problem rule, what was found, remedy
   */
  public PredictionFileException(Path file, String place, String problem) {
    this(file, place, problem, null);
  }

  /**
   * A refusal caused by another failure.
   *
   * @param file the file
   * @param place where in the file; empty if it is the file as a whole
   * @param problem rule, what was found, remedy
   * @param cause the failure, or null
   */
  public PredictionFileException(Path file, String place, String problem, Throwable cause) {
    this(file, place, Refusal.of(problem), cause);
  }

  /**
   * A refusal whose remedies are values.
   *
   * @param file the file
   * @param place where in the file; empty if it is the file as a whole
   * @param problem rule, what was found, remedies
   * @param cause the failure, or null
   */
  public PredictionFileException(Path file, String place, Refusal problem, Throwable cause) {
    super(at(file, place) + problem.text(), cause);
    this.refusal = problem.after(at(file, place));
    this.file = file.toString();
    this.place = place;
  }

  private static String at(Path file, String place) {
    return file + (place.isEmpty() ? ": " : ", " + place + ": ");
  }

  @Override
  public Refusal refusal() {
    return refusal;
  }

  /**
   * The file refused.
   *
   * @return its path as given
   */
  public Path file() {
    return Path.of(file);
  }

  /**
   * Where in the file.
   *
   * @return for example {@code line 17, column 3} or {@code array 'probs'}; empty if it is the file
   *     as a whole
   */
  public String place() {
    return place;
  }
}
