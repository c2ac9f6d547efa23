package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.calibration.Predictions;

/**
 * The class scores a map of logits takes: the logits as given, or logarithms of probabilities.
 *
 * <p>The two differ by a constant per row. Temperature does not see it, the other maps do, so they
 * remember which of the two they were fitted on.
 */
public enum ScoreInput {
  /** Logits as given. */
  LOGITS("logits"),
  /** Natural logarithms of probabilities not below {@link Recalibrator#PROBABILITY_FLOOR}. */
  LOG_PROBABILITIES("log-probabilities");

  private final String jsonName;

  ScoreInput(String jsonName) {
    this.jsonName = jsonName;
  }

  /**
   * The best scores that predictions offer.
   *
   * @param predictions any predictions
   * @return logits if there are some, else logarithms of probabilities
   */
  static ScoreInput of(Predictions predictions) {
    return predictions.hasLogits() ? LOGITS : LOG_PROBABILITIES;
  }

  static ScoreInput ofJson(String name) {
    for (ScoreInput input : values()) {
      if (input.jsonName.equals(name)) {
        return input;
      }
    }
    throw new JsonException("JSON input must be logits or log-probabilities, got " + name);
  }

  String jsonName() {
    return jsonName;
  }

  void requireOf(Predictions predictions) {
    if (this == LOGITS && !predictions.hasLogits()) {
      throw new IllegalArgumentException(
          "the recalibration was fitted on logits, got probabilities only:"
              + " apply it to logits, or fit it on probabilities");
    }
  }

  /** Scores of a row, {@code [classes]}, into out from the offset. */
  void copy(Predictions predictions, int row, double[] out, int from) {
    for (int k = 0; k < predictions.classes(); k++) {
      out[from + k] =
          this == LOGITS
              ? predictions.logit(row, k)
              : Math.log(Math.max(predictions.probability(row, k), Recalibrator.PROBABILITY_FLOOR));
    }
  }

  double[] row(Predictions predictions, int row) {
    double[] out = new double[predictions.classes()];
    copy(predictions, row, out, 0);
    return out;
  }

  double[] all(Predictions predictions) {
    double[] out = new double[Math.multiplyExact(predictions.rows(), predictions.classes())];
    for (int row = 0; row < predictions.rows(); row++) {
      copy(predictions, row, out, row * predictions.classes());
    }
    return out;
  }
}
