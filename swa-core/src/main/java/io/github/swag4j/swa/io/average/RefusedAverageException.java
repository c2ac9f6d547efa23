package io.github.swag4j.swa.io.average;

import io.github.swag4j.base.Refusal;
import java.io.IOException;

/** Files that cannot be averaged as asked. */
public final class RefusedAverageException extends IOException implements Refusal.Holder {
  private static final long serialVersionUID = 1L;

  /** Why, and what can be done. */
  private final Refusal refusal;

  RefusedAverageException(Refusal refusal) {
    super(refusal.text());
    this.refusal = refusal;
  }

  @Override
  public Refusal refusal() {
    return refusal;
  }
}
