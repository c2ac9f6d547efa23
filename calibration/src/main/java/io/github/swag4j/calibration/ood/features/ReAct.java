package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.calibration.ood.PredictionScores;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Rectified activations: features above a threshold are cut down to it before the last layer, and
 * the score is the energy, -ln sum_k exp z_k, of the logits that come out.
 *
 * @see <a href="https://arxiv.org/abs/2111.12797">Sun et al. 2021, ReAct, eqs. 1 and 2</a>
 */
public final class ReAct implements FeatureDetector {
  private final LinearHead head;
  private final double threshold;

  private ReAct(LinearHead head, double threshold) {
    this.head = head;
    this.threshold = threshold;
  }

  /**
   * Sets the threshold to a percentile of all training activations, by linear interpolation between
   * order statistics (NumPy's default).
   *
   * @param train features of training rows
   * @param head the last layer
   * @param percentile between 0 and 100; the paper uses 90
   * @return the detector {@code react}
   * @throws IllegalArgumentException if the percentile is out of range, the head takes another
   *     number of features, or there are more than 2^31 - 1 activations
   */
  public static ReAct fit(FeatureBatch train, LinearHead head, double percentile) {
    if (!(percentile >= 0 && percentile <= 100)) {
      throw new IllegalArgumentException("percentile must be between 0 and 100, got " + percentile);
    }
    train.needDimensions("the head", head.dimensions());
    double[] all = Arrays.stream(train.features()).flatMapToDouble(Arrays::stream).toArray();
    Arrays.sort(all);
    double place = percentile / 100 * (all.length - 1);
    int low = (int) Math.floor(place);
    int high = Math.min(low + 1, all.length - 1);
    return new ReAct(head, all[low] + (place - low) * (all[high] - all[low]));
  }

  /**
   * The activation above which features are cut.
   *
   * @return the threshold
   */
  public double threshold() {
    return threshold;
  }

  @Override
  public String name() {
    return "react";
  }

  @Override
  public double[] score(FeatureBatch batch) {
    batch.needDimensions(name(), head.dimensions());
    double[] scores = new double[batch.rows()];
    IntStream.range(0, scores.length).parallel().forEach(r -> scores[r] = score(batch.features(r)));
    return scores;
  }

  private double score(double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.min(x[i], threshold);
    }
    return PredictionScores.energy(head.logits(x), 1);
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("threshold", new double[][] {{threshold}});
    state.put("weight", head.weight());
    state.put("bias", new double[][] {head.bias()});
    return state;
  }

  static ReAct of(DetectorState state) {
    return new ReAct(LinearHead.of(state), state.number("threshold"));
  }
}
