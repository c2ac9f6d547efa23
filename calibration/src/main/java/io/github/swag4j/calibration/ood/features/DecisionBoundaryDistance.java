package io.github.swag4j.calibration.ood.features;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Distance to the decision boundaries (fDBD): how far a row's features are, on average, from where
 * the last layer would predict another class, in units of their distance from the mean of the
 * training features. Rows near every boundary are out-of-distribution.
 *
 * <p>Score: -(1 / (C - 1)) sum over k other than c of |z_c - z_k| / (||w_c - w_k|| ||x - mean||), c
 * the predicted class, in (-inf, 0]. Classes with the same weights have no boundary between them
 * and are left out; a row at the mean scores minus infinity, or 0 where all its logits are equal.
 *
 * @see <a href="https://arxiv.org/abs/2312.11536">Liu and Qin 2024, Fast Decision Boundary based
 *     Out-of-Distribution Detector, section 3</a>
 */
public final class DecisionBoundaryDistance implements FeatureDetector {
  private final LinearHead head;
  private final double[] mean;
  private final double[][] apart;

  private DecisionBoundaryDistance(LinearHead head, double[] mean) {
    this.head = head;
    this.mean = mean;
    double[][] w = head.weight();
    apart = new double[w.length][w.length];
    IntStream.range(1, w.length)
        .parallel()
        .forEach(
            c -> {
              for (int k = 0; k < c; k++) {
                apart[c][k] = distance(w[c], w[k]);
                apart[k][c] = apart[c][k];
              }
            });
  }

  /**
   * Learns the mean of training features.
   *
   * @param train features of training rows
   * @param head the last layer, of at least 2 classes
   * @return the detector {@code fdbd}
   * @throws IllegalArgumentException if the head takes another number of features or has 1 class
   */
  public static DecisionBoundaryDistance fit(FeatureBatch train, LinearHead head) {
    train.needDimensions("the head", head.dimensions());
    return of(head, Whitening.mean(train.features()));
  }

  private static DecisionBoundaryDistance of(LinearHead head, double[] mean) {
    if (head.weight().length < 2) {
      throw new IllegalArgumentException(
          "decision boundaries need a head of at least 2 classes, got " + head.weight().length);
    }
    return new DecisionBoundaryDistance(head, mean);
  }

  @Override
  public String name() {
    return "fdbd";
  }

  @Override
  public double[] score(FeatureBatch batch) {
    batch.needDimensions(name(), head.dimensions());
    double[] scores = new double[batch.rows()];
    IntStream.range(0, scores.length).parallel().forEach(r -> scores[r] = score(batch.features(r)));
    return scores;
  }

  private double score(double[] x) {
    double[] z = head.logits(x);
    int c = LinearHead.argmax(z);
    double sum = 0;
    for (int k = 0; k < z.length; k++) {
      sum += apart[c][k] > 0 ? (z[c] - z[k]) / apart[c][k] : 0;
    }
    // 0 - 0 rather than -0, and 0 rather than 0 / 0.
    return sum == 0 ? 0 : -sum / (z.length - 1) / distance(x, mean);
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("weight", head.weight());
    state.put("bias", new double[][] {head.bias()});
    state.put("mean", new double[][] {mean});
    return state;
  }

  static DecisionBoundaryDistance of(DetectorState state) {
    LinearHead head = LinearHead.of(state);
    double[] mean =
        FeatureBatch.of(new double[][] {state.row("mean", head.dimensions())}).features(0);
    return of(head, mean);
  }
}
