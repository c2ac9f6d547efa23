package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.ExactCovariance;
import io.github.swag4j.calibration.internal.SortedScores;
import io.github.swag4j.calibration.internal.TieGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * How well a score separates out-of-distribution rows (the positive class, high scores) from
 * in-distribution rows.
 *
 * <p>A row is called out-of-distribution when its score is at least a threshold; thresholds are the
 * distinct scores, so tied rows are always called alike and no result depends on the order of rows:
 * shuffled input gives the same bits. Scores may be infinite; they are only compared. Immutable.
 *
 * <ul>
 *   <li>{@link #auroc()} = P(out &gt; in) + P(out = in) / 2, from integer counts;
 *   <li>{@link #aurocStandardError()} by DeLong, DeLong and Clarke-Pearson (1988);
 *   <li>{@link #auprOut()}, {@link #auprIn()}: average precision, sum of (R_k - R_(k-1)) P_k; the
 *       trapezoid below the same points has its own methods, as the two differ;
 *   <li>{@link #fpr95()}: rate of in-distribution rows called out at the first threshold, from
 *       above, with at least 95 % of the out-of-distribution rows found; {@link
 *       #fpr95IdPositive()}: the other convention, with in-distribution rows as the positives;
 *   <li>{@link #detectionError()}: least (1 - TPR + FPR) / 2 over thresholds.
 * </ul>
 *
 * @see <a href="https://doi.org/10.2307/2531595">DeLong et al. 1988, Comparing the Areas under Two
 *     or More Correlated Receiver Operating Characteristic Curves</a>
 * @see <a href="https://arxiv.org/abs/1610.02136">Hendrycks and Gimpel 2017, A Baseline for
 *     Detecting Misclassified and Out-of-Distribution Examples, section 3</a>
 */
public final class DetectionCurve {

  /**
   * A point of the receiver operating characteristic.
   *
   * @param threshold rows with scores of at least this are called out; infinite at (0, 0)
   * @param falsePositiveRate in-distribution rows called out / all in-distribution rows
   * @param truePositiveRate out-of-distribution rows called out / all out-of-distribution rows
   */
  public record RocPoint(double threshold, double falsePositiveRate, double truePositiveRate) {}

  /**
   * A point of the precision-recall curve.
   *
   * @param threshold the score where the positive class starts; infinite at recall 0
   * @param recall positives called positive / all positives
   * @param precision positives called positive / all called positive; 1 where none are
   */
  public record PrecisionRecallPoint(double threshold, double recall, double precision) {}

  private final double[] in;
  private final double[] out;
  private final double auroc;
  private final double standardError;
  private final double averagePrecisionOut;
  private final double averagePrecisionIn;
  private final double trapezoidOut;
  private final double trapezoidIn;
  private final double detectionError;

  private DetectionCurve(double[] in, double[] out) {
    this.in = in;
    this.out = out;
    long n = in.length;
    long m = out.length;
    long wins = 0; // twice the Mann-Whitney U: at most 2 n m < 2^62
    ExactCovariance outRanks = new ExactCovariance();
    ExactCovariance inRanks = new ExactCovariance();
    CompensatedSum apOut = new CompensatedSum();
    CompensatedSum apIn = new CompensatedSum();
    CompensatedSum areaOut = new CompensatedSum();
    CompensatedSum areaIn = new CompensatedSum();
    long errors = n * m; // misses times n plus false alarms times m: nothing is called out
    TieGroups group = new TieGroups(in, out);
    while (group.next()) {
      long inBelow = group.firstBelow();
      long outBelow = group.secondBelow();
      long inEqual = group.firstEqual();
      long outEqual = group.secondEqual();
      long inAbove = n - inBelow - inEqual;
      long outAbove = m - outBelow - outEqual;
      if (outEqual > 0) {
        long rank = 2 * inBelow + inEqual;
        wins += outEqual * rank;
        outRanks.add(rank, rank, outEqual);
        double precision = precision(m - outBelow, n - inBelow);
        apOut.add(outEqual * precision);
        areaOut.add(outEqual * (precision + precision(outAbove, inAbove)) * 0.5);
      }
      if (inEqual > 0) {
        long rank = 2 * outAbove + outEqual;
        inRanks.add(rank, rank, inEqual);
        double precision = precision(inBelow + inEqual, outBelow + outEqual);
        apIn.add(inEqual * precision);
        areaIn.add(inEqual * (precision + precision(inBelow, outBelow)) * 0.5);
      }
      errors = Math.min(errors, outBelow * n + (n - inBelow) * m);
    }
    auroc = wins / (2.0 * n * m);
    // Ranks are counted in halves: variances shrink by (2 n)^2 and (2 m)^2.
    standardError =
        Math.sqrt(outRanks.value() / (4.0 * n * n * m) + inRanks.value() / (4.0 * m * m * n));
    averagePrecisionOut = apOut.value() / m;
    averagePrecisionIn = apIn.value() / n;
    trapezoidOut = areaOut.value() / m;
    trapezoidIn = areaIn.value() / n;
    detectionError = errors / (2.0 * n * m);
  }

  private static double precision(long right, long wrong) {
    return right + wrong == 0 ? 1 : (double) right / (right + wrong);
  }

  /**
   * The curve of two samples of scores.
   *
   * @param inScores scores of in-distribution rows, in any order
   * @param outScores scores of out-of-distribution rows, in any order; higher = more out
   * @return the curve
   * @throws IllegalArgumentException if a sample is empty or a score is NaN
   */
  public static DetectionCurve of(double[] inScores, double[] outScores) {
    double[][] sorted =
        SortedScores.of(
            inScores, "in-distribution scores", outScores, "out-of-distribution scores");
    return new DetectionCurve(sorted[0], sorted[1]);
  }

  /**
   * Number of in-distribution rows.
   *
   * @return the rows, at least 1
   */
  public int inRows() {
    return in.length;
  }

  /**
   * Number of out-of-distribution rows.
   *
   * @return the rows, at least 1
   */
  public int outRows() {
    return out.length;
  }

  /**
   * Area under the receiver operating characteristic, ties counted half.
   *
   * @return the area, in [0, 1]; 0.5 for a score that knows nothing
   */
  public double auroc() {
    return auroc;
  }

  /**
   * DeLong's standard error of the AUROC.
   *
   * @return the standard error; NaN when a sample has only one row
   */
  public double aurocStandardError() {
    return standardError;
  }

  /**
   * DeLong's interval: AUROC plus and minus the normal quantile times its standard error, cut to
   * [0, 1].
   *
   * @param level the confidence level, between 0 and 1
   * @return the interval; its ends are NaN when a sample has only one row
   * @throws IllegalArgumentException if the level is not between 0 and 1
   */
  public Interval aurocInterval(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must be between 0 and 1, got " + level);
    }
    double z = new NormalDistribution().inverseCumulativeProbability(0.5 + 0.5 * level);
    return new Interval(
        Math.max(0, auroc - z * standardError), Math.min(1, auroc + z * standardError));
  }

  /**
   * Average precision with out-of-distribution rows as the positives.
   *
   * @return the average precision, in (0, 1]; about the share of such rows for a score that knows
   *     nothing
   */
  public double auprOut() {
    return averagePrecisionOut;
  }

  /**
   * Average precision with in-distribution rows as the positives and low scores first.
   *
   * @return the average precision, in (0, 1]
   */
  public double auprIn() {
    return averagePrecisionIn;
  }

  /**
   * Area below the precision-recall points joined by straight lines, out-of-distribution positive.
   * Too optimistic in general, kept because several peers report it.
   *
   * @return the area, in (0, 1]
   */
  public double auprOutTrapezoid() {
    return trapezoidOut;
  }

  /**
   * Area below the precision-recall points joined by straight lines, in-distribution positive.
   *
   * @return the area, in (0, 1]
   */
  public double auprInTrapezoid() {
    return trapezoidIn;
  }

  /**
   * Share of in-distribution rows called out at the first threshold that finds at least 95 % of the
   * out-of-distribution rows.
   *
   * @return the false-positive rate, in [0, 1]
   */
  public double fpr95() {
    return fprAtTpr(0.95);
  }

  /**
   * The other convention: share of out-of-distribution rows accepted at the first threshold that
   * accepts at least 95 % of the in-distribution rows.
   *
   * @return the false-positive rate with in-distribution rows as the positives, in [0, 1]
   */
  public double fpr95IdPositive() {
    return fprAtTprIdPositive(0.95);
  }

  /**
   * False-positive rate at the first threshold, from above, whose true-positive rate reaches a
   * level; out-of-distribution is positive.
   *
   * @param level the true-positive rate to reach, above 0 and at most 1
   * @return in-distribution rows called out / all in-distribution rows
   * @throws IllegalArgumentException if the level is out of range
   */
  public double fprAtTpr(double level) {
    double threshold = thresholdAtTpr(level);
    return (double) (in.length - count(in, threshold, false)) / in.length;
  }

  /**
   * The highest threshold whose true-positive rate reaches a level; out-of-distribution is
   * positive.
   *
   * @param level the true-positive rate to reach, above 0 and at most 1
   * @return a score; rows with at least this score are called out
   * @throws IllegalArgumentException if the level is out of range
   */
  public double thresholdAtTpr(double level) {
    return out[out.length - needed(level, out.length)];
  }

  /**
   * False-positive rate at the first threshold, from below, whose true-positive rate reaches a
   * level; in-distribution is positive: a row is accepted when its score is at most the threshold.
   *
   * @param level the true-positive rate to reach, above 0 and at most 1
   * @return out-of-distribution rows accepted / all out-of-distribution rows
   * @throws IllegalArgumentException if the level is out of range
   */
  public double fprAtTprIdPositive(double level) {
    double threshold = in[needed(level, in.length) - 1];
    return (double) count(out, threshold, true) / out.length;
  }

  /**
   * Least mean of the two error rates over all thresholds, classes weighted alike.
   *
   * @return min (1 - TPR + FPR) / 2, in [0, 0.5]
   */
  public double detectionError() {
    return detectionError;
  }

  /**
   * All points of the receiver operating characteristic, from (0, 0) to (1, 1).
   *
   * @return one point for each distinct score, after the point where nothing is called out
   */
  public List<RocPoint> roc() {
    List<RocPoint> points = new ArrayList<>();
    TieGroups group = new TieGroups(in, out);
    while (group.next()) {
      double fpr = (double) (in.length - group.firstBelow()) / in.length;
      double tpr = (double) (out.length - group.secondBelow()) / out.length;
      points.add(new RocPoint(group.value(), fpr, tpr));
    }
    points.add(new RocPoint(Double.POSITIVE_INFINITY, 0, 0));
    Collections.reverse(points);
    return List.copyOf(points);
  }

  /**
   * Precision-recall points with out-of-distribution rows as the positives, by growing recall.
   *
   * @return one point for each distinct score, after the point (0, 1)
   */
  public List<PrecisionRecallPoint> precisionRecallOut() {
    List<PrecisionRecallPoint> points = new ArrayList<>();
    TieGroups group = new TieGroups(in, out);
    while (group.next()) {
      long right = out.length - group.secondBelow();
      long wrong = in.length - group.firstBelow();
      points.add(
          new PrecisionRecallPoint(
              group.value(), (double) right / out.length, precision(right, wrong)));
    }
    points.add(new PrecisionRecallPoint(Double.POSITIVE_INFINITY, 0, 1));
    Collections.reverse(points);
    return List.copyOf(points);
  }

  /**
   * Precision-recall points with in-distribution rows as the positives, by growing recall.
   *
   * @return one point for each distinct score, after the point (0, 1)
   */
  public List<PrecisionRecallPoint> precisionRecallIn() {
    List<PrecisionRecallPoint> points = new ArrayList<>();
    points.add(new PrecisionRecallPoint(Double.NEGATIVE_INFINITY, 0, 1));
    TieGroups group = new TieGroups(in, out);
    while (group.next()) {
      long right = (long) group.firstBelow() + group.firstEqual();
      long wrong = (long) group.secondBelow() + group.secondEqual();
      points.add(
          new PrecisionRecallPoint(
              group.value(), (double) right / in.length, precision(right, wrong)));
    }
    return List.copyOf(points);
  }

  /**
   * The numbers of this curve without its scores.
   *
   * @return a small value to keep in tables
   */
  public DetectionSummary summary() {
    return new DetectionSummary(
        in.length,
        out.length,
        auroc,
        standardError,
        averagePrecisionIn,
        averagePrecisionOut,
        fpr95(),
        fpr95IdPositive(),
        detectionError);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "AUROC %.4f (+- %.4f DeLong), AUPR-out %.4f, FPR95 %.4f (out-of-distribution positive),"
            + " %,d in, %,d out",
        auroc,
        standardError,
        averagePrecisionOut,
        fpr95(),
        in.length,
        out.length);
  }

  /** Fewest rows whose share is at least the level, comparing shares as rounded doubles. */
  private static int needed(double level, int rows) {
    if (!(level > 0 && level <= 1)) {
      throw new IllegalArgumentException("level must be above 0 and at most 1, got " + level);
    }
    int k = (int) Math.min(rows, Math.max(1, Math.ceil(level * rows)));
    while (k > 1 && (double) (k - 1) / rows >= level) {
      k--;
    }
    while ((double) k / rows < level) {
      k++;
    }
    return k;
  }

  /** Number of sorted scores below a threshold, or at most it. */
  static int count(double[] sorted, double threshold, boolean orEqual) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < threshold || (orEqual && sorted[middle] == threshold)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DetectionCurve that
        && Arrays.equals(in, that.in)
        && Arrays.equals(out, that.out);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(in) + Arrays.hashCode(out);
  }
}
