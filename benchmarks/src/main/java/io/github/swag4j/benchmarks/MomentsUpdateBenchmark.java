package io.github.swag4j.benchmarks;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One update of mean and second moment of 25 million float32 weights, with the check that all are
 * finite, beside plain copies of the same size on all cores. A share of bandwidth is the bytes that
 * must move (weights twice; each sum read and written) by the time, over the same of the copy.
 */
public final class MomentsUpdateBenchmark {
  private static final int WARM_UP = 40;
  private static final int TIMES = 30;
  private static final int PARTS = 100;
  private static final double WEIGHTS = (double) LiveWeights.TENSORS * LiveWeights.SIZE;

  private MomentsUpdateBenchmark() {}

  /**
   * Prints the times.
   *
   * @param args none
   */
  public static void main(String[] args) {
    LiveWeights weights = new LiveWeights(1);
    float[] from = new float[(int) WEIGHTS];
    float[] to = new float[(int) WEIGHTS];
    for (Accumulation accumulation : Accumulation.values()) {
      SwagCollector collector =
          new SwagCollector(
              AveragingPlan.steps(), SwagPosterior.Options.defaults().withRank(0), accumulation);
      double[] times = new double[TIMES];
      double[] copies = new double[TIMES];
      for (int i = -WARM_UP; i < TIMES; i++) {
        long start = System.nanoTime();
        collector.collect(weights);
        long middle = System.nanoTime();
        copy(from, to);
        times[Math.max(i, 0)] = (middle - start) / 1e6;
        copies[Math.max(i, 0)] = (System.nanoTime() - middle) / 1e6;
      }
      if (accumulation == Accumulation.FLOAT32) {
        Arrays.stream(times)
            .forEach(time -> System.out.println(String.format(Locale.ROOT, "%.6f", time)));
      }
      Arrays.sort(times);
      Arrays.sort(copies);
      double bytes = WEIGHTS * (accumulation == Accumulation.FLOAT32 ? 24 : 40);
      double copied = WEIGHTS * 8;
      System.out.println(
          String.format(
              Locale.ROOT,
              "# %s: median %.2f ms, %.1f GB/s, copy %.1f GB/s: %.0f %%; at best %.0f %%",
              accumulation,
              times[TIMES / 2],
              bytes / times[TIMES / 2] / 1e6,
              copied / copies[TIMES / 2] / 1e6,
              100 * bytes / times[TIMES / 2] / (copied / copies[TIMES / 2]),
              100 * bytes / times[0] / (copied / copies[0])));
    }
  }

  private static void copy(float[] from, float[] to) {
    int length = from.length / PARTS;
    IntStream.range(0, PARTS)
        .parallel()
        .forEach(p -> System.arraycopy(from, p * length, to, p * length, length));
  }
}
