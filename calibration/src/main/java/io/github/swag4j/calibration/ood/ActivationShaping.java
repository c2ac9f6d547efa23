package io.github.swag4j.calibration.ood;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Activation shaping (ASH): in each row the smallest share of the features is set to 0 and the rest
 * is treated by a rule, before the last layer; the score is the energy of the logits that come out.
 *
 * <p>Features must be at least 0 (after a ReLU), as the rules compare sums of activations. With n
 * features and percentile p, the n - round(n p / 100) largest are kept, at least one, and with them
 * all features equal to the least kept one, so that no result depends on the order of features.
 *
 * @see <a href="https://arxiv.org/abs/2209.09858">Djurisic et al. 2023, Extremely Simple Activation
 *     Shaping for Out-of-Distribution Detection, algorithms 1 to 3</a>
 * @see <a href="https://arxiv.org/abs/2310.00227">Xu et al. 2024, Scaling for Training Time and
 *     Post-hoc Out-of-distribution Detection Enhancement, eq. 8</a>, for SCALE
 */
public final class ActivationShaping implements FeatureDetector {

  /** What happens to the features that are kept. */
  public enum Rule {
    /** ASH-P: they stay as they are. */
    PRUNE,
    /** ASH-B: each becomes sum of all / number kept. */
    BINARISE,
    /** ASH-S: each is multiplied by exp(sum of all / sum of kept). */
    SCALE,
    /**
     * SCALE: all features, pruned ones too, are multiplied by the same factor; nothing is set to 0.
     */
    SCALE_ALL
  }

  private final LinearHead head;
  private final Rule rule;
  private final double percentile;

  private ActivationShaping(LinearHead head, Rule rule, double percentile) {
    if (!(percentile >= 0 && percentile < 100)) {
      throw new IllegalArgumentException(
          "percentile must be at least 0 and below 100, got " + percentile);
    }
    this.head = head;
    this.rule = rule;
    this.percentile = percentile;
  }

  /**
   * A detector; nothing is fitted but the head is part of it.
   *
   * @param head the last layer
   * @param rule what happens to the features kept
   * @param percentile share of features set to 0, in percent, at least 0 and below 100; the paper
   *     uses 60 to 95
   * @return the detector {@code ash_p}, {@code ash_b}, {@code ash_s} or {@code scale}
   * @throws IllegalArgumentException if the percentile is out of range
   */
  public static ActivationShaping of(LinearHead head, Rule rule, double percentile) {
    return new ActivationShaping(head, rule, percentile);
  }

  @Override
  public String name() {
    return rule == Rule.SCALE_ALL
        ? "scale"
        : "ash_" + rule.name().substring(0, 1).toLowerCase(Locale.ROOT);
  }

  /**
   * Scores each row.
   *
   * @param batch features of at least 0
   * @return {@code [rows]}
   * @throws IllegalArgumentException if the head takes another number of features, or a feature is
   *     negative
   */
  @Override
  public double[] score(FeatureBatch batch) {
    batch.needDimensions(name(), head.dimensions());
    double[][] features = batch.features();
    for (int r = 0; r < features.length; r++) {
      for (int i = 0; i < features[r].length; i++) {
        if (features[r][i] < 0) {
          throw new IllegalArgumentException(
              "features["
                  + r
                  + "]["
                  + i
                  + "] must be at least 0 for activation shaping, got "
                  + features[r][i]
                  + ": take them after the ReLU");
        }
      }
    }
    double[] scores = new double[features.length];
    IntStream.range(0, scores.length)
        .parallel()
        .forEach(
            r -> scores[r] = PredictionScores.energy(head.logits(shape(batch.features(r))), 1));
    return scores;
  }

  /** Shapes one row's features in place. */
  private double[] shape(double[] x) {
    double[] sorted = x.clone();
    Arrays.sort(sorted);
    int pruned = (int) Math.min(x.length - 1, Math.rint(x.length * percentile / 100));
    double least = sorted[pruned];
    double all = 0;
    double kept = 0;
    int count = 0;
    for (double v : x) {
      all += v;
      if (v >= least) {
        kept += v;
        count++;
      }
    }
    boolean scaled = rule == Rule.SCALE || rule == Rule.SCALE_ALL;
    double factor = scaled && kept > 0 ? Math.exp(all / kept) : 1;
    for (int i = 0; i < x.length; i++) {
      if (x[i] < least && rule != Rule.SCALE_ALL) {
        x[i] = 0;
      } else {
        x[i] = rule == Rule.BINARISE ? all / count : x[i] * factor;
      }
    }
    return x;
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("rule", new double[][] {{rule.ordinal()}});
    state.put("percentile", new double[][] {{percentile}});
    state.put("weight", head.weight());
    state.put("bias", new double[][] {head.bias()});
    return state;
  }

  static ActivationShaping of(DetectorState state) {
    int rule = state.count("rule");
    if (rule >= Rule.values().length) {
      throw new IllegalArgumentException(
          "rule must be below " + Rule.values().length + ", got " + rule);
    }
    return of(LinearHead.of(state), Rule.values()[rule], state.number("percentile"));
  }
}
