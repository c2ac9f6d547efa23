package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.SeededUniform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * K-fold cross-fitting: every row is recalibrated by a map fitted on the other folds only, so the
 * one data set serves to fit and to judge.
 *
 * <p>Folds are stratified by label and never depend on the probabilities, so that two methods are
 * cross-fitted on the same folds. Rows with ids are dealt by seed, label and id: with distinct ids
 * the order of the rows does not matter, and rows that share an id share a fold. Rows without are
 * dealt by their place, and other folds come of the same rows in another order.
 */
public final class CrossFitting {
  private static final int FOLDS = 2;

  private final Predictions predictions;
  private final int[] folds;
  private final List<Recalibrator> recalibrators;

  private CrossFitting(Predictions predictions, int[] folds, List<Recalibrator> recalibrators) {
    this.predictions = predictions;
    this.folds = folds;
    this.recalibrators = recalibrators;
  }

  /**
   * Cross-fits.
   *
   * @param predictions labelled rows
   * @param folds number of folds, from 2 to the number of rows, or of distinct ids where there are
   *     ids
   * @param seed seed of the folds
   * @param fit how to fit, such as {@code TemperatureScaling::fit}
   * @return out-of-fold predictions, folds and recalibrators
   * @throws IllegalArgumentException if there are no labels, the number of folds is out of range,
   *     or a fold's rows cannot be fitted
   */
  public static CrossFitting of(
      Predictions predictions,
      int folds,
      long seed,
      Function<Predictions, ? extends Recalibrator> fit) {
    if (!predictions.hasLabels()) {
      throw new IllegalArgumentException("cross-fitting needs labels, got rows without labels");
    }
    if (folds < 2 || folds > predictions.rows()) {
      throw new IllegalArgumentException(
          "folds must be between 2 and the number of rows, "
              + predictions.rows()
              + ", got "
              + folds);
    }
    int[] fold = assign(predictions, folds, seed);
    List<Recalibrator> fitted = new ArrayList<>();
    double[][] out = new double[predictions.rows()][];
    for (int f = 0; f < folds; f++) {
      Recalibrator recalibrator = fit.apply(predictions.select(rows(fold, f, false)));
      fitted.add(recalibrator);
      int[] held = rows(fold, f, true);
      Predictions mapped = recalibrator.applyInSample(predictions.select(held));
      for (int i = 0; i < held.length; i++) {
        out[held[i]] = mapped.probabilities(i);
      }
    }
    return new CrossFitting(
        RebuiltPredictions.withProbabilities(predictions, out), fold, List.copyOf(fitted));
  }

  /**
   * Rows of each label in an order drawn by the seed, dealt to the folds in turn; ties by place;
   * rows of one id to one fold.
   */
  private static int[] assign(Predictions predictions, int folds, long seed) {
    Integer[] order = new Integer[predictions.rows()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingInt(predictions::label)
            .thenComparingLong(row -> SeededUniform.bits(seed, FOLDS, number(predictions, row)))
            .thenComparingInt(row -> row));
    int[] fold = new int[order.length];
    Map<String, Integer> foldOfId = new HashMap<>();
    for (int i = 0; i < order.length; i++) {
      int row = order[i];
      // Rows of one id are of one thing: apart, one would tell the fit about the other.
      int next = (predictions.hasIds() ? foldOfId.size() : i) % folds;
      fold[row] =
          predictions.hasIds() ? foldOfId.computeIfAbsent(predictions.id(row), x -> next) : next;
    }
    if (predictions.hasIds() && foldOfId.size() < folds) {
      throw new IllegalArgumentException(
          "folds must be at most the number of distinct ids, "
              + foldOfId.size()
              + ", since rows of one id share a fold, got "
              + folds);
    }
    return fold;
  }

  /** What a row is drawn by: its id, or its place where it has none. */
  private static long number(Predictions predictions, int row) {
    if (!predictions.hasIds()) {
      return row;
    }
    String id = predictions.id(row);
    long hash = id.length();
    for (int i = 0; i < id.length(); i++) {
      hash = SeededUniform.bits(hash, FOLDS, id.charAt(i));
    }
    return hash;
  }

  private static int[] rows(int[] fold, int f, boolean inside) {
    int[] out = new int[fold.length];
    int count = 0;
    for (int row = 0; row < fold.length; row++) {
      if ((fold[row] == f) == inside) {
        out[count++] = row;
      }
    }
    return Arrays.copyOf(out, count);
  }

  /**
   * All rows in their order, each recalibrated by the map that did not see it.
   *
   * @return out-of-fold probabilities with the labels and names of the rows
   */
  public Predictions predictions() {
    return predictions;
  }

  /**
   * The fold of each row.
   *
   * @return {@code [rows]}, from 0
   */
  public int[] folds() {
    return folds.clone();
  }

  /**
   * The map of each fold, fitted on all other folds.
   *
   * @return {@code [folds]}
   */
  public List<Recalibrator> recalibrators() {
    return recalibrators;
  }
}
