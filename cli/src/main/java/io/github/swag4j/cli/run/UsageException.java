package io.github.swag4j.cli.run;

/** A call that makes no sense: exit code 2. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A call refused: rule, what was given, remedy. */
  public UsageException(String message) {
    super(message);
  }
}
