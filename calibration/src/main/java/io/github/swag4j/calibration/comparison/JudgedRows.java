package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Arrays;

/**
 * The forecasts of rows by ascending (f, y, w), each with the row it is of: what a metric that
 * looks at no more than forecast, outcome and weight is computed from on resamples. Sums in this
 * order are the same bits however the rows came.
 *
 * @param rows {@code [rows]}, the row at each place
 * @param forecasts {@code [rows]}, ascending
 * @param came {@code [rows]}, 1 where the event came and 0 elsewhere
 * @param weights {@code [rows]}
 */
record JudgedRows(int[] rows, double[] forecasts, double[] came, double[] weights) {

  /** Of the top label, or of the positive class. */
  static JudgedRows of(Predictions p, boolean positive) {
    double[] forecasts = new double[p.rows()];
    double[] came = new double[p.rows()];
    for (int row = 0; row < forecasts.length; row++) {
      forecasts[row] = positive ? p.probability(row, 1) : p.confidence(row);
      came[row] = (positive ? p.label(row) == 1 : p.isCorrect(row)) ? 1 : 0;
    }
    return of(forecasts, came, p);
  }

  /** Of a class. */
  static JudgedRows ofClass(Predictions p, int k) {
    double[] forecasts = new double[p.rows()];
    double[] came = new double[p.rows()];
    for (int row = 0; row < forecasts.length; row++) {
      forecasts[row] = p.probability(row, k);
      came[row] = p.label(row) == k ? 1 : 0;
    }
    return of(forecasts, came, p);
  }

  private static JudgedRows of(double[] forecasts, double[] came, Predictions p) {
    double[] weights = RowWeights.inRange(p.rows(), p::weight);
    int[] order = ValueOrder.of(forecasts, came, weights);
    return new JudgedRows(
        order,
        ValueOrder.apply(order, forecasts),
        ValueOrder.apply(order, came),
        ValueOrder.apply(order, weights));
  }

  /** How often each place was drawn. */
  int[] timesByPlace(int[] times) {
    int[] out = new int[rows.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = times[rows[i]];
    }
    return out;
  }

  /** The forecasts, each as often as it was drawn, weights left aside; null if none was. */
  Forecasts repeated(int[] times) {
    int[] byPlace = timesByPlace(times);
    int n = Arrays.stream(byPlace).sum();
    if (n == 0) {
      return null;
    }
    double[] f = new double[n];
    boolean[] y = new boolean[n];
    int next = 0;
    for (int i = 0; i < byPlace.length; i++) {
      for (int m = 0; m < byPlace[i]; m++) {
        f[next] = forecasts[i];
        y[next++] = came[i] == 1;
      }
    }
    return Forecasts.of(f, y);
  }
}
