package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.RowCount;
import io.github.swag4j.calibration.internal.RowMajor;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of each row beside its prediction: the label that was observed, and its weight,
 * group and id. Each is known for all rows or for none.
 *
 * <p>They go with the rows: {@link #select} picks them, {@link PredictionsBuilder#observations}
 * gives them to other predictions of the same rows, {@link #difference} tells whether two methods
 * were judged on the same ones. Immutable; safe for use by several threads.
 */
public final class Observations {
  private final int rows;
  final int[] labels;
  final double[] weights;
  final String[] groups;
  final String[] ids;

  /** Shares the arrays and checks nothing. */
  private Observations(int[] labels, double[] weights, String[] groups, String[] ids, int rows) {
    this.rows = rows;
    this.labels = labels;
    this.weights = weights;
    this.groups = groups;
    this.ids = ids;
  }

  /**
   * Checks what does not depend on the number of classes; null for what is not known.
   *
   * @throws InvalidRowException if a weight is negative or not finite
   * @throws IllegalArgumentException if a length is not the number of rows, all weights are 0, or a
   *     group or an id is null
   */
  static Observations of(int rows, int[] labels, double[] weights, String[] groups, String[] ids) {
    RowMajor.checkLength("labels", labels == null ? rows : labels.length, rows);
    RowMajor.checkLength("weights", weights == null ? rows : weights.length, rows);
    PredictionChecks.checkWeights(weights);
    checkTexts("groups", groups, rows);
    checkTexts("ids", ids, rows);
    return new Observations(labels, weights, groups, ids, rows);
  }

  private static void checkTexts(String what, String[] values, int rows) {
    if (values == null) {
      return;
    }
    RowMajor.checkLength(what, values.length, rows);
    int missing = Arrays.asList(values).indexOf(null);
    if (missing >= 0) {
      throw new IllegalArgumentException(what + "[" + missing + "] must not be null");
    }
  }

  int rows() {
    return rows;
  }

  boolean hasLabels() {
    return labels != null;
  }

  boolean hasWeights() {
    return weights != null;
  }

  boolean hasGroups() {
    return groups != null;
  }

  boolean hasIds() {
    return ids != null;
  }

  int label(int row) {
    return Predictions.require(labels, "labels")[Objects.checkIndex(row, rows)];
  }

  double weight(int row) {
    Objects.checkIndex(row, rows);
    return weights == null ? 1 : weights[row];
  }

  String group(int row) {
    return Predictions.require(groups, "groups")[Objects.checkIndex(row, rows)];
  }

  String id(int row) {
    return Predictions.require(ids, "ids")[Objects.checkIndex(row, rows)];
  }

  /** Checks that labels are class indices. */
  void checkLabels(PredictionChecks checks) {
    if (labels != null) {
      checks.checkLabels(labels);
    }
  }

  /**
   * What is known of the given rows.
   *
   * @param selected rows in the order wanted; a row may come more than once, as in a bootstrap
   * @return observations of {@code selected.length} rows
   * @throws IllegalArgumentException if no row is selected, or only rows of weight 0
   * @throws IndexOutOfBoundsException if a row does not exist
   */
  public Observations select(int[] selected) {
    if (selected.length == 0) {
      throw new IllegalArgumentException("predictions need at least 1 row, got 0 selected");
    }
    for (int row : selected) {
      Objects.checkIndex(row, rows);
    }
    double[] w = RowMajor.gather(weights, selected, 1);
    PredictionChecks.checkWeights(w);
    int[] y = labels == null ? null : Arrays.stream(selected).map(r -> labels[r]).toArray();
    return new Observations(y, w, gather(groups, selected), gather(ids, selected), selected.length);
  }

  private static String[] gather(String[] values, int[] selected) {
    return values == null
        ? null
        : Arrays.stream(selected).mapToObj(r -> values[r]).toArray(String[]::new);
  }

  /**
   * The same without ids: for rows that come twice, or in an order of their own.
   *
   * @return the labels, weights and groups
   */
  public Observations withoutIds() {
    return ids == null ? this : new Observations(labels, weights, groups, null, rows);
  }

  /**
   * The first way in which these cannot be observations of the same rows in the same order as
   * others: an id or a label that both know and that differs, or another weight (1 where there are
   * none). Groups may differ, as rows can be grouped in several ways.
   *
   * @param other the others
   * @return such as {@code labels 3 and 4 in row 17}; empty if nothing differs
   */
  public Optional<String> difference(Observations other) {
    if (rows != other.rows) {
      return Optional.of(rows + " and " + other.rows + " rows");
    }
    for (int row = 0; row < rows; row++) {
      if (ids != null && other.ids != null && !ids[row].equals(other.ids[row])) {
        return Optional.of("ids " + ids[row] + " and " + other.ids[row] + " in row " + row);
      }
      if (labels != null && other.labels != null && labels[row] != other.labels[row]) {
        return Optional.of(
            "labels " + labels[row] + " and " + other.labels[row] + " in row " + row);
      }
      if (weight(row) != other.weight(row)) {
        return Optional.of(
            "weights " + weight(row) + " and " + other.weight(row) + " in row " + row);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    StringBuilder known = new StringBuilder();
    known.append(labels == null ? "" : ", labels").append(weights == null ? "" : ", weights");
    known.append(groups == null ? "" : ", groups").append(ids == null ? "" : ", ids");
    return RowCount.words(rows) + (known.length() == 0 ? ", nothing known" : known);
  }
}
