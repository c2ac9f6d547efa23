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
    return new Rows(
        order,
        ValueOrder.apply(order, values),
        ValueOrder.apply(order, weights),
        Arrays.stream(weights).allMatch(weight -> weight == 1));
  }

  /**
   * Rows by ascending value.
   *
   * @param ones whether every weight is 1, so that their sum is exact without compensation
   */
  private record Rows(int[] order, double[] values, double[] weights, boolean ones)
      implements OnRows, LeavesOut {

    @Override
    public double of(int[] multiplicities) {
      return ones
          ? mean(values, order, multiplicities)
          : mean(values, weights, order, multiplicities);
    }

    @Override
    public double[] withoutBlocks(int[] blockOf, int blocks) {
      CompensatedSum[] sums = new CompensatedSum[blocks];
      CompensatedSum[] totals = new CompensatedSum[blocks];
      Arrays.setAll(sums, block -> new CompensatedSum());
      Arrays.setAll(totals, block -> new CompensatedSum());
      CompensatedSum sum = new CompensatedSum();
      CompensatedSum total = new CompensatedSum();
      for (int i = 0; i < order.length; i++) {
        int block = blockOf[order[i]];
        sums[block].add(weights[i] * values[i]);
        totals[block].add(weights[i]);
        sum.add(weights[i] * values[i]);
        total.add(weights[i]);
      }
      double[] out = new double[blocks];
      for (int block = 0; block < blocks; block++) {
        double left = total.value() - totals[block].value();
        out[block] = left > 0 ? (sum.value() - sums[block].value()) / left : Double.NaN;
      }
      return out;
    }
  }

  /** The same bits as with weights of 1, whose sum is exact. */
  private static double mean(double[] values, int[] order, int[] multiplicities) {
    CompensatedSum sum = new CompensatedSum();
    long total = 0;
    for (int i = 0; i < order.length; i++) {
      int m = multiplicities[order[i]];
      if (m > 0) {
        total += m;
        sum.add(m * values[i]);
      }
    }
    return total > 0 ? sum.value() / total : Double.NaN;
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
