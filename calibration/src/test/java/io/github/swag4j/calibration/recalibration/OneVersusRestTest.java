package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.recalibration.fit.Softmax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Platt, beta, isotonic, binning and Venn-Abers calibration against golden values. */
class OneVersusRestTest {
  private static final JsonObject GOLDEN = Fixture.golden();
  private static final double[] GRID = Fixture.numbers(GOLDEN.get("grid"));
  private static final Predictions TOP = Fixture.top(Fixture.fit());

  private static double[] golden(String name) {
    return Fixture.numbers(GOLDEN.get(name));
  }

  @Test
  void libsvmFixtureHasItsSigmoid() {
    Sigmoid fitted = Sigmoid.fit(new double[] {5, -4, 1}, new boolean[] {true, false, false});
    JsonObject expected = Fixture.expected().getAsJsonObject("platt_AB_libsvm_fixture");
    double[] sklearn = Fixture.numbers(expected.get("sklearn"));
    assertThat(fitted.a()).isCloseTo(sklearn[0], within(1e-6));
    assertThat(fitted.b()).isCloseTo(sklearn[1], within(1e-6));
    double[] optimum = golden("platt_libsvm_fixture_optimum");
    assertThat(fitted.a()).isCloseTo(optimum[0], within(1e-9));
    assertThat(fitted.b()).isCloseTo(optimum[1], within(1e-9));
    // libsvm itself stops at a gradient of 1e-5, 3.5e-6 short of the optimum.
    assertThat(fitted.a()).isCloseTo(expected.get("A").getAsDouble(), within(1e-5));
    assertThat(fitted.b()).isCloseTo(expected.get("B").getAsDouble(), within(1e-5));
  }

  @Test
  void plattScalingAgreesWithScikitLearn() {
    Sigmoid fitted = PlattScaling.fit(TOP).sigmoid(1);
    assertThat(new double[] {fitted.a(), fitted.b()})
        .containsExactly(golden("platt"), within(1e-9));
    assertThat(new double[] {fitted.a(), fitted.b()})
        .containsExactly(golden("platt_sklearn"), within(1e-6));
    Sigmoid weighted = PlattScaling.fit(Fixture.weighted(TOP)).sigmoid(1);
    assertThat(new double[] {weighted.a(), weighted.b()})
        .containsExactly(golden("platt_weighted"), within(1e-9));
  }

  @Test
  void plattPriorsKeepSeparableScoresFinite() {
    Sigmoid fitted =
        Sigmoid.fit(new double[] {-2, -1, 1, 2}, new boolean[] {false, false, true, true});
    assertThat(fitted.a()).isBetween(-10.0, -0.1);
    assertThat(fitted.apply(2)).isBetween(0.5, 0.99);
    assertThat(fitted.apply(1e300)).isEqualTo(1);
    assertThat(fitted.apply(-1e300)).isEqualTo(0);
  }

  @Test
  void betaCalibrationAgreesWithScikitLearnsLogisticRegression() {
    assertThat(BetaCalibration.fit(TOP).coefficients(1))
        .containsExactly(golden("beta"), within(1e-6));
    assertThat(BetaCalibration.fit(Fixture.weighted(TOP)).coefficients(1))
        .containsExactly(golden("beta_weighted"), within(1e-6));
  }

  @Test
  void negativeBetaCoefficientIsDroppedAndTheRestFittedAgain() {
    JsonObject dropped = GOLDEN.getAsJsonObject("beta_dropped");
    double[] y = Fixture.numbers(dropped.get("y"));
    int[] labels = new int[y.length];
    for (int i = 0; i < y.length; i++) {
      labels[i] = (int) y[i];
    }
    Predictions p = Predictions.binary(Fixture.numbers(dropped.get("s")), labels);
    double[] abc = BetaCalibration.fit(p).coefficients(1);
    assertThat(abc).containsExactly(Fixture.numbers(dropped.get("abc")), within(1e-6));
    assertThat(abc[0]).isZero();
  }

  @Test
  void isotonicFixtureHasItsThresholdsAndPredictions() {
    JsonObject expected = Fixture.expected().getAsJsonObject("isotonic");
    IsotonicRegression fitted =
        IsotonicCalibration.fit(Fixture.top(Fixture.logits(0, 500))).regression(1);
    assertThat(fitted.thresholds()).hasSize(expected.get("n_thresholds").getAsInt());
    expected
        .getAsJsonObject("pred_at")
        .entrySet()
        .forEach(
            e ->
                assertThat(fitted.predict(Double.parseDouble(e.getKey())))
                    .isCloseTo(e.getValue().getAsDouble(), within(1e-12)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"isotonic", "isotonic_weighted", "isotonic_tied"})
  void isotonicCalibrationAgreesWithScikitLearn(String name) {
    Predictions p =
        switch (name) {
          case "isotonic" -> TOP;
          case "isotonic_weighted" -> Fixture.weighted(TOP);
          default -> Fixture.tied(TOP);
        };
    IsotonicRegression fitted = IsotonicCalibration.fit(p).regression(1);
    JsonObject golden = GOLDEN.getAsJsonObject(name);
    assertThat(fitted.thresholds())
        .containsExactly(Fixture.numbers(golden.get("thresholds")), within(1e-12));
    assertThat(fitted.values())
        .containsExactly(Fixture.numbers(golden.get("values")), within(1e-12));
    double[] expected = Fixture.numbers(golden.get("grid"));
    for (int i = 0; i < GRID.length; i++) {
      assertThat(fitted.predict(GRID[i])).isCloseTo(expected[i], within(1e-12));
    }
  }

  @Test
  void smileDidNotPoolTiesButEqualScoresShareTheirMean() {
    // haifengl/smile IsotonicRegressionScaling predicts 0.0 at 0.6 here.
    double[] x = {.2, .6, .6, .6, .6, .9};
    IsotonicRegression fitted = IsotonicRegression.fit(x, new double[] {0, 0, 0, 0, 1, 1});
    assertThat(fitted.predict(.6)).isEqualTo(.25);
    IsotonicRegression other = IsotonicRegression.fit(x, new double[] {0, 1, 0, 0, 0, 1});
    assertThat(other.predict(.6)).isEqualTo(.25);
  }

  @Test
  void poolingFixturesOfScikitLearnHold() {
    double[] x = {0, 1, 2, 3, 4, 5, 6};
    assertThat(IsotonicRegression.fit(x, new double[] {3, 7, 5, 9, 8, 7, 10}).predict(3))
        .isEqualTo(8);
    IsotonicRegression seven = IsotonicRegression.fit(x, new double[] {3, 7, 5, 9, 8, 7, 10});
    double[] expected = {3, 6, 6, 8, 8, 8, 10};
    for (int i = 0; i < 7; i++) {
      assertThat(seven.predict(x[i])).isEqualTo(expected[i]);
    }
    IsotonicRegression three =
        IsotonicRegression.fit(new double[] {0, 1, 2}, new double[] {10, 0, 2});
    assertThat(three.values()).containsExactly(4, 4);
    assertThat(three.thresholds()).containsExactly(0, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"venn_abers", "venn_abers_tied"})
  void vennAbersIntervalsAreTwoIsotonicFitsWithTheRowAdded(String name) {
    VennAbers fitted = VennAbers.fit(name.endsWith("tied") ? Fixture.tied(TOP) : TOP);
    JsonArray golden = GOLDEN.getAsJsonArray(name);
    for (int i = 0; i < GRID.length; i++) {
      double[] pair = fitted.interval(1, GRID[i]);
      assertThat(pair).containsExactly(Fixture.numbers(golden.get(i)), within(1e-12));
      assertThat(pair[0]).isLessThanOrEqualTo(pair[1]);
    }
  }

  @Test
  void vennAbersMergesItsPairForTheLogLoss() {
    VennAbers fitted = VennAbers.fit(TOP);
    double[] pair = fitted.interval(1, .7);
    Predictions out = fitted.apply(Predictions.binary(new double[] {.7}, new int[] {1}));
    assertThat(out.probability(0, 1)).isEqualTo(pair[1] / (1 - pair[0] + pair[1]));
    assertThat(out.isBinary()).isTrue();
  }

  @Test
  void histogramBinsOfBothSchemesAgreeWithTheScript() {
    HistogramBinning mass =
        HistogramBinning.fit(
            Fixture.tied(TOP), new HistogramBinning.Options(5, BinningScheme.EQUAL_MASS));
    JsonObject golden = GOLDEN.getAsJsonObject("histogram_mass_tied");
    assertThat(mass.edges(1)).containsExactly(Fixture.numbers(golden.get("edges")), within(1e-15));
    assertThat(mass.values(1))
        .containsExactly(Fixture.numbers(golden.get("values")), within(1e-15));
    HistogramBinning width =
        HistogramBinning.fit(TOP, new HistogramBinning.Options(10, BinningScheme.EQUAL_WIDTH));
    golden = GOLDEN.getAsJsonObject("histogram_width");
    assertThat(width.edges(1)).containsExactly(Fixture.numbers(golden.get("edges")), within(0.0));
    assertThat(width.values(1))
        .containsExactly(Fixture.numbers(golden.get("values")), within(1e-15));
  }

  @Test
  void histogramsHaveFifteenBinsOfEqualMassUnlessTold() {
    assertThat(HistogramBinning.Options.defaults())
        .isEqualTo(new HistogramBinning.Options(15, BinningScheme.EQUAL_MASS));
    assertThat(HistogramBinning.fit(TOP).values(1)).hasSize(15);
  }

  @Test
  void netcalEqualMassBinsCrashedOnTiesButSaturatedRowsShareABin() {
    // netcal: "smallest edge difference is numerically 0", and transform "not implemented".
    double[] p = {1, 1, 1, 1, 1, 1, 1, 1, .3, .6};
    int[] y = {1, 1, 1, 0, 1, 1, 1, 1, 0, 1};
    HistogramBinning fitted =
        HistogramBinning.fit(
            Predictions.binary(p, y), new HistogramBinning.Options(5, BinningScheme.EQUAL_MASS));
    Predictions out = fitted.applyInSample(Predictions.binary(p, y));
    assertThat(out.probability(0, 1)).isEqualTo(7.0 / 8);
    assertThat(fitted.edges(1)).hasSizeLessThan(5);
  }

  @Test
  void netcalCannotTransformByEqualMassBinsAndOursMapEachToItsShare() {
    Predictions fit =
        Predictions.binary(new double[] {.1, .2, .3, .6, .8, .9}, new int[] {0, 1, 0, 1, 1, 1});
    HistogramBinning fitted =
        HistogramBinning.fit(fit, new HistogramBinning.Options(2, BinningScheme.EQUAL_MASS));
    Predictions out =
        fitted.apply(Predictions.binary(new double[] {.05, .35, .55, .99}, new int[4]));
    assertThat(out.probability(0, 1)).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(out.probability(1, 1)).isEqualTo(out.probability(0, 1));
    assertThat(new double[] {out.probability(2, 1), out.probability(3, 1)}).containsOnly(1.0);
  }

  @Test
  void verifiedCalibrationsEqualMassPartitionsHold() {
    assertThat(massEdges(.3, .5, 1, 1, 1, 1)).containsExactly(.75);
    assertThat(massEdges(.3, .4, .5, .6, .7, .8, .9))
        .containsExactly(new double[] {.55, .75}, within(1e-15));
  }

  private static double[] massEdges(double... p) {
    int[] y = new int[p.length];
    y[p.length - 1] = 1;
    return HistogramBinning.fit(
            Predictions.binary(p, y), new HistogramBinning.Options(3, BinningScheme.EQUAL_MASS))
        .edges(1);
  }

  @Test
  void bayesianBinningIsTheLikelihoodWeightedMeanOfItsModels() {
    BayesianBinning plain = BayesianBinning.fit(TOP);
    BayesianBinning tied = BayesianBinning.fit(Fixture.tied(TOP));
    for (int i = 0; i < GRID.length; i++) {
      assertThat(plain.predict(1, GRID[i])).isCloseTo(golden("bbq")[i], within(1e-9));
      assertThat(tied.predict(1, GRID[i])).isCloseTo(golden("bbq_tied")[i], within(1e-9));
    }
  }

  @Test
  void scalingBinningOutputsTheMeanSigmoidOfEachBin() {
    ScalingBinning fitted = ScalingBinning.fit(TOP);
    assertThat(fitted.values(1)).containsExactly(golden("scaling_binning"), within(1e-9));
  }

  @Test
  void severalClassesAreDividedByTheirSum() {
    Predictions fit = Fixture.fit();
    IsotonicCalibration fitted = IsotonicCalibration.fit(fit);
    Predictions held = Fixture.held();
    Predictions out = fitted.apply(held);
    for (int i = 0; i < 20; i++) {
      double sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += fitted.regression(k).predict(held.probability(i, k));
      }
      assertThat(out.probability(i, 2))
          .isCloseTo(fitted.regression(2).predict(held.probability(i, 2)) / sum, within(1e-15));
    }
  }

  @Test
  void rowThatEveryClassMapsToZeroBecomesUniform() {
    double[][] p = {{.8, .1, .1}, {.1, .8, .1}, {.1, .1, .8}, {.34, .33, .33}};
    Predictions fit = Predictions.of(p, new int[] {0, 1, 2, 0});
    Predictions out =
        IsotonicCalibration.fit(
                Predictions.of(new double[][] {p[0], p[1], p[2]}, new int[] {0, 1, 2}))
            .apply(
                Predictions.of(new double[][] {{.1, .1, .8}, {.34, .33, .33}}, new int[] {2, 0}));
    assertThat(out.probabilities(0)).containsExactly(0, 0, 1);
    HistogramBinning zero =
        (HistogramBinning)
            Recalibrators.fromJson(
                """
                {"format":1,"method":"histogram","classes":3,"parameters":{
                 "class_0.edges":[],"class_0.values":[0],
                 "class_1.edges":[],"class_1.values":[0],
                 "class_2.edges":[],"class_2.values":[0]}}""");
    assertThat(zero.apply(fit).probabilities(3)).containsExactly(1 / 3.0, 1 / 3.0, 1 / 3.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vector",
        "matrix",
        "dirichlet",
        "beta",
        "platt",
        "isotonic",
        "histogram",
        "bbq",
        "enir",
        "scaling-binning",
        "venn-abers"
      })
  void labelsOfTwoClassesOnlyAreRefusedInAFourClassTask(String method) {
    Predictions two = Predictions.of(fourColumns(), new int[] {0, 1, 0, 1});
    assertThatThrownBy(() -> Recalibrators.fit(method, two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows of every class, got none labelled 2 ('2')");
    Predictions one = Predictions.of(new double[][] {{.4, .6}}, new int[] {0});
    assertThatThrownBy(() -> Recalibrators.fit(method, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none labelled 1");
    Predictions unlabelled = Predictions.builder().probabilities(fourColumns()).build();
    assertThatThrownBy(() -> Recalibrators.fit(method, unlabelled))
        .hasMessageContaining("without labels");
  }

  private static double[][] fourColumns() {
    return new double[][] {{.4, .2, .2, .2}, {.2, .4, .2, .2}, {.1, .5, .2, .2}, {.3, .3, .2, .2}};
  }

  @Test
  void betaCalibrationOfSeparableScoresIsRefused() {
    Predictions p = Predictions.binary(new double[] {.1, .2, .8, .9}, new int[] {0, 0, 1, 1});
    assertThatThrownBy(() -> BetaCalibration.fit(p)).isInstanceOf(NoFiniteOptimumException.class);
  }

  @Test
  void zerosAndOnesAreFlooredNotInfinite() {
    Predictions p =
        Predictions.binary(new double[] {0, 0, 1, 1, .5, .6}, new int[] {0, 1, 1, 0, 1, 0});
    for (String method : new String[] {"platt", "beta", "scaling-binning"}) {
      Predictions out = Recalibrators.fit(method, p).applyInSample(p);
      for (int i = 0; i < p.rows(); i++) {
        assertThat(out.probability(i, 1)).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void saturatedSinglePrecisionRowsAreFittedWhereTheLossIsFlatToRounding() {
    // Sixfold sharpened float32 probabilities, many exactly 0 or 1: ill-conditioned features.
    Predictions z = Fixture.random(1, 5000, 4, 0.9);
    float[][] p = new float[z.rows()][4];
    int[] y = new int[z.rows()];
    for (int i = 0; i < p.length; i++) {
      double[] scaled = new double[4];
      y[i] = z.label(i);
      for (int k = 0; k < 4; k++) {
        scaled[k] = 6 * z.logit(i, k);
      }
      scaled = Softmax.of(scaled);
      for (int k = 0; k < 4; k++) {
        p[i][k] = (float) scaled[k];
      }
    }
    Predictions saturated = Predictions.of(p, y);
    for (String method : Recalibrators.methods()) {
      Predictions out = Recalibrators.fit(method, saturated).applyInSample(saturated);
      double brier = 0;
      double before = 0;
      for (int i = 0; i < p.length; i++) {
        brier += Math.pow(1 - out.probability(i, y[i]), 2);
        before += Math.pow(1 - saturated.probability(i, y[i]), 2);
      }
      assertThat(brier).as(method).isLessThan(before);
    }
  }
}
