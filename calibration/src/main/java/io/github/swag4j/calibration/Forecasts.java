package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Forecasts of a yes-or-no event: a probability f in [0, 1], whether the event came, y in {0, 1},
 * and a weight w for each row. What every calibration measure of this module is computed from.
 *
 * <p>The event is that the predicted class is right ({@link #topLabel}), that the row belongs to a
 * given class ({@link #ofClass}), or the positive class of a binary problem. Rows are kept in
 * ascending order of (f, y, w), so that no result can depend on the order they came in. A negative
 * zero counts as zero.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class Forecasts {
  /** Event of forecasts of the top label. */
  public static final String TOP_LABEL = "top label";

  /** Event of forecasts of the positive class. */
  public static final String POSITIVE_CLASS = "positive class";

  private final double[] probabilities;
  private final boolean[] outcomes;
  private final double[] weights;
  private final boolean singlePrecision;
  private final String event;

  private Forecasts(double[] p, boolean[] y, double[] w, boolean singlePrecision, String event) {
    int n = p.length;
    this.singlePrecision = singlePrecision;
    this.event = event;
    probabilities = new double[n];
    outcomes = new boolean[n];
    if (w == null) {
      weights = null;
      sortUnweighted(p, y);
    } else {
      weights = new double[n];
      sortWeighted(p, y, w);
    }
  }

  private Forecasts(Forecasts ascending, boolean[] newOutcomes) {
    probabilities = ascending.probabilities;
    outcomes = newOutcomes;
    weights = ascending.weights;
    singlePrecision = ascending.singlePrecision;
    event = ascending.event;
  }

  /**
   * Forecasts of weight 1.
   *
   * @param probabilities {@code [rows]}, in [0, 1]
   * @param outcomes {@code [rows]}, whether the event came
   * @return the forecasts
   * @throws IllegalArgumentException if a probability is NaN or outside [0, 1], there is no row, or
   *     lengths differ
   */
  public static Forecasts of(double[] probabilities, boolean[] outcomes) {
    return of(probabilities, outcomes, null);
  }

  /**
   * Weighted forecasts.
   *
   * @param probabilities {@code [rows]}, in [0, 1]
   * @param outcomes {@code [rows]}, whether the event came
   * @param weights {@code [rows]}, finite, at least 0 and not all 0; null for 1 each
   * @return the forecasts
   * @throws IllegalArgumentException if a value is not valid, there is no row, or lengths differ
   */
  public static Forecasts of(double[] probabilities, boolean[] outcomes, double[] weights) {
    check(probabilities, outcomes, weights);
    return new Forecasts(probabilities, outcomes, inRange(weights), false, "given event");
  }

  /** Refuses what {@link #of(double[], boolean[], double[])} refuses. */
  static void check(double[] probabilities, boolean[] outcomes, double[] weights) {
    int n = probabilities.length;
    if (n == 0) {
      throw new IllegalArgumentException("forecasts need at least 1 row, got 0");
    }
    checkLength("outcomes", outcomes.length, n);
    for (int i = 0; i < n; i++) {
      if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
        throw new IllegalArgumentException(
            "probabilities[" + i + "] must be in [0, 1], got " + probabilities[i]);
      }
    }
    if (weights != null) {
      checkLength("weights", weights.length, n);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "weights[" + i + "] must be finite and at least 0, got " + weights[i]);
        }
        sum += weights[i];
      }
      if (!(sum > 0)) {
        throw new IllegalArgumentException("weights must not all be 0");
      }
    }
  }

  /**
   * Top-label forecasts: the largest probability of each row, and whether the class that has it is
   * the label (the lowest class among equals).
   *
   * @param predictions labelled predictions
   * @return one forecast a row
   * @throws IllegalStateException if there are no labels
   */
  public static Forecasts topLabel(Predictions predictions) {
    int n = predictions.rows();
    double[] p = new double[n];
    boolean[] y = new boolean[n];
    for (int i = 0; i < n; i++) {
      int k = predictions.predictedClass(i);
      p[i] = predictions.probability(i, k);
      y[i] = predictions.label(i) == k;
    }
    return new Forecasts(p, y, weights(predictions), predictions.isSinglePrecision(), TOP_LABEL);
  }

  /** Checked top-label forecasts of which no more is known. */
  static Forecasts topLabel(double[] confidences, boolean[] correct, double[] weights) {
    return new Forecasts(confidences, correct, inRange(weights), false, TOP_LABEL);
  }

  /**
   * Forecasts that a row belongs to one class.
   *
   * @param predictions labelled predictions
   * @param k the class
   * @return one forecast a row
   * @throws IllegalStateException if there are no labels
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public static Forecasts ofClass(Predictions predictions, int k) {
    Objects.checkIndex(k, predictions.classes());
    int n = predictions.rows();
    double[] p = new double[n];
    boolean[] y = new boolean[n];
    for (int i = 0; i < n; i++) {
      p[i] = predictions.probability(i, k);
      y[i] = predictions.label(i) == k;
    }
    String event = predictions.isBinary() && k == 1 ? POSITIVE_CLASS : "class " + k;
    return new Forecasts(p, y, weights(predictions), predictions.isSinglePrecision(), event);
  }

  /**
   * Top-label forecasts apart by predicted class: confidence given the predicted class.
   *
   * @param predictions labelled predictions
   * @return forecasts of the rows of each class that is predicted at all, by class
   * @throws IllegalStateException if there are no labels
   */
  public static SortedMap<Integer, Forecasts> byPredictedClass(Predictions predictions) {
    SortedMap<Integer, List<Integer>> rows = new TreeMap<>();
    for (int i = 0; i < predictions.rows(); i++) {
      rows.computeIfAbsent(predictions.predictedClass(i), k -> new ArrayList<>()).add(i);
    }
    double[] all = weights(predictions); // in one unit for all classes
    SortedMap<Integer, Forecasts> out = new TreeMap<>();
    rows.forEach(
        (k, members) -> {
          int n = members.size();
          double[] p = new double[n];
          boolean[] y = new boolean[n];
          double[] w = all == null ? null : new double[n];
          for (int i = 0; i < n; i++) {
            p[i] = predictions.probability(members.get(i), k);
            y[i] = predictions.label(members.get(i)) == k;
            if (w != null) {
              w[i] = all[members.get(i)];
            }
          }
          String event = "predicted class " + k;
          out.put(k, new Forecasts(p, y, w, predictions.isSinglePrecision(), event));
        });
    return out;
  }

  /**
   * The same forecasts with other outcomes, as resampling needs them.
   *
   * @param newOutcomes {@code [rows]}, for the i-th smallest forecast each
   * @return the forecasts; rows of equal probability are in the order given
   * @throws IllegalArgumentException if lengths differ
   */
  public Forecasts withOutcomes(boolean[] newOutcomes) {
    checkLength("outcomes", newOutcomes.length, rows());
    return new Forecasts(this, newOutcomes.clone());
  }

  /**
   * Number of rows.
   *
   * @return the rows, at least 1
   */
  public int rows() {
    return probabilities.length;
  }

  /**
   * The i-th smallest forecast.
   *
   * @param i a place in ascending order
   * @return its probability
   */
  public double probability(int i) {
    return probabilities[i];
  }

  /**
   * Whether the event of the i-th smallest forecast came.
   *
   * @param i a place in ascending order
   * @return true if it came
   */
  public boolean outcome(int i) {
    return outcomes[i];
  }

  /**
   * The weight of the i-th smallest forecast.
   *
   * @param i a place in ascending order
   * @return the weight, 1 if none were given
   */
  public double weight(int i) {
    return weights == null ? 1 : weights[i];
  }

  /**
   * Whether rows carry weights.
   *
   * @return true if so
   */
  public boolean hasWeights() {
    return weights != null;
  }

  /**
   * Whether the probabilities were given as float32; some peers place bin edges by it.
   *
   * @return true for float32
   */
  public boolean isSinglePrecision() {
    return singlePrecision;
  }

  /**
   * What is forecast, for printing.
   *
   * @return "top label", "positive class", "class 3", ...
   */
  public String event() {
    return event;
  }

  /**
   * Sum of the weights.
   *
   * @return W = sum_i w_i, the number of rows without weights; weights of which the largest is
   *     beyond 2^-300 or 2^300 are brought there by a power of two
   */
  public double totalWeight() {
    if (weights == null) {
      return probabilities.length;
    }
    CompensatedSum sum = new CompensatedSum();
    for (double w : weights) {
      sum.add(w);
    }
    return sum.value();
  }

  /**
   * Weighted mean forecast.
   *
   * @return sum_i w_i f_i / W
   */
  public double meanProbability() {
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < probabilities.length; i++) {
      sum.add(weight(i) * probabilities[i]);
    }
    return sum.value() / totalWeight();
  }

  /**
   * Weighted share of rows whose event came.
   *
   * @return sum_i w_i y_i / W
   */
  public double eventRate() {
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < probabilities.length; i++) {
      sum.add(outcomes[i] ? weight(i) : 0);
    }
    return sum.value() / totalWeight();
  }

  // Bits of a double in [0, 1] are below 2^62, so the outcome fits in as the lowest bit of the key.
  private void sortUnweighted(double[] p, boolean[] y) {
    int n = p.length;
    long[] keys = new long[n];
    for (int i = 0; i < n; i++) {
      keys[i] = Double.doubleToRawLongBits(p[i] + 0.0) << 1 | (y[i] ? 1 : 0);
    }
    Arrays.sort(keys);
    for (int i = 0; i < n; i++) {
      probabilities[i] = Double.longBitsToDouble(keys[i] >>> 1);
      outcomes[i] = (keys[i] & 1) == 1;
    }
  }

  private void sortWeighted(double[] p, boolean[] y, double[] w) {
    double[] forecast = new double[p.length];
    double[] outcome = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      forecast[i] = p[i] + 0.0;
      outcome[i] = y[i] ? 1 : 0;
    }
    int[] order = ValueOrder.of(forecast, outcome, w);
    for (int i = 0; i < order.length; i++) {
      probabilities[i] = forecast[order[i]];
      outcomes[i] = y[order[i]];
      weights[i] = w[order[i]];
    }
  }

  private static double[] weights(Predictions predictions) {
    if (!predictions.hasWeights()) {
      return null;
    }
    return RowWeights.inRange(predictions.rows(), predictions::weight);
  }

  /** Squares of weights beyond 2^-300 or 2^300 might leave the range of doubles. */
  private static double[] inRange(double[] weights) {
    return weights == null ? null : RowWeights.scaled(weights, RowWeights.exponent(weights));
  }

  private static void checkLength(String what, int got, int expected) {
    if (got != expected) {
      throw new IllegalArgumentException(
          what + " must have " + expected + " values, one for each row, got " + got);
    }
  }
}
