package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.TieGroups;
import io.github.swag4j.calibration.internal.WeightedMeanVariance;
import io.github.swag4j.calibration.internal.WeightedScores;
import java.util.Arrays;

/**
 * Detection where rows weigh w_i (in) and u_j (out), W and U in sum. Shares of weight take the
 * place of shares of rows. With the placements V_j, the share of in-weight below out row j, ties
 * half, and V_i, the share of out-weight above in row i, ties half,
 *
 * <p>AUROC = sum_j (u_j / U) V_j,
 *
 * <p>SE^2 = m/(m - 1) sum_j (u_j / U)^2 (V_j - AUROC)^2 + n/(n - 1) sum_i (w_i / W)^2 (V_i -
 * AUROC)^2,
 *
 * <p>m = U^2 / sum u_j^2 and n = W^2 / sum w_i^2 being the effective numbers of rows. The sums are
 * the linearised variances of the two weighted means, whose residuals are DeLong's placements; with
 * equal weights the formula is DeLong's.
 *
 * @see <a href="https://doi.org/10.2307/2531595">DeLong et al. 1988, eqs. 4 to 6</a>
 * @see <a href="https://doi.org/10.1007/978-1-4612-4378-6">Sarndal, Swensson and Wretman 1992,
 *     Model Assisted Survey Sampling, section 5.7: the variance of a weighted mean</a>
 */
final class WeightedDetection {
  private WeightedDetection() {}

  static DetectionAreas areas(WeightedScores in, WeightedScores out) {
    CompensatedSum wins = new CompensatedSum();
    CompensatedSum apOut = new CompensatedSum();
    CompensatedSum apIn = new CompensatedSum();
    CompensatedSum areaOut = new CompensatedSum();
    CompensatedSum areaIn = new CompensatedSum();
    double errors = 1; // nothing is called out: all of the out-weight is missed
    TieGroups group = new TieGroups(in.values(), out.values());
    while (group.next()) {
      int inBelow = group.firstBelow();
      int outBelow = group.secondBelow();
      int inThrough = inBelow + group.firstEqual();
      int outThrough = outBelow + group.secondEqual();
      double outShare = out.run(outBelow, group.secondEqual()) / out.total();
      double inShare = in.run(inBelow, group.firstEqual()) / in.total();
      if (outShare > 0) {
        wins.add(outShare * placementOfOut(group, in));
        double precision = precision(out.above(outBelow), in.above(inBelow));
        double before = precision(out.above(outThrough), in.above(inThrough));
        apOut.add(outShare * precision);
        areaOut.add(outShare * (precision + before) * 0.5);
      }
      if (inShare > 0) {
        double precision = precision(in.below(inThrough), out.below(outThrough));
        double before = precision(in.below(inBelow), out.below(outBelow));
        apIn.add(inShare * precision);
        areaIn.add(inShare * (precision + before) * 0.5);
      }
      errors = Math.min(errors, out.below(outBelow) / out.total() + in.above(inBelow) / in.total());
    }
    double auroc = Math.min(1, wins.value());
    return new DetectionAreas(
        auroc,
        standardError(in, out),
        Math.min(1, apOut.value()),
        Math.min(1, apIn.value()),
        Math.min(1, areaOut.value()),
        Math.min(1, areaIn.value()),
        errors / 2);
  }

  static double precision(double right, double wrong) {
    return right + wrong == 0 ? 1 : right / (right + wrong);
  }

  private static double standardError(WeightedScores in, WeightedScores out) {
    double[] outPlacements = new double[out.size()];
    double[] inPlacements = new double[in.size()];
    TieGroups group = new TieGroups(in.values(), out.values());
    while (group.next()) {
      int firstOut = group.secondBelow();
      int firstIn = group.firstBelow();
      Arrays.fill(
          outPlacements, firstOut, firstOut + group.secondEqual(), placementOfOut(group, in));
      Arrays.fill(inPlacements, firstIn, firstIn + group.firstEqual(), placementOfIn(group, out));
    }
    return Math.sqrt(
        WeightedMeanVariance.of(outPlacements, out.weights())
            + WeightedMeanVariance.of(inPlacements, in.weights()));
  }

  /** Share of in-weight below the group, ties half. */
  private static double placementOfOut(TieGroups group, WeightedScores in) {
    int below = group.firstBelow();
    return (in.below(below) + 0.5 * in.run(below, group.firstEqual())) / in.total();
  }

  /** Share of out-weight above the group, ties half. */
  private static double placementOfIn(TieGroups group, WeightedScores out) {
    int below = group.secondBelow();
    int equal = group.secondEqual();
    return (out.above(below + equal) + 0.5 * out.run(below, equal)) / out.total();
  }
}
