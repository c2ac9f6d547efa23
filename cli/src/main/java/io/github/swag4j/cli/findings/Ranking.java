package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.comparison.Holm;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Which of several methods is best on the same rows, and whether that is more than chance.
 *
 * @param best place of the best one among the methods
 * @param next place of the one after it
 * @param difference how much the best is better than the next, at least 0
 * @param interval 95 % interval of that
 * @param alike places of the others that it is not better than beyond chance
 */
public record Ranking(
    int best, int next, double difference, Interval interval, List<Integer> alike) {
  private static final double LEVEL = 0.95;

  /** Copies the list. */
  public Ranking {
    alike = List.copyOf(alike);
  }

  /** A difference between two methods with its standard error, NaN where it has none. */
  @FunctionalInterface
  public interface Difference {
    /** The first's metric minus the second's, and its standard error. */
    double[] of(int first, int second);
  }

  /**
   * Of means over the rows, by the normal interval of the mean of the rows' differences; p-values
   * with Holm's correction over the others.
   *
   * @param values a value of each row for each method, {@code [methods][rows]}, at least 2 methods
   * @param lowerIsBetter whether a lower mean is better
   */
  public static Ranking ofRows(double[][] values, boolean lowerIsBetter) {
    double[] means = new double[values.length];
    for (int m = 0; m < means.length; m++) {
      means[m] = mean(values[m]);
    }
    return of(means, (a, b) -> difference(values[a], values[b]), lowerIsBetter);
  }

  /**
   * Of any metric.
   *
   * @param metrics the metric of each method, at least 2
   * @param differences how two of them differ
   * @param lowerIsBetter whether a lower one is better
   */
  public static Ranking of(double[] metrics, Difference differences, boolean lowerIsBetter) {
    int best = best(metrics, -1, lowerIsBetter);
    int next = best(metrics, best, lowerIsBetter);
    List<Integer> others = new ArrayList<>();
    List<Double> p = new ArrayList<>();
    Interval interval = Interval.UNKNOWN;
    NormalDistribution normal = new NormalDistribution(null, 0, 1);
    for (int other = 0; other < metrics.length; other++) {
      if (other == best) {
        continue;
      }
      double[] of = differences.of(best, other);
      double gain = lowerIsBetter ? -of[0] : of[0];
      others.add(other);
      p.add(of[1] > 0 ? 2 * normal.cumulativeProbability(-Math.abs(gain) / of[1]) : 1.0);
      if (other == next) {
        double half = of[1] * normal.inverseCumulativeProbability(0.5 + LEVEL / 2);
        interval = new Interval(gain - half, gain + half);
      }
    }
    double[] adjusted = Holm.adjust(p.stream().mapToDouble(Double::doubleValue).toArray());
    List<Integer> alike = new ArrayList<>();
    for (int i = 0; i < adjusted.length; i++) {
      if (!(adjusted[i] <= 1 - LEVEL)) {
        alike.add(others.get(i));
      }
    }
    return new Ranking(best, next, Math.abs(metrics[best] - metrics[next]), interval, alike);
  }

  /** Whether the best is better than every other beyond chance. */
  public boolean isCertain() {
    return alike.isEmpty();
  }

  private static int best(double[] metrics, int without, boolean lowerIsBetter) {
    int best = -1;
    for (int m = 0; m < metrics.length; m++) {
      boolean wins =
          best < 0 || (lowerIsBetter ? metrics[m] < metrics[best] : metrics[m] > metrics[best]);
      if (m != without && wins) {
        best = m;
      }
    }
    return best;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double[] difference(double[] a, double[] b) {
    double mean = mean(a) - mean(b);
    double squares = 0;
    for (int row = 0; row < a.length; row++) {
      double d = a[row] - b[row] - mean;
      squares += d * d;
    }
    double n = a.length;
    return new double[] {mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n)};
  }
}
