package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;

/**
 * Forecasts of one event, in the order of the predictions' rows.
 *
 * @param p the forecast of each row
 * @param came whether its event came
 * @param event which event: the top label, or the positive class of one column
 */
record UnsortedForecasts(double[] p, boolean[] came, String event) {

  /** The rows of labelled predictions of equal weight. */
  static UnsortedForecasts of(Predictions predictions) {
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
    return new UnsortedForecasts(p, came, predictions.isBinary() ? "positive class" : "top label");
  }

  int rows() {
    return p.length;
  }

  /** Rows of each bin (b / bins, (b + 1) / bins], 0 in the first. */
  int[][] byBin(int bins) {
    int[] binOf = new int[rows()];
    int[] counts = new int[bins];
    for (int i = 0; i < binOf.length; i++) {
      int b = Math.max(0, Math.min(bins - 1, (int) Math.ceil(p[i] * bins) - 1));
      b -= b > 0 && p[i] <= (double) b / bins ? 1 : 0;
      b += b < bins - 1 && p[i] > (double) (b + 1) / bins ? 1 : 0;
      binOf[i] = b;
      counts[b]++;
    }
    int[][] rows = new int[bins][];
    Arrays.setAll(rows, b -> new int[counts[b]]);
    int[] next = new int[bins];
    for (int i = 0; i < binOf.length; i++) {
      rows[binOf[i]][next[binOf[i]]++] = i;
    }
    return rows;
  }
}
