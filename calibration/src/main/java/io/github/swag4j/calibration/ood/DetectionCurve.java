package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * How well a score separates out-of-distribution rows (the positive class, high scores) from
 * in-distribution rows.
 *
 * <p>A row is called out-of-distribution when its score is at least a threshold; thresholds are the
 * distinct scores, so tied rows are always called alike and no result depends on the order of rows:
 * shuffled input gives the same bits. Scores may be infinite; they are only compared. Where rows
 * have weights, "share of rows" below means share of their weight. Immutable.
 *
 * <ul>
 *   <li>{@link #auroc()} = P(out &gt; in) + P(out = in) / 2, from integer counts unless rows have
 *       weights;
 *   <li>{@link #aurocStandardError()} by DeLong, DeLong and Clarke-Pearson (1988);
 *   <li>{@link #auprOut()}, {@link #auprIn()}: average precision, sum of (R_k - R_(k-1)) P_k; the
 *       trapezoid below the same points has its own methods;
 *   <li>{@link #fpr95()} and {@link #fpr95IdPositive()}: the two conventions of the false-positive
 *       rate at 95 % true-positive rate.
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

  private final DetectionSamples samples;
  private final DetectionAreas areas;

  private DetectionCurve(DetectionSamples samples) {
    this.samples = samples;
    areas = DetectionAreas.of(samples.in(), samples.out());
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
    return new DetectionCurve(DetectionSamples.counted(inScores, outScores));
  }

  /**
   * The curve of two samples of weighted rows. Shares of weight take the place of shares of rows:
   * whole weights give the numbers of rows repeated as often, except for the standard error, which
   * does not depend on the unit of the weights. Rows of weight 0 are absent.
   *
   * @param inScores scores of in-distribution rows, in any order
   * @param inWeights their weights, at least 0
   * @param outScores scores of out-of-distribution rows, in any order; higher = more out
   * @param outWeights their weights, at least 0
   * @return the curve; the same as without weights if all weights are equal
   * @throws IllegalArgumentException if a sample is empty, a score is NaN, lengths differ, or the
   *     weights of a sample are negative, not finite or all 0
   */
  public static DetectionCurve of(
      double[] inScores, double[] inWeights, double[] outScores, double[] outWeights) {
    return new DetectionCurve(
        DetectionSamples.weighted(inScores, inWeights, outScores, outWeights));
  }

  /**
   * The curve of a score, rows weighted as the predictions say.
   *
   * @param score the score
   * @param in in-distribution rows
   * @param out out-of-distribution rows
   * @return the curve
   * @throws IllegalArgumentException if predictions lack what the score needs
   */
  public static DetectionCurve of(OodScore score, Predictions in, Predictions out) {
    return of(score.score(in), in, score.score(out), out);
  }

  static DetectionCurve of(double[] inScores, Predictions in, double[] outScores, Predictions out) {
    return new DetectionCurve(DetectionSamples.of(inScores, in, outScores, out));
  }

  /** {@return the number of in-distribution rows, those of weight 0 left out; at least 1} */
  public int inRows() {
    return samples.in().size();
  }

  /** {@return the number of out-of-distribution rows, those of weight 0 left out; at least 1} */
  public int outRows() {
    return samples.out().size();
  }

  /** {@return whether some rows weigh more than others} */
  public boolean hasWeights() {
    return samples.hasWeights();
  }

  /**
   * {@return the area under the receiver operating characteristic, ties counted half: in [0, 1],
   * 0.5 for a score that knows nothing}
   */
  public double auroc() {
    return areas.auroc();
  }

  /**
   * {@return DeLong's standard error of the AUROC; NaN when a sample has only one row} With weights
   * it is that of weighted means, for the effective numbers of rows (sum w)^2 / sum w^2.
   */
  public double aurocStandardError() {
    return areas.standardError();
  }

  /**
   * DeLong's interval: AUROC plus and minus the normal quantile times its standard error, cut to
   * [0, 1]. For many rows and an AUROC away from 1: with 20 + 20 rows its 95 % cover an AUROC of
   * 0.7 in 93 of 100 cases, of 0.97 in 78, with 500 + 500 rows of 0.97 in 94. Where no scores
   * overlap it is [1, 1] however few the rows are. See {@link #aurocScoreInterval} for these.
   *
   * @param level the confidence level, between 0 and 1
   * @return the interval; its ends are NaN when a sample has only one row
   * @throws IllegalArgumentException if the level is not between 0 and 1
   */
  public Interval aurocInterval(double level) {
    checkLevel(level);
    double z = new NormalDistribution().inverseCumulativeProbability(0.5 + 0.5 * level);
    return new Interval(
        Math.max(0, auroc() - z * areas.standardError()),
        Math.min(1, auroc() + z * areas.standardError()));
  }

  /**
   * Newcombe's score interval: the t with |AUROC - t| at most the normal quantile times the root of
   * V(t) = t (1 - t) (1 + ((n + m)/2 - 1) ((1 - t)/(2 - t) + t/(1 + t))) / (n m), n and m being the
   * numbers of rows, effective ones if rows have weights. It holds for few rows and near 1, where
   * {@link #aurocInterval} does not, and has a width where no scores overlap. V is a model's:
   * DeLong's is better for many rows, of which one sample is several times the other.
   *
   * @param level the confidence level, between 0 and 1
   * @return the interval, within [0, 1]; around the AUROC but not symmetric
   * @throws IllegalArgumentException if the level is not between 0 and 1
   * @see <a href="https://doi.org/10.1002/sim.2324">Newcombe 2006, Confidence intervals for an
   *     effect size measure based on the Mann-Whitney statistic, part 2, method 5</a>
   */
  public Interval aurocScoreInterval(double level) {
    checkLevel(level);
    return AurocScoreInterval.of(auroc(), samples.in(), samples.out(), level);
  }

  private static void checkLevel(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must be between 0 and 1, got " + level);
    }
  }

  /**
   * {@return the average precision with out-of-distribution rows as the positives: in (0, 1], about
   * the share of such rows for a score that knows nothing}
   */
  public double auprOut() {
    return areas.averagePrecisionOut();
  }

  /**
   * {@return the average precision with in-distribution rows as the positives and low scores first}
   */
  public double auprIn() {
    return areas.averagePrecisionIn();
  }

  /**
   * {@return the area below the precision-recall points joined by straight lines,
   * out-of-distribution positive} Too optimistic in general, kept because several peers report it.
   */
  public double auprOutTrapezoid() {
    return areas.trapezoidOut();
  }

  /** {@return the same area with in-distribution rows as the positives} */
  public double auprInTrapezoid() {
    return areas.trapezoidIn();
  }

  /**
   * {@return the share of in-distribution rows called out at the first threshold that finds at
   * least 95 % of the out-of-distribution rows}
   */
  public double fpr95() {
    return fprAtTpr(0.95);
  }

  /**
   * {@return the share of out-of-distribution rows accepted at the first threshold that accepts at
   * least 95 % of the in-distribution rows: the other convention}
   */
  public double fpr95IdPositive() {
    return fprAtTprIdPositive(0.95);
  }

  /**
   * False-positive rate at {@link #thresholdAtTpr}; out-of-distribution is positive.
   *
   * @param level the true-positive rate to reach, above 0 and at most 1
   * @return share of the in-distribution rows that are called out
   * @throws IllegalArgumentException if the level is out of range
   */
  public double fprAtTpr(double level) {
    return samples.fprAtTpr(level);
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
    return samples.thresholdAtTpr(level);
  }

  /**
   * False-positive rate at the first threshold, from below, whose true-positive rate reaches a
   * level; in-distribution is positive: a row is accepted when its score is at most the threshold.
   *
   * @param level the true-positive rate to reach, above 0 and at most 1
   * @return share of the out-of-distribution rows that are accepted
   * @throws IllegalArgumentException if the level is out of range
   */
  public double fprAtTprIdPositive(double level) {
    return samples.fprAtTprIdPositive(level);
  }

  /** {@return the least mean error rate over all thresholds, min (1 - TPR + FPR) / 2} */
  public double detectionError() {
    return areas.detectionError();
  }

  /**
   * {@return the receiver operating characteristic from (0, 0) to (1, 1): one point for each
   * distinct score, after the point where nothing is called out}
   */
  public List<RocPoint> roc() {
    return DetectionPoints.roc(samples);
  }

  /**
   * {@return precision-recall points with out-of-distribution rows as the positives, by growing
   * recall: one for each distinct score, after the point (0, 1)}
   */
  public List<PrecisionRecallPoint> precisionRecallOut() {
    return DetectionPoints.precisionRecallOut(samples);
  }

  /**
   * {@return precision-recall points with in-distribution rows as the positives, by growing recall:
   * one for each distinct score, after the point (0, 1)}
   */
  public List<PrecisionRecallPoint> precisionRecallIn() {
    return DetectionPoints.precisionRecallIn(samples);
  }

  /** {@return the numbers of this curve without its scores, a small value to keep in tables} */
  public DetectionSummary summary() {
    return DetectionSummary.of(this);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "AUROC %.4f (+- %.4f DeLong), AUPR-out %.4f, FPR95 %.4f (out-of-distribution positive),"
            + " %,d in, %,d out%s",
        auroc(),
        aurocStandardError(),
        auprOut(),
        fpr95(),
        inRows(),
        outRows(),
        hasWeights() ? ", weighted" : "");
  }

  DetectionSamples samples() {
    return samples;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DetectionCurve that && samples.equals(that.samples);
  }

  @Override
  public int hashCode() {
    return samples.hashCode();
  }
}
