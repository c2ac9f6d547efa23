package io.github.swag4j.calibration.ood;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.posterior.SampleUncertainty;
import java.util.List;
import java.util.stream.Collectors;

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

  /**
   * 1 - (largest - second largest probability), in [0, 1].
   *
   * @return the score {@code margin}
   * @see <a href="https://doi.org/10.1007/3-540-44816-0_31">Scheffer et al. 2001, Active Hidden
   *     Markov Models for Information Extraction</a>
   */
  static OodScore margin() {
    return new RowScore("margin", PredictionScores::margin);
  }

  /**
   * Mutual information between label and weights, in nats: from posterior samples if there are any,
   * else total minus stated expected entropy, cut at 0.
   *
   * @return the score {@code mutual_information}
   * @see <a href="https://arxiv.org/abs/1112.5745">Houlsby et al. 2011, eq. 2</a>
   */
  static OodScore mutualInformation() {
    return new SampleScore(
        "mutual_information",
        PredictionScores::needSamplesOrExpectedEntropy,
        SampleUncertainty::mutualInformation,
        (p, r) -> Math.max(0, p.entropy(r) - p.expectedEntropy(r)));
  }

  /**
   * Share of posterior samples that do not vote for the most voted class, in [0, 1 - 1/samples].
   *
   * @return the score {@code variation_ratio}
   * @see <a href="https://arxiv.org/abs/1703.02910">Gal et al. 2017, Deep Bayesian Active Learning
   *     with Image Data</a>
   */
  static OodScore variationRatio() {
    return new SampleScore(
        "variation_ratio",
        PredictionScores::needSamples,
        SampleUncertainty::variationRatio,
        (p, r) -> 0);
  }

  /**
   * -max_k z_k. Needs logits.
   *
   * @return the score {@code max_logit}
   * @see <a href="https://arxiv.org/abs/1911.11132">Hendrycks et al. 2022, Scaling
   *     Out-of-Distribution Detection for Real-World Settings</a>
   */
  static OodScore maximumLogit() {
    return new RowScore("max_logit", PredictionScores::needLogits, PredictionScores::maximumLogit);
  }

  /**
   * Energy at temperature 1. Needs logits.
   *
   * @return the score {@code energy}
   */
  static OodScore energy() {
    return new RowScore(
        "energy", PredictionScores::needLogits, (p, r) -> PredictionScores.energy(p, r, 1));
  }

  /**
   * Energy -T ln sum_k exp(z_k / T). Needs logits.
   *
   * @param temperature T, above 0 and finite
   * @return the score {@code energy(T=...)}
   * @throws IllegalArgumentException if the temperature is not above 0 and finite
   * @see <a href="https://arxiv.org/abs/2010.03759">Liu et al. 2020, Energy-based
   *     Out-of-distribution Detection, eq. 4</a>
   */
  static OodScore energy(double temperature) {
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature must be above 0 and finite, got " + temperature);
    }
    return new RowScore(
        "energy(T=" + temperature + ")",
        PredictionScores::needLogits,
        (p, r) -> PredictionScores.energy(p, r, temperature));
  }

  /**
   * Generalised entropy with the paper's gamma 0.1 over the 100 largest probabilities.
   *
   * @return the score {@code gen}
   */
  static OodScore generalisedEntropy() {
    return new RowScore("gen", (p, r) -> PredictionScores.generalisedEntropy(p, r, 0.1, 100));
  }

  /**
   * Generalised entropy: sum over the M largest probabilities of p^gamma (1 - p)^gamma.
   *
   * @param gamma the exponent, above 0 and at most 1
   * @param largest M, at least 1; all classes if there are fewer
   * @return the score {@code gen(gamma=..., M=...)}
   * @throws IllegalArgumentException if a parameter is out of range
   * @see <a
   *     href="https://openaccess.thecvf.com/content/CVPR2023/html/Liu_GEN_Pushing_the_Limits_of_Softmax-Based_Out-of-Distribution_Detection_CVPR_2023_paper.html">Liu
   *     et al. 2023, GEN, eq. 3</a>
   */
  static OodScore generalisedEntropy(double gamma, int largest) {
    if (!(gamma > 0 && gamma <= 1)) {
      throw new IllegalArgumentException("gamma must be above 0 and at most 1, got " + gamma);
    }
    if (largest < 1) {
      throw new IllegalArgumentException("largest must be at least 1, got " + largest);
    }
    return new RowScore(
        "gen(gamma=" + gamma + ", M=" + largest + ")",
        (p, r) -> PredictionScores.generalisedEntropy(p, r, gamma, largest));
  }

  /**
   * All scores that need no fitting and no parameter, in the order of tables.
   *
   * @return msp, margin, entropy, gen, max_logit, energy, mutual_information, variation_ratio
   */
  static List<OodScore> all() {
    return List.of(
        maximumProbability(),
        margin(),
        entropy(),
        generalisedEntropy(),
        maximumLogit(),
        energy(),
        mutualInformation(),
        variationRatio());
  }

  /**
   * The scores of {@link #all()} that some predictions have what it takes for.
   *
   * @param predictions the predictions to be scored
   * @return the scores that will not refuse them
   */
  static List<OodScore> applicableTo(Predictions predictions) {
    return all().stream()
        .filter(
            s ->
                switch (s.name()) {
                  case "max_logit", "energy" -> predictions.hasLogits();
                  case "mutual_information" -> predictions.hasExpectedEntropy();
                  case "variation_ratio" -> predictions.samples() >= 2;
                  default -> true;
                })
        .toList();
  }

  /**
   * A score of {@link #all()} by its name.
   *
   * @param name a name
   * @return the score
   * @throws IllegalArgumentException if there is none of that name; the message lists the names
   */
  static OodScore named(String name) {
    return all().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "score must be one of "
                        + all().stream().map(OodScore::name).collect(Collectors.joining(", "))
                        + ", got "
                        + name));
  }
}
