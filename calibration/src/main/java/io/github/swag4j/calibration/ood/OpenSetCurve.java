package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.SortedScores;
import io.github.swag4j.calibration.internal.TieGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Classification with rejection in an open world: a row is accepted when its score is at most a
 * threshold, and an accepted row is right when it is in-distribution and its class is the label.
 *
 * <ul>
 *   <li>CCR, correct classification rate: accepted and right in-distribution rows / all n
 *       in-distribution rows;
 *   <li>FPR: accepted out-of-distribution rows / all m out-of-distribution rows;
 *   <li>OSCR: area below CCR over FPR, straight lines across ties, which is P(right and score below
 *       that of an out-of-distribution row) + half of P(right and equal). Counted in whole numbers.
 * </ul>
 *
 * <p>Of one classifier OSCR = accuracy x AUROC of its right rows against the out-of-distribution
 * ones, so it lies in [0, accuracy], accuracy / 2 where the score knows nothing; higher is better.
 * No result depends on the order of rows. Immutable.
 *
 * @see <a href="https://arxiv.org/abs/1811.04110">Dhamija, Guenther and Boult 2018, Reducing
 *     Network Agnostophobia, section 4</a>
 */
public final class OpenSetCurve {

  /**
   * What a threshold gives.
   *
   * @param threshold rows with at most this score are accepted; minus infinity accepts none, and
   *     where it is itself a score NaN does, which no score is at most
   * @param falsePositiveRate share of out-of-distribution rows accepted
   * @param correctClassificationRate share of in-distribution rows accepted and right
   */
  public record Point(
      double threshold, double falsePositiveRate, double correctClassificationRate) {}

  private final double[] in;
  private final boolean[] correct;
  private final double[] out;
  private final double[] right;

  private OpenSetCurve(double[] in, boolean[] correct, double[] out) {
    this.in = in.clone();
    this.correct = correct.clone();
    SortedScores.of(in, "in-distribution scores");
    this.out = SortedScores.of(out, "out-of-distribution scores");
    double[] kept = new double[in.length];
    int count = 0;
    for (int row = 0; row < in.length; row++) {
      if (correct[row]) {
        kept[count++] = in[row];
      }
    }
    kept = Arrays.copyOf(kept, count);
    right = count == 0 ? kept : SortedScores.of(kept, "scores of right rows");
  }

  /**
   * The curve of given scores.
   *
   * @param inScores scores of in-distribution rows; higher = more out
   * @param inCorrect whether each of them is classified right
   * @param outScores scores of out-of-distribution rows
   * @return the curve
   * @throws IllegalArgumentException if lengths differ, a sample is empty or a score is NaN
   */
  public static OpenSetCurve of(double[] inScores, boolean[] inCorrect, double[] outScores) {
    if (inScores.length != inCorrect.length) {
      throw new IllegalArgumentException(
          "in-distribution scores and correctness must have the same length, got "
              + inScores.length
              + " and "
              + inCorrect.length);
    }
    return new OpenSetCurve(inScores, inCorrect, outScores);
  }

  /**
   * The curve of a score of predictions.
   *
   * @param in labelled in-distribution predictions, without row weights
   * @param out out-of-distribution predictions, without row weights
   * @param score the score
   * @return the curve
   * @throws IllegalStateException if the in-distribution rows have no labels
   * @throws IllegalArgumentException if rows carry weights or lack what the score needs
   */
  public static OpenSetCurve of(Predictions in, Predictions out, OodScore score) {
    if (in.hasWeights() || out.hasWeights()) {
      throw new IllegalArgumentException(
          "open-set curves count every row once, got rows with weights: leave the weights out");
    }
    boolean[] correct = new boolean[in.rows()];
    for (int row = 0; row < correct.length; row++) {
      correct[row] = in.isCorrect(row);
    }
    return of(score.score(in), correct, score.score(out));
  }

  /**
   * Share of in-distribution rows that are classified right.
   *
   * @return the accuracy, in [0, 1]
   */
  public double accuracy() {
    return (double) right.length / in.length;
  }

  /**
   * Open-set classification rate, the area below the curve.
   *
   * @return OSCR, in [0, accuracy]
   */
  public double oscr() {
    long halves = 0;
    TieGroups groups = new TieGroups(right, out);
    while (groups.next()) {
      long above = (long) out.length - groups.secondBelow() - groups.secondEqual();
      halves += groups.firstEqual() * (2 * above + groups.secondEqual());
    }
    return halves / (2.0 * in.length * out.length);
  }

  /**
   * The greatest correct classification rate at a false positive rate of at most a level.
   *
   * @param level the level, in [0, 1]
   * @return CCR, in [0, accuracy]; 0 where every threshold accepts more
   * @throws IllegalArgumentException if the level is not in [0, 1]
   */
  public double ccrAtFpr(double level) {
    requireRate(level);
    return ccr(level, false);
  }

  /**
   * The greatest correct classification rate at a false positive rate strictly below a level, which
   * is OpenOOD's CCR@FPR: right rows with scores below that of the ceil(level m)-th most accepted
   * out-of-distribution row.
   *
   * @param level the level, in (0, 1]
   * @return CCR, in [0, accuracy]
   * @throws IllegalArgumentException if the level is not in (0, 1]
   */
  public double ccrBelowFpr(double level) {
    requireRate(level);
    if (level == 0) {
      throw new IllegalArgumentException("level must be above 0 to be below it, got 0.0");
    }
    return ccr(level, true);
  }

  private static void requireRate(double level) {
    if (!(level >= 0 && level <= 1)) {
      throw new IllegalArgumentException("level must be between 0 and 1, got " + level);
    }
  }

  private double ccr(double level, boolean below) {
    long accepted = 0;
    TieGroups groups = new TieGroups(right, out);
    while (groups.next()) {
      double fpr = (double) (groups.secondBelow() + groups.secondEqual()) / out.length;
      if (below ? fpr >= level : fpr > level) {
        break;
      }
      accepted = (long) groups.firstBelow() + groups.firstEqual();
    }
    return (double) accepted / in.length;
  }

  /**
   * All points, from accepting nothing to accepting everything.
   *
   * @return the point that accepts nothing, then by rising threshold one for each distinct score of
   *     a right or out-of-distribution row
   */
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    boolean lowest =
        out[0] == Double.NEGATIVE_INFINITY
            || right.length > 0 && right[0] == Double.NEGATIVE_INFINITY;
    points.add(new Point(lowest ? Double.NaN : Double.NEGATIVE_INFINITY, 0, 0));
    TieGroups groups = new TieGroups(right, out);
    while (groups.next()) {
      points.add(
          new Point(
              groups.value(),
              (double) (groups.secondBelow() + groups.secondEqual()) / out.length,
              (double) (groups.firstBelow() + groups.firstEqual()) / in.length));
    }
    return List.copyOf(points);
  }

  /**
   * How sure each row is: the negative of its score.
   *
   * @return {@code [n + m]}, in-distribution rows first
   */
  public double[] confidences() {
    double[] confidences = new double[in.length + out.length];
    Arrays.setAll(confidences, i -> i < in.length ? -in[i] : -out[i - in.length]);
    return confidences;
  }

  /**
   * Which rows are right: out-of-distribution rows never are.
   *
   * @return {@code [n + m]}, in-distribution rows first
   */
  public boolean[] correct() {
    return Arrays.copyOf(correct, in.length + out.length);
  }

  /**
   * Detection of the out-of-distribution rows among right rows only, wrong ones left out: how new
   * classes were judged before failures were.
   *
   * @return the curve of right rows against out-of-distribution rows
   * @throws IllegalStateException if no row is right
   */
  public DetectionCurve rightAgainstOut() {
    if (right.length == 0) {
      throw new IllegalStateException(
          "detection among right rows needs a right row, got none of " + in.length);
    }
    return DetectionCurve.of(right, out);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "OSCR %.4f, accuracy %.4f, CCR %.4f at FPR 0.1 (%,d in, %,d out)",
        oscr(),
        accuracy(),
        ccrAtFpr(0.1),
        in.length,
        out.length);
  }
}
