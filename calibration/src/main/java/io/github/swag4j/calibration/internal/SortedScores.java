package io.github.swag4j.calibration.internal;

import java.util.Arrays;
import java.util.concurrent.ForkJoinTask;

/**
 * Checked, sorted copies of scores.
 *
 * <p>Large arrays are sorted by their bits, least significant digit first: the order of doubles is
 * the order of their bits once the sign is folded in. Digits that all scores share are skipped, so
 * scores that were float32 cost half.
 */
public final class SortedScores {
  /** Greatest number of scores of one sample: doubled ranks and their squares must fit a long. */
  public static final int MAXIMUM_LENGTH = 1 << 29;

  private static final int RADIX_FROM = 4_096;
  private static final int PARALLEL_FROM = 50_000;
  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = (Long.SIZE + DIGIT_BITS - 1) / DIGIT_BITS;
  private static final int BUCKETS = 1 << DIGIT_BITS;

  private SortedScores() {}

  /**
   * Sorts two samples, at the same time when they are large.
   *
   * @param first scores of the first sample, left as they are
   * @param firstName what to call them in a message
   * @param second scores of the second sample, left as they are
   * @param secondName what to call them in a message
   * @return the two sorted copies; negative zeros have become zeros
   * @throws IllegalArgumentException if a sample is empty or too long or holds a NaN
   */
  public static double[][] of(
      double[] first, String firstName, double[] second, String secondName) {
    if ((long) first.length + second.length < PARALLEL_FROM) {
      return new double[][] {of(first, firstName), of(second, secondName)};
    }
    ForkJoinTask<double[]> task = ForkJoinTask.adapt(() -> of(second, secondName)).fork();
    double[] sorted;
    try {
      sorted = of(first, firstName);
    } catch (IllegalArgumentException e) {
      task.quietlyJoin();
      throw e;
    }
    task.quietlyJoin();
    // Sorting again in this thread only if it failed gives the caller the plain exception.
    return new double[][] {
      sorted, task.isCompletedNormally() ? task.getRawResult() : of(second, secondName)
    };
  }

  /**
   * Sorts one sample.
   *
   * @param scores the scores, left as they are; infinities are allowed
   * @param name what to call them in a message
   * @return a sorted copy; negative zeros have become zeros
   * @throws IllegalArgumentException if there are none or too many, or one is NaN
   */
  public static double[] of(double[] scores, String name) {
    if (scores.length == 0) {
      throw new IllegalArgumentException(name + " must not be empty, got 0 scores");
    }
    if (scores.length > MAXIMUM_LENGTH) {
      throw new IllegalArgumentException(
          name + " must have at most " + MAXIMUM_LENGTH + " scores, got " + scores.length);
    }
    double[] sorted = scores.length < RADIX_FROM ? sortByComparing(scores) : sortByDigits(scores);
    // By their bits NaNs lie beyond the infinities, those with a sign bit below the lowest.
    if (Double.isNaN(sorted[sorted.length - 1]) || Double.isNaN(sorted[0])) {
      throw notANumber(scores, name);
    }
    return sorted;
  }

  private static double[] sortByComparing(double[] scores) {
    double[] sorted = new double[scores.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = scores[i] + 0.0; // -0.0 + 0.0 is 0.0: the two zeros are one value and must tie
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private static IllegalArgumentException notANumber(double[] scores, String name) {
    int first = -1;
    long count = 0;
    for (int i = scores.length - 1; i >= 0; i--) {
      if (Double.isNaN(scores[i])) {
        first = i;
        count++;
      }
    }
    return new IllegalArgumentException(
        name
            + "["
            + first
            + "] must be a number, got NaN ("
            + count
            + " of "
            + scores.length
            + " scores are NaN)");
  }

  private static double[] sortByDigits(double[] values) {
    int n = values.length;
    long[] keys = new long[n];
    int[] counts = new int[DIGITS * BUCKETS];
    for (int i = 0; i < n; i++) {
      long bits = Double.doubleToRawLongBits(values[i] + 0.0); // the two zeros are one value
      long key = bits ^ ((bits >> 63) | Long.MIN_VALUE); // unsigned order of keys = order of values
      keys[i] = key;
      for (int d = 0; d < DIGITS; d++) {
        counts[d * BUCKETS + digit(key, d)]++;
      }
    }
    long[] from = keys;
    long[] to = new long[n];
    for (int d = 0; d < DIGITS; d++) {
      if (counts[d * BUCKETS + digit(from[0], d)] == n) {
        continue;
      }
      scatter(from, to, counts, d);
      long[] swap = from;
      from = to;
      to = swap;
    }
    double[] sorted = new double[n];
    for (int i = 0; i < n; i++) {
      long key = from[i];
      sorted[i] = Double.longBitsToDouble(key ^ ((~key >> 63) | Long.MIN_VALUE));
    }
    return sorted;
  }

  private static void scatter(long[] from, long[] to, int[] counts, int d) {
    int[] next = new int[BUCKETS];
    int sum = 0;
    for (int b = 0; b < BUCKETS; b++) {
      next[b] = sum;
      sum += counts[d * BUCKETS + b];
    }
    int shift = d * DIGIT_BITS;
    for (long key : from) {
      to[next[(int) (key >>> shift) & (BUCKETS - 1)]++] = key;
    }
  }

  private static int digit(long key, int d) {
    return (int) (key >>> (d * DIGIT_BITS)) & (BUCKETS - 1);
  }
}
