package io.github.swag4j.swag.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.posterior.SampleConvergence;
import io.github.swag4j.calibration.posterior.SampleMean;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.swag.Subspace;
import io.github.swag4j.swag.SubspacePosterior;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import io.github.swag4j.swag.djl.BayesianPredictor.Labelled;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.BayesianPredictor.Result;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metric-against-samples curve, and rules that stop on standard errors over samples. */
class EnoughSamplesTest {
  private static final int ROWS = 40;
  private static final int SAMPLES = 25;
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static int[] labels(int classes) {
    int[] labels = new int[ROWS];
    Arrays.setAll(labels, r -> (r * 7 + r / 3) % classes);
    return labels;
  }

  private BayesianPredictor predictor(int outputs) {
    Block block = ShiftedWeights.network(manager, outputs, a -> a);
    BayesianPredictor predictor =
        BayesianPredictor.of(block, ShiftedWeights.of(block, 0.6f)).samples(SAMPLES).seed(2);
    return outputs == 1 ? predictor.output(Output.BINARY_LOGIT) : predictor;
  }

  private static Result predict(BayesianPredictor predictor, int[] labels) throws IOException {
    return predictor.predictAll(List.of(new Labelled(ShiftedWeights.inputs(1, ROWS, 16), labels)));
  }

  @Test
  void eachPointIsTheMetricOfThatManySamples() throws IOException {
    for (int outputs : new int[] {3, 1}) {
      int[] labels = labels(Math.max(outputs, 2));
      BayesianPredictor predictor = predictor(outputs);
      List<MetricPoint> curve = predict(predictor, labels).curves().get(0);
      assertThat(curve).hasSize(SAMPLES);
      for (int s : new int[] {1, 2, 7, SAMPLES}) {
        Predictions p = predict(predictor.samples(s), labels).predictions().get(0);
        ProperScores scores = ProperScores.of(p);
        MetricPoint point = curve.get(s - 1);
        assertThat(point.samples()).isEqualTo(s);
        assertThat(point.nll()).isCloseTo(scores.nll(), within(1e-6));
        assertThat(point.accuracy()).isEqualTo(scores.accuracy());
        assertThat(point.brier()).isCloseTo(scores.brier(), within(1e-6));
      }
    }
  }

  @Test
  void withoutLabelsThereIsNoCurve() throws IOException {
    assertThat(predict(predictor(3), null).curves()).containsExactly(List.of());
  }

  @Test
  void aRuleOnTheNllStopsWhereItsStandardErrorIsWithinTheTolerance() throws IOException {
    for (int outputs : new int[] {3, 1}) {
      BayesianPredictor predictor = predictor(outputs);
      int[] labels = labels(Math.max(outputs, 2));
      Predictions all = predict(predictor.keepSamples(), labels).predictions().get(0);
      double[] errors = new double[SAMPLES + 1];
      for (int s = 4; s <= SAMPLES; s++) {
        errors[s] = jackknife(all, s);
      }
      double tolerance = errors[12];
      int expected = 4;
      while (errors[expected] > tolerance) {
        expected++;
      }
      Result stopped =
          predict(
              predictor.control(
                  PredictionControl.none().withStop(StopRule.nll(tolerance * (1 + 1e-9), 4))),
              labels);
      assertThat(stopped.statistics()).hasSize(expected);
      assertThat(stopped.curves().get(0)).hasSize(expected);
      assertThat(expected).isBetween(5, 12);
    }
  }

  /** Calibration's standard error, from samples that were kept. */
  private static double jackknife(Predictions p, int samples) {
    return SampleConvergence.of(
            p,
            SampleMean.PROBABILITIES,
            "nll",
            some -> ProperScores.of(some).nll(),
            new int[] {samples})
        .points()
        .get(0)
        .standardError();
  }

  @Test
  void aRuleOnProbabilitiesNeedsNoLabels() throws IOException {
    BayesianPredictor predictor = predictor(3);
    Predictions all = predict(predictor.keepSamples(), null).predictions().get(0);
    double[] errors = new double[SAMPLES + 1];
    for (int s = 5; s <= SAMPLES; s++) {
      for (int r = 0; r < ROWS; r++) {
        double most = 0;
        for (int k = 0; k < 3; k++) {
          double[] p = new double[s];
          for (int i = 0; i < s; i++) {
            p[i] = all.sampleProbability(i, r, k);
          }
          double mean = Arrays.stream(p).average().orElseThrow();
          double squares = Arrays.stream(p).map(x -> (x - mean) * (x - mean)).sum();
          most = Math.max(most, Math.sqrt(squares / (s - 1) / s));
        }
        errors[s] += most / ROWS;
      }
    }
    double tolerance = errors[15] * (1 + 1e-9);
    int expected = 5;
    while (errors[expected] > tolerance) {
      expected++;
    }
    Result stopped =
        predict(
            predictor.control(
                PredictionControl.none().withStop(StopRule.probabilities(tolerance, 5))),
            null);
    assertThat(stopped.statistics()).hasSize(expected);
    assertThat(
            predict(
                    predictor.control(
                        PredictionControl.none().withStop(StopRule.probabilities(1e-9, 5))),
                    null)
                .statistics())
        .hasSize(SAMPLES);
  }

  @Test
  void rulesForSamplesThatAreNotIndependentAreRefused() throws IOException {
    Block block = ShiftedWeights.network(manager, 3, a -> a);
    SwagPosterior swag = SmallNetwork.swag(block, 1);
    SwagPosterior pairs = swag.withAntitheticPairs(true);
    WeightPosterior chain =
        SubspacePosterior.run(
            Subspace.principal(swag, 2),
            w -> 0,
            SubspacePosterior.Options.defaults().withSteps(6, 2, 1),
            1);
    refusedToStop(block, chain, "members of a Markov chain", "without withStop, with samples(6)");
    refusedToStop(block, pairs, "antithetic pairs", "withAntitheticPairs(false)");
    refusedToStop(block, WeightPosterior.mixture(List.of(swag, pairs)), "antithetic pairs");
    for (WeightPosterior independent :
        List.of(swag, pairs.withAntitheticPairs(false), WeightPosterior.mixture(List.of(swag)))) {
      assertThat(predict(stopping(block, independent), null).statistics()).hasSize(2);
    }
  }

  private static BayesianPredictor stopping(Block block, WeightPosterior posterior) {
    return BayesianPredictor.of(block, posterior)
        .samples(6)
        .control(PredictionControl.none().withStop(StopRule.probabilities(1000, 2)));
  }

  private static void refusedToStop(Block block, WeightPosterior posterior, String... words) {
    assertThatThrownBy(() -> predict(stopping(block, posterior), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a rule to stop needs independent samples")
        .hasMessageContainingAll(words);
  }

  @Test
  void rulesThatCannotBeMetAreRefused() {
    assertThatThrownBy(
            () ->
                predict(
                    predictor(3).control(PredictionControl.none().withStop(StopRule.nll(0.1, 5))),
                    null))
        .hasMessageContaining("a rule on the NLL needs labels");
    assertThatThrownBy(
            () ->
                predict(
                    predictor(3).control(PredictionControl.none().withStop(StopRule.means(0.1, 5))),
                    null))
        .hasMessageContaining("call StopRule.nll or StopRule.probabilities");
    assertThatThrownBy(
            () ->
                predictor(3)
                    .control(PredictionControl.none().withStop(StopRule.nll(0.1, 5)))
                    .logits()
                    .predict(ShiftedWeights.inputs(1, ROWS, 16), null))
        .hasMessageContaining("call StopRule.means");
    assertThatThrownBy(() -> StopRule.nll(0, 5)).hasMessageContaining("tolerance must be above 0");
    assertThatThrownBy(() -> StopRule.nll(1, 1)).hasMessageContaining("at least 2, got 1");
  }
}
