package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.calibration.ood.PredictionScores;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Directed sparsification (DICE): of the last layer's weights only those that contribute most on
 * training rows are kept, and the score is the energy, -ln sum_k exp z_k, of the logits that come
 * out. The contribution of weight (k, i) is w_ki times the mean of feature i; kept are those above
 * a percentile of all.
 *
 * @see <a href="https://arxiv.org/abs/2111.09805">Sun and Li 2022, DICE: Leveraging Sparsification
 *     for Out-of-Distribution Detection, eqs. 3 to 5</a>
 */
public final class DirectedSparsification implements FeatureDetector {
  private final LinearHead sparse;

  private DirectedSparsification(LinearHead sparse) {
    this.sparse = sparse;
  }

  /**
   * Chooses the weights.
   *
   * @param train features of training rows
   * @param head the last layer
   * @param percentile of the contributions, linear between order statistics (NumPy's default), at
   *     least 0 and below 100; weights at or below it become 0; the paper uses 90
   * @return the detector {@code dice}
   * @throws IllegalArgumentException if the percentile is out of range or the head takes another
   *     number of features
   */
  public static DirectedSparsification fit(FeatureBatch train, LinearHead head, double percentile) {
    if (!(percentile >= 0 && percentile < 100)) {
      throw new IllegalArgumentException(
          "percentile must be at least 0 and below 100, got " + percentile);
    }
    train.needDimensions("the head", head.dimensions());
    double[] mean = Whitening.mean(train.features());
    double[][] weight = head.weight();
    double[] all =
        Arrays.stream(weight)
            .flatMapToDouble(w -> IntStream.range(0, w.length).mapToDouble(i -> w[i] * mean[i]))
            .sorted()
            .toArray();
    double place = percentile / 100 * (all.length - 1);
    int low = (int) Math.floor(place);
    int high = Math.min(low + 1, all.length - 1);
    double threshold = all[low] + (place - low) * (all[high] - all[low]);
    double[][] kept = new double[weight.length][mean.length];
    for (int k = 0; k < kept.length; k++) {
      for (int i = 0; i < mean.length; i++) {
        kept[k][i] = weight[k][i] * mean[i] > threshold ? weight[k][i] : 0;
      }
    }
    return new DirectedSparsification(LinearHead.of(kept, head.bias()));
  }

  /**
   * How many weights are not 0.
   *
   * @return the count
   */
  public long weightsKept() {
    return Arrays.stream(sparse.weight())
        .flatMapToDouble(Arrays::stream)
        .filter(w -> w != 0)
        .count();
  }

  @Override
  public String name() {
    return "dice";
  }

  @Override
  public double[] score(FeatureBatch batch) {
    batch.needDimensions(name(), sparse.dimensions());
    double[] scores = new double[batch.rows()];
    IntStream.range(0, scores.length)
        .parallel()
        .forEach(r -> scores[r] = PredictionScores.energy(sparse.logits(batch.features(r)), 1));
    return scores;
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("weight", sparse.weight());
    state.put("bias", new double[][] {sparse.bias()});
    return state;
  }

  static DirectedSparsification of(DetectorState state) {
    return new DirectedSparsification(LinearHead.of(state));
  }
}
