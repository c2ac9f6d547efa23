package io.github.swag4j.studies.frame;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Numbers of the same training with several seeds. */
public final class OverSeeds {

  /**
   * What a chart shows at each point: the mean, and a band from the smallest to the largest.
   *
   * @param mean {@code [points]}
   * @param low {@code [points]}
   * @param high {@code [points]}
   */
  public record Curve(double[] mean, double[] low, double[] high) {}

  private OverSeeds() {}

  /**
   * The mean.
   *
   * @param <T> what a seed found
   * @param seeds at least one
   * @param value a number of it
   * @return the mean over seeds
   */
  public static <T> double mean(List<T> seeds, ToDoubleFunction<T> value) {
    return seeds.stream().mapToDouble(value).average().orElseThrow();
  }

  /**
   * The standard deviation, with n - 1 below the sum of squares.
   *
   * @param <T> what a seed found
   * @param seeds at least one
   * @param value a number of it
   * @return the deviation; NaN of one seed
   */
  public static <T> double deviation(List<T> seeds, ToDoubleFunction<T> value) {
    double mean = mean(seeds, value);
    double squares = seeds.stream().mapToDouble(value).map(x -> (x - mean) * (x - mean)).sum();
    return seeds.size() < 2 ? Double.NaN : Math.sqrt(squares / (seeds.size() - 1));
  }

  /**
   * The numbers of all seeds at each point.
   *
   * @param points how many points, from 0 on
   * @param seedsAt the seeds' numbers at a point, at least one
   * @return the curve
   */
  public static Curve curve(int points, IntFunction<DoubleStream> seedsAt) {
    Curve curve = new Curve(new double[points], new double[points], new double[points]);
    for (int i = 0; i < points; i++) {
      double[] at = seedsAt.apply(i).toArray();
      curve.mean[i] = DoubleStream.of(at).average().orElseThrow();
      curve.low[i] = DoubleStream.of(at).min().orElseThrow();
      curve.high[i] = DoubleStream.of(at).max().orElseThrow();
    }
    return curve;
  }
}
