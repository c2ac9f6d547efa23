package io.github.swag4j.swag.djl.ood;

import ai.djl.ndarray.NDList;
import ai.djl.training.dataset.Batch;
import java.util.ArrayList;
import java.util.List;

/** The integer labels of a data set's batches. */
final class LabelReader {
  private final List<Integer> labels = new ArrayList<>();

  /**
   * Takes in a batch.
   *
   * @throws IllegalArgumentException if a label is no class index, or there is not one a row
   */
  void add(Batch batch) {
    NDList given = batch.getLabels();
    if (given == null || given.isEmpty()) {
      return;
    }
    long rows = batch.getData().head().getShape().get(0);
    Number[] values = given.singletonOrThrow().toArray();
    if (values.length != rows) {
      throw new IllegalArgumentException(
          "a data set must have one label a row, got "
              + values.length
              + " for "
              + rows
              + " rows: give class indices, not one-hot vectors");
    }
    for (Number value : values) {
      if (value.intValue() != value.doubleValue()) {
        throw new IllegalArgumentException(
            "labels must be class indices, got " + value + " in row " + labels.size());
      }
      labels.add(value.intValue());
    }
  }

  boolean isEmpty() {
    return labels.isEmpty();
  }

  int[] toArray() {
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }
}
