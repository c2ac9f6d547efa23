package io.github.swag4j.calibration.posterior;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Where the uncertainty of a model average comes from, row by row, from the probabilities {@code
 * [samples][rows][classes]} under S posterior samples.
 *
 * <p>With p = (1/S) sum_s p_s, entropies in nats and 0 ln 0 = 0:
 *
 * <ul>
 *   <li>total entropy TE = H(p), in [0, ln classes];
 *   <li>expected entropy EE = (1/S) sum_s H(p_s), the aleatoric part;
 *   <li>mutual information MI = (1/S) sum_s KL(p_s || p) = TE - EE, the epistemic part; computed
 *       from the divergences, so never negative;
 *   <li>law of total variance of the one-hot label, summed over classes: total sum_k p_k (1 - p_k)
 *       = aleatoric (1/S) sum_s sum_k p_sk (1 - p_sk) + epistemic (1/S) sum_s sum_k (p_sk - p_k)^2;
 *   <li>variation ratio 1 - (votes of the most voted class) / S, in [0, 1 - 1/S];
 *   <li>disagreement: share of pairs of samples that predict different classes;
 *   <li>pairwise KL: mean of KL(p_s || p_t) over ordered pairs s != t; infinite where a sample
 *       excludes a class that another one allows.
 * </ul>
 *
 * <p>These quantities are of the mean of probabilities whatever {@link #mean()} is; the choice is
 * for {@link #predictions()}. Immutable.
 *
 * @see <a href="https://arxiv.org/abs/1710.07283">Depeweg et al. 2018, Decomposition of Uncertainty
 *     in Bayesian Deep Learning, eqs. 2 to 5</a>
 * @see <a href="https://arxiv.org/abs/1112.5745">Houlsby et al. 2011, Bayesian Active Learning for
 *     Classification and Preference Learning, eq. 2</a>
 */
public final class SampleUncertainty {
  private final Predictions source;
  private final SampleMean mean;
  private final double[] totalEntropy;
  private final double[] expectedEntropy;
  private final double[] mutualInformation;
  private final double[] aleatoricVariance;
  private final double[] epistemicVariance;
  private final double[] variationRatio;
  private final double[] disagreement;

  private SampleUncertainty(Predictions source, SampleMean mean) {
    int samples = source.samples();
    if (samples < 2) {
      throw new IllegalArgumentException(
          "posterior samples must be at least 2, got "
              + samples
              + ": keep the probabilities of single samples when predicting");
    }
    this.source = source;
    this.mean = mean;
    int rows = source.rows();
    totalEntropy = new double[rows];
    expectedEntropy = new double[rows];
    mutualInformation = new double[rows];
    aleatoricVariance = new double[rows];
    epistemicVariance = new double[rows];
    variationRatio = new double[rows];
    disagreement = new double[rows];
    IntStream.range(0, rows).parallel().forEach(this::decompose);
  }

  /**
   * The decomposition of predictions that kept their samples; predictions by mean of probabilities.
   *
   * @param predictions with at least 2 posterior samples
   * @return the decomposition
   * @throws IllegalArgumentException if there are fewer than 2 samples
   */
  public static SampleUncertainty of(Predictions predictions) {
    return of(predictions, SampleMean.PROBABILITIES);
  }

  /**
   * The decomposition of predictions that kept their samples.
   *
   * @param predictions with at least 2 posterior samples
   * @param mean how {@link #predictions()} averages
   * @return the decomposition
   * @throws IllegalArgumentException if there are fewer than 2 samples
   */
  public static SampleUncertainty of(Predictions predictions, SampleMean mean) {
    return new SampleUncertainty(predictions, mean);
  }

  /**
   * The decomposition of bare samples.
   *
   * @param samples probabilities {@code [samples][rows][classes]}
   * @return the decomposition
   * @throws IllegalArgumentException if there are fewer than 2 samples or a row is no distribution
   */
  public static SampleUncertainty of(double[][][] samples) {
    return of(Predictions.builder().samples(samples).build());
  }

  private void decompose(int row) {
    int samples = source.samples();
    int classes = source.classes();
    double[] p = new double[classes];
    SampleMean.PROBABILITIES.of(source, row, samples, -1, p);
    double total = 0;
    for (double v : p) {
      total -= v > 0 ? v * Math.log(v) : 0;
    }
    double expected = 0;
    double information = 0;
    double aleatoric = 0;
    double epistemic = 0;
    int[] votes = new int[classes];
    for (int s = 0; s < samples; s++) {
      double entropy = 0;
      double divergence = 0;
      int best = 0;
      double bestValue = -1;
      for (int k = 0; k < classes; k++) {
        double v = source.sampleProbability(s, row, k);
        if (v > 0) {
          entropy -= v * Math.log(v);
          // v ln(v/p) - v + p is never negative; the added terms cancel over the classes.
          divergence += Math.max(0, v * Math.log(v / p[k]) - v + p[k]);
        } else {
          divergence += p[k];
        }
        aleatoric += v * (1 - v);
        epistemic += (v - p[k]) * (v - p[k]);
        if (v > bestValue) {
          best = k;
          bestValue = v;
        }
      }
      expected += Math.max(0, entropy);
      information += divergence;
      votes[best]++;
    }
    totalEntropy[row] = Math.max(0, total);
    expectedEntropy[row] = expected / samples;
    mutualInformation[row] = information / samples;
    aleatoricVariance[row] = aleatoric / samples;
    epistemicVariance[row] = epistemic / samples;
    int most = 0;
    long agreeing = 0;
    for (int v : votes) {
      most = Math.max(most, v);
      agreeing += (long) v * (v - 1);
    }
    long pairs = (long) samples * (samples - 1);
    variationRatio[row] = (double) (samples - most) / samples;
    disagreement[row] = (double) (pairs - agreeing) / pairs;
  }

  /**
   * Number of posterior samples.
   *
   * @return the samples, at least 2
   */
  public int samples() {
    return source.samples();
  }

  /**
   * Number of rows.
   *
   * @return the rows
   */
  public long rows() {
    return source.rows();
  }

  /**
   * How {@link #predictions()} averages.
   *
   * @return the choice
   */
  public SampleMean mean() {
    return mean;
  }

  /**
   * The predictions of the average, with labels, weights, groups, ids, expected entropy and class
   * names, without the samples.
   *
   * @return the predictions by {@link #mean()}
   * @throws IllegalArgumentException if a mean of logits does not exist for a row
   */
  public Predictions predictions() {
    return SampleConvergence.average(source, mean, source.samples(), -1)
        .expectedEntropy(expectedEntropy)
        .build();
  }

  /**
   * Total entropy of each row.
   *
   * @return {@code [rows]}, in nats
   */
  public double[] totalEntropy() {
    return totalEntropy.clone();
  }

  /**
   * Expected entropy of each row.
   *
   * @return {@code [rows]}, in nats
   */
  public double[] expectedEntropy() {
    return expectedEntropy.clone();
  }

  /**
   * Mutual information between label and weights for each row.
   *
   * @return {@code [rows]}, in nats, at least 0
   */
  public double[] mutualInformation() {
    return mutualInformation.clone();
  }

  /**
   * Total variance of each row's one-hot label.
   *
   * @return {@code [rows]}, the sum of the two parts
   */
  public double[] totalVariance() {
    double[] total = aleatoricVariance.clone();
    Arrays.setAll(total, r -> total[r] + epistemicVariance[r]);
    return total;
  }

  /**
   * Mean over samples of the variance within a sample.
   *
   * @return {@code [rows]}
   */
  public double[] aleatoricVariance() {
    return aleatoricVariance.clone();
  }

  /**
   * Variance over samples of the probabilities, summed over classes.
   *
   * @return {@code [rows]}
   */
  public double[] epistemicVariance() {
    return epistemicVariance.clone();
  }

  /**
   * Share of samples that do not vote for the most voted class.
   *
   * @return {@code [rows]}, in [0, 1 - 1/S]
   */
  public double[] variationRatio() {
    return variationRatio.clone();
  }

  /**
   * Share of pairs of samples that predict different classes.
   *
   * @return {@code [rows]}, in [0, 1]
   */
  public double[] disagreement() {
    return disagreement.clone();
  }

  /**
   * Mean Kullback-Leibler divergence over ordered pairs of samples; O(S^2 classes) work a row.
   *
   * @return {@code [rows]}, in nats, at least 0, possibly infinite
   */
  public double[] pairwiseKl() {
    double[] values = new double[source.rows()];
    IntStream.range(0, values.length).parallel().forEach(r -> values[r] = pairwiseKl(r));
    return values;
  }

  private double pairwiseKl(int row) {
    int samples = source.samples();
    double[] p = new double[samples];
    double[] log = new double[samples];
    double sum = 0;
    for (int k = 0; k < source.classes(); k++) {
      for (int s = 0; s < samples; s++) {
        p[s] = source.sampleProbability(s, row, k);
        log[s] = Math.log(p[s]);
      }
      for (int s = 1; s < samples; s++) {
        for (int t = 0; t < s; t++) {
          if (p[s] != p[t]) { // both directions at once: the terms are never negative
            sum += (p[s] - p[t]) * (log[s] - log[t]);
          }
        }
      }
    }
    return sum / ((double) samples * (samples - 1));
  }

  /**
   * Mean of a quantity over the rows, by the rows' weights if there are any; the same bits for any
   * order of the rows.
   *
   * @param values {@code [rows]}, one of the arrays of this class
   * @return the mean
   * @throws IllegalArgumentException if there are not as many values as rows
   */
  public double meanOverRows(double[] values) {
    if (values.length != source.rows()) {
      throw new IllegalArgumentException(
          "values.length must be " + source.rows() + " (rows), got " + values.length);
    }
    if (source.hasWeights()) {
      return ValueOrder.mean(values, RowWeights.inRange(values.length, source::weight));
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    CompensatedSum sum = new CompensatedSum();
    for (double v : sorted) {
      sum.add(v);
    }
    return sum.value() / values.length;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "total entropy %.4f = expected %.4f + mutual information %.4f nats (%d samples, %s, %,d"
            + " rows)",
        meanOverRows(totalEntropy),
        meanOverRows(expectedEntropy),
        meanOverRows(mutualInformation),
        samples(),
        mean,
        source.rows());
  }
}
