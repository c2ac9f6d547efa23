package io.github.swag4j.calibration.selective;

import io.github.swag4j.calibration.internal.TieGroups;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Points of a {@link RiskCoverageCurve}, one for each distinct confidence. */
final class RiskCoveragePoints {
  // Risks and coverages of weights are rounded: within this of a bound they meet it.
  private static final double ROUNDING = 1e-12;

  private RiskCoveragePoints() {}

  static List<RiskAtCoverage> all(ConfidenceRanking ranking) {
    List<RiskAtCoverage> points = new ArrayList<>();
    TieGroups plateau = ranking.plateaus();
    while (plateau.next()) {
      points.add(point(ranking, plateau));
    }
    return Collections.unmodifiableList(points);
  }

  /** The largest coverage whose risk is at most a bound, 0 if there is none. */
  static double coverageAtRisk(ConfidenceRanking ranking, double risk) {
    double bound = ranking.isRounded() ? risk * (1 + ROUNDING) : risk;
    double coverage = 0;
    TieGroups plateau = ranking.plateaus();
    while (plateau.next()) {
      RiskAtCoverage p = point(ranking, plateau);
      coverage = p.risk() <= bound ? p.coverage() : coverage;
    }
    return coverage;
  }

  /** The first point that accepts at least a share. */
  static RiskAtCoverage atCoverage(ConfidenceRanking ranking, double coverage) {
    double bound = ranking.isRounded() ? coverage * (1 - ROUNDING) : coverage;
    TieGroups plateau = ranking.plateaus();
    RiskAtCoverage p;
    do {
      plateau.next();
      p = point(ranking, plateau);
    } while (p.coverage() < bound);
    return p;
  }

  /** The point of accepting everything up to the plateau. */
  private static RiskAtCoverage point(ConfidenceRanking ranking, TieGroups plateau) {
    long errors = (long) plateau.secondBelow() + plateau.secondEqual();
    double wrong = ranking.wrongThrough(plateau);
    double accepted = ranking.rightThrough(plateau) + wrong;
    return new RiskAtCoverage(
        0.0 - plateau.value(),
        (long) plateau.firstBelow() + plateau.firstEqual() + errors,
        errors,
        accepted / ranking.weight(),
        wrong / accepted,
        wrong / ranking.weight());
  }
}
