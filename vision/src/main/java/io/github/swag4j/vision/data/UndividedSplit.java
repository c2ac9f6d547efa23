package io.github.swag4j.vision.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The splits of a data set whose makers did not divide it: the test split is a fifth of the rows,
 * drawn with the classes in proportion by a seed that is always the same, so that all runs are
 * judged by the same rows; the rest is for training.
 */
public final class UndividedSplit {
  private static final long SEED = 20_181_204;
  private static final int SHARE = 5;

  private UndividedSplit() {}

  /**
   * The rows of a split.
   *
   * @param labels {@code [rows]}, their classes
   * @param split which part
   * @return their indices, ascending; those of training and test are each row once
   */
  public static int[] rows(int[] labels, Split split) {
    if (split == Split.TEST_OR_ALL) {
      return IntStream.range(0, labels.length).toArray();
    }
    int[] order = RowOrder.STRATIFIED.of(labels, SEED);
    int test = rowsOfTest(labels.length);
    int[] rows =
        split == Split.TEST
            ? Arrays.copyOfRange(order, labels.length - test, labels.length)
            : Arrays.copyOf(order, labels.length - test);
    Arrays.sort(rows);
    return rows;
  }

  /**
   * Number of rows of the test split.
   *
   * @param rows of both splits together
   * @return a fifth of them, rounded down
   */
  public static int rowsOfTest(int rows) {
    return rows / SHARE;
  }

  /**
   * A split of a set.
   *
   * @param all the set, with labels
   * @param split which part
   * @return its rows
   */
  public static ImageData part(ImageData all, Split split) {
    return split == Split.TEST_OR_ALL ? all : all.select(rows(all.labels(), split));
  }
}
