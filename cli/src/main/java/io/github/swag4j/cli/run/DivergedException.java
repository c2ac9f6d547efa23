package io.github.swag4j.cli.run;

/** Training that came to nothing; going on with it would too. */
public final class DivergedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }
}
