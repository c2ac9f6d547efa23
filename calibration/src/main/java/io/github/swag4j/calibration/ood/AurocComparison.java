package io.github.swag4j.calibration.ood;

import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.internal.ExactCovariance;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.SortedScores;
import io.github.swag4j.calibration.internal.ValueOrder;
import io.github.swag4j.calibration.internal.WeightedMeanVariance;
import io.github.swag4j.calibration.internal.WeightedScores;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Erf;

/**
 * DeLong's test of whether two scores separate equally well: of the same rows (paired, which uses
 * that their errors go together) or of different rows (unpaired).
 *
 * <p>Rows in another order give the same bits. Without weights, variances and covariances of the
 * placement values come from whole numbers and are exact until the last rounding; with weights they
 * are compensated sums.
 *
 * @param firstAuroc AUROC of the first score
 * @param secondAuroc AUROC of the second score
 * @param standardError standard error of their difference; NaN when a sample has only one row
 * @see <a href="https://doi.org/10.2307/2531595">DeLong et al. 1988, eqs. 4 to 6</a>
 */
public record AurocComparison(double firstAuroc, double secondAuroc, double standardError) {

  /**
   * Compares two scores of the same rows.
   *
   * @param firstIn first score of the in-distribution rows
   * @param firstOut first score of the out-of-distribution rows
   * @param secondIn second score of the same in-distribution rows, in the same order
   * @param secondOut second score of the same out-of-distribution rows, in the same order
   * @return the comparison
   * @throws IllegalArgumentException if the numbers of rows differ, a sample is empty or a score is
   *     NaN
   */
  public static AurocComparison paired(
      double[] firstIn, double[] firstOut, double[] secondIn, double[] secondOut) {
    checkRows("in-distribution", firstIn.length, secondIn.length);
    checkRows("out-of-distribution", firstOut.length, secondOut.length);
    double[][] first = sorted("first ", firstIn, firstOut);
    double[][] second = sorted("second ", secondIn, secondOut);
    double n = firstIn.length;
    double m = firstOut.length;
    // Placements are counted in halves: covariances shrink by (2 n)^2 and (2 m)^2.
    double variance =
        differenceVariance(firstOut, first[0], secondOut, second[0]) / (4 * n * n * m)
            + differenceVariance(firstIn, first[1], secondIn, second[1]) / (4 * m * m * n);
    return new AurocComparison(
        DetectionCurve.of(firstIn, firstOut).auroc(),
        DetectionCurve.of(secondIn, secondOut).auroc(),
        Math.sqrt(Math.max(0, variance)));
  }

  /**
   * Compares two scores of the same weighted rows. With d the difference of a row's placements by
   * the two scores and w its share of its sample's weight, the variance is the sum over both
   * samples of n/(n - 1) sum w^2 (d - mean d)^2, n = 1 / sum w^2 being the effective number of
   * rows: that of weighted means, DeLong's for equal weights.
   *
   * @param firstIn first score of the in-distribution rows
   * @param firstOut first score of the out-of-distribution rows
   * @param secondIn second score of the same in-distribution rows, in the same order
   * @param secondOut second score of the same out-of-distribution rows, in the same order
   * @param inWeights weights of the in-distribution rows, at least 0
   * @param outWeights weights of the out-of-distribution rows, at least 0
   * @return the comparison; the same as without weights if all weights are equal
   * @throws IllegalArgumentException if the numbers of rows differ, a sample is empty, a score is
   *     NaN, or the weights of a sample are negative, not finite or all 0
   */
  public static AurocComparison paired(
      double[] firstIn,
      double[] firstOut,
      double[] secondIn,
      double[] secondOut,
      double[] inWeights,
      double[] outWeights) {
    checkRows("in-distribution", firstIn.length, secondIn.length);
    checkRows("out-of-distribution", firstOut.length, secondOut.length);
    DetectionCurve first = DetectionCurve.of(firstIn, inWeights, firstOut, outWeights);
    DetectionCurve second = DetectionCurve.of(secondIn, inWeights, secondOut, outWeights);
    if (!first.hasWeights()) {
      int[] in = RowWeights.positive(inWeights);
      int[] out = RowWeights.positive(outWeights);
      return paired(
          ValueOrder.apply(in, firstIn),
          ValueOrder.apply(out, firstOut),
          ValueOrder.apply(in, secondIn),
          ValueOrder.apply(out, secondOut));
    }
    double variance =
        weightedVariance(
                placements(firstOut, first.samples().in()),
                placements(secondOut, second.samples().in()),
                outWeights)
            + weightedVariance(
                placements(firstIn, first.samples().out()),
                placements(secondIn, second.samples().out()),
                inWeights);
    return new AurocComparison(first.auroc(), second.auroc(), Math.sqrt(variance));
  }

  /**
   * Compares the curves of different rows.
   *
   * @param first a curve
   * @param second a curve of other rows
   * @return the comparison; the variances add
   */
  public static AurocComparison unpaired(DetectionCurve first, DetectionCurve second) {
    return new AurocComparison(
        first.auroc(),
        second.auroc(),
        Math.hypot(first.aurocStandardError(), second.aurocStandardError()));
  }

  private static void checkRows(String what, int first, int second) {
    if (first != second) {
      throw new IllegalArgumentException(
          what
              + " rows must be the same for both scores, got "
              + first
              + " and "
              + second
              + ": compare curves of different rows with unpaired");
    }
  }

  private static double[][] sorted(String which, double[] in, double[] out) {
    return SortedScores.of(
        in, which + "in-distribution scores", out, which + "out-of-distribution scores");
  }

  /** Sample variance of the difference of the rows' placements among the other sample. */
  private static double differenceVariance(
      double[] first, double[] firstSorted, double[] second, double[] secondSorted) {
    WeightedScores firstOthers = WeightedScores.counted(firstSorted);
    WeightedScores secondOthers = WeightedScores.counted(secondSorted);
    ExactCovariance differences = new ExactCovariance();
    long shift = 2L * firstOthers.size(); // keeps the differences at least 0
    for (int r = 0; r < first.length; r++) {
      long d = shift + placement(first[r], firstOthers) - placement(second[r], secondOthers);
      differences.add(d, d, 1);
    }
    return differences.value();
  }

  /** Twice the number of others below a score, ties counted half. */
  private static long placement(double score, WeightedScores others) {
    return (long) others.count(score, false) + others.count(score, true);
  }

  /** Share of the others' weight below each score, ties counted half. */
  private static double[] placements(double[] scores, WeightedScores others) {
    double[] placements = new double[scores.length];
    for (int r = 0; r < placements.length; r++) {
      int below = others.count(scores[r], false);
      double equal = others.run(below, others.count(scores[r], true) - below);
      placements[r] = (others.below(below) + 0.5 * equal) / others.total();
    }
    return placements;
  }

  /** Variance of the weighted mean of the rows' differences, added in an order of their own. */
  private static double weightedVariance(double[] first, double[] second, double[] weights) {
    double[] differences = new double[first.length];
    Arrays.setAll(differences, r -> first[r] - second[r]);
    int[] order = ValueOrder.of(differences, weights);
    return WeightedMeanVariance.of(
        ValueOrder.apply(order, differences), ValueOrder.apply(order, weights));
  }

  /**
   * How much better the first score is.
   *
   * @return first minus second AUROC
   */
  public double difference() {
    return firstAuroc - secondAuroc;
  }

  /**
   * The difference in standard errors.
   *
   * @return z; 0 if there is no difference, infinite if it has no variance
   */
  public double z() {
    return difference() == 0 && standardError == 0 ? 0 : difference() / standardError;
  }

  /**
   * Two-sided p-value of no difference.
   *
   * <p>For many rows: with some 15 rows a sample it is close at an AUROC of 0.6 and too large at
   * 0.9; where both scores separate without overlap, in whichever direction, the standard error is
   * 0 and p is 0 or 1 however few the rows are.
   *
   * @return the probability of a |z| at least as large; 1 if the scores rank alike
   */
  public double pValue() {
    return Erf.erfc(Math.abs(z()) / Math.sqrt(2));
  }

  /**
   * Interval of the difference.
   *
   * @param level the confidence level, between 0 and 1
   * @return difference plus and minus the normal quantile times the standard error
   * @throws IllegalArgumentException if the level is not between 0 and 1
   */
  public Interval interval(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must be between 0 and 1, got " + level);
    }
    double z = new NormalDistribution().inverseCumulativeProbability(0.5 + 0.5 * level);
    return new Interval(difference() - z * standardError, difference() + z * standardError);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "AUROC %.4f - %.4f = %+.4f (+- %.4f DeLong), %s two-sided",
        firstAuroc,
        secondAuroc,
        difference(),
        standardError,
        PValue.equation(pValue()));
  }
}
