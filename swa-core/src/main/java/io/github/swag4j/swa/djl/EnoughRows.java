package io.github.swag4j.swa.djl;

/** Ends a pass over batches early; never leaves {@link InputBatches#first}. */
final class EnoughRows extends RuntimeException {
  private static final long serialVersionUID = 1;

  EnoughRows() {
    super("enough rows", null, false, false);
  }
}
