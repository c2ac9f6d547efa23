package io.github.swag4j.calibration.conformal;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.SeededUniform;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/**
 * How unusual a class is for a row; a set holds the classes whose score is at most a threshold.
 *
 * <p>Classes are ordered by falling probability, the lower index first among equals. With r the
 * rank of class k from 1, and U uniform on [0, 1) or 1 if not randomised:
 *
 * <ul>
 *   <li>LAC: 1 - p_k
 *   <li>APS: sum of the probabilities before k, plus U p_k
 *   <li>RAPS: as APS, plus lambda max(0, r - preferredSize)
 *   <li>TOP_K: 1 + the number of classes more probable than k, so that equals share a rank
 * </ul>
 *
 * @param kind which of the four
 * @param lambda penalty per rank beyond the preferred size; 0 unless RAPS
 * @param preferredSize ranks without penalty; 0 unless RAPS
 * @param randomised whether U is drawn, one for each row
 * @param seed seed of U, a function of (seed, row number); 0 unless randomised
 * @see <a href="https://arxiv.org/abs/1609.00451">Sadinle, Lei and Wasserman 2019 (LAC)</a>
 * @see <a href="https://arxiv.org/abs/2006.02544">Romano, Sesia and Candes 2020 (APS)</a>
 * @see <a href="https://arxiv.org/abs/2009.14193">Angelopoulos et al. 2021 (RAPS), equation 5, and
 *     section 4 for the top-k baseline</a>
 */
public record ConformalScore(
    Kind kind, double lambda, int preferredSize, boolean randomised, long seed) {

  private static final int SMALL = 64;

  /** The family of a score. */
  public enum Kind {
    /** Least ambiguous set-valued classifier: the smallest sets on average. */
    LAC,
    /** Adaptive prediction sets: larger for harder rows. */
    APS,
    /** Regularised adaptive prediction sets: without APS's long tails. */
    RAPS,
    /** The k most probable classes for every row: all sets of one size but for equals. */
    TOP_K
  }

  /**
   * Checks the parts.
   *
   * @param kind which of the four
   * @param lambda penalty per rank beyond the preferred size; 0 unless RAPS
   * @param preferredSize ranks without penalty; 0 unless RAPS
   * @param randomised whether U is drawn, one for each row
   * @param seed seed of U, a function of (seed, row number); 0 unless randomised
   * @throws IllegalArgumentException if lambda or the preferred size is negative, or given to a
   *     score that does not have it
   */
  public ConformalScore {
    if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("lambda must be finite and at least 0, got " + lambda);
    }
    if (preferredSize < 0) {
      throw new IllegalArgumentException("preferredSize must be at least 0, got " + preferredSize);
    }
    if (kind != Kind.RAPS && (lambda != 0 || preferredSize != 0)) {
      throw new IllegalArgumentException(
          "only RAPS has lambda and preferredSize, got " + lambda + " and " + preferredSize);
    }
    if ((kind == Kind.LAC || kind == Kind.TOP_K) && randomised) {
      throw new IllegalArgumentException(kind + " has no randomised form: use APS or RAPS");
    }
    if (!randomised && seed != 0) {
      throw new IllegalArgumentException("only randomised scores have a seed, got " + seed);
    }
  }

  /**
   * 1 - p_k.
   *
   * @return the score
   */
  public static ConformalScore lac() {
    return new ConformalScore(Kind.LAC, 0, 0, false, 0);
  }

  /**
   * Rank of the class, equals sharing the better one.
   *
   * @return the score
   */
  public static ConformalScore topK() {
    return new ConformalScore(Kind.TOP_K, 0, 0, false, 0);
  }

  /**
   * Cumulative probability down to the class, not randomised.
   *
   * @return the score
   */
  public static ConformalScore aps() {
    return new ConformalScore(Kind.APS, 0, 0, false, 0);
  }

  /**
   * Cumulative probability with a penalty on ranks, not randomised.
   *
   * @param lambda penalty per rank beyond the preferred size, at least 0
   * @param preferredSize ranks without penalty, at least 0
   * @return the score
   */
  public static ConformalScore raps(double lambda, int preferredSize) {
    return new ConformalScore(Kind.RAPS, lambda, preferredSize, false, 0);
  }

  /**
   * This score with U drawn for each row, which makes coverage exact rather than conservative.
   *
   * @param drawSeed the seed; the same seed and row number give the same U
   * @return the randomised score
   */
  public ConformalScore randomised(long drawSeed) {
    return new ConformalScore(kind, lambda, preferredSize, true, drawSeed);
  }

  /** Scores of all classes of a row into out; U comes from (seed, stream, number). */
  void of(Predictions predictions, int row, int stream, long number, double[] out) {
    int classes = predictions.classes();
    if (kind == Kind.LAC) {
      for (int k = 0; k < classes; k++) {
        out[k] = 1 - predictions.probability(row, k);
      }
      return;
    }
    double u = randomised ? SeededUniform.uniform(seed, stream, number) : 1;
    double[] p = predictions.probabilities(row);
    double before = 0;
    int[] order = falling(p);
    if (kind == Kind.TOP_K) {
      for (int i = 0; i < classes; i++) {
        boolean tied = i > 0 && p[order[i]] == p[order[i - 1]];
        out[order[i]] = tied ? out[order[i - 1]] : i + 1;
      }
      return;
    }
    for (int rank = 1; rank <= classes; rank++) {
      int k = order[rank - 1];
      double penalty = kind == Kind.RAPS ? lambda * Math.max(0, rank - preferredSize) : 0;
      out[k] = (randomised ? before + u * p[k] : before + p[k]) + penalty;
      before += p[k];
    }
  }

  static int[] falling(double[] p) {
    int[] order = new int[p.length];
    if (p.length > SMALL) {
      Integer[] boxed = new Integer[p.length];
      Arrays.setAll(boxed, k -> k);
      // The sort is stable, so equals stay in the order of their indices.
      Arrays.sort(boxed, Comparator.comparingDouble(k -> -p[k]));
      Arrays.setAll(order, i -> boxed[i]);
      return order;
    }
    for (int k = 0; k < p.length; k++) {
      int at = k;
      while (at > 0 && p[order[at - 1]] < p[k]) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = k;
    }
    return order;
  }

  @Override
  public String toString() {
    String name = kind == Kind.RAPS ? "RAPS(" + lambda + ", " + preferredSize + ")" : kind.name();
    return randomised ? name + String.format(Locale.ROOT, " randomised (seed %d)", seed) : name;
  }
}
