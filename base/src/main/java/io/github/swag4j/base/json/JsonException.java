package io.github.swag4j.base.json;

/** Text that is not the JSON that was expected; the message names the place. */
public final class JsonException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param message what, where, rule, got
   */
  public JsonException(String message) {
    super(message);
  }
}
