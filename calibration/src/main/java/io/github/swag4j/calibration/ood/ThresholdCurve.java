package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.SortedScores;
import java.util.Locale;

/**
 * Areas below the error rates of a detector over its threshold, which unlike AUROC ask that scores
 * be far apart and not only in order: with scores s in [0, 1]
 *
 * <ul>
 *   <li>AUFPR = integral of FPR(t) over t in [0, 1] = mean of the in-distribution scores;
 *   <li>AUFNR = integral of FNR(t) = 1 - mean of the out-of-distribution scores;
 *   <li>AUTC = (AUFPR + AUFNR) / 2, in [0, 1], 0 where all in rows score 0 and all out rows 1, 1/2
 *       where the means are equal; lower is better.
 * </ul>
 *
 * <p>Scores with another range are first stretched so that the smallest of both sets is 0 and the
 * largest 1: the result then hangs on those two rows, so compare detectors on the same rows only.
 * Compensated sums in the order of the values: the order of rows changes no bit.
 *
 * @param aufpr area below the false positive rate
 * @param aufnr area below the false negative rate
 * @see <a href="https://arxiv.org/abs/2306.14658">Humblot-Renaux, Escalera and Moeslund 2023,
 *     Beyond AUROC and co. for evaluating out-of-distribution detection performance</a>
 */
public record ThresholdCurve(double aufpr, double aufnr) {

  /**
   * Areas of scores of any range, stretched to [0, 1].
   *
   * @param inScores scores of in-distribution rows, finite
   * @param outScores scores of out-of-distribution rows, finite; higher = more out
   * @return the areas
   * @throws IllegalArgumentException if a sample is empty, a score is not finite, or all scores are
   *     equal, which no stretching separates
   */
  public static ThresholdCurve of(double[] inScores, double[] outScores) {
    double[][] sorted =
        SortedScores.of(
            inScores, "in-distribution scores", outScores, "out-of-distribution scores");
    double least = Math.min(sorted[0][0], sorted[1][0]);
    double most = Math.max(last(sorted[0]), last(sorted[1]));
    if (!Double.isFinite(least) || !Double.isFinite(most)) {
      throw new IllegalArgumentException(
          "scores must be finite to be stretched to [0, 1], got " + least + " to " + most);
    }
    if (least == most) {
      throw new IllegalArgumentException(
          "scores must not all be equal to be stretched to [0, 1], got " + least + " for all rows");
    }
    return ofSorted(sorted[0], sorted[1], least, most);
  }

  /**
   * Areas of scores that lie in [0, 1] by their nature, such as 1 - maximum probability, as they
   * are.
   *
   * @param inScores scores of in-distribution rows, in [0, 1]
   * @param outScores scores of out-of-distribution rows, in [0, 1]; higher = more out
   * @return the areas
   * @throws IllegalArgumentException if a sample is empty or a score is outside [0, 1]
   */
  public static ThresholdCurve ofUnitScores(double[] inScores, double[] outScores) {
    double[][] sorted =
        SortedScores.of(
            inScores, "in-distribution scores", outScores, "out-of-distribution scores");
    for (double[] scores : sorted) {
      if (scores[0] < 0 || last(scores) > 1) {
        throw new IllegalArgumentException(
            "scores must be in [0, 1], got "
                + scores[0]
                + " to "
                + last(scores)
                + ": let them be stretched");
      }
    }
    return ofSorted(sorted[0], sorted[1], 0, 1);
  }

  private static ThresholdCurve ofSorted(double[] in, double[] out, double least, double most) {
    // Halved where the range is beyond the largest double, and only there: halves of the smallest
    // doubles are 0.
    double unit = Double.isFinite(most - least) ? 1 : 0.5;
    double range = unit * most - unit * least;
    return new ThresholdCurve(mean(in, unit, least, range), 1 - mean(out, unit, least, range));
  }

  private static double mean(double[] sorted, double unit, double least, double range) {
    CompensatedSum sum = new CompensatedSum();
    for (double score : sorted) {
      sum.add((unit * score - unit * least) / range);
    }
    return sum.value() / sorted.length;
  }

  private static double last(double[] sorted) {
    return sorted[sorted.length - 1];
  }

  /**
   * Area under the threshold curve.
   *
   * @return AUTC = (AUFPR + AUFNR) / 2, in [0, 1], lower is better
   */
  public double autc() {
    return (aufpr + aufnr) / 2;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "AUTC %.4f (AUFPR %.4f, AUFNR %.4f)", autc(), aufpr, aufnr);
  }
}
