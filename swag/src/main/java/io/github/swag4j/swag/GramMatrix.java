package io.github.swag4j.swag;

/**
 * Inner products of columns, G = A^T A, collected a chunk of A at a time. Four columns are
 * multiplied by two at once: eight sums in registers for six loads.
 */
final class GramMatrix {
  private static final int ROWS = 4;

  private final int size;
  private final double[][] chunk;
  private final double[][] sums;

  GramMatrix(int columns) {
    size = columns;
    int padded = (columns + ROWS - 1) / ROWS * ROWS;
    chunk = new double[padded][Segments.CHUNK];
    sums = new double[padded][padded];
  }

  /** Where a column of the chunk is written before {@link #add}. */
  double[] column(int j) {
    return chunk[j];
  }

  /** Adds the inner products of the chunk's columns. */
  void add(int length) {
    for (int j = 0; j < size; j += ROWS) {
      for (int l = 0; l < j + ROWS; l += 2) {
        multiply(j, l, length);
      }
    }
  }

  /** Adds what another one collected. */
  void add(GramMatrix other) {
    for (int j = 0; j < size; j++) {
      for (int l = 0; l <= j; l++) {
        sums[j][l] += other.sums[j][l];
      }
    }
  }

  /** The inner product of columns j and l. */
  double get(int j, int l) {
    return j >= l ? sums[j][l] : sums[l][j];
  }

  /** The block of inner products of some columns with others. */
  double[][] block(int firstRow, int rows, int firstColumn, int columns) {
    double[][] out = new double[rows][columns];
    for (int j = 0; j < rows; j++) {
      for (int l = 0; l < columns; l++) {
        out[j][l] = get(firstRow + j, firstColumn + l);
      }
    }
    return out;
  }

  private void multiply(int j, int l, int length) {
    double[] a0 = chunk[j];
    double[] a1 = chunk[j + 1];
    double[] a2 = chunk[j + 2];
    double[] a3 = chunk[j + 3];
    double[] b0 = chunk[l];
    double[] b1 = chunk[l + 1];
    double s00 = 0;
    double s01 = 0;
    double s10 = 0;
    double s11 = 0;
    double s20 = 0;
    double s21 = 0;
    double s30 = 0;
    double s31 = 0;
    for (int i = 0; i < length; i++) {
      double x = b0[i];
      double y = b1[i];
      s00 += a0[i] * x;
      s01 += a0[i] * y;
      s10 += a1[i] * x;
      s11 += a1[i] * y;
      s20 += a2[i] * x;
      s21 += a2[i] * y;
      s30 += a3[i] * x;
      s31 += a3[i] * y;
    }
    sums[j][l] += s00;
    sums[j][l + 1] += s01;
    sums[j + 1][l] += s10;
    sums[j + 1][l + 1] += s11;
    sums[j + 2][l] += s20;
    sums[j + 2][l + 1] += s21;
    sums[j + 3][l] += s30;
    sums[j + 3][l + 1] += s31;
  }
}
