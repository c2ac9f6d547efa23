package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.function.Consumer;

/** Model inputs in batches, as often as they are asked for, in the same order each time. */
@FunctionalInterface
public interface InputBatches {

  /**
   * Hands out every batch once. Each batch has a manager of its own, which is closed when the
   * consumer returns: what the engine computes from the batch is attached there.
   *
   * @param manager parent of the batches' managers; closed by the caller
   * @param consumer takes the inputs of a batch, first dimension rows
   * @throws IOException if the data cannot be read
   */
  void forEach(NDManager manager, Consumer<NDList> consumer) throws IOException;

  /**
   * The inputs of a DJL data set.
   *
   * @param dataset a data set, without shuffling if predictions are to keep the order of its rows
   * @return its batches
   */
  static InputBatches of(Dataset dataset) {
    return (manager, consumer) ->
        forEachBatch(dataset, manager, batch -> consumer.accept(batch.getData()));
  }

  /**
   * Hands out every batch of a DJL data set once, and closes it when the consumer returns.
   *
   * @param dataset a data set
   * @param manager parent of the batches' managers; closed by the caller
   * @param consumer takes inputs and labels
   * @throws IOException if the data cannot be read
   */
  static void forEachBatch(Dataset dataset, NDManager manager, Consumer<Batch> consumer)
      throws IOException {
    try {
      for (Batch batch : dataset.getData(manager)) {
        try (batch) {
          consumer.accept(batch);
        }
      }
    } catch (TranslateException e) {
      throw new IOException("data set could not be read: " + e.getMessage(), e);
    }
  }

  /**
   * Only the first rows; what comes after them is not read. Rows must be in mixed order for them to
   * be a fair sample.
   *
   * @param rows at least 1; all rows if there are fewer
   * @return the rows in batches as before, the last one cut
   * @throws IllegalArgumentException if rows is below 1
   */
  default InputBatches first(long rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be at least 1, got " + rows);
    }
    return (manager, consumer) -> {
      EnoughRows enough = new EnoughRows();
      long[] left = {rows};
      try {
        forEach(
            manager,
            batch -> {
              long has = batch.head().getShape().get(0);
              consumer.accept(has <= left[0] ? batch : head(batch, has, left[0]));
              left[0] -= has;
              if (left[0] <= 0) {
                throw enough;
              }
            });
      } catch (EnoughRows e) {
        if (e != enough) {
          throw e;
        }
      }
    };
  }

  private static NDList head(NDList batch, long rows, long wanted) {
    NDList cut = new NDList();
    for (NDArray array : batch) {
      boolean perRow = array.getShape().dimension() > 0 && array.getShape().get(0) == rows;
      cut.add(perRow ? array.get(new NDIndex("0:{}", wanted)) : array);
    }
    return cut;
  }

  /**
   * A share of the batches, evenly spread: batch b (from 0) is taken where floor((b + 1) f) &gt;
   * floor(b f), so the same batches each time.
   *
   * @param share f, above 0 and at most 1
   * @return about that share of the batches; none if there are fewer than 1 / f
   * @throws IllegalArgumentException if share is not in (0, 1]
   */
  default InputBatches fraction(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("fraction must be above 0 and at most 1, got " + share);
    }
    return (manager, consumer) -> {
      long[] index = {0};
      forEach(
          manager,
          batch -> {
            long b = index[0]++;
            if (Math.floor((b + 1) * share) > Math.floor(b * share)) {
              consumer.accept(batch);
            }
          });
    };
  }
}
