package io.github.swag4j.swag.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.swa.djl.InputBatches;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.BiConsumer;

/** Inputs with the class indices of their rows, batch by batch. */
@FunctionalInterface
public interface LabelledBatches {

  /**
   * Hands out every batch once.
   *
   * @param manager parent of the batches' managers; closed by the caller
   * @param consumer takes the inputs of a batch and a label a row, null where labels are not known
   * @throws IOException if the data cannot be read
   */
  void forEach(NDManager manager, BiConsumer<NDList, int[]> consumer) throws IOException;

  /**
   * The batches of a data set.
   *
   * @param dataset integer labels, or none
   * @return its batches; labels are null if it has none
   */
  static LabelledBatches of(Dataset dataset) {
    return (manager, consumer) -> {
      long[] row = {0};
      InputBatches.forEachBatch(
          dataset,
          manager,
          batch -> {
            long rows = rows(batch.getData());
            NDList given = batch.getLabels();
            consumer.accept(
                batch.getData(),
                given == null || given.isEmpty() ? null : labels(given, rows, row[0]));
            row[0] += rows;
          });
    };
  }

  /**
   * Inputs and an array of labels.
   *
   * @param inputs the rows
   * @param labels {@code [rows]} class indices, or null if unknown
   * @return the batches
   */
  static LabelledBatches of(InputBatches inputs, int[] labels) {
    int[] copy = labels == null ? null : labels.clone();
    return (manager, consumer) -> {
      int[] row = {0};
      inputs.forEach(
          manager,
          batch -> {
            int rows = Math.toIntExact(rows(batch));
            if (copy != null && row[0] + rows > copy.length) {
              throw new IllegalArgumentException(
                  "labels must be one a row, got "
                      + copy.length
                      + " for "
                      + (row[0] + rows)
                      + " rows or more");
            }
            consumer.accept(
                batch, copy == null ? null : Arrays.copyOfRange(copy, row[0], row[0] + rows));
            row[0] += rows;
          });
      if (copy != null && row[0] != copy.length) {
        throw new IllegalArgumentException(
            "labels must be one a row, got " + copy.length + " for " + row[0] + " rows");
      }
    };
  }

  /**
   * The same batches, refused where labels are missing.
   *
   * @param who needs them, for the message
   * @return the batches
   */
  default LabelledBatches required(String who) {
    return (manager, consumer) ->
        forEach(
            manager,
            (inputs, labels) -> {
              if (labels == null) {
                throw new IllegalArgumentException(
                    who + " needs the labels of its training rows, the data set has none");
              }
              consumer.accept(inputs, labels);
            });
  }

  private static long rows(NDList batch) {
    if (batch.isEmpty() || batch.head().getShape().dimension() == 0) {
      throw new IllegalArgumentException(
          "a batch must have inputs whose first dimension is its rows, got " + batch);
    }
    return batch.head().getShape().get(0);
  }

  private static int[] labels(NDList given, long rows, long firstRow) {
    NDArray array = given.singletonOrThrow();
    if (array.size() != rows) {
      throw new IllegalArgumentException(
          "labels must be one class index a row, got "
              + array.getShape()
              + " for "
              + rows
              + " rows: give class indices, not one-hot vectors");
    }
    Number[] values = array.toArray();
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = values[i].intValue();
      if (labels[i] != values[i].doubleValue()) {
        throw new IllegalArgumentException(
            "labels must be class indices, got " + values[i] + " in row " + (firstRow + i));
      }
    }
    return labels;
  }
}
