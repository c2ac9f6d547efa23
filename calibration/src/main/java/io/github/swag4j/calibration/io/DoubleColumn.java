package io.github.swag4j.calibration.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A column that grows: numbers in chunks, so that growing never copies what is there. */
final class DoubleColumn {
  private static final int CHUNK = 1 << 16;

  private final List<double[]> chunks = new ArrayList<>();
  private double[] chunk = new double[64];
  private int used;
  private int size;

  void add(double value) {
    if (used == chunk.length) {
      grow();
    }
    chunk[used++] = value;
    size++;
  }

  private void grow() {
    if (chunk.length < CHUNK) {
      chunk = Arrays.copyOf(chunk, 2 * chunk.length);
    } else {
      chunks.add(chunk);
      chunk = new double[CHUNK];
      used = 0;
    }
  }

  private double at(int i) {
    int c = i / CHUNK;
    return (c < chunks.size() ? chunks.get(c) : chunk)[i % CHUNK];
  }

  double[] toArray() {
    double[] out = new double[size];
    int at = 0;
    for (double[] full : chunks) {
      System.arraycopy(full, 0, out, at, CHUNK);
      at += CHUNK;
    }
    System.arraycopy(chunk, 0, out, at, used);
    return out;
  }

  /** Copies a range of the column. */
  void copy(int from, double[] into, int at, int length) {
    for (int i = 0; i < length; i++) {
      into[at + i] = at(from + i);
    }
  }

  int[] toInts() {
    int[] out = new int[size];
    for (int i = 0; i < size; i++) {
      out[i] = (int) at(i);
    }
    return out;
  }
}
