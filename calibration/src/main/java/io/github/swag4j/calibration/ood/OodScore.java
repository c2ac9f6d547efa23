package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Predictions;

/**
 * A number for each row that grows with how far the row looks from what the model was trained on.
 *
 * <p>Higher = more out-of-distribution, for every score: confidences and logits are negated here
 * once, so that no caller ever has to know a score's sign.
 */
public interface OodScore {

  /**
   * The score's name in tables and files.
   *
   * @return a short name in lower case, such as {@code entropy} or {@code energy(T=1)}
   */
  String name();

  /**
   * Scores each row.
   *
   * @param predictions the rows
   * @return {@code [rows]}, never NaN
   * @throws IllegalArgumentException if the predictions lack what the score needs
   */
  double[] score(Predictions predictions);

  /**
   * 1 - max_k p_k (maximum softmax probability), in [0, 1 - 1/classes].
   *
   * @return the score {@code msp}
   * @see <a href="https://arxiv.org/abs/1610.02136">Hendrycks and Gimpel 2017</a>
   */
  static OodScore maximumProbability() {
    return new RowScore("msp", (p, r) -> 1 - p.confidence(r));
  }

  /**
   * Entropy of the predictive distribution, -sum_k p_k ln p_k in nats with 0 ln 0 = 0, in [0, ln
   * classes]. Of a model average this is the total entropy.
   *
   * @return the score {@code entropy}
   */
  static OodScore entropy() {
    return new RowScore("entropy", Predictions::entropy);
  }
}
