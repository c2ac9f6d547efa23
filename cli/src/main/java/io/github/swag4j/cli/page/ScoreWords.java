package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.ood.OodScore;

/**
 * An out-of-distribution score in the words of a page.
 *
 * @param name as a heading says it
 * @param meaning what it measures, so that a high value can be understood
 */
record ScoreWords(String name, String meaning) {

  static ScoreWords of(OodScore score) {
    return switch (score.name()) {
      case "msp" ->
          new ScoreWords(
              "unsure first choice (msp)",
              "1 minus the largest probability: how unsure the model is of its first choice");
      case "margin" ->
          new ScoreWords(
              "close runner-up (margin)",
              "1 minus the lead of the most probable class over the second: how close the two are");
      case "entropy" ->
          new ScoreWords(
              "entropy",
              "entropy of the predicted probabilities, in nats: how widely they are spread over the"
                  + " classes, 0 where one has all");
      case "gen" ->
          new ScoreWords(
              "generalised entropy (gen)",
              "like entropy, but small probabilities of other classes count for more");
      case "max_logit" ->
          new ScoreWords(
              "weak strongest logit (max_logit)",
              "minus the largest logit: how weak the evidence for the best class is, before the"
                  + " probabilities are made to sum to 1");
      case "energy" ->
          new ScoreWords(
              "energy",
              "minus the logarithm of the summed exponentials of the logits: how weak the evidence"
                  + " for all classes is together");
      case "mutual_information" ->
          new ScoreWords(
              "disagreement of the samples (mutual_information)",
              "mutual information between label and weights, in nats: how far the posterior's samples"
                  + " disagree, high where each is sure of something else");
      case "variation_ratio" ->
          new ScoreWords(
              "split vote of the samples (variation_ratio)",
              "share of the posterior's samples that do not vote for the most voted class");
      default -> new ScoreWords(score.name(), "a higher value means further out");
    };
  }
}
