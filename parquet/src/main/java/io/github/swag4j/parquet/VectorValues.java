package io.github.swag4j.parquet;

import io.github.swag4j.calibration.io.table.TableValues;
import java.util.Arrays;

/** Numbers of one leaf in one row, kept: parts of a vector. */
final class VectorValues implements TableValues {
  /** A vector of more is not one of the numbers of classes. */
  private static final int MOST = 1 << 16;

  private double[] numbers = new double[16];
  private int count;

  /** Forgets what was kept. */
  VectorValues clear() {
    count = 0;
    return this;
  }

  private double only() {
    return count == 1 ? numbers[0] : Double.NaN;
  }

  /**
   * Gives a vector of Spark's machine learning.
   *
   * @param type 1 of one that has all its values, 0 of one that has those that are not 0
   * @param size of the latter
   * @param indices of its values
   * @param values what it has
   */
  static void give(
      VectorValues type,
      VectorValues size,
      VectorValues indices,
      VectorValues values,
      TableValues into) {
    if (type.only() == 1) {
      for (int i = 0; i < values.count; i++) {
        into.number(values.numbers[i]);
      }
      return;
    }
    double length = size.only();
    if (type.only() != 0 || !(length >= 0 && length <= MOST) || indices.count != values.count) {
      throw new IllegalArgumentException(
          "a vector must be dense, or have a size and as many indices as values");
    }
    double[] all = new double[(int) length];
    for (int i = 0; i < values.count; i++) {
      double at = indices.numbers[i];
      if (!(at >= 0 && at < length)) {
        throw new IllegalArgumentException("an index of a vector must be below its size");
      }
      all[(int) at] = values.numbers[i];
    }
    for (double each : all) {
      into.number(each);
    }
  }

  @Override
  public void number(double value) {
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    numbers[count++] = value;
  }

  @Override
  public void whole(long value) {
    number(value);
  }

  @Override
  public void nothing() {
    number(Double.NaN);
  }

  @Override
  public void digits(String decimal) {
    number(Double.NaN);
  }

  @Override
  public void text(String text) {
    number(Double.NaN);
  }

  @Override
  public void truth(boolean value) {
    number(Double.NaN);
  }
}
