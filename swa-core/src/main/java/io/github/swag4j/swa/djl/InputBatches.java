package io.github.swag4j.swa.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
    return (manager, consumer) -> {
      try {
        for (Batch batch : dataset.getData(manager)) {
          try (batch) {
            consumer.accept(batch.getData());
          }
        }
      } catch (TranslateException e) {
        throw new IOException("data set could not be read: " + e.getMessage(), e);
      }
    };
  }
}
