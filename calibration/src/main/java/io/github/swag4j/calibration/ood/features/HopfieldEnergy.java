package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.base.DotProduct;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Simplified Hopfield energy (SHE): how little a row's features resemble the mean features of
 * training rows of its predicted class. Score: -&lt;x, pattern of the predicted class&gt;, any real
 * number; a pattern is the mean over the training rows that are of the class and predicted as it.
 *
 * @see <a href="https://openreview.net/forum?id=KkazG4lgKL">Zhang et al. 2023, Out-of-Distribution
 *     Detection based on In-Distribution Data Patterns Memorization with Modern Hopfield Energy,
 *     eq. 9</a>
 */
public final class HopfieldEnergy implements FeatureDetector {
  private final LinearHead head;
  private final double[][] patterns;

  private HopfieldEnergy(LinearHead head, double[][] patterns) {
    this.head = head;
    this.patterns = patterns;
  }

  /**
   * Learns the pattern of every class.
   *
   * @param train features of training rows, with labels
   * @param head the last layer, which predicts the classes
   * @return the detector {@code she}
   * @throws IllegalArgumentException if there are no labels, the head takes another number of
   *     features, a label is no class of the head, or a class has no row that is predicted as it
   */
  public static HopfieldEnergy fit(FeatureBatch train, LinearHead head) {
    train.needDimensions("the head", head.dimensions());
    int[] labels = train.labels("she");
    double[][] features = train.features();
    int classes = head.weight().length;
    for (int r = 0; r < labels.length; r++) {
      if (labels[r] >= classes) {
        throw new IllegalArgumentException(
            "labels["
                + r
                + "] must be a class of the head, below "
                + classes
                + ", got "
                + labels[r]);
      }
    }
    double[][] patterns = new double[classes][];
    for (int k = 0; k < classes; k++) {
      int c = k;
      double[][] own =
          IntStream.range(0, features.length)
              .filter(r -> labels[r] == c && LinearHead.argmax(head.logits(features[r])) == c)
              .mapToObj(r -> features[r])
              .toArray(double[][]::new);
      if (own.length == 0) {
        throw new IllegalArgumentException(
            "she needs a training row of every class that is predicted right, got none of class "
                + k);
      }
      patterns[k] = Whitening.mean(own);
    }
    return new HopfieldEnergy(head, patterns);
  }

  @Override
  public String name() {
    return "she";
  }

  @Override
  public double[] score(FeatureBatch batch) {
    batch.needDimensions(name(), head.dimensions());
    double[] scores = new double[batch.rows()];
    IntStream.range(0, scores.length).parallel().forEach(r -> scores[r] = score(batch.features(r)));
    return scores;
  }

  private double score(double[] x) {
    return 0 - DotProduct.of(x, patterns[LinearHead.argmax(head.logits(x))]);
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("weight", head.weight());
    state.put("bias", new double[][] {head.bias()});
    state.put("patterns", patterns);
    return state;
  }

  static HopfieldEnergy of(DetectorState state) {
    LinearHead head = LinearHead.of(state);
    double[][] patterns = FeatureBatch.of(state.matrix("patterns", head.dimensions())).features();
    if (patterns.length != head.weight().length) {
      throw new IllegalArgumentException(
          "patterns must have " + head.weight().length + " rows, got " + patterns.length);
    }
    return new HopfieldEnergy(head, patterns);
  }
}
