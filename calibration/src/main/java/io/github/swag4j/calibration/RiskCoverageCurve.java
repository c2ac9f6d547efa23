package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.SortedScores;
import io.github.swag4j.calibration.internal.TieGroups;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Risk (error rate) of the accepted rows against coverage (share of rows accepted) when rows are
 * accepted by falling confidence.
 *
 * <p>N rows, E_i errors among the i most confident. Rows of equal confidence are one plateau: a
 * threshold accepts all or none of them, and areas are the exact expectation over the orders in
 * which they could be listed. No result depends on the order of rows: shuffled input gives the same
 * bits.
 *
 * <ul>
 *   <li>{@link #aurc()} = (1/N) sum_i E_i / i, in [0, 1] (Geifman and El-Yaniv);
 *   <li>{@link #excessAurc()} = AURC - AURC of the oracle, which lists all errors last;
 *   <li>{@link #augrc()} = area below E_i / N against i / N, in [0, 1/2] (Traub et al.), equal to
 *       (1 - AUROC_f) a (1 - a) + (1 - a)^2 / 2 with accuracy a and failure AUROC;
 *   <li>a random ranking has AURC = error rate and AUGRC = error rate / 2 in expectation.
 * </ul>
 *
 * <p>Immutable.
 *
 * @see <a href="https://arxiv.org/abs/1805.08206">Geifman et al. 2019, Bias-Reduced Uncertainty
 *     Estimation for Deep Neural Classifiers, section 2</a>
 * @see <a href="https://arxiv.org/abs/2407.01032">Traub et al. 2024, Overcoming Common Flaws in the
 *     Evaluation of Selective Classification Systems, eqs. 4 to 6</a>
 */
public final class RiskCoverageCurve {

  /**
   * What a threshold on the confidence gives.
   *
   * @param threshold rows with at least this confidence are accepted
   * @param accepted number of rows accepted
   * @param errors number of errors among them
   * @param coverage accepted / all rows
   * @param risk errors / accepted
   * @param generalisedRisk errors / all rows
   */
  public record Point(
      double threshold,
      long accepted,
      long errors,
      double coverage,
      double risk,
      double generalisedRisk) {}

  // Negated confidences, sorted: walking up them accepts rows by falling confidence.
  private final double[] right;
  private final double[] wrong;
  private final double aurc;
  private final double augrc;
  private final double aurcTrapezoid;
  private final double aurcLinear;
  private final double aurcContinuous;

  private RiskCoverageCurve(double[] right, double[] wrong) {
    this.right = right;
    this.wrong = wrong;
    long n = rows();
    CompensatedSum prefixes = new CompensatedSum();
    CompensatedSum linear = new CompensatedSum();
    CompensatedSum continuous = new CompensatedSum();
    long twiceGeneralised = 0; // 2 N^2 AUGRC: at most 2 N^2 < 2^63
    long accepted = 0;
    long errors = 0;
    double first = Double.NaN;
    double risk = Double.NaN;
    TieGroups group = new TieGroups(right, wrong);
    while (group.next()) {
      long added = group.secondEqual();
      long size = group.firstEqual() + added;
      for (long j = 1; j <= size; j++) {
        prefixes.add((errors + (double) added * j / size) / (accepted + j));
      }
      double newRisk = (double) (errors + added) / (accepted + size);
      if (accepted == 0) { // before the first threshold the risk is the first threshold's
        first = (double) added / size;
        risk = newRisk;
      }
      twiceGeneralised += size * (2 * errors + added);
      linear.add(0.5 * (risk + newRisk) * size);
      continuous.add(plateauIntegral(accepted, errors, size, added));
      accepted += size;
      errors += added;
      risk = newRisk;
    }
    aurc = prefixes.value() / n;
    augrc = twiceGeneralised / (2.0 * n * n);
    aurcLinear = linear.value() / n;
    aurcContinuous = continuous.value() / n;
    // Trapezoid through the N points (i/N, E_i/i), divided by its width 1 - 1/N.
    prefixes.add(-0.5 * (first + errorRate()));
    aurcTrapezoid = n == 1 ? Double.NaN : prefixes.value() / (n - 1);
  }

  /** The point of accepting everything up to the group. */
  private Point point(TieGroups group) {
    long errors = (long) group.secondBelow() + group.secondEqual();
    long accepted = (long) group.firstBelow() + group.firstEqual() + errors;
    double n = rows();
    return new Point(
        0.0 - group.value(),
        accepted,
        errors,
        accepted / n,
        (double) errors / accepted,
        errors / n);
  }

  /** Integral over t in [0, size] of (errors + added t / size) / (accepted + t). */
  private static double plateauIntegral(long accepted, long errors, long size, long added) {
    double slope = (double) added / size;
    if (accepted == 0) {
      return slope * size;
    }
    return slope * size + (errors - slope * accepted) * Math.log1p((double) size / accepted);
  }

  /**
   * The curve of given confidences.
   *
   * @param confidences {@code [rows]}, any scale, higher = accepted earlier
   * @param correct {@code [rows]}, whether each prediction is right
   * @return the curve
   * @throws IllegalArgumentException if the lengths differ, there are no rows or a confidence is
   *     NaN
   */
  public static RiskCoverageCurve of(double[] confidences, boolean[] correct) {
    if (confidences.length != correct.length) {
      throw new IllegalArgumentException(
          "confidences and correct must have the same length, got "
              + confidences.length
              + " and "
              + correct.length);
    }
    if (confidences.length == 0) {
      throw new IllegalArgumentException("confidences must not be empty, got 0 rows");
    }
    int errors = 0;
    for (int r = 0; r < correct.length; r++) {
      if (Double.isNaN(confidences[r])) {
        throw new IllegalArgumentException("confidences[" + r + "] must be a number, got NaN");
      }
      errors += correct[r] ? 0 : 1;
    }
    double[] right = new double[correct.length - errors];
    double[] wrong = new double[errors];
    int i = 0;
    int j = 0;
    for (int r = 0; r < correct.length; r++) {
      if (correct[r]) {
        right[i++] = -confidences[r];
      } else {
        wrong[j++] = -confidences[r];
      }
    }
    return new RiskCoverageCurve(sorted(right), sorted(wrong));
  }

  private static double[] sorted(double[] confidences) {
    return confidences.length == 0 ? confidences : SortedScores.of(confidences, "confidences");
  }

  /**
   * The curve of top-label confidences.
   *
   * @param predictions labelled, without row weights
   * @return the curve
   * @throws IllegalStateException if there are no labels
   * @throws IllegalArgumentException if rows carry weights
   */
  public static RiskCoverageCurve of(Predictions predictions) {
    double[] confidences = new double[predictions.rows()];
    for (int r = 0; r < confidences.length; r++) {
      confidences[r] = predictions.confidence(r);
    }
    return of(confidences, correct(predictions));
  }

  /** Whether each row's prediction is right; refuses weights, which selection would not respect. */
  static boolean[] correct(Predictions predictions) {
    if (predictions.hasWeights()) {
      throw new IllegalArgumentException(
          "selective prediction counts every row once, got row weights: leave the weights away");
    }
    boolean[] correct = new boolean[predictions.rows()];
    for (int r = 0; r < correct.length; r++) {
      correct[r] = predictions.isCorrect(r);
    }
    return correct;
  }

  /**
   * Number of rows.
   *
   * @return the rows, at least 1
   */
  public long rows() {
    return (long) right.length + wrong.length;
  }

  /**
   * Risk at full coverage.
   *
   * @return errors / rows
   */
  public double errorRate() {
    return (double) wrong.length / rows();
  }

  /**
   * The curve: one point for each distinct confidence, made anew by each call.
   *
   * @return points by growing coverage; the last one accepts all rows
   */
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    TieGroups group = new TieGroups(right, wrong);
    while (group.next()) {
      points.add(point(group));
    }
    return Collections.unmodifiableList(points);
  }

  /**
   * Area under the risk-coverage curve: mean over i of the error rate among the i most confident.
   *
   * @return the area, in [0, 1]; lower is better
   */
  public double aurc() {
    return aurc;
  }

  /**
   * Area by trapezoids through the N points, divided by their width 1 - 1/N, as TorchUncertainty
   * computes it; in expectation over ties.
   *
   * @return the area; NaN with one row
   */
  public double aurcTrapezoid() {
    return aurcTrapezoid;
  }

  /**
   * Area by straight lines between the points of distinct confidences, from coverage 0 with the
   * first point's risk, as fd-shifts does by default.
   *
   * @return the area, in [0, 1]
   */
  public double aurcLinear() {
    return aurcLinear;
  }

  /**
   * Area with plateaus accepted in infinitely small random parts: the limit of {@link #aurc()} when
   * every row is repeated without end.
   *
   * @return the area, in [0, 1]
   */
  public double aurcContinuous() {
    return aurcContinuous;
  }

  /**
   * Continuous area when only thresholds on the lower convex hull of errors against rows accepted
   * are used and rows between two of them are accepted at random: what a user who picks thresholds
   * well achieves (fd-shifts' achievable AURC).
   *
   * @return the area, at most {@link #aurcContinuous()}
   */
  public double aurcAchievable() {
    List<Point> hull = new ArrayList<>();
    for (Point p : points()) {
      while (hull.size() > 0 && !turnsUp(hull, p)) {
        hull.remove(hull.size() - 1);
      }
      hull.add(p);
    }
    CompensatedSum area = new CompensatedSum();
    long accepted = 0;
    long errors = 0;
    for (Point p : hull) {
      area.add(plateauIntegral(accepted, errors, p.accepted() - accepted, p.errors() - errors));
      accepted = p.accepted();
      errors = p.errors();
    }
    return area.value() / rows();
  }

  /** Whether the error rate rises from before to after the hull's last point. */
  private static boolean turnsUp(List<Point> hull, Point next) {
    Point last = hull.get(hull.size() - 1);
    Point before = hull.size() > 1 ? hull.get(hull.size() - 2) : null;
    long accepted = before == null ? 0 : before.accepted();
    long errors = before == null ? 0 : before.errors();
    return (last.errors() - errors) * (next.accepted() - last.accepted())
        < (next.errors() - last.errors()) * (last.accepted() - accepted);
  }

  /**
   * AURC above that of the oracle with the same number of rows and errors; 0 for a perfect ranking.
   *
   * @return the excess, at least 0 up to rounding
   */
  public double excessAurc() {
    return aurc - oracleAurc();
  }

  /**
   * AURC above the oracle's limit for many rows, e + (1 - e) ln(1 - e) with error rate e, which is
   * what most papers print as e-AURC.
   *
   * @return the excess
   */
  public double excessAurcClosedForm() {
    return aurc - oracleAurcClosedForm();
  }

  /**
   * AURC of a ranking that lists every error last: (1/N) sum_(j = 1..E) j / (N - E + j).
   *
   * @return the least AURC possible with these rows
   */
  public double oracleAurc() {
    CompensatedSum sum = new CompensatedSum();
    for (long j = 1; j <= wrong.length; j++) {
      sum.add((double) j / (right.length + j));
    }
    return sum.value() / rows();
  }

  /**
   * The oracle's AURC in the limit of many rows.
   *
   * @return e + (1 - e) ln(1 - e)
   */
  public double oracleAurcClosedForm() {
    double e = errorRate();
    return e == 1 ? 1 : e + (1 - e) * Math.log1p(-e);
  }

  /**
   * AURC of a random ranking, in expectation.
   *
   * @return the error rate
   */
  public double randomAurc() {
    return errorRate();
  }

  /**
   * Area under the generalised risk-coverage curve: the probability of a silent failure averaged
   * over coverages.
   *
   * @return the area, in [0, 1/2]; lower is better
   */
  public double augrc() {
    return augrc;
  }

  /**
   * AUGRC of a ranking that lists every error last.
   *
   * @return e^2 / 2
   */
  public double oracleAugrc() {
    return 0.5 * errorRate() * errorRate();
  }

  /**
   * AUGRC of a random ranking, in expectation.
   *
   * @return e / 2
   */
  public double randomAugrc() {
    return 0.5 * errorRate();
  }

  /**
   * The largest coverage whose risk is at most a bound.
   *
   * @param risk greatest error rate wanted, in [0, 1]
   * @return the coverage at some threshold, or 0 if no threshold's risk is that low: nothing can be
   *     accepted
   * @throws IllegalArgumentException if the risk is not in [0, 1]
   */
  public double coverageAtRisk(double risk) {
    checkShare("risk", risk);
    double coverage = 0;
    TieGroups group = new TieGroups(right, wrong);
    while (group.next()) {
      Point p = point(group);
      coverage = p.risk() <= risk ? p.coverage() : coverage;
    }
    return coverage;
  }

  /**
   * The risk at the first threshold, from above, that accepts at least a share of rows.
   *
   * @param coverage least share wanted, in [0, 1]
   * @return the error rate among the rows accepted
   * @throws IllegalArgumentException if the coverage is not in [0, 1]
   */
  public double riskAtCoverage(double coverage) {
    return pointAtCoverage(coverage).risk();
  }

  /**
   * The first threshold, from above, that accepts at least a share of rows.
   *
   * @param coverage least share wanted, in [0, 1]
   * @return its point
   * @throws IllegalArgumentException if the coverage is not in [0, 1]
   */
  public Point pointAtCoverage(double coverage) {
    checkShare("coverage", coverage);
    TieGroups group = new TieGroups(right, wrong);
    Point p;
    do {
      group.next();
      p = point(group);
    } while (p.coverage() < coverage);
    return p;
  }

  private static void checkShare(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(what + " must be in [0, 1], got " + value);
    }
  }

  /** Sorted negated confidences of the right rows, not copied. */
  double[] right() {
    return right;
  }

  /** Sorted negated confidences of the wrong rows, not copied. */
  double[] wrong() {
    return wrong;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "AURC %.4f (oracle %.4f, random %.4f), AUGRC %.4f (ties in expectation, %,d rows)",
        aurc,
        oracleAurc(),
        randomAurc(),
        augrc,
        rows());
  }
}
