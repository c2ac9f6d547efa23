package io.github.swag4j.benchmarks;

import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one JMH benchmark in this process and prints its iterations for {@code benchmarks/run}. */
final class Rounds {
  private Rounds() {}

  /**
   * Prints one line an iteration: milliseconds an operation. The process is the fork: it is started
   * anew for each round.
   */
  static void print(Class<?> benchmark) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(benchmark.getName() + "\\.")
            .forks(0)
            .verbosity(VerboseMode.SILENT)
            .build();
    for (RunResult result : new Runner(options).run()) {
      result.getBenchmarkResults().stream()
          .flatMap(r -> r.getIterationResults().stream())
          .forEach(
              i ->
                  System.out.println(
                      String.format(Locale.ROOT, "%.6f", i.getPrimaryResult().getScore())));
    }
  }
}
