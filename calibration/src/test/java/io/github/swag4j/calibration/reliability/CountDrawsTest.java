package io.github.swag4j.calibration.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CountDrawsTest {
  private static final int DRAWS = 40_000;

  @Test
  void poissonNumbersHaveTheirMeanAndVariance() {
    for (double mean : new double[] {0, 0.3, 7, 99, 101, 5000}) {
      check(draws -> draws.poisson(mean), mean, mean);
    }
  }

  @Test
  void binomialNumbersHaveTheirMeanAndVarianceAndStayInRange() {
    for (double rate : new double[] {0, 0.001, 0.3, 0.5, 0.97, 1}) {
      for (long trials : new long[] {0, 1, 12, 600, 100_000}) {
        double mean = trials * rate;
        check(draws -> draws.binomial(trials, rate), mean, mean * (1 - rate));
        CountDraws draws = new CountDraws(1);
        assertThat(LongStream.range(0, 1000).map(i -> draws.binomial(trials, rate)))
            .allMatch(count -> count >= 0 && count <= trials);
      }
    }
  }

  private static void check(ToLongFunction<CountDraws> drawn, double mean, double variance) {
    CountDraws draws = new CountDraws(3);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double off = drawn.applyAsLong(draws) - mean;
      sum += off;
      squares += off * off;
    }
    double error = Math.sqrt(variance / DRAWS);
    assertThat(sum / DRAWS).isEqualTo(0, within(4.5 * error + 1e-12));
    assertThat(squares / DRAWS).isEqualTo(variance, within(0.05 * variance + 4 * error + 1e-12));
  }
}
