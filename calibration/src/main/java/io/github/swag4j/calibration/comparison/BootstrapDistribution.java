package io.github.swag4j.calibration.comparison;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;

/** The sorted replicates of a statistic, and what is read off them. */
final class BootstrapDistribution {

  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  private final String name;
  private final Resamples resamples;
  private final double estimate;
  private final double[] sorted;
  private final int undefined;
  private double[] biasAndAcceleration;

  BootstrapDistribution(String name, Resamples resamples, int replicates) {
    this.name = name;
    this.resamples = resamples;
    this.estimate = resamples.estimate();
    if (!Double.isFinite(estimate)) {
      throw new IllegalArgumentException(
          name + " must be finite on the given rows to have an interval, got " + estimate);
    }
    // Each replicate is a function of its number, so the order in which threads take them is free.
    double[] all =
        IntStream.range(0, replicates).parallel().mapToDouble(resamples::replicate).toArray();
    this.sorted = Arrays.stream(all).filter(v -> !Double.isNaN(v)).sorted().toArray();
    this.undefined = replicates - sorted.length;
  }

  /** Whether at least half of the replicates are defined, without which nothing is read off. */
  boolean isDefined() {
    return undefined <= sorted.length;
  }

  /** This, after the check that it is defined. */
  BootstrapDistribution orThrow() {
    if (!isDefined()) {
      throw new IllegalStateException(
          name
              + " must be defined on at least half of the resamples to have an interval, got "
              + undefined
              + " of "
              + (undefined + sorted.length)
              + " undefined: take a metric that needs fewer rows, or more rows");
    }
    return this;
  }

  /** Whether the BCa interval exists: replicates on both sides and a jackknife without gaps. */
  boolean hasBca() {
    double below = shareBelow();
    return below > 0 && below < 1 && !Double.isNaN(acceleration());
  }

  double estimate() {
    return estimate;
  }

  int undefined() {
    return undefined;
  }

  double mean() {
    return Arrays.stream(sorted).sum() / sorted.length;
  }

  double standardError() {
    double mean = mean();
    double squares = 0;
    for (double v : sorted) {
      squares += (v - mean) * (v - mean);
    }
    return Math.sqrt(squares / (sorted.length - 1));
  }

  /** Lower and upper end. */
  double[] interval(IntervalMethod method, double level) {
    double tail = (1 - level) / 2;
    return switch (method) {
      case PERCENTILE -> new double[] {quantile(tail), quantile(1 - tail)};
      case BASIC -> new double[] {2 * estimate - quantile(1 - tail), 2 * estimate - quantile(tail)};
      case BCA -> new double[] {quantile(bcaLevel(tail)), quantile(bcaLevel(1 - tail))};
    };
  }

  /**
   * Two-sided p-value of the hypothesis that the statistic is 0: 1 minus the level of the interval
   * that just reaches 0, never below 2 / (replicates + 1).
   */
  double pValueOfZero(IntervalMethod method) {
    int below = 0;
    int above = 0;
    double zero = method == IntervalMethod.BASIC ? 2 * estimate : 0;
    for (double v : sorted) {
      below += v <= zero ? 1 : 0;
      above += v >= zero ? 1 : 0;
    }
    double n = sorted.length + 1.0;
    double least = 2 / n;
    if (method != IntervalMethod.BCA) {
      return Math.min(1, 2 * (Math.min(below, above) + 1) / n);
    }
    double share = ((below + (sorted.length - above)) / 2.0 + 0.5) / n;
    double bias = biasAndAcceleration()[0];
    double shift = NORMAL.inverseCumulativeProbability(share) - bias;
    double stretch = 1 + biasAndAcceleration()[1] * shift;
    if (stretch <= 0) {
      return least;
    }
    double z = shift / stretch - bias;
    return Math.min(1, Math.max(least, 2 * NORMAL.cumulativeProbability(-Math.abs(z))));
  }

  /** Linear interpolation between order statistics, as numpy.percentile. */
  private double quantile(double level) {
    double position = level * (sorted.length - 1);
    int i = (int) Math.floor(position);
    if (i >= sorted.length - 1) {
      return sorted[sorted.length - 1];
    }
    return sorted[i] + (position - i) * (sorted[i + 1] - sorted[i]);
  }

  private double bcaLevel(double level) {
    double bias = biasAndAcceleration()[0];
    double z = bias + NORMAL.inverseCumulativeProbability(level);
    double stretch = 1 - biasAndAcceleration()[1] * z;
    if (stretch <= 0) {
      return z > 0 ? 1 : 0;
    }
    return NORMAL.cumulativeProbability(bias + z / stretch);
  }

  private double[] biasAndAcceleration() {
    if (biasAndAcceleration == null) {
      double acceleration = acceleration();
      if (Double.isNaN(acceleration)) {
        throw new IllegalStateException(
            "the BCa interval of "
                + name
                + " needs the metric with each part of the data left out, undefined for one:"
                + " take the percentile interval");
      }
      biasAndAcceleration = new double[] {medianBias(), acceleration};
    }
    return biasAndAcceleration;
  }

  /** z0: the normal quantile of the share of replicates below the estimate. */
  private double medianBias() {
    double below = shareBelow();
    if (below == 0 || below == 1) {
      throw new IllegalStateException(
          "the BCa interval of "
              + name
              + " needs replicates on both sides of the estimate "
              + estimate
              + ", got all "
              + sorted.length
              + (below == 0 ? " above" : " below")
              + ": the metric is strongly biased here, take a debiased one or the basic interval");
    }
    return NORMAL.inverseCumulativeProbability(below);
  }

  /** Share of replicates below the estimate, ties counted half. */
  private double shareBelow() {
    double below = 0;
    for (double v : sorted) {
      below += v < estimate ? 1 : v == estimate ? 0.5 : 0;
    }
    return below / sorted.length;
  }

  /**
   * a = sum_f sum_i u_fi^3 / n_f^3 / (6 (sum_f sum_i u_fi^2 / n_f^2)^1.5), u_fi = (n_f - 1) (mean -
   * value without i), over the resampled factors f (rows, draws). NaN where a value is.
   */
  private double acceleration() {
    List<double[]> factors = new ArrayList<>(resamples.withoutDraws());
    factors.add(resamples.withoutRows());
    double cubes = 0;
    double squares = 0;
    for (double[] values : factors) {
      double n = values.length;
      double mean = Arrays.stream(values).sum() / n;
      for (double v : values) {
        double u = (n - 1) * (mean - v) / n;
        cubes += u * u * u;
        squares += u * u;
      }
    }
    return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
  }
}
