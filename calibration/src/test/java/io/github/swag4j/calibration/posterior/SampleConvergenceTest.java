package io.github.swag4j.calibration.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleConvergenceTest {

  private static Predictions noisy(long seed, int samples, int rows) {
    Random random = new Random(seed);
    double[][][] p = new double[samples][rows][2];
    for (int s = 0; s < samples; s++) {
      for (int r = 0; r < rows; r++) {
        double v = 0.2 + 0.6 * random.nextDouble();
        p[s][r] = new double[] {v, 1 - v};
      }
    }
    return Predictions.builder().samples(p).labels(new int[rows]).build();
  }

  @Test
  void lastPointIsTheMetricOfAllSamples() {
    Predictions p = noisy(1, 30, 20);
    SampleConvergence c =
        SampleConvergence.of(p, SampleMean.PROBABILITIES, "NLL", SampleUncertaintyTest::nll);
    assertThat(c.points())
        .extracting(SampleConvergence.Point::samples)
        .containsExactly(1, 2, 3, 5, 7, 10, 15, 20, 30);
    assertThat(c.points().get(8).value())
        .isCloseTo(SampleUncertaintyTest.nll(SampleUncertainty.of(p).predictions()), within(1e-14));
    assertThat(c.points().get(0).standardError()).isNaN();
  }

  @Test
  void countsGrowToAllThereAre() {
    assertThat(SampleConvergence.counts(1)).containsExactly(1);
    assertThat(SampleConvergence.counts(6)).containsExactly(1, 2, 3, 5, 6);
    assertThat(SampleConvergence.counts(100))
        .containsExactly(1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100);
    assertThatThrownBy(() -> SampleConvergence.counts(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("samples must be at least 1, got 0");
  }

  /** For a mean the jackknife is the textbook's s / sqrt(S). */
  @Test
  void standardErrorOfAMeanIsTheTextbooks() {
    Predictions p = noisy(2, 12, 1);
    SampleConvergence c =
        SampleConvergence.of(
            p, SampleMean.PROBABILITIES, "p0", q -> q.probability(0, 0), new int[] {12});
    double mean = 0;
    for (int s = 0; s < 12; s++) {
      mean += p.sampleProbability(s, 0, 0) / 12;
    }
    double squares = 0;
    for (int s = 0; s < 12; s++) {
      squares += Math.pow(p.sampleProbability(s, 0, 0) - mean, 2);
    }
    assertThat(c.points().get(0).standardError())
        .isCloseTo(Math.sqrt(squares / 11 / 12), within(1e-14));
  }

  @Test
  void standardErrorIsTheSpreadOverOtherDraws() {
    double sum = 0;
    double squares = 0;
    double predicted = 0;
    int repeats = 200;
    for (int t = 0; t < repeats; t++) {
      SampleConvergence c =
          SampleConvergence.of(
              noisy(100 + t, 8, 10),
              SampleMean.PROBABILITIES,
              "NLL",
              SampleUncertaintyTest::nll,
              new int[] {8});
      double v = c.points().get(0).value();
      sum += v;
      squares += v * v;
      predicted += c.points().get(0).standardError() / repeats;
    }
    double spread = Math.sqrt((squares - sum * sum / repeats) / (repeats - 1));
    assertThat(predicted / spread).isBetween(0.8, 1.25);
  }

  @Test
  void stoppingRuleAsksForEveryLaterPointToo() {
    SampleConvergence c =
        SampleConvergence.of(
            noisy(3, 40, 50), SampleMean.LOGITS, "NLL", SampleUncertaintyTest::nll);
    SampleConvergence.Point last = c.points().get(c.points().size() - 1);
    assertThat(c.enough(1)).hasValue(2);
    assertThat(c.enough(last.standardError() / 2)).isEmpty();
    assertThat(c.enough(last.standardError())).isPresent();
    assertThat(c.samplesFor(last.standardError() / 2)).isEqualTo(160);
    assertThatThrownBy(() -> c.enough(0)).hasMessage("tolerance must be above 0, got 0.0");
    assertThat(c.toString())
        .startsWith("NLL 0.")
        .endsWith("Monte Carlo (40 samples, mean of logits)");
  }

  @Test
  void countsMustGrowAndExist() {
    Predictions p = noisy(4, 3, 2);
    assertThatThrownBy(
            () ->
                SampleConvergence.of(
                    p, SampleMean.LOGITS, "NLL", SampleUncertaintyTest::nll, new int[] {2, 4}))
        .hasMessage("counts must grow from 1 to at most 3, got 4");
    assertThatThrownBy(
            () ->
                SampleConvergence.of(
                    Predictions.of(new double[][] {{1, 0}}, new int[] {0}),
                    SampleMean.LOGITS,
                    "NLL",
                    SampleUncertaintyTest::nll))
        .hasMessageContaining("posterior samples must be at least 2, got 0");
  }

  @Test
  void anUnknownStandardErrorAsksForNoNumberOfSamples() {
    SampleConvergence one =
        SampleConvergence.of(
            noisy(3, 4, 5), SampleMean.PROBABILITIES, "entropy", p -> p.entropy(0), new int[] {1});
    assertThat(one.enough(10)).isEmpty();
    assertThatThrownBy(() -> one.samplesFor(0.001))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the number of samples for a tolerance needs a standard error, got NaN with 1 sample:"
                + " follow the metric to at least 2 samples");
    SampleConvergence undefined =
        SampleConvergence.of(
            noisy(3, 4, 5), SampleMean.PROBABILITIES, "none", p -> Double.NaN, new int[] {4});
    assertThatThrownBy(() -> undefined.samplesFor(0.001))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the number of samples for a tolerance needs a standard error, got NaN with 4 samples:"
                + " the metric none is not a number for some of them");
  }
}
