package io.github.swag4j.calibration.io.npz;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Numbers and labels of an NPZ archive in blocks of rows, one block after the other; beside logits
 * also the probabilities to compare them with, and weights if there are any. For one thread at a
 * time.
 */
final class NpzBlocks implements Closeable {
  private final long count;
  private final int rows;
  private final boolean areLogits;
  private final NpzColumns numbers;
  private NpzColumns compared;
  private NpzColumns labels;
  private NpzColumns weights;
  private long done;

  /**
   * Opens the arrays.
   *
   * @param header of the array that predictions are made of
   * @param shape its rows and columns
   * @param rows rows of a block
   */
  NpzBlocks(NpzFile npz, NpzMembers members, NpyHeader header, long[] shape, int rows)
      throws IOException {
    this.rows = rows;
    count = shape[0];
    areLogits = members.logits() != null;
    numbers = new NpzColumns(npz, members.main(), header);
    try {
      NpyHeader y = npz.header(members.labels());
      NpzMembers.checkLabels(y, count, npz.place(members.labels()));
      labels = new NpzColumns(npz, members.labels(), y);
      if (members.weights() != null) {
        NpyHeader w = npz.header(members.weights());
        NpzMembers.checkNumbers(w, count, npz.place(members.weights()));
        weights = new NpzColumns(npz, members.weights(), w);
      }
      if (areLogits && members.probabilities() != null) {
        String name = members.probabilities();
        NpyHeader other = npz.header(name);
        NpzMembers.checkSameShape(other, header, npz.place(name));
        compared = new NpzColumns(npz, name, other);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  long count() {
    return count;
  }

  int rows() {
    return rows;
  }

  boolean areLogits() {
    return areLogits;
  }

  NpzColumns numbers() {
    return numbers;
  }

  /** Probabilities beside logits, or null. */
  NpzColumns compared() {
    return compared;
  }

  NpzColumns labels() {
    return labels;
  }

  /** Weights of the rows, or null. */
  NpzColumns weights() {
    return weights;
  }

  /** Room for a block of an array, or null for null. */
  ByteBuffer buffer(NpzColumns array) {
    return array == null ? null : array.buffer(rows);
  }

  /**
   * Reads the next block.
   *
   * @return number of its first row; -1 at the end, where checksums are verified
   */
  long read(ByteBuffer into, ByteBuffer probabilities, ByteBuffer classes, ByteBuffer w)
      throws IOException {
    long first = done;
    int n = (int) Math.min(rows, count - done);
    if (n > 0) {
      numbers.read(into, n);
      labels.read(classes, n);
      if (compared != null) {
        compared.read(probabilities, n);
      }
      if (weights != null) {
        weights.read(w, n);
      }
      done += n;
      return first;
    }
    for (NpzColumns array : all()) {
      array.end();
    }
    return -1;
  }

  private List<NpzColumns> all() {
    return Stream.of(numbers, labels, compared, weights).filter(Objects::nonNull).toList();
  }

  @Override
  public void close() throws IOException {
    for (NpzColumns array : all()) {
      array.close();
    }
  }
}
