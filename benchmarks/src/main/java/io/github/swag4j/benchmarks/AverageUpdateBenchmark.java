package io.github.swag4j.benchmarks;

import io.github.swag4j.swa.AverageRule;
import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.Buffers;
import io.github.swag4j.swa.WeightAverage;
import io.github.swag4j.swa.weights.Accumulation;
import java.util.Arrays;
import java.util.Locale;

/**
 * One update of an exponential average of 25 million float32 weights, with the check that all are
 * finite. The lines counted are of plain float32 sums, as the peer's; the others are comments.
 */
public final class AverageUpdateBenchmark {
  private static final int WARM_UP = 60;
  private static final int TIMES = 40;

  private AverageUpdateBenchmark() {}

  /**
   * Prints the times.
   *
   * @param args none
   */
  public static void main(String[] args) {
    LiveWeights weights = new LiveWeights(1);
    for (Accumulation accumulation : Accumulation.values()) {
      WeightAverage average =
          WeightAverage.of(
              AveragingPlan.steps(), AverageRule.exponential(0.99), accumulation, Buffers.AVERAGED);
      double[] times = new double[TIMES];
      for (int i = -WARM_UP; i < TIMES; i++) {
        long start = System.nanoTime();
        average.collect(weights);
        times[Math.max(i, 0)] = (System.nanoTime() - start) / 1e6;
      }
      if (accumulation == Accumulation.FLOAT32) {
        Arrays.stream(times)
            .forEach(time -> System.out.println(String.format(Locale.ROOT, "%.6f", time)));
      }
      Arrays.sort(times);
      System.out.println(
          String.format(
              Locale.ROOT,
              "# %s: median %.2f ms, least %.2f",
              accumulation,
              times[TIMES / 2],
              times[0]));
    }
  }
}
