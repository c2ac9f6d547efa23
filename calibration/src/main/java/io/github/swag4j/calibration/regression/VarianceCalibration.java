package io.github.swag4j.calibration.regression;

import io.github.swag4j.calibration.internal.CompensatedSum;
import io.github.swag4j.calibration.internal.ValueOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Predicted standard deviation against the error made, in bins of rows with a similar predicted
 * standard deviation. Bins hold equal weight; rows with the same standard deviation are never
 * parted, so the result does not depend on the order of the rows. Bins that stay empty are left
 * out.
 *
 * @param bins the bins with rows, by ascending standard deviation
 * @param rows number of rows
 * @see <a href="https://arxiv.org/abs/1905.11659">Levi, Gispan, Giladi, Fetaya 2019, Evaluating and
 *     calibrating uncertainty prediction in regression tasks</a>
 */
public record VarianceCalibration(List<Bin> bins, long rows) {

  /** Number of bins if not told. */
  public static final int DEFAULT_BINS = 10;

  /**
   * Rows with a similar predicted standard deviation.
   *
   * @param count number of rows
   * @param weight their weight
   * @param rmv root of their mean predicted variance, in the target's unit
   * @param rmse root of the mean squared error of their predicted means, in the target's unit
   */
  public record Bin(long count, double weight, double rmv, double rmse) {}

  /**
   * Copies the list.
   *
   * @param bins the bins with rows
   * @param rows number of rows
   */
  public VarianceCalibration {
    bins = List.copyOf(bins);
  }

  /**
   * In {@value #DEFAULT_BINS} bins.
   *
   * @param p the predictions
   * @return the bins
   */
  public static VarianceCalibration of(RegressionPredictions p) {
    return of(p, DEFAULT_BINS);
  }

  /**
   * In a number of bins.
   *
   * @param p the predictions
   * @param bins most bins there may be, at least 1
   * @return the bins
   * @throws IllegalArgumentException if there is no bin
   */
  public static VarianceCalibration of(RegressionPredictions p, int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException("bins must be at least 1, got " + bins);
    }
    double[] sd = Columns.of(p, p::standardDeviation);
    double[] squaredError =
        Columns.of(p, row -> (p.mean(row) - p.target(row)) * (p.mean(row) - p.target(row)));
    double[] weights = Columns.weightsOf(p);
    int[] order = ValueOrder.of(sd, squaredError, weights);
    CompensatedSum total = new CompensatedSum();
    for (int row : order) {
      total.add(weights[row]);
    }
    List<Bin> out = new ArrayList<>();
    CompensatedSum before = new CompensatedSum();
    Open open = new Open();
    int openBin = -1;
    for (int i = 0; i < order.length; ) {
      Open tied = new Open();
      int next = i;
      while (next < order.length && Double.compare(sd[order[next]], sd[order[i]]) == 0) {
        int row = order[next++];
        tied.add(weights[row], sd[row], squaredError[row]);
      }
      // A group of ties goes where its middle falls.
      double middle = (before.value() + tied.weight.value() / 2) / total.value();
      int bin = Math.min((int) (middle * bins), bins - 1);
      if (bin != openBin && open.weight.value() > 0) {
        open.close(out);
        open = new Open();
      }
      openBin = bin;
      open.add(tied);
      before.add(tied.weight);
      i = next;
    }
    open.close(out);
    return new VarianceCalibration(out, p.rows());
  }

  private static final class Open {
    long count;
    final CompensatedSum weight = new CompensatedSum();
    final CompensatedSum variance = new CompensatedSum();
    final CompensatedSum squaredError = new CompensatedSum();

    void add(double w, double sd, double squared) {
      count++;
      weight.add(w);
      variance.add(w * sd * sd);
      squaredError.add(w * squared);
    }

    void add(Open other) {
      count += other.count;
      weight.add(other.weight);
      variance.add(other.variance);
      squaredError.add(other.squaredError);
    }

    void close(List<Bin> out) {
      double w = weight.value();
      if (w > 0) {
        out.add(
            new Bin(
                count, w, Math.sqrt(variance.value() / w), Math.sqrt(squaredError.value() / w)));
      } else if (count > 0) {
        // Rows without weight at the end still count as rows, of the bin before.
        Bin last = out.remove(out.size() - 1);
        out.add(new Bin(last.count() + count, last.weight(), last.rmv(), last.rmse()));
      }
    }
  }

  /**
   * Expected normalised calibration error: mean over bins of |RMV - RMSE| / RMV; at least 0, 0 for
   * calibrated variances.
   *
   * @return the error; infinite where a bin with errors has no predicted variance
   */
  public double ence() {
    double sum = 0;
    for (Bin bin : bins) {
      double gap = Math.abs(bin.rmv() - bin.rmse());
      sum += gap == 0 ? 0 : gap / bin.rmv();
    }
    return sum / bins.size();
  }

  /**
   * Uncertainty calibration error: weighted mean over bins of |RMSE^2 - RMV^2|, in the target's
   * unit squared.
   *
   * @return the error
   * @see <a href="https://proceedings.mlr.press/v121/laves20a.html">Laves et al. 2020</a>
   */
  public double uce() {
    double sum = 0;
    double total = 0;
    for (Bin bin : bins) {
      sum += bin.weight() * Math.abs(bin.rmse() * bin.rmse() - bin.rmv() * bin.rmv());
      total += bin.weight();
    }
    return sum / total;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "ENCE %.4f, UCE %.4f (%d bins, %,d rows)", ence(), uce(), bins.size(), rows);
  }
}
