package io.github.swag4j.calibration.selective;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.WeightedScores;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.ood.OpenSetCurve;
import java.util.Locale;
import java.util.Optional;

/**
 * Predicting only when confident: what rejecting the least confident rows gains, what can be
 * guaranteed, and how well the confidence tells right predictions from wrong ones (failure
 * detection).
 *
 * <p>In failure detection wrong predictions are the positives of {@link DetectionCurve}, and the
 * score is the negated confidence. Immutable.
 *
 * @see <a href="https://arxiv.org/abs/2211.15259">Jaeger et al. 2023, A Call to Reflect on
 *     Evaluation Practices for Failure Detection in Image Classification</a>
 */
public final class SelectivePrediction {
  private final RiskCoverageCurve curve;
  private final DetectionCurve failures;

  private SelectivePrediction(RiskCoverageCurve curve) {
    this.curve = curve;
    failures = failures(curve.ranking().right(), curve.ranking().wrong());
  }

  private static DetectionCurve failures(WeightedScores right, WeightedScores wrong) {
    if (right.size() == 0 || wrong.size() == 0) {
      return null;
    }
    return right.hasWeights()
        ? DetectionCurve.of(right.values(), right.weights(), wrong.values(), wrong.weights())
        : DetectionCurve.of(right.values(), wrong.values());
  }

  private static double[] negated(double[] values) {
    double[] negated = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }

  /**
   * Selection by top-label confidence.
   *
   * @param predictions labelled; rows weigh as they say
   * @return the results
   * @throws IllegalStateException if there are no labels
   */
  public static SelectivePrediction of(Predictions predictions) {
    return new SelectivePrediction(RiskCoverageCurve.of(predictions));
  }

  /**
   * Selection by an uncertainty: rows with low scores are accepted first.
   *
   * @param predictions labelled; rows weigh as they say
   * @param uncertainty the score, higher = less certain
   * @return the results
   * @throws IllegalStateException if there are no labels
   * @throws IllegalArgumentException if rows lack what the score needs
   */
  public static SelectivePrediction of(Predictions predictions, OodScore uncertainty) {
    return new SelectivePrediction(
        RiskCoverageCurve.of(predictions, negated(uncertainty.score(predictions))));
  }

  /**
   * Selection by given confidences.
   *
   * @param confidences {@code [rows]}, higher = accepted earlier
   * @param correct {@code [rows]}, whether each prediction is right
   * @return the results
   * @throws IllegalArgumentException if the lengths differ, there are no rows or a confidence is
   *     NaN
   */
  public static SelectivePrediction of(double[] confidences, boolean[] correct) {
    return new SelectivePrediction(RiskCoverageCurve.of(confidences, correct));
  }

  /**
   * Selection by given confidences of weighted rows.
   *
   * @param confidences {@code [rows]}, higher = accepted earlier
   * @param correct {@code [rows]}, whether each prediction is right
   * @param weights {@code [rows]}, at least 0
   * @return the results
   * @throws IllegalArgumentException if the lengths differ, there are no rows, a confidence is NaN,
   *     or weights are negative, not finite or all 0
   */
  public static SelectivePrediction of(double[] confidences, boolean[] correct, double[] weights) {
    return new SelectivePrediction(RiskCoverageCurve.of(confidences, correct, weights));
  }

  /**
   * Selection on both sets of an open world, where every out-of-distribution row is a failure as
   * wrong rows are: what a system that answers or abstains meets in use. The coverage and the risks
   * are those of the two sets as mixed here.
   *
   * @param openSet rows of both sets with their scores
   * @return AURC, AUGRC, failure AUROC and the rest, on n + m rows
   * @see <a href="https://arxiv.org/abs/2211.15259">Jaeger et al. 2023, A Call to Reflect on
   *     Evaluation Practices for Failure Detection</a>
   */
  public static SelectivePrediction of(OpenSetCurve openSet) {
    return of(openSet.confidences(), openSet.correct());
  }

  /**
   * The risk-coverage curve with its areas.
   *
   * @return the curve
   */
  public RiskCoverageCurve curve() {
    return curve;
  }

  /**
   * Area under the risk-coverage curve.
   *
   * @return {@link RiskCoverageCurve#aurc()}
   */
  public double aurc() {
    return curve.aurc();
  }

  /**
   * Area under the generalised risk-coverage curve.
   *
   * @return {@link RiskCoverageCurve#augrc()}
   */
  public double augrc() {
    return curve.augrc();
  }

  /**
   * Failure detection as a curve, wrong predictions positive.
   *
   * @return the curve; empty if all predictions are right or all are wrong
   */
  public Optional<DetectionCurve> failureDetection() {
    return Optional.ofNullable(failures);
  }

  /**
   * Probability that a right prediction is more confident than a wrong one, ties counted half.
   *
   * @return the failure AUROC; NaN if all predictions are right or all are wrong
   */
  public double failureAuroc() {
    return failures == null ? Double.NaN : failures.auroc();
  }

  /**
   * Average precision of finding the wrong predictions by low confidence.
   *
   * @return the average precision; NaN if all predictions are right or all are wrong
   */
  public double failureAveragePrecision() {
    return failures == null ? Double.NaN : failures.auprOut();
  }

  /**
   * Average precision of finding the right predictions by high confidence.
   *
   * @return the average precision; NaN if all predictions are right or all are wrong
   */
  public double successAveragePrecision() {
    return failures == null ? Double.NaN : failures.auprIn();
  }

  /**
   * Largest coverage with at most a risk on these rows.
   *
   * @param risk greatest error rate wanted, in [0, 1]
   * @return {@link RiskCoverageCurve#coverageAtRisk}
   * @throws IllegalArgumentException if the risk is not in [0, 1]
   */
  public double coverageAtRisk(double risk) {
    return curve.coverageAtRisk(risk);
  }

  /**
   * Risk on these rows at a coverage.
   *
   * @param coverage least share of rows to accept, in [0, 1]
   * @return {@link RiskCoverageCurve#riskAtCoverage}
   * @throws IllegalArgumentException if the coverage is not in [0, 1]
   */
  public double riskAtCoverage(double coverage) {
    return curve.riskAtCoverage(coverage);
  }

  /**
   * Upper bound of the true risk at the threshold for a coverage that was chosen before looking at
   * these rows, by Clopper and Pearson.
   *
   * @param coverage least share of rows to accept, in [0, 1]
   * @param delta probability with which the bound may fail, between 0 and 1
   * @return the bound, in (0, 1]
   * @throws IllegalArgumentException if an argument is out of range
   * @throws IllegalArgumentException if some rows weigh more than others: errors among them are not
   *     binomial
   */
  public double riskBoundAtCoverage(double coverage, double delta) {
    SelectiveGuarantee.refuseWeights(curve);
    RiskAtCoverage p = curve.pointAtCoverage(coverage);
    return SelectiveGuarantee.upperBound(p.errors(), p.accepted(), delta);
  }

  /**
   * The threshold with the largest coverage found whose true risk is guaranteed.
   *
   * @param targetRisk greatest true risk wanted, between 0 and 1
   * @param delta probability with which the guarantee may fail, between 0 and 1
   * @return the guarantee
   * @throws IllegalArgumentException if an argument is out of range
   * @throws IllegalArgumentException if some rows weigh more than others: errors among them are not
   *     binomial
   */
  public SelectiveGuarantee guarantee(double targetRisk, double delta) {
    return SelectiveGuarantee.of(curve, targetRisk, delta);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s, failure AUROC %.4f", curve, failureAuroc());
  }
}
