package io.github.swag4j.calibration.error;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.FixedBins;
import io.github.swag4j.calibration.internal.RowWeights;
import java.util.Objects;

/**
 * Class-wise ECE of the same rows again and again, each time with other multiplicities, as a
 * bootstrap needs it, or with other labels, as a test of calibration does. Bins must not depend on
 * the rows: each row is put into a bin of each class once, and gaps are added up by bin. Of the
 * rows as they are it is {@link ClasswiseCalibrationError}, but for rounding to float32 of each
 * row's gap.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class ClasswiseErrorOnRows {
  private final int classes;
  private final int[] order;
  private final double[] weights;

  /** {@code [rows * classes]}, by the place of a row: its bin among those of all classes. */
  private final int[] cells;

  /** {@code [rows * classes]}: forecast minus outcome. */
  private final float[] gaps;

  /** {@code [cells]}: the weighted forecasts. */
  private final double[] forecasts;

  private final double weight;

  /**
   * Rows, in the order in which they are to be added.
   *
   * @param p labelled predictions
   * @param convention bins that do not depend on the rows
   * @param order {@code [rows]}, a permutation of the rows
   * @throws IllegalArgumentException if the bins depend on the rows
   * @throws IllegalStateException if there are no labels
   */
  public ClasswiseErrorOnRows(Predictions p, BinningConvention convention, int[] order) {
    if (!convention.hasFixedBins()) {
      throw new IllegalArgumentException(
          "bins must not depend on the rows to be laid once, got those of " + convention.name());
    }
    this.classes = p.classes();
    this.order = order.clone();
    weights = RowWeights.inRange(p.rows(), p::weight);
    cells = new int[p.rows() * classes];
    gaps = new float[cells.length];
    FixedBins[] bins = new FixedBins[classes];
    for (int k = 0; k < classes; k++) {
      bins[k] = convention.fixedBins(p.isBinary() && k == 1).orElseThrow();
    }
    int width = Math.max(bins[0].count(), bins[classes - 1].count());
    forecasts = new double[classes * width];
    double total = 0;
    for (int i = 0; i < order.length; i++) {
      total += weights[order[i]];
      for (int k = 0; k < classes; k++) {
        double f = p.probability(order[i], k);
        int cell = k * width + bins[k].of(f);
        cells[i * classes + k] = cell;
        gaps[i * classes + k] = (float) (f - (p.label(order[i]) == k ? 1 : 0));
        forecasts[cell] += weights[order[i]] * f;
      }
    }
    weight = total;
  }

  /**
   * The error when row i comes {@code times[i]} times.
   *
   * @param times {@code [rows]}, at least 0
   * @return in [0, 1]; NaN if no weight is left
   */
  public double of(int[] times) {
    Objects.checkFromIndexSize(0, order.length, times.length);
    double[] sums = new double[forecasts.length];
    double total = 0;
    for (int i = 0; i < order.length; i++) {
      double each = times[order[i]] * weights[order[i]];
      if (each > 0) {
        total += each;
        for (int at = i * classes; at < (i + 1) * classes; at++) {
          sums[cells[at]] += each * gaps[at];
        }
      }
    }
    return error(sums, total);
  }

  /**
   * The error when row i has the label {@code labels[i]}.
   *
   * @param labels {@code [rows]}, class indices
   * @return in [0, 1]; NaN if no row has weight
   */
  public double ofLabels(int[] labels) {
    Objects.checkFromIndexSize(0, order.length, labels.length);
    double[] sums = forecasts.clone();
    for (int i = 0; i < order.length; i++) {
      int label = Objects.checkIndex(labels[order[i]], classes);
      sums[cells[i * classes + label]] -= weights[order[i]];
    }
    return error(sums, weight);
  }

  private double error(double[] sums, double total) {
    double error = 0;
    for (double sum : sums) {
      error += Math.abs(sum);
    }
    return total > 0 ? error / total / classes : Double.NaN;
  }
}
