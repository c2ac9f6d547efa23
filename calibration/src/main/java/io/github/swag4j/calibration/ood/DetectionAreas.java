package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.ExactCovariance;
import io.github.swag4j.calibration.internal.TieGroups;
import io.github.swag4j.calibration.internal.WeightedScores;

/** Everything of a {@link DetectionCurve} that takes a walk through all scores. */
record DetectionAreas(
    double auroc,
    double standardError,
    double averagePrecisionOut,
    double averagePrecisionIn,
    double trapezoidOut,
    double trapezoidIn,
    double detectionError) {

  static DetectionAreas of(WeightedScores in, WeightedScores out) {
    return in.hasWeights() || out.hasWeights()
        ? WeightedDetection.areas(in, out)
        : counted(in.values(), out.values());
  }

  /** Rows count 1 each: ranks and their squares are whole numbers and exact. */
  private static DetectionAreas counted(double[] in, double[] out) {
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
    return new DetectionAreas(
        wins / (2.0 * n * m),
        // Ranks are counted in halves: variances shrink by (2 n)^2 and (2 m)^2.
        Math.sqrt(outRanks.value() / (4.0 * n * n * m) + inRanks.value() / (4.0 * m * m * n)),
        apOut.value() / m,
        apIn.value() / n,
        areaOut.value() / m,
        areaIn.value() / n,
        errors / (2.0 * n * m));
  }

  private static double precision(long right, long wrong) {
    return right + wrong == 0 ? 1 : (double) right / (right + wrong);
  }
}
