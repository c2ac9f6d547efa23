package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.RowWeights;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.Arrays;
import java.util.Objects;

/** Weighted mean of a number of each row, added in an order that the values alone decide. */
record RowMean(String name, Direction direction, RowValue value) implements Metric {

  RowMean {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(value, "value");
  }

  @Override
  public double of(Predictions predictions) {
    int[] once = new int[predictions.rows()];
    Arrays.fill(once, 1);
    return on(predictions).of(once);
  }

  @Override
  public OnRows on(Predictions predictions) {
    int rows = predictions.rows();
    double[] values = new double[rows];
    double[] weights = RowWeights.inRange(rows, predictions::weight);
    for (int row = 0; row < rows; row++) {
      values[row] = value.of(predictions, row);
      if (!Double.isFinite(values[row])) {
        throw new IllegalArgumentException(
            name + " of row " + row + " must be finite to be averaged, got " + values[row]);
      }
    }
    int[] order = ValueOrder.of(values, weights);
    double[] orderedValues = ValueOrder.apply(order, values);
    double[] orderedWeights = ValueOrder.apply(order, weights);
    return multiplicities -> mean(orderedValues, orderedWeights, order, multiplicities);
  }

  private static double mean(double[] values, double[] weights, int[] order, int[] multiplicities) {
    CompensatedSum sum = new CompensatedSum();
    CompensatedSum total = new CompensatedSum();
    for (int i = 0; i < order.length; i++) {
      int m = multiplicities[order[i]];
      if (m > 0) {
        double weight = m * weights[i];
        total.add(weight);
        sum.add(weight * values[i]);
      }
    }
    return total.value() > 0 ? sum.value() / total.value() : Double.NaN;
  }
}
