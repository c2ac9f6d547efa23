package io.github.swag4j.calibration.posterior;

import io.github.swag4j.calibration.Predictions;

/**
 * How the predictions of posterior samples become one: the two usual ways differ, so it is always
 * said which one was used.
 */
public enum SampleMean {
  /** Mean of probabilities: the Bayesian model average, p = (1/S) sum_s p_s. */
  PROBABILITIES("mean of probabilities"),

  /**
   * Mean of logits: the softmax of averaged logits, which is the normalised geometric mean of the
   * samples' probabilities, p ~ exp((1/S) sum_s ln p_s). A class that any sample gives probability
   * 0 has probability 0.
   */
  LOGITS("mean of logits");

  private final String text;

  SampleMean(String text) {
    this.text = text;
  }

  /**
   * Writes the mean distribution of a row over the first samples.
   *
   * @param p predictions with samples
   * @param row the row
   * @param first how many samples to use, from the first on
   * @param skip a sample to leave out; -1 for none
   * @param into {@code [classes]}, overwritten
   * @throws IllegalArgumentException if no class has a positive probability under every sample,
   *     which leaves the mean of logits without a meaning
   */
  void of(Predictions p, int row, int first, int skip, double[] into) {
    int used = skip >= 0 && skip < first ? first - 1 : first;
    int classes = into.length;
    for (int k = 0; k < classes; k++) {
      double sum = 0;
      for (int s = 0; s < first; s++) {
        if (s != skip) {
          double v = p.sampleProbability(s, row, k);
          sum += this == LOGITS ? Math.log(v) : v;
        }
      }
      into[k] = sum / used;
    }
    if (this == LOGITS) {
      normaliseExponentials(into, row);
    }
  }

  private static void normaliseExponentials(double[] logits, int row) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : logits) {
      max = Math.max(max, v);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException(
          "row "
              + row
              + " has no class with a positive probability under every sample, a mean of logits"
              + " needs one: use the mean of probabilities");
    }
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = Math.exp(logits[k] - max);
      sum += logits[k];
    }
    for (int k = 0; k < logits.length; k++) {
      logits[k] /= sum;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
