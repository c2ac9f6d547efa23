package io.github.swag4j.calibration.ood.features;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.calibration.ood.RowScore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * KL matching: divergence of a row's distribution from the nearest typical one, min_k KL(p || d_k),
 * where d_k is the mean distribution of in-distribution rows predicted as class k. In nats, at
 * least 0; infinite where p allows a class that every d_k excludes. Classes never predicted have no
 * d_k.
 *
 * @see <a href="https://arxiv.org/abs/1911.11132">Hendrycks et al. 2022, Scaling
 *     Out-of-Distribution Detection for Real-World Settings, section 4</a>
 */
public final class KlMatching implements OodScore, FittedDetector {
  private final double[][] typical;

  private KlMatching(double[][] typical) {
    this.typical = typical;
  }

  /**
   * Averages the distributions of held-out in-distribution rows by predicted class; a row of weight
   * 2 counts as that row twice.
   *
   * @param validation in-distribution rows that were not trained on; labels are not used
   * @return the score {@code kl_matching}
   */
  public static KlMatching fit(Predictions validation) {
    int classes = validation.classes();
    double[][] means = new double[classes][classes];
    double[] weights = new double[classes];
    for (int r = 0; r < validation.rows(); r++) {
      double w = validation.weight(r);
      if (w > 0) {
        int predicted = validation.predictedClass(r);
        weights[predicted] += w;
        for (int k = 0; k < classes; k++) {
          double p = validation.probability(r, k);
          means[predicted][k] += w * (p - means[predicted][k]) / weights[predicted];
        }
      }
    }
    return new KlMatching(
        IntStream.range(0, classes)
            .filter(k -> weights[k] > 0)
            .mapToObj(k -> means[k])
            .toArray(double[][]::new));
  }

  @Override
  public String name() {
    return "kl_matching";
  }

  @Override
  public double[] score(Predictions predictions) {
    if (predictions.classes() != typical[0].length) {
      throw new IllegalArgumentException(
          "kl_matching was fitted on "
              + typical[0].length
              + " classes, got "
              + predictions.classes());
    }
    return new RowScore(name(), (p, r) -> nearest(p.probabilities(r))).score(predictions);
  }

  private double nearest(double[] p) {
    double least = Double.POSITIVE_INFINITY;
    for (double[] d : typical) {
      double divergence = 0;
      for (int k = 0; k < p.length; k++) {
        divergence += p[k] > 0 ? p[k] * logRatio(p[k], d[k]) : 0;
      }
      least = Math.min(least, Math.max(0, divergence));
    }
    return least;
  }

  /** ln(p / d); the smallest doubles, whose quotient overflows, by their logarithms. */
  private static double logRatio(double p, double d) {
    double ratio = p / d;
    return ratio < Double.POSITIVE_INFINITY ? Math.log(ratio) : Math.log(p) - Math.log(d);
  }

  Map<String, double[][]> state() {
    Map<String, double[][]> state = new LinkedHashMap<>();
    state.put("typical", typical);
    return state;
  }

  static KlMatching of(DetectorState state) {
    return new KlMatching(state.matrix("typical"));
  }
}
