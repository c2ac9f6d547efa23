package io.github.swag4j.swag.djl.surface;

import io.github.swag4j.swa.djl.InputBatches;
import java.util.Objects;

/**
 * Rows with the class of each.
 *
 * @param inputs the rows, in the same order at every pass
 * @param labels {@code [rows]} class indices
 */
public record LabelledInputs(InputBatches inputs, int[] labels) {

  /**
   * Checks that there are rows.
   *
   * @param inputs the rows, in the same order at every pass
   * @param labels {@code [rows]} class indices; copied
   * @throws IllegalArgumentException if there is no row
   */
  public LabelledInputs {
    Objects.requireNonNull(inputs, "inputs");
    labels = labels.clone();
    if (labels.length < 1) {
      throw new IllegalArgumentException("a surface needs at least 1 row, got 0");
    }
  }

  /**
   * The labels.
   *
   * @return a copy
   */
  @Override
  public int[] labels() {
    return labels.clone();
  }

  int count() {
    return labels.length;
  }

  int label(int row) {
    return labels[row];
  }
}
