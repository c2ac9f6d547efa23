package io.github.swag4j.swa;

import io.github.swag4j.swa.weights.WeightLayout;

/**
 * What an average does with running statistics (roles {@link WeightLayout.Role#RUNNING_MEAN} and
 * {@link WeightLayout.Role#RUNNING_VARIANCE}) that are among the weights it is given. To leave them
 * in the model untouched, do not give them: {@code ModelWeights.of(block)}, listeners and {@code
 * SwaModel} do not, unless told by {@code selecting(Selection.all())}.
 */
public enum Buffers {
  /** Averaged like every weight, as torch's {@code use_buffers=True}. */
  AVERAGED,
  /** Those last collected, as torch's {@code use_buffers=False}. */
  COPIED
}
