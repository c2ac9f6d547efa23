package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.swa.djl.InputBatches;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A data set whose every pass gives the same rows. A first pass takes the labels and a checksum of
 * each batch; later ones are held against them, because a sample averaged into other rows would go
 * unseen, within a class even by the labels.
 */
final class RepeatableDataset implements InputBatches {

  private record Fingerprint(long rows, double[] labels, long checksum) {}

  private final Dataset dataset;
  private final List<Fingerprint> batches = new ArrayList<>();

  /**
   * Makes the first pass.
   *
   * @param dataset one number a row for its label, or no labels at all
   * @param manager parent of the batches, closed by the caller
   * @throws IllegalArgumentException if there is not one label a row, or some rows have labels and
   *     others none
   * @throws IOException if the data cannot be read
   */
  RepeatableDataset(Dataset dataset, NDManager manager) throws IOException {
    this.dataset = dataset;
    long[] row = {0};
    InputBatches.forEachBatch(
        dataset,
        manager,
        batch -> {
          Fingerprint print = fingerprint(batch);
          if (!batches.isEmpty() && (batches.get(0).labels() == null) != (print.labels() == null)) {
            throw new IllegalArgumentException(
                "a data set must have labels for all rows or none, rows from "
                    + row[0]
                    + " differ from those before");
          }
          batches.add(print);
          row[0] += print.rows();
        });
  }

  /** The targets in the order of the rows, or null if the data set has none. */
  double[] targets() {
    if (batches.isEmpty() || batches.get(0).labels() == null) {
      return null;
    }
    return batches.stream().flatMapToDouble(b -> Arrays.stream(b.labels())).toArray();
  }

  /**
   * The labels in the order of the rows, or null if the data set has none.
   *
   * @throws IllegalArgumentException if one is not a whole number
   */
  int[] labels() {
    double[] values = targets();
    if (values == null) {
      return null;
    }
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) values[i];
      if (labels[i] != values[i]) {
        throw new IllegalArgumentException(
            "labels must be class indices, got "
                + text(values[i])
                + " in row "
                + i
                + ": soft or scaled labels cannot be predicted against, call regression for"
                + " numbers");
      }
    }
    return labels;
  }

  /** Labels are float32 as a rule: as short as those read. */
  private static String text(double value) {
    return (float) value == value ? Float.toString((float) value) : Double.toString(value);
  }

  @Override
  public void forEach(NDManager manager, Consumer<NDList> consumer) throws IOException {
    int[] batch = {0};
    long[] row = {0};
    InputBatches.forEachBatch(
        dataset,
        manager,
        data -> {
          Fingerprint now = fingerprint(data);
          Fingerprint first = batch[0] < batches.size() ? batches.get(batch[0]) : null;
          if (first == null
              || first.checksum() != now.checksum()
              || !Arrays.equals(first.labels(), now.labels())) {
            throw new IllegalArgumentException(
                "every pass over the data set must give the same rows, rows from "
                    + row[0]
                    + " differ: do not shuffle it or change its inputs at random");
          }
          batch[0]++;
          row[0] += now.rows();
          consumer.accept(data.getData());
        });
  }

  private static Fingerprint fingerprint(Batch batch) {
    CRC32C crc = new CRC32C();
    for (NDArray input : batch.getData()) {
      crc.update(input.toByteBuffer(true));
    }
    long rows = batch.getData().head().getShape().get(0);
    NDList given = batch.getLabels();
    boolean none = given == null || given.isEmpty();
    return new Fingerprint(rows, none ? null : labels(given, rows), crc.getValue());
  }

  private static double[] labels(NDList given, long rows) {
    Number[] values = given.singletonOrThrow().toArray();
    if (values.length != rows) {
      throw new IllegalArgumentException(
          "a data set must have one label a row, got "
              + values.length
              + " for "
              + rows
              + " rows: give class indices, not one-hot vectors, or one target");
    }
    return Arrays.stream(values).mapToDouble(Number::doubleValue).toArray();
  }
}
