package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import io.github.swag4j.swa.djl.InputBatches;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A labelled data set whose every pass gives the same rows. A first pass takes the labels and a
 * checksum of each batch; later ones are held against them, because a sample averaged into other
 * rows would go unseen, within a class even by the labels.
 */
final class RepeatableDataset implements InputBatches {

  private record Fingerprint(int[] labels, long checksum) {}

  private final Dataset dataset;
  private final List<Fingerprint> batches = new ArrayList<>();

  /**
   * Makes the first pass.
   *
   * @param dataset one integer label a row
   * @throws IllegalArgumentException if a label is not an integer, or there is not one a row
   * @throws IOException if the data cannot be read
   */
  RepeatableDataset(Dataset dataset) throws IOException {
    this.dataset = dataset;
    try (NDManager manager = NDManager.newBaseManager()) {
      int[] row = new int[1];
      forEachBatch(
          manager,
          batch -> {
            Fingerprint print = fingerprint(batch, row[0]);
            batches.add(print);
            row[0] += print.labels().length;
          });
    }
  }

  /** The labels in the order of the rows. */
  int[] labels() {
    return batches.stream().flatMapToInt(b -> Arrays.stream(b.labels())).toArray();
  }

  @Override
  public void forEach(NDManager manager, Consumer<NDList> consumer) throws IOException {
    int[] seen = new int[2];
    forEachBatch(
        manager,
        batch -> {
          Fingerprint now = fingerprint(batch, seen[1]);
          Fingerprint first = seen[0] < batches.size() ? batches.get(seen[0]) : null;
          if (first == null
              || first.checksum() != now.checksum()
              || !Arrays.equals(first.labels(), now.labels())) {
            throw new IllegalArgumentException(
                "every pass over the data set must give the same rows, rows from "
                    + seen[1]
                    + " differ: do not shuffle it or change its inputs at random");
          }
          seen[0]++;
          seen[1] += now.labels().length;
          consumer.accept(batch.getData());
        });
  }

  private void forEachBatch(NDManager manager, Consumer<Batch> consumer) throws IOException {
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

  private static Fingerprint fingerprint(Batch batch, int firstRow) {
    CRC32C crc = new CRC32C();
    for (NDArray input : batch.getData()) {
      crc.update(input.toByteBuffer(true));
    }
    Number[] values = batch.getLabels().singletonOrThrow().toArray();
    long rows = batch.getData().head().getShape().get(0);
    if (values.length != rows) {
      throw new IllegalArgumentException(
          "a data set must have one label a row, got "
              + values.length
              + " for "
              + rows
              + " rows: give class indices, not one-hot vectors");
    }
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = values[i].intValue();
      if (labels[i] != values[i].doubleValue()) {
        throw new IllegalArgumentException(
            "labels must be class indices, got "
                + values[i]
                + " in row "
                + (firstRow + i)
                + ": soft or scaled labels cannot be predicted against");
      }
    }
    return new Fingerprint(labels, crc.getValue());
  }
}
