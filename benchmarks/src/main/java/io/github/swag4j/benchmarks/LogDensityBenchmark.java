package io.github.swag4j.benchmarks;

import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.SwagPosterior;
import java.util.Locale;

/**
 * Log density of 25 million weights under a posterior of rank 20, in double precision: what has to
 * be prepared, and one density. The comments are of densities under what is already prepared.
 */
public final class LogDensityBenchmark {
  private static final int TIMES = 5;

  private LogDensityBenchmark() {}

  /**
   * Prints the times.
   *
   * @param args none
   */
  public static void main(String[] args) {
    SwagPosterior posterior = BenchmarkPosterior.make();
    Weights point = posterior.sample(1, 0);
    for (int i = -1; i < TIMES; i++) {
      SwagPosterior fresh = posterior.withScale(posterior.scale()); // with nothing prepared
      long start = System.nanoTime();
      double first = fresh.logDensity(point);
      long middle = System.nanoTime();
      double again = fresh.logDensity(point);
      double time = (System.nanoTime() - middle) / 1e6;
      if (again != first) {
        throw new AssertionError(first + " and " + again);
      }
      if (i >= 0) {
        System.out.println(String.format(Locale.ROOT, "%.6f", (middle - start) / 1e6));
        System.out.println(String.format(Locale.ROOT, "# one more %.1f ms", time));
      }
    }
  }
}
