package io.github.swag4j.studies.lowprecision;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Numbers of the same training with several seeds. */
final class OverSeeds {

  /** What a chart shows at each point: the mean, and a band from the smallest to the largest. */
  record Curve(double[] mean, double[] low, double[] high) {}

  private OverSeeds() {}

  static <T> double mean(List<T> seeds, ToDoubleFunction<T> value) {
    return seeds.stream().mapToDouble(value).average().orElseThrow();
  }

  /** With n - 1 below the sum of squares; NaN of one seed. */
  static <T> double deviation(List<T> seeds, ToDoubleFunction<T> value) {
    double mean = mean(seeds, value);
    double squares = seeds.stream().mapToDouble(value).map(x -> (x - mean) * (x - mean)).sum();
    return seeds.size() < 2 ? Double.NaN : Math.sqrt(squares / (seeds.size() - 1));
  }

  /** The numbers of all seeds at each point from 0 on. */
  static Curve curve(int points, IntFunction<DoubleStream> seedsAt) {
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
