package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.recalibration.TemperatureScaling.Options;
import io.github.swag4j.calibration.recalibration.TemperatureScaling.Outcome;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;
import io.github.swag4j.calibration.recalibration.fit.TemperatureLikelihood;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemperatureScalingTest {
  private static final JsonObject GOLDEN = Fixture.golden();

  @Test
  void fixtureHasItsPublishedTemperature() {
    TemperatureScaling fitted = TemperatureScaling.fit(Fixture.logits(0, 500));
    JsonObject expected = Fixture.expected();
    assertThat(fitted.temperature())
        .isCloseTo(expected.get("temperature_T").getAsDouble(), within(1e-6));
    assertThat(fitted.nllBefore()).isCloseTo(expected.get("nll").getAsDouble(), within(1e-12));
    assertThat(fitted.nllAfter())
        .isCloseTo(expected.get("nll_after_T").getAsDouble(), within(1e-12));
  }

  @Test
  void optimumIntervalAndWeightsAgreeWithScipyAndSklearn() {
    JsonObject golden = GOLDEN.getAsJsonObject("temperature");
    TemperatureScaling fitted = TemperatureScaling.fit(Fixture.fit());
    assertThat(fitted.temperature()).isCloseTo(golden.get("T").getAsDouble(), within(1e-6));
    assertThat(fitted.logStandardError())
        .isCloseTo(golden.get("log_se").getAsDouble(), within(1e-7));
    assertThat(fitted.nllAfter()).isCloseTo(golden.get("nll").getAsDouble(), within(1e-12));
    // scikit-learn stops where the likelihood is flat to rounding.
    assertThat(fitted.temperature())
        .isCloseTo(GOLDEN.get("temperature_sklearn").getAsDouble(), within(1e-6));
    JsonObject weighted = GOLDEN.getAsJsonObject("temperature_weighted");
    TemperatureScaling heavy = TemperatureScaling.fit(Fixture.weighted(Fixture.fit()));
    assertThat(heavy.temperature()).isCloseTo(weighted.get("T").getAsDouble(), within(1e-6));
    assertThat(heavy.logStandardError())
        .isCloseTo(weighted.get("log_se").getAsDouble(), within(1e-7));
  }

  @Test
  void intervalIsSymmetricOnTheLogScaleAndNarrowsWithRows() {
    TemperatureScaling few = TemperatureScaling.fit(Fixture.logits(0, 100));
    TemperatureScaling many = TemperatureScaling.fit(Fixture.logits(0, 500));
    assertThat(many.lower() * many.upper())
        .isCloseTo(many.temperature() * many.temperature(), within(1e-12));
    assertThat(Math.log(many.upper() / many.temperature()))
        .isCloseTo(1.959963984540054 * many.logStandardError(), within(1e-12));
    assertThat(many.logStandardError()).isLessThan(few.logStandardError());
  }

  @Test
  void logitsAndTheirProbabilitiesGiveTheSameTemperature() {
    double logits = TemperatureScaling.fit(Fixture.fit()).temperature();
    double probabilities =
        TemperatureScaling.fit(Fixture.probabilities(Fixture.fit())).temperature();
    assertThat(probabilities).isCloseTo(logits, within(1e-9));
  }

  @Test
  void scaledLogitsAreKeptAsLogits() {
    Predictions held = Fixture.held();
    Predictions out = TemperatureScaling.of(2, 4).apply(held);
    assertThat(out.hasLogits()).isTrue();
    assertThat(out.logit(3, 1)).isEqualTo(held.logit(3, 1) / 2);
    assertThat(TemperatureScaling.of(2, 4).apply(Fixture.probabilities(held)).hasLogits())
        .isFalse();
  }

  @Test
  void swaGaussianAccumulatedGradientsButHereFittingTwiceGivesTheSameBits() {
    // wjmaddox/swa_gaussian and gpleiss/temperature_scaling #20: the LBFGS closure lacks zero_grad.
    TemperatureScaling first = TemperatureScaling.fit(Fixture.fit());
    TemperatureScaling second = TemperatureScaling.fit(Fixture.fit());
    assertThat(second.temperature()).isEqualTo(first.temperature());
    // ... and the derivative really is 0 there.
    TemperatureLikelihood f =
        new TemperatureLikelihood(
            FittingSet.of("test", Fixture.fit()), ScoreInput.LOGITS.all(Fixture.fit()));
    f.evaluate(1 / first.temperature());
    assertThat(f.slope()).isCloseTo(0, within(1e-14));
  }

  @Test
  void gpleissIssue31NegativeTemperatureIsRefusedForScoresThatPointTheWrongWay() {
    Predictions wrong =
        Predictions.ofLogits(
            new double[][] {{2, 0}, {3, 0}, {0, 1}, {1, 0}}, new int[] {1, 1, 0, 0});
    assertThatThrownBy(() -> TemperatureScaling.fit(wrong))
        .isInstanceOf(NoFiniteOptimumException.class)
        .hasMessageContaining("T goes to infinity");
    TemperatureScaling limited = TemperatureScaling.fit(wrong, Options.defaults().within(0.1, 50));
    assertThat(limited.temperature()).isEqualTo(50);
    assertThat(limited.outcome()).isEqualTo(Outcome.AT_MAXIMUM);
    assertThat(limited.lower()).isNaN();
  }

  /**
   * robustness_metrics searches all of the line: its tests pin an inverse temperature of 1.6e33
   * where every row is right, and one below 0 where most are wrong.
   */
  @Test
  void robustnessMetricsPinsInfiniteAndNegativeTemperaturesAndOursAreRefused() {
    double[][] z = {{0.4, -0.3, 0.1}, {-0.2, 0.9, 0.3}, {0.2, 0.1, 0.6}};
    assertThatThrownBy(() -> TemperatureScaling.fit(Predictions.ofLogits(z, new int[] {0, 1, 2})))
        .isInstanceOf(NoFiniteOptimumException.class)
        .hasMessageContaining("all 3 rows are predicted right");
    assertThatThrownBy(() -> TemperatureScaling.fit(Predictions.ofLogits(z, new int[] {1, 0, 1})))
        .isInstanceOf(NoFiniteOptimumException.class)
        .hasMessageContaining("T goes to infinity");
  }

  /** swa_gaussian falls back to T = 1 without a word when its optimiser meets NaN. */
  @Test
  void swaGaussianFallsBackToOneInSilenceAndOursNeverPrintsAFitThatIsNone() {
    double[][] z = new double[40][];
    int[] y = new int[40];
    for (double size : new double[] {1e50, 1e300}) {
      for (int i = 0; i < 40; i++) { // 30 rows are right: ln 3 between their logits is the best
        z[i] = new double[] {i % 2 == 0 ? size : -size, 0};
        y[i] = i % 4 == 0 ? 1 : i % 2;
      }
      Predictions p = Predictions.ofLogits(z, y);
      if (size == 1e50) {
        assertThat(TemperatureScaling.fit(p).temperature() / size)
            .isCloseTo(1 / Math.log(3), within(1e-9));
      } else {
        assertThatThrownBy(() -> TemperatureScaling.fit(p))
            .isInstanceOf(NoFiniteOptimumException.class)
            .hasMessageContaining("the likelihood still changes at T = ")
            .hasMessageContaining("divide the logits");
      }
    }
    assertThatThrownBy(
            () ->
                TemperatureScaling.fit(
                    Predictions.ofLogits(new double[][] {{Double.NaN, 0}}, new int[1])))
        .hasMessageContaining("must be finite, got NaN");
  }

  @Test
  void gpleissIssue23DivergenceIsRefusedWhenEveryRowIsRight() {
    Predictions separable =
        Predictions.ofLogits(new double[][] {{2, 0}, {3, 0}, {0, 1}}, new int[] {0, 0, 1});
    assertThatThrownBy(() -> TemperatureScaling.fit(separable))
        .isInstanceOf(NoFiniteOptimumException.class)
        .hasMessageContaining("all 3 rows are predicted right");
    TemperatureScaling limited =
        TemperatureScaling.fit(separable, Options.defaults().within(0.05, 20));
    assertThat(limited.temperature()).isCloseTo(0.05, within(1e-15));
    assertThat(limited.outcome()).isEqualTo(Outcome.AT_MINIMUM);
    assertThat(limited.toString()).contains("the least allowed");
  }

  @Test
  void oneRowHasNoFiniteTemperature() {
    assertThatThrownBy(
            () -> TemperatureScaling.fit(Predictions.ofLogits(new double[][] {{1, 0}}, new int[1])))
        .isInstanceOf(NoFiniteOptimumException.class);
    assertThatThrownBy(
            () ->
                TemperatureScaling.fit(
                    Predictions.ofLogits(new double[][] {{1, 1}, {2, 2}}, new int[] {0, 1})))
        .hasMessageContaining("score alike");
  }

  @Test
  void temperatureOfTinyAndHugeLogitsIsFound() {
    for (double scale : new double[] {1e-9, 1e-3, 1e6, 1e12}) {
      Predictions fit = Fixture.fit();
      double[][] z = new double[fit.rows()][4];
      int[] y = new int[fit.rows()];
      for (int i = 0; i < z.length; i++) {
        y[i] = fit.label(i);
        for (int k = 0; k < 4; k++) {
          z[i][k] = fit.logit(i, k) * scale;
        }
      }
      double t = TemperatureScaling.fit(Predictions.ofLogits(z, y)).temperature();
      double expected = GOLDEN.getAsJsonObject("temperature").get("T").getAsDouble() * scale;
      assertThat(t / expected).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void dirichletcalSubtractedTheGlobalMaximumButWideLogitsGiveNoNaN() {
    // experiments_dnn: softmax with the data set's maximum underflows to 0/0 in other rows.
    double theirs = Math.exp((-4000 - 5000) / 1.5);
    assertThat(theirs / (theirs + theirs + theirs)).isNaN();
    Predictions wide =
        Predictions.ofLogits(
            new double[][] {{5000, 0, -5000}, {-4000, -4001, -5000}, {0, 1, 2}},
            new int[] {0, 1, 0});
    Predictions out = TemperatureScaling.of(1.5, 3).apply(wide);
    for (int i = 0; i < 3; i++) {
      assertThat(out.probability(i, 0) + out.probability(i, 1) + out.probability(i, 2))
          .isCloseTo(1, within(1e-15));
    }
    assertThat(out.probability(1, 0) / out.probability(1, 1))
        .isCloseTo(Math.exp(1 / 1.5), within(1e-12));
    assertThat(TemperatureScaling.fit(wide).temperature()).isBetween(1.0, 1e6);
  }

  @Test
  void netcalIssue48FloatLossLeftInputsUnchangedButSinglePrecisionRowsAreFitted() {
    Predictions fit = Fixture.fit();
    float[][] p = new float[fit.rows()][4];
    int[] y = new int[fit.rows()];
    for (int i = 0; i < p.length; i++) {
      y[i] = fit.label(i);
      for (int k = 0; k < 4; k++) {
        p[i][k] = (float) fit.probability(i, k);
      }
    }
    assertThat(TemperatureScaling.fit(Predictions.of(p, y)).temperature())
        .isCloseTo(GOLDEN.getAsJsonObject("temperature").get("T").getAsDouble(), within(1e-5));
  }

  @Test
  void optionsAndTemperaturesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Options.defaults().within(2, 1)).hasMessageContaining("below maximum");
    assertThatThrownBy(() -> new Options(0, 1, 1)).hasMessageContaining("level must be between");
    assertThatThrownBy(() -> TemperatureScaling.of(-1, 2))
        .hasMessage("temperature must be positive and finite, got -1.0");
    assertThatThrownBy(() -> TemperatureScaling.of(1, 3).apply(Fixture.held()))
        .hasMessageContaining("fitted on 3 classes, got predictions of 4");
  }

  @Test
  void outcomesAreSavedUnderCodesThatDoNotChange() {
    String fitted = TemperatureScaling.fit(Fixture.fit()).toJson();
    assertThat(fitted).contains("\"outcome\":[0.0]");
    assertThat(outcome(fitted)).isEqualTo(Outcome.INTERIOR);
    assertThat(outcome(fitted.replace("\"outcome\":[0.0]", "\"outcome\":[1]")))
        .isEqualTo(Outcome.AT_MINIMUM);
    assertThat(outcome(fitted.replace("\"outcome\":[0.0]", "\"outcome\":[2]")))
        .isEqualTo(Outcome.AT_MAXIMUM);
    String given = TemperatureScaling.of(2, 4).toJson();
    assertThat(given).contains("\"outcome\":[3.0]");
    assertThat(outcome(given)).isEqualTo(Outcome.GIVEN);
  }

  private static Outcome outcome(String json) {
    return ((TemperatureScaling) Recalibrators.fromJson(json)).outcome();
  }

  @ParameterizedTest
  @CsvSource({
    "level, 2.0, 'level[0] must be between 0 and 1, both excluded, got 2.0'",
    "level, 0, 'level[0] must be between 0 and 1, both excluded, got 0.0'",
    "log_standard_error, -1, 'log_standard_error[0] must be at least 0 and finite, got -1.0'",
    "log_standard_error, \"NaN\", 'log_standard_error[0] must be at least 0 and finite, got NaN'",
    "nll_before, -0.5, 'nll_before[0] must be at least 0 and finite, got -0.5'",
    "nll_after, \"Infinity\", 'nll_after[0] must be at least 0 and finite, got Infinity'",
    "temperature, 0, 'temperature must be positive and finite, got 0.0'",
    "temperature, 1e-300, 'temperature[0] must be between 1.0E-100 and 1.0E100, got 1.0E-300'",
    "temperature, 1e300, 'temperature[0] must be between 1.0E-100 and 1.0E100, got 1.0E300'",
    "outcome, 4, 'outcome[0] must be one of the codes 0 (interior)'",
    "outcome, 3, 'log_standard_error[0] must be NaN for a temperature that was given'"
  })
  void jsonOutOfRangeIsRefusedWithItsPlace(String name, String value, String message) {
    String good = TemperatureScaling.fit(Fixture.fit()).toJson();
    String bad =
        good.replaceFirst("\"" + name + "\":\\[[^]]*]", "\"" + name + "\":[" + value + "]");
    assertThat(bad).isNotEqualTo(good);
    assertThatThrownBy(() -> Recalibrators.fromJson(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("JSON parameters")
        .hasMessageContaining(message);
  }

  @Test
  void limitsReachedAreReadBack() {
    Predictions separable =
        Predictions.ofLogits(new double[][] {{2, 0}, {3, 0}, {0, 1}}, new int[] {0, 0, 1});
    for (double least : new double[] {0.05, 1e-6}) {
      TemperatureScaling fitted =
          TemperatureScaling.fit(separable, Options.defaults().within(least, 20));
      assertThat(Recalibrators.fromJson(fitted.toJson()).toJson()).isEqualTo(fitted.toJson());
    }
  }
}
