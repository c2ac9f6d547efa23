package io.github.swag4j.swa.djl;

/** Training came to gradients or weights that are no numbers; going on with it comes to nothing. */
public final class NotFiniteException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  NotFiniteException(String message) {
    super(message);
  }
}
