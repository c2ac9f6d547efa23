package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.calibration.ood.PredictionScores;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Activation shaping (ASH, SCALE): the features of each row are changed by a rule that compares
 * their largest ones with all, before the last layer; the score is the energy of the logits that
 * come out.
 *
 * <p>Features must be at least 0 (after a ReLU), as the rules compare sums of activations. With n
 * features and percentile p, the n - round(n p / 100) largest are kept, at least one, and with them
 * all features equal to the least kept one, so that no result depends on the order of features;
 * features of 0 are not kept, whatever their number. The three rules of ASH set the others to 0;
 * SCALE does not.
 *
 * @see <a href="https://arxiv.org/abs/2209.09858">Djurisic et al. 2023, Extremely Simple Activation
 *     Shaping for Out-of-Distribution Detection, algorithms 1 to 3</a>
 * @see <a href="https://arxiv.org/abs/2310.00227">Xu et al. 2024, Scaling for Training Time and
 *     Post-hoc Out-of-distribution Detection Enhancement, eq. 8</a>, for SCALE
 */
public final class ActivationShaping implements FeatureDetector {

  /** What happens to the features. Files keep a rule by its place here. */
  public enum Rule {
    /** ASH-P: the kept stay as they are, the others become 0. */
    ASH_P,
    /** ASH-B: each of the kept becomes sum of all / number kept, the others 0. */
    ASH_B,
    /** ASH-S: each of the kept is multiplied by exp(sum of all / sum of kept), the others are 0. */
    ASH_S,
    /** SCALE: all, kept or not, are multiplied by exp(sum of all / sum of kept). */
    SCALE
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
   * @param rule what happens to the features
   * @param percentile share of features that are not kept, in percent, at least 0 and below 100;
   *     the papers use 60 to 95, and 85 for SCALE
   * @return the detector {@code ash_p}, {@code ash_b}, {@code ash_s} or {@code scale}
   * @throws IllegalArgumentException if the percentile is out of range
   */
  public static ActivationShaping of(LinearHead head, Rule rule, double percentile) {
    return new ActivationShaping(head, rule, percentile);
  }

  @Override
  public String name() {
    return rule.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Scores each row.
   *
   * @param batch features of at least 0
   * @return {@code [rows]}
   * @throws IllegalArgumentException if the head takes another number of features, a feature is
   *     negative, or a score is not finite, as with ASH-S and SCALE where the sum of all is 710
   *     times that of the kept
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
    requireFinite(scores);
    return scores;
  }

  private boolean isScaling() {
    return rule == Rule.ASH_S || rule == Rule.SCALE;
  }

  private void requireFinite(double[] scores) {
    for (int r = 0; r < scores.length; r++) {
      if (!Double.isFinite(scores[r])) {
        throw new IllegalArgumentException(
            "score of features["
                + r
                + "] must be finite, got "
                + scores[r]
                + (isScaling()
                    ? ": exp(sum of all / sum of kept) or the logits after it are beyond the range"
                        + " of doubles, lower the percentile, "
                        + percentile
                        + ", or scale the features down"
                    : ": the logits are beyond the range of doubles, scale the features down"));
      }
    }
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
      if (v >= least && v > 0) {
        kept += v;
        count++;
      }
    }
    double factor = isScaling() && kept > 0 ? Math.exp(all / kept) : 1;
    for (int i = 0; i < x.length; i++) {
      if (rule != Rule.SCALE && (x[i] < least || x[i] == 0)) {
        x[i] = 0;
      } else {
        x[i] = rule == Rule.ASH_B ? all / count : x[i] * factor;
      }
    }
    return x;
  }

  @SuppressWarnings("EnumOrdinal") // files number the rules in this order
  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("rule", new double[][] {{rule.ordinal()}});
    state.put("percentile", new double[][] {{percentile}});
    state.put("weight", head.weight());
    state.put("bias", new double[][] {head.bias()});
    return state;
  }

  @SuppressWarnings("EnumOrdinal") // as above
  static ActivationShaping of(DetectorState state) {
    int rule = state.count("rule");
    if (rule >= Rule.values().length) {
      throw new IllegalArgumentException(
          "rule must be below " + Rule.values().length + ", got " + rule);
    }
    return of(LinearHead.of(state), Rule.values()[rule], state.number("percentile"));
  }
}
