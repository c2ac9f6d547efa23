package io.github.swag4j.calibration;

import io.github.swag4j.base.Refusal;

/**
 * The likelihood of a recalibration has no finite optimum on the fitting rows: they are separable,
 * or their scores say nothing about the labels. Thrown by the optimisers and by the methods that
 * use them, so it stands below both.
 */
public final class NoFiniteOptimumException extends IllegalArgumentException
    implements Refusal.Holder {
  private static final long serialVersionUID = 1L;

  /** What is said, with the remedies as values. */
  private final Refusal refusal;

  /**
   * A refusal.
   *
   * @param message what has no optimum, why, and what to do
   */
  public NoFiniteOptimumException(String message) {
    this(Refusal.of(message));
  }

  /**
   * A refusal whose remedies are values.
   *
   * @param refusal what has no optimum, why, and what to do
   */
  public NoFiniteOptimumException(Refusal refusal) {
    super(refusal.text());
    this.refusal = refusal;
  }

  @Override
  public Refusal refusal() {
    return refusal;
  }
}
