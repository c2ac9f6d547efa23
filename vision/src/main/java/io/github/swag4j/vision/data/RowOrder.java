package io.github.swag4j.vision.data;

import io.github.swag4j.base.SplitMix;
import java.util.Comparator;
import java.util.stream.IntStream;

/** In which order the training rows of a file are taken, before any are left out or held out. */
public enum RowOrder {

  /** As they are in the file: what rows sorted by class make of it is the user's. */
  AS_FILED {
    @Override
    public int[] of(int[] labels, long seed) {
      return IntStream.range(0, labels.length).toArray();
    }
  },

  /**
   * Shuffled, with the classes spread evenly: any stretch of rows has each class in its share, give
   * or take two rows, so that the first rows, the last rows and every batch are like the whole. A
   * class of few rows comes early, where rows are trained on rather than held out.
   */
  STRATIFIED {
    @Override
    public int[] of(int[] labels, long seed) {
      int[] counts = new int[IntStream.of(labels).max().orElse(-1) + 1];
      for (int label : labels) {
        counts[label]++;
      }
      SplitMix random = new SplitMix(seed);
      int[] shuffled = shuffled(labels.length, random);
      // The j-th row of n of a class belongs at (j + u) / (n + 1) of the way, u uniform in [0, 1).
      int[] seen = new int[counts.length];
      double[] place = new double[labels.length];
      for (int row : shuffled) {
        int label = labels[row];
        place[row] = (seen[label]++ + random.uniform()) / (counts[label] + 1.0);
      }
      return IntStream.of(shuffled)
          .boxed()
          .sorted(Comparator.comparingDouble(row -> place[row]))
          .mapToInt(Integer::intValue)
          .toArray();
    }
  };

  /**
   * The order of some rows.
   *
   * @param labels {@code [rows]}, their classes
   * @param seed decides the order where there is a choice; the same on every machine
   * @return {@code [rows]}, each index once
   */
  public abstract int[] of(int[] labels, long seed);

  private static int[] shuffled(int rows, SplitMix random) {
    int[] order = new int[rows];
    for (int i = 0; i < rows; i++) {
      // Fisher and Yates, inside out.
      int other = (int) (random.uniform() * (i + 1));
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }
}
