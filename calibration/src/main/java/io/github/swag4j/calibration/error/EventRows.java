package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Predictions;

/**
 * Rows in the order of the predictions, by the forecast that is judged of them.
 *
 * @param p the forecast of each row
 * @param came whether its event came
 * @param event which event: the top label, or the positive class of one column
 */
record EventRows(double[] p, boolean[] came, String event) {

  /** The rows of labelled predictions of equal weight. */
  static EventRows of(Predictions predictions) {
    int n = predictions.rows();
    double[] p = new double[n];
    boolean[] came = new boolean[n];
    for (int i = 0; i < n; i++) {
      int k = predictions.isBinary() ? 1 : predictions.predictedClass(i);
      p[i] = predictions.probability(i, k);
      came[i] = predictions.label(i) == k;
      if (predictions.weight(i) != predictions.weight(0)) {
        throw new IllegalArgumentException(
            "grouping loss needs rows of equal weight, as its bias counts rows; got weights "
                + predictions.weight(0)
                + " and "
                + predictions.weight(i)
                + ": repeat rows instead");
      }
    }
    return new EventRows(p, came, predictions.isBinary() ? "positive class" : "top label");
  }

  int rows() {
    return p.length;
  }
}
