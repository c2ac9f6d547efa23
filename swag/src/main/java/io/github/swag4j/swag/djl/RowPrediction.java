package io.github.swag4j.swag.djl;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * What a Bayesian model average says of one row.
 *
 * @param predictedClass the class of the largest mean probability, the first of equals
 * @param className what it is called, its index if classes were not named
 * @param confidence its mean probability, in [0, 1]
 * @param entropy H[mean_s p_s] in nats, in [0, log classes]: all of the uncertainty
 * @param expectedEntropy mean_s H[p_s] in nats: what the samples agree is uncertain
 * @param probabilities {@code [classes]} means over samples, which sum to 1
 * @see <a href="https://arxiv.org/abs/1703.02910">Gal et al. 2017, section 5.1</a>
 */
public record RowPrediction(
    int predictedClass,
    String className,
    double confidence,
    double entropy,
    double expectedEntropy,
    double[] probabilities) {

  /**
   * Copies the probabilities.
   *
   * @param predictedClass the class
   * @param className its name
   * @param confidence its mean probability
   * @param entropy of the mean
   * @param expectedEntropy mean of the samples' entropies
   * @param probabilities means over samples
   */
  public RowPrediction {
    Objects.requireNonNull(className, "className");
    probabilities = probabilities.clone();
  }

  /**
   * From means over samples.
   *
   * @param probabilities {@code [classes]} mean probabilities, which sum to 1
   * @param expectedEntropy mean of the samples' entropies, in nats
   * @param names of the classes by index
   * @return the prediction, with class, confidence and entropy of the mean
   */
  public static RowPrediction of(
      double[] probabilities, double expectedEntropy, IntFunction<String> names) {
    int best = 0;
    double entropy = 0;
    for (int k = 0; k < probabilities.length; k++) {
      double p = probabilities[k];
      best = p > probabilities[best] ? k : best;
      entropy -= p > 0 ? p * StrictMath.log(p) : 0;
    }
    return new RowPrediction(
        best,
        names.apply(best),
        probabilities[best],
        Math.max(entropy, 0),
        expectedEntropy,
        probabilities);
  }

  /**
   * The class probabilities.
   *
   * @return a copy
   */
  @Override
  public double[] probabilities() {
    return probabilities.clone();
  }

  /**
   * How far the samples disagree: entropy minus expected entropy, I[y; w | x].
   *
   * @return in nats, at least 0
   */
  public double mutualInformation() {
    return Math.max(entropy - expectedEntropy, 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowPrediction o
        && predictedClass == o.predictedClass
        && className.equals(o.className)
        && Double.compare(confidence, o.confidence) == 0
        && Double.compare(entropy, o.entropy) == 0
        && Double.compare(expectedEntropy, o.expectedEntropy) == 0
        && Arrays.equals(probabilities, o.probabilities);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(probabilities) * 31 + Double.hashCode(expectedEntropy);
  }

  @Override
  public String toString() {
    return "class "
        + className
        + ", confidence "
        + confidence
        + ", entropy "
        + entropy
        + ", mutual information "
        + mutualInformation();
  }
}
