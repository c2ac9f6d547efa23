package io.github.swag4j.benchmarks;

import io.github.swag4j.swa.AveragingPlan;
import io.github.swag4j.swa.weights.Accumulation;
import io.github.swag4j.swag.DeviationStorage;
import io.github.swag4j.swag.SwagCollector;
import io.github.swag4j.swag.SwagPosterior;
import java.util.Arrays;
import java.util.Locale;

/**
 * One collection of 25 million float32 weights at rank 20, once all columns are in use: mean,
 * second moment, the deviation that overwrites the oldest, and the check that all weights are
 * finite. The times are those of the default, compensated sums; float32 sums, which the peer has,
 * and deviations of bfloat16 stand beside them.
 */
public final class SwagCollectBenchmark {
  private static final int RANK = 20;
  private static final int WARM_UP = RANK + 20;
  private static final int TIMES = 30;

  private SwagCollectBenchmark() {}

  /**
   * Prints the times.
   *
   * @param args none
   */
  public static void main(String[] args) {
    LiveWeights weights = new LiveWeights(1);
    double[] times = times(weights, Accumulation.COMPENSATED, DeviationStorage.heap());
    for (double time : times) {
      System.out.println(String.format(Locale.ROOT, "%.6f", time));
    }
    note("compensated sums", times);
    note("float32 sums", times(weights, Accumulation.FLOAT32, DeviationStorage.heap()));
    note(
        "compensated sums, bfloat16 deviations",
        times(weights, Accumulation.COMPENSATED, DeviationStorage.heap().asBfloat16()));
  }

  private static double[] times(
      LiveWeights weights, Accumulation accumulation, DeviationStorage storage) {
    SwagCollector collector =
        new SwagCollector(
            AveragingPlan.steps(),
            SwagPosterior.Options.defaults().withRank(RANK),
            accumulation,
            storage);
    double[] times = new double[TIMES];
    for (int i = -WARM_UP; i < TIMES; i++) {
      long start = System.nanoTime();
      collector.collect(weights);
      times[Math.max(i, 0)] = (System.nanoTime() - start) / 1e6;
    }
    long start = System.nanoTime();
    int columns = collector.freeze().deviations().size();
    System.out.println(
        String.format(
            Locale.ROOT,
            "# freeze with %d columns: %.1f ms",
            columns,
            (System.nanoTime() - start) / 1e6));
    return times;
  }

  private static void note(String what, double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    System.out.println(
        String.format(
            Locale.ROOT,
            "# %s: median %.2f ms, least %.2f ms",
            what,
            sorted[TIMES / 2],
            sorted[0]));
  }
}
