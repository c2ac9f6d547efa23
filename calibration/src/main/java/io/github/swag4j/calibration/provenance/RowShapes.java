package io.github.swag4j.calibration.provenance;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;

/**
 * How many rows of a set have a shape: the row without the names of its classes. Rows drawn class
 * by class, one of each, cannot agree with each other in full, only in shape; saturated ones do.
 */
final class RowShapes {
  private final long[] shapes;
  private final long[] sorted;

  private RowShapes(long[] shapes) {
    this.shapes = shapes;
    sorted = shapes.clone();
    Arrays.sort(sorted);
  }

  static RowShapes of(Predictions predictions) {
    return new RowShapes(RowHashes.ofShapes(predictions));
  }

  long of(int row) {
    return shapes[row];
  }

  /** Whether another row has the shape of this one. */
  boolean isRepeated(int row) {
    int at = Arrays.binarySearch(sorted, shapes[row]);
    return at > 0 && sorted[at - 1] == sorted[at]
        || at + 1 < sorted.length && sorted[at + 1] == sorted[at];
  }

  /** How many shapes exactly two rows have. */
  long twice() {
    long twice = 0;
    int from = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] != sorted[from]) {
        twice += i - from == 2 ? 1 : 0;
        from = i;
      }
    }
    return twice;
  }

  /** How many different shapes there are. */
  long distinct() {
    return distinct(sorted);
  }

  /** How many different values these are. */
  static long distinct(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    long distinct = 0;
    for (int i = 0; i < sorted.length; i++) {
      distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
    }
    return distinct;
  }
}
