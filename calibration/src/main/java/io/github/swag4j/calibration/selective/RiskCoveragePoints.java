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

  static List<RiskAtCoverage> all(JudgedRows rows) {
    List<RiskAtCoverage> points = new ArrayList<>();
    TieGroups plateau = rows.plateaus();
    while (plateau.next()) {
      points.add(point(rows, plateau));
    }
    return Collections.unmodifiableList(points);
  }

  /** The largest coverage whose risk is at most a bound, 0 if there is none. */
  static double coverageAtRisk(JudgedRows rows, double risk) {
    double bound = rows.isRounded() ? risk * (1 + ROUNDING) : risk;
    double coverage = 0;
    TieGroups plateau = rows.plateaus();
    while (plateau.next()) {
      RiskAtCoverage p = point(rows, plateau);
      coverage = p.risk() <= bound ? p.coverage() : coverage;
    }
    return coverage;
  }

  /** The first point that accepts at least a share. */
  static RiskAtCoverage atCoverage(JudgedRows rows, double coverage) {
    double bound = rows.isRounded() ? coverage * (1 - ROUNDING) : coverage;
    TieGroups plateau = rows.plateaus();
    RiskAtCoverage p;
    do {
      plateau.next();
      p = point(rows, plateau);
    } while (p.coverage() < bound);
    return p;
  }

  /** The point of accepting everything up to the plateau. */
  private static RiskAtCoverage point(JudgedRows rows, TieGroups plateau) {
    long errors = (long) plateau.secondBelow() + plateau.secondEqual();
    double wrong = rows.wrongThrough(plateau);
    double accepted = rows.rightThrough(plateau) + wrong;
    return new RiskAtCoverage(
        0.0 - plateau.value(),
        (long) plateau.firstBelow() + plateau.firstEqual() + errors,
        errors,
        accepted / rows.weight(),
        wrong / accepted,
        wrong / rows.weight());
  }
}
