package io.github.swag4j.benchmarks;

import io.github.swag4j.swag.SwagPosterior;
import java.util.Locale;

/**
 * One sample of a posterior of 25 million weights and rank 20. The comments are of 30 samples drawn
 * together, and of the diagonal posterior.
 */
public final class PosteriorSampleBenchmark {
  private static final int WARM_UP = 5;
  private static final int TIMES = 10;
  private static final int TOGETHER = 30;

  private PosteriorSampleBenchmark() {}

  /**
   * Prints the times.
   *
   * @param args none
   */
  public static void main(String[] args) {
    SwagPosterior posterior = BenchmarkPosterior.make();
    for (int i = -WARM_UP; i < TIMES; i++) {
      double time = time(posterior, 100 + i, 1);
      if (i >= 0) {
        System.out.println(String.format(Locale.ROOT, "%.6f", time));
      }
    }
    for (int i = 0; i < 3; i++) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "# %d together: %.1f ms a sample",
              TOGETHER,
              time(posterior, i * TOGETHER, TOGETHER)));
    }
    SwagPosterior diagonal = posterior.diagonal();
    for (int i = 0; i < 6; i++) {
      System.out.println(String.format(Locale.ROOT, "# diagonal: %.1f ms", time(diagonal, i, 1)));
    }
  }

  private static double time(SwagPosterior posterior, int first, int howMany) {
    long start = System.nanoTime();
    if (posterior.samples(7, first, howMany).size() != howMany) {
      throw new AssertionError();
    }
    return (System.nanoTime() - start) / 1e6 / howMany;
  }
}
