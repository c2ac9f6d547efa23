package io.github.swag4j.calibration.monitoring;

import io.github.swag4j.base.SplitMix;

/**
 * Permutation test of whether a window's rows could as well be the reference's: both are put
 * together, and windows of the same size are drawn from them without replacement.
 *
 * <p>With T the statistic of the window's counts and T_1, T_2, ... those of the windows drawn,
 * drawing ends at the h-th T_l &gt;= T, and p = h / l; or after B draws with g &lt; h of them, and
 * p = (g + 1) / (B + 1). If the rows are exchangeable (independent draws of one population, for
 * instance) then P(p &lt;= a) &lt;= a for every a, for windows and references of any size and
 * whatever T is; no distribution is assumed and nothing is asymptotic.
 *
 * @see <a href="https://doi.org/10.1093/biomet/78.2.301">Besag and Clifford 1991, Sequential Monte
 *     Carlo p-values, section 2</a>
 */
final class Exchangeability {
  /** h: with so many as extreme, the p-value is known well enough, and is no small one. */
  private static final int ENOUGH = 20;

  /** Sums of the same numbers in another order differ by rounding: those count as equal. */
  private static final double ROUNDING = 1e-12;

  private Exchangeability() {}

  /** How far a window's counts in cells are from what they should be: greater is farther. */
  interface Statistic {

    /**
     * The distance.
     *
     * @param window counts of the window in the cells
     * @param rest counts of all other rows in the cells
     */
    double of(long[] window, long[] rest);
  }

  /**
   * The p-value.
   *
   * @param window counts of the window's rows in cells
   * @param reference counts of the reference's rows in the same cells
   * @param statistic T
   * @param draws B, at least 1
   * @param seed seed of the draws
   * @return in (0, 1]
   */
  static double pValue(long[] window, long[] reference, Statistic statistic, int draws, long seed) {
    int cells = window.length;
    int inWindow = Math.toIntExact(sum(window));
    int inRest = Math.toIntExact(sum(reference));
    double observed = statistic.of(window, reference);
    double least = observed - ROUNDING * Math.abs(observed);
    short[] pool = pool(window, reference, inWindow + inRest);
    // Who draws the smaller part has drawn the other too.
    int drawn = Math.min(inWindow, inRest);
    long[] taken = new long[cells];
    long[] left = new long[cells];
    SplitMix random = new SplitMix(seed);
    int extreme = 0;
    for (int draw = 1; draw <= draws; draw++) {
      for (int j = 0; j < cells; j++) {
        taken[j] = 0;
        left[j] = window[j] + reference[j];
      }
      for (int i = 0; i < drawn; i++) {
        int at = i + below(random, pool.length - i);
        short cell = pool[at];
        pool[at] = pool[i];
        pool[i] = cell;
        taken[cell]++;
        left[cell]--;
      }
      boolean small = inWindow <= inRest;
      double value = small ? statistic.of(taken, left) : statistic.of(left, taken);
      if (value >= least && ++extreme == ENOUGH) {
        return (double) ENOUGH / draw;
      }
    }
    return (extreme + 1.0) / (draws + 1.0);
  }

  /** Uniform below a bound; off by less than 2^-31, the bound being an int. */
  private static int below(SplitMix random, int bound) {
    return (int) (((random.nextLong() >>> 32) * bound) >>> 32);
  }

  private static short[] pool(long[] window, long[] reference, int size) {
    short[] pool = new short[size];
    int at = 0;
    for (short cell = 0; cell < window.length; cell++) {
      for (long i = window[cell] + reference[cell]; i > 0; i--) {
        pool[at++] = cell;
      }
    }
    return pool;
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /**
   * Distance of means: |sum_j v_j (w_j / m - r_j / n)|, w_j of the window's m rows and r_j of the
   * other n in cell j, which stands for v_j.
   */
  static Statistic meanDistance(double[] values) {
    return (window, rest) -> {
      double m = 0;
      double n = 0;
      double inWindow = 0;
      double inRest = 0;
      for (int j = 0; j < values.length; j++) {
        m += window[j];
        n += rest[j];
        inWindow += window[j] * values[j];
        inRest += rest[j] * values[j];
      }
      return Math.abs(inWindow / m - inRest / n);
    };
  }

  /**
   * Distance of reliability diagrams: sum_b m_b / m |a_b - c_b|, a_b and c_b the shares of right
   * rows in bin b of the window and of the rest, over the bins that both have rows in. Cell 2 b
   * holds the wrong rows of bin b, cell 2 b + 1 the right ones.
   */
  static Statistic reliabilityDistance() {
    return (window, rest) -> {
      double m = 0;
      double sum = 0;
      for (int j = 0; j < window.length; j += 2) {
        long here = window[j] + window[j + 1];
        long there = rest[j] + rest[j + 1];
        m += here;
        if (here > 0 && there > 0) {
          double gap = (double) window[j + 1] / here - (double) rest[j + 1] / there;
          sum += here * Math.abs(gap);
        }
      }
      return sum / m;
    };
  }
}
