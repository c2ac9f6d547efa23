package io.github.swag4j.calibration.selective;

import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.special.Beta;

/**
 * A confidence threshold whose risk is bounded with high probability over new rows from the same
 * distribution.
 *
 * <p>Selection with guaranteed risk: thresholds are tried by bisection over the distinct
 * confidences; each try bounds the true risk from above by the Clopper-Pearson (exact binomial)
 * bound at level delta / tries, so that all tries hold together with probability 1 - delta.
 *
 * @param threshold rows with at least this confidence are accepted; if nothing can be guaranteed
 *     infinite, or NaN, which no confidence is at least, where a row's confidence is infinite
 * @param coverage share of the rows accepted; 0 if nothing can be guaranteed
 * @param risk error rate among them; NaN at coverage 0
 * @param bound upper bound of the true risk, at most {@code targetRisk}; 0 at coverage 0
 * @param targetRisk the risk asked for
 * @param delta probability with which the bound may fail
 * @see <a href="https://arxiv.org/abs/1705.08500">Geifman and El-Yaniv 2017, Selective
 *     Classification for Deep Neural Networks, algorithm 1</a>
 */
public record SelectiveGuarantee(
    double threshold, double coverage, double risk, double bound, double targetRisk, double delta) {

  /**
   * Selects with guaranteed risk.
   *
   * @param curve rows that were neither trained on nor will be judged; rows of equal weight count
   *     once each, whatever it is
   * @param targetRisk greatest true risk wanted, above 0 and below 1
   * @param delta probability with which the guarantee may fail, above 0 and below 1
   * @return the threshold of the largest coverage found, or one that accepts nothing
   * @throws IllegalArgumentException if a parameter is out of range
   * @throws IllegalArgumentException if some rows weigh more than others ({@link
   *     RiskCoverageCurve#hasWeights}): errors among them are not binomial
   */
  public static SelectiveGuarantee of(RiskCoverageCurve curve, double targetRisk, double delta) {
    checkOpen("target risk", targetRisk);
    checkOpen("delta", delta);
    refuseWeights(curve);
    List<RiskAtCoverage> points = curve.points();
    int tries = tries(points);
    SelectiveGuarantee best =
        new SelectiveGuarantee(unreachable(points), 0, Double.NaN, 0, targetRisk, delta);
    int low = 0;
    int high = points.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      RiskAtCoverage p = points.get(middle);
      double bound = upperBound(p.errors(), p.accepted(), delta / tries);
      if (bound <= targetRisk) {
        best =
            new SelectiveGuarantee(p.threshold(), p.coverage(), p.risk(), bound, targetRisk, delta);
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return best;
  }

  /** Halvings until no point is left. */
  private static int tries(List<RiskAtCoverage> points) {
    return 1 + 31 - Integer.numberOfLeadingZeros(points.size());
  }

  /**
   * The least bound of all thresholds, at the level of one try: less than that cannot be
   * guaranteed.
   *
   * @param curve rows as for {@link #of}
   * @param delta probability with which the guarantee may fail, above 0 and below 1
   * @return the bound, in (0, 1]
   * @throws IllegalArgumentException as {@link #of}
   */
  public static double leastBound(RiskCoverageCurve curve, double delta) {
    checkOpen("delta", delta);
    refuseWeights(curve);
    List<RiskAtCoverage> points = curve.points();
    double each = delta / tries(points);
    return points.stream()
        .mapToDouble(p -> upperBound(p.errors(), p.accepted(), each))
        .min()
        .orElse(1);
  }

  /** A threshold that no confidence is at least, were it infinite. */
  private static double unreachable(List<RiskAtCoverage> points) {
    return points.get(0).threshold() == Double.POSITIVE_INFINITY
        ? Double.NaN
        : Double.POSITIVE_INFINITY;
  }

  /**
   * Clopper-Pearson's upper bound of an error rate: the p at which seeing at most this many errors
   * has probability delta.
   *
   * @param errors errors seen
   * @param trials rows seen, at least 1
   * @param delta probability with which the bound may fail, above 0 and below 1
   * @return the bound, in (0, 1]
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static double upperBound(long errors, long trials, double delta) {
    if (trials < 1 || errors < 0 || errors > trials) {
      throw new IllegalArgumentException(
          "errors must be between 0 and trials and trials at least 1, got "
              + errors
              + " of "
              + trials);
    }
    checkOpen("delta", delta);
    if (errors == trials) {
      return 1;
    }
    if (errors == 0) { // closed form
      return -Math.expm1(Math.log(delta) / trials);
    }
    // By halving, down to neighbouring doubles: quantiles of commons-math are right to 1e-15 of the
    // probability, which is not enough for a tiny delta. The upper end never promises too much.
    double low = 0;
    double high = 1;
    for (double p = 0.5; p > low && p < high; p = 0.5 * (low + high)) {
      // P(at most this many errors | p)
      if (Beta.regularizedBeta(1 - p, trials - errors, errors + 1.0) > delta) {
        low = p;
      } else {
        high = p;
      }
    }
    return high;
  }

  static void refuseWeights(RiskCoverageCurve curve) {
    if (curve.hasWeights()) {
      throw new IllegalArgumentException(
          "the bound of a risk counts rows: the weight of errors among rows of unequal weight is"
              + " not binomial and the bound would not hold, got weights for "
              + curve.rows()
              + " rows: leave the weights out to bound the risk of the rows as they come");
    }
  }

  private static void checkOpen(String what, double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException(what + " must be between 0 and 1, got " + value);
    }
  }

  /**
   * Whether any row can be accepted under the guarantee.
   *
   * @return false if even the most confident rows could not be guaranteed
   */
  public boolean acceptsAny() {
    return coverage > 0;
  }

  @Override
  public String toString() {
    return acceptsAny()
        ? String.format(
            Locale.ROOT,
            "risk <= %.4f with probability %.4g at coverage %.4f (confidence >= %.6g, observed risk"
                + " %.4f)",
            bound,
            1 - delta,
            coverage,
            threshold,
            risk)
        : String.format(
            Locale.ROOT,
            "risk <= %.4g with probability %.4g cannot be guaranteed at any coverage",
            targetRisk,
            1 - delta);
  }
}
