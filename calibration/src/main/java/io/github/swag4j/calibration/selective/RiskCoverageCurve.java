package io.github.swag4j.calibration.selective;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

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
 * <p>Weights are repetitions: a row of weight 2 is that row twice, to every digit. A plateau of
 * weight s, d of it wrong, after A is accepted with E errors adds d + (E - d A / s) (digamma(A + s
 * + 1) - digamma(A + 1)) to sum_i E_i / i, which is its expectation for whole weights and the
 * definition for others. AURC, its oracle and the trapezoid depend on N, so on the unit of the
 * weights too, as they do when rows are repeated; weights that sum to less than their effective
 * number (sum w)^2 / sum w^2 cannot be repetitions and are brought to sum to it, so that rows whose
 * weight goes to 0 leave continuously. Everything else is a ratio of weights. Immutable.
 *
 * @see <a href="https://arxiv.org/abs/1805.08206">Geifman et al. 2019, Bias-Reduced Uncertainty
 *     Estimation for Deep Neural Classifiers, section 2</a>
 * @see <a href="https://arxiv.org/abs/2407.01032">Traub et al. 2024, Overcoming Common Flaws in the
 *     Evaluation of Selective Classification Systems, eqs. 4 to 6</a>
 */
public final class RiskCoverageCurve {

  private final ConfidenceRanking ranking;
  private final RiskCoverageAreas areas;

  private RiskCoverageCurve(ConfidenceRanking ranking) {
    this.ranking = ranking;
    areas = RiskCoverageAreas.of(ranking);
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
    return new RiskCoverageCurve(ConfidenceRanking.of(confidences, correct, null));
  }

  /**
   * The curve of weighted rows. A row of weight 2 is that row twice, one of weight 0 is absent; see
   * the class for weights that are not whole.
   *
   * @param confidences {@code [rows]}, any scale, higher = accepted earlier
   * @param correct {@code [rows]}, whether each prediction is right
   * @param weights {@code [rows]}, at least 0
   * @return the curve
   * @throws IllegalArgumentException if the lengths differ, there are no rows, a confidence is NaN,
   *     or weights are negative, not finite or all 0
   */
  public static RiskCoverageCurve of(double[] confidences, boolean[] correct, double[] weights) {
    return new RiskCoverageCurve(
        ConfidenceRanking.of(confidences, correct, Objects.requireNonNull(weights, "weights")));
  }

  /**
   * The curve of top-label confidences, rows weighted as the predictions say.
   *
   * @param predictions labelled
   * @return the curve
   * @throws IllegalStateException if there are no labels
   */
  public static RiskCoverageCurve of(Predictions predictions) {
    double[] confidences = new double[predictions.rows()];
    Arrays.setAll(confidences, predictions::confidence);
    return of(predictions, confidences);
  }

  /** The curve of other confidences of the predictions' rows. */
  static RiskCoverageCurve of(Predictions predictions, double[] confidences) {
    boolean[] correct = new boolean[predictions.rows()];
    double[] weights = predictions.hasWeights() ? new double[correct.length] : null;
    for (int r = 0; r < correct.length; r++) {
      correct[r] = predictions.isCorrect(r);
      if (weights != null) {
        weights[r] = predictions.weight(r);
      }
    }
    return new RiskCoverageCurve(ConfidenceRanking.of(confidences, correct, weights));
  }

  /** {@return the number of rows, those of weight 0 left out; at least 1} */
  public long rows() {
    return ranking.rows();
  }

  /**
   * {@return whether some rows weigh more than others} Rows of equal weight up to 1 are those rows,
   * of equal weight 2 those rows twice; neither has weights.
   */
  public boolean hasWeights() {
    return ranking.hasWeights();
  }

  /** {@return the risk at full coverage: errors / rows, or their weights} */
  public double errorRate() {
    return ranking.wrong().total() / ranking.weight();
  }

  /**
   * The curve: one point for each distinct confidence, made anew by each call.
   *
   * @return points by growing coverage; the last one accepts all rows
   */
  public List<RiskAtCoverage> points() {
    return RiskCoveragePoints.all(ranking);
  }

  /**
   * {@return the area under the risk-coverage curve, the mean over i of the error rate among the i
   * most confident: in [0, 1], lower is better}
   */
  public double aurc() {
    return areas.aurc();
  }

  /**
   * {@return the area by trapezoids through the N points, divided by their width 1 - 1/N, as
   * TorchUncertainty computes it, in expectation over ties; NaN with one row}
   */
  public double aurcTrapezoid() {
    return areas.trapezoid();
  }

  /**
   * {@return the area by straight lines between the points of distinct confidences, from coverage 0
   * with the first point's risk, as fd-shifts does by default}
   */
  public double aurcLinear() {
    return areas.linear();
  }

  /**
   * {@return the area with plateaus accepted in infinitely small random parts: the limit of {@link
   * #aurc()} when every row is repeated without end, the same for any unit of the weights}
   */
  public double aurcContinuous() {
    return areas.continuous();
  }

  /**
   * Continuous area when only thresholds on the lower convex hull of errors against rows accepted
   * are used and rows between two of them are accepted at random: what a user who picks thresholds
   * well achieves (fd-shifts' achievable AURC).
   *
   * @return the area, at most {@link #aurcContinuous()}
   */
  public double aurcAchievable() {
    return RiskCoverageAreas.achievable(points());
  }

  /**
   * {@return AURC above that of the oracle with the same rows and errors: at least 0 up to
   * rounding, 0 for a perfect ranking}
   */
  public double excessAurc() {
    return aurc() - oracleAurc();
  }

  /**
   * {@return AURC above the oracle's limit for many rows, e + (1 - e) ln(1 - e) with error rate e:
   * what most papers print as e-AURC}
   */
  public double excessAurcClosedForm() {
    return aurc() - oracleAurcClosedForm();
  }

  /**
   * {@return the AURC of a ranking that lists every error last, (1/N) sum_(j = 1..E) j / (N - E +
   * j): the least that is possible with these rows}
   */
  public double oracleAurc() {
    return areas.oracle();
  }

  /** {@return the oracle's AURC in the limit of many rows, e + (1 - e) ln(1 - e)} */
  public double oracleAurcClosedForm() {
    double e = errorRate();
    return e == 1 ? 1 : e + (1 - e) * Math.log1p(-e);
  }

  /** {@return the AURC of a random ranking in expectation, the error rate} */
  public double randomAurc() {
    return errorRate();
  }

  /**
   * {@return the area under the generalised risk-coverage curve, the probability of a silent
   * failure averaged over coverages: in [0, 1/2], lower is better}
   */
  public double augrc() {
    return areas.augrc();
  }

  /** {@return the AUGRC of a ranking that lists every error last, e^2 / 2} */
  public double oracleAugrc() {
    return 0.5 * errorRate() * errorRate();
  }

  /** {@return the AUGRC of a random ranking in expectation, e / 2} */
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
    return RiskCoveragePoints.coverageAtRisk(ranking, risk);
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
  public RiskAtCoverage pointAtCoverage(double coverage) {
    checkShare("coverage", coverage);
    return RiskCoveragePoints.atCoverage(ranking, coverage);
  }

  private static void checkShare(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(what + " must be in [0, 1], got " + value);
    }
  }

  /** The rows, right and wrong ones apart. */
  ConfidenceRanking ranking() {
    return ranking;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "AURC %.4f (oracle %.4f, random %.4f), AUGRC %.4f (ties in expectation, %,d rows%s)",
        aurc(),
        oracleAurc(),
        randomAurc(),
        augrc(),
        rows(),
        hasWeights() ? ", weighted" : "");
  }
}
