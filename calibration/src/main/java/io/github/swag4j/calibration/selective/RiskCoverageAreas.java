package io.github.swag4j.calibration.selective;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.HarmonicSum;
import io.github.swag4j.calibration.internal.TieGroups;
import io.github.swag4j.calibration.internal.WeightedScores;
import java.util.ArrayList;
import java.util.List;

/**
 * Areas of a {@link RiskCoverageCurve}, plateau by plateau. A plateau of weight s, d of it wrong,
 * comes after A is accepted with E errors. Accepting it row by row in random order, the error rate
 * after j of s rows is expected to be (E + d j / s) / (A + j), and the sum over j = 1 .. s is
 *
 * <p>d + (E - d A / s) (digamma(A + s + 1) - digamma(A + 1)),
 *
 * <p>which also has a value for weights that are not whole. The unit of A and s in the digamma
 * terms is one row: weights are repetitions, but weights that sum to less than their effective
 * number (sum w)^2 / sum w^2 cannot be, and are brought to sum to it. Nothing else depends on the
 * unit.
 */
record RiskCoverageAreas(
    double aurc, double augrc, double trapezoid, double linear, double continuous, double oracle) {

  static RiskCoverageAreas of(ConfidenceRanking ranking) {
    WeightedScores right = ranking.right();
    WeightedScores wrong = ranking.wrong();
    double total = ranking.weight();
    double unit = ranking.unit();
    CompensatedSum prefixes = new CompensatedSum();
    CompensatedSum generalised = new CompensatedSum();
    CompensatedSum linear = new CompensatedSum();
    CompensatedSum continuous = new CompensatedSum();
    double first = 0; // errors expected in the first row accepted, in the unit of the weights
    double risk = Double.NaN;
    TieGroups plateau = ranking.plateaus();
    while (plateau.next()) {
      double errors = wrong.below(plateau.secondBelow());
      double accepted = right.below(plateau.firstBelow()) + errors;
      double added = wrong.run(plateau.secondBelow(), plateau.secondEqual());
      double size = right.run(plateau.firstBelow(), plateau.firstEqual()) + added;
      double through = ranking.wrongThrough(plateau);
      double newRisk = through / (ranking.rightThrough(plateau) + through);
      if (accepted == 0) { // before the first threshold the risk is the first threshold's
        risk = newRisk;
      }
      if (accepted < unit) {
        first += added * Math.min(1, (unit - accepted) / size);
      }
      prefixes.add(prefixes(accepted, errors, size, added, unit));
      generalised.add(size * (errors + 0.5 * added));
      linear.add(0.5 * (risk + newRisk) * size);
      continuous.add(continuous(accepted, errors, size, added));
      risk = newRisk;
    }
    // Trapezoid through the N points (i/N, E_i/i), divided by its width 1 - 1/N; risk is E_N / N.
    double n = total / unit;
    double trapezoid = (prefixes.value() / unit - 0.5 * (first / unit + risk)) / (n - 1);
    return new RiskCoverageAreas(
        prefixes.value() / total,
        generalised.value() / total / total,
        n > 1 ? trapezoid : Double.NaN,
        linear.value() / total,
        continuous.value() / total,
        oracle(right.total(), wrong.total(), unit));
  }

  /** Sum of the expected error rates along a plateau, in the unit of the weights. */
  private static double prefixes(
      double accepted, double errors, double size, double added, double unit) {
    double bend = slack(accepted, errors, size, added);
    return bend == 0 ? added : added + bend * HarmonicSum.of(accepted / unit, size / unit);
  }

  /** Integral over t in [0, size] of (errors + added t / size) / (accepted + t). */
  private static double continuous(double accepted, double errors, double size, double added) {
    return accepted == 0
        ? added
        : added + slack(accepted, errors, size, added) * Math.log1p(size / accepted);
  }

  /** errors - added accepted / size; exactly 0 for whole numbers where risks are the same. */
  private static double slack(double accepted, double errors, double size, double added) {
    return accepted == 0 ? 0 : (errors * size - added * accepted) / size;
  }

  /** One plateau of everything right, then one of everything wrong. */
  private static double oracle(double right, double wrong, double unit) {
    return wrong == 0 ? 0 : prefixes(right, 0, wrong, wrong, unit) / (right + wrong);
  }

  /** The continuous area below the lower convex hull of errors against weight accepted. */
  static double achievable(List<RiskAtCoverage> points) {
    List<RiskAtCoverage> hull = new ArrayList<>();
    hull.add(new RiskAtCoverage(Double.POSITIVE_INFINITY, 0, 0, 0, 0, 0));
    for (RiskAtCoverage next : points) {
      while (hull.size() > 1 && !turnsUp(hull, next)) {
        hull.remove(hull.size() - 1);
      }
      hull.add(next);
    }
    CompensatedSum area = new CompensatedSum();
    for (int i = 1; i < hull.size(); i++) {
      RiskAtCoverage from = hull.get(i - 1);
      RiskAtCoverage to = hull.get(i);
      area.add(
          continuous(
              from.coverage(),
              from.generalisedRisk(),
              to.coverage() - from.coverage(),
              to.generalisedRisk() - from.generalisedRisk()));
    }
    return area.value();
  }

  /** Whether the error rate rises from before to after the hull's last point. */
  private static boolean turnsUp(List<RiskAtCoverage> hull, RiskAtCoverage next) {
    RiskAtCoverage before = hull.get(hull.size() - 2);
    RiskAtCoverage last = hull.get(hull.size() - 1);
    return (last.generalisedRisk() - before.generalisedRisk()) * (next.coverage() - last.coverage())
        < (next.generalisedRisk() - last.generalisedRisk()) * (last.coverage() - before.coverage());
  }
}
