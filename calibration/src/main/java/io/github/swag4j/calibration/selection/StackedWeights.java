package io.github.swag4j.calibration.selection;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Weights of a mixture of predictors that give validation labels the greatest likelihood: the
 * maximum over the simplex of sum_r v_r ln sum_m w_m p_m(y_r | x_r), v the rows' weights.
 *
 * <p>A concave problem, so its value is unique; the weights are too unless members predict alike,
 * who then share alike. Rows of weight 0 have no part in it. {@link #gap()} bounds how far below
 * the greatest the mean log-likelihood lies. Fitted on rows that members were trained on, the most
 * overfitted of them wins: give rows that none has seen, many more than members.
 *
 * <p>With {@code WeightPosterior.mixture(components, stacked.weights())} they are the weights of a
 * posterior; {@link #mix} applies them to predictions, exactly.
 *
 * @see <a href="https://doi.org/10.1016/S0893-6080(05)80023-1">Wolpert 1992, Stacked
 *     generalization</a>
 * @see <a href="https://doi.org/10.1214/17-BA1091">Yao et al. 2018, Using Stacking to Average
 *     Bayesian Predictive Distributions (logarithmic score)</a>
 */
public final class StackedWeights {

  /** The gap that {@link #fit(List)} ends at, in nats a row. */
  public static final double TOLERANCE = 1e-9;

  private final double[] weights;
  private final double[] memberNlls;
  private final double nll;
  private final double equalNll;
  private final double gap;
  private final int rows;

  private StackedWeights(double[][] p, double[] rowWeights, double tolerance) {
    double[] shares = shares(p, rowWeights);
    int members = p[0].length;
    rows = (int) Arrays.stream(shares).filter(s -> s > 0).count();
    MixtureLikelihood likelihood = new MixtureLikelihood(p, shares);
    weights = likelihood.maximise(tolerance);
    gap = likelihood.gap(weights);
    nll = nll(p, shares, weights);
    double[] equal = new double[members];
    Arrays.fill(equal, 1.0 / members);
    equalNll = nll(p, shares, equal);
    memberNlls = new double[members];
    for (int m = 0; m < members; m++) {
      double[] alone = new double[members];
      alone[m] = 1;
      memberNlls[m] = nll(p, shares, alone);
    }
  }

  /**
   * Fits to members' predictions of the same labelled rows.
   *
   * @param members one a member, at least 1
   * @return the weights, to {@value #TOLERANCE} nats
   * @throws IllegalArgumentException if rows or classes differ, or there are no labels
   * @throws InvalidRowException if every member gives the label of a row of weight above 0
   *     probability 0
   */
  public static StackedWeights fit(List<Predictions> members) {
    List<Predictions> all = List.copyOf(members);
    SameRows.check("members", all);
    for (int m = 0; m < all.size(); m++) {
      if (!all.get(m).hasLabels()) {
        throw new IllegalArgumentException(
            "weights must be fitted on labelled rows, members[" + m + "] has no labels");
      }
    }
    Predictions first = all.get(0);
    double[][] p = new double[first.rows()][all.size()];
    double[] rowWeights = new double[first.rows()];
    for (int r = 0; r < p.length; r++) {
      rowWeights[r] = first.weight(r);
      for (int m = 0; m < all.size(); m++) {
        p[r][m] = all.get(m).probability(r, first.label(r));
      }
    }
    return new StackedWeights(p, rowWeights, TOLERANCE);
  }

  /**
   * Fits to the probabilities that members give the labels.
   *
   * @param labelProbabilities {@code [rows][members]}, in [0, 1]
   * @param tolerance largest gap, in nats a row, at least 1e-11
   * @return the weights
   * @throws IllegalArgumentException if there is no row or member, rows differ in length, or the
   *     tolerance is out of range
   * @throws InvalidRowException if a value is not in [0, 1], or a row has only zeros
   */
  public static StackedWeights fit(double[][] labelProbabilities, double tolerance) {
    if (!(tolerance >= 1e-11 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "tolerance must be at least 1e-11 and below 1, got " + tolerance);
    }
    double[] ones = new double[labelProbabilities.length];
    Arrays.fill(ones, 1);
    return new StackedWeights(labelProbabilities, ones, tolerance);
  }

  private static double[] shares(double[][] p, double[] rowWeights) {
    if (p.length == 0 || p[0].length == 0) {
      throw new IllegalArgumentException(
          "there must be at least 1 row and 1 member, got " + p.length + " rows");
    }
    double largest = Arrays.stream(rowWeights).max().getAsDouble();
    double sum = 0;
    for (int r = 0; r < p.length; r++) {
      if (p[r].length != p[0].length) {
        throw new IllegalArgumentException(
            "row " + r + " must have " + p[0].length + " members, got " + p[r].length);
      }
      double most = 0;
      for (int m = 0; m < p[r].length; m++) {
        if (!(p[r][m] >= 0 && p[r][m] <= 1)) {
          throw new InvalidRowException(
              "probabilities must be in [0, 1], got "
                  + p[r][m]
                  + " of member "
                  + m
                  + " in row "
                  + r,
              r,
              m);
        }
        most = Math.max(most, p[r][m]);
      }
      if (most == 0 && rowWeights[r] > 0) {
        throw new InvalidRowException(
            "row "
                + r
                + " has probability 0 for its label from every member, so that no weights have a"
                + " finite likelihood: check that labels and rows belong together, or recalibrate"
                + " the members",
            r,
            -1);
      }
      sum += rowWeights[r] / largest;
    }
    double total = sum;
    return Arrays.stream(rowWeights).map(w -> w / largest / total).toArray();
  }

  private static double nll(double[][] p, double[] shares, double[] w) {
    double sum = 0;
    for (int r = 0; r < p.length; r++) {
      double mixed = 0;
      for (int m = 0; m < w.length; m++) {
        mixed += w[m] * p[r][m];
      }
      sum -= shares[r] * Math.log(Math.max(mixed, ProperScores.NLL_FLOOR));
    }
    return sum;
  }

  /**
   * The weights.
   *
   * @return {@code [members]}, at least 0, sum 1; a copy
   */
  public double[] weights() {
    return weights.clone();
  }

  /**
   * Mean negative log-likelihood of the mixture on the fitting rows.
   *
   * @return nats a row
   */
  public double nll() {
    return nll;
  }

  /**
   * That of the mixture of equal weights, at least {@link #nll()} less the gap.
   *
   * @return nats a row
   */
  public double equalNll() {
    return equalNll;
  }

  /**
   * That of each member alone, probabilities floored at {@value ProperScores#NLL_FLOOR}.
   *
   * @return {@code [members]} nats a row; a copy
   */
  public double[] memberNlls() {
    return memberNlls.clone();
  }

  /**
   * How far above the least {@link #nll()} can be at most, from the gradient at the weights.
   *
   * @return nats a row, at least 0
   */
  public double gap() {
    return gap;
  }

  /**
   * Rows of weight above 0, which were fitted on.
   *
   * @return at least 1
   */
  public int rows() {
    return rows;
  }

  /**
   * Applies the weights to predictions of the members, for rows that were not fitted on.
   *
   * @param members one a member, in the order of the fit
   * @return the mixture's predictions
   * @throws IllegalArgumentException as {@link PredictionMixture#of}
   */
  public Predictions mix(List<Predictions> members) {
    return PredictionMixture.of(members, weights);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("stacked weights");
    for (double w : weights) {
      text.append(String.format(Locale.ROOT, " %.4f", w));
    }
    return text.append(
            String.format(
                Locale.ROOT, ", NLL %.4f (equal weights %.4f, %,d rows)", nll, equalNll, rows))
        .toString();
  }
}
