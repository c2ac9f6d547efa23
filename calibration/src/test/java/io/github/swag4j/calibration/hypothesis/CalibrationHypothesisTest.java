package io.github.swag4j.calibration.hypothesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Fixtures;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationHypothesisTest {

  @ParameterizedTest
  @CsvSource({"1, .370777, .063365", "2, .908999, .818506", "3, .9946, .989201"})
  void distributionsOfBrownianMotionAreMapies(double x, double maximum, double range) {
    assertThat(1 - BrownianMotion.maximumSurvival(x)).isCloseTo(maximum, within(1e-6));
    assertThat(1 - BrownianMotion.rangeSurvival(x)).isCloseTo(range, within(1e-6));
  }

  @Test
  void bothSeriesOfBrownianMotionMeet() {
    double below = Math.nextDown(1.2);
    assertThat(BrownianMotion.maximumSurvival(below))
        .isCloseTo(BrownianMotion.maximumSurvival(1.2), within(1e-13));
    assertThat(BrownianMotion.rangeSurvival(below))
        .isCloseTo(BrownianMotion.rangeSurvival(1.2), within(1e-13));
    assertThat(BrownianMotion.maximumSurvival(0)).isEqualTo(1);
    assertThat(BrownianMotion.rangeSurvival(.01)).isEqualTo(1);
  }

  @Test
  void tiesAreOneStepOfTheWalk() {
    // In any order of the tie's rows the walk ends the tie at 0, and never leaves it.
    var forecasts =
        Forecasts.of(new double[] {.5, .5, .5, .5}, new boolean[] {true, false, true, false});
    assertThat(CumulativeTests.kolmogorovSmirnov(forecasts).statistic()).isZero();
    assertThat(CumulativeTests.kuiper(forecasts).pValue()).isEqualTo(1);
  }

  @Test
  void theWalkStartsAtZeroSoThatKuiperIsAtLeastKolmogorovSmirnov() {
    var always = Forecasts.of(new double[] {.6, .7, .8}, new boolean[] {false, false, false});
    assertThat(CumulativeTests.kuiper(always).statistic())
        .isEqualTo(CumulativeTests.kolmogorovSmirnov(always).statistic());
    assertThat(CumulativeTests.kuiperWithoutStart(always).statistic())
        .isLessThan(CumulativeTests.kuiper(always).statistic());
  }

  @ParameterizedTest
  @ValueSource(doubles = {.5, 2})
  void everyTestRejectsOverAndUnderConfidence(double sharpness) {
    Forecasts forecasts = drawn(3000, sharpness, 11);
    assertThat(SpiegelhalterTest.of(forecasts).pValue()).isLessThan(1e-4);
    assertThat(CumulativeTests.kolmogorovSmirnov(forecasts).pValue()).isLessThan(1e-4);
    assertThat(CumulativeTests.kuiper(forecasts).pValue()).isLessThan(1e-4);
    assertThat(HosmerLemeshowTest.heldOut(forecasts, 10).pValue()).isLessThan(1e-4);
    assertThat(LabelResamplingTest.ofEce(forecasts, BinningConvention.GUO, 199, 3).pValue())
        .isEqualTo(1 / 200.0);
  }

  @Test
  void testsRejectCalibratedForecastsAsOftenAsTheirLevelSays() {
    int[] rejected = new int[5];
    int tries = 400;
    for (int seed = 0; seed < tries; seed++) {
      Forecasts forecasts = drawn(300, 1, seed);
      rejected[0] += SpiegelhalterTest.of(forecasts).rejects(.1) ? 1 : 0;
      rejected[1] += CumulativeTests.kolmogorovSmirnov(forecasts).rejects(.1) ? 1 : 0;
      rejected[2] += CumulativeTests.kuiper(forecasts).rejects(.1) ? 1 : 0;
      rejected[3] += HosmerLemeshowTest.heldOut(forecasts, 10).rejects(.1) ? 1 : 0;
      rejected[4] +=
          LabelResamplingTest.ofEce(forecasts, BinningConvention.GUO, 39, seed).rejects(.1) ? 1 : 0;
    }
    // A share of .1 of 400 has a standard error of .015; discrete p-values reject a little less.
    for (int count : rejected) {
      assertThat(count / (double) tries).isBetween(.03, .16);
    }
  }

  @Test
  void resampledPValuesDependOnTheSeedAlone() {
    Predictions predictions = Fixtures.inDistribution();
    var guo = BinningConvention.GUO;
    var a = LabelResamplingTest.ofEce(predictions, guo, 99, 5);
    assertThat(LabelResamplingTest.ofEce(predictions, guo, 99, 5)).isEqualTo(a);
    assertThat(a.pValue()).isEqualTo(.01);
    assertThat(a.name()).isEqualTo("ECE (guo: 15 equal-width bins) against resampled labels");
    var classwise = LabelResamplingTest.ofClasswiseEce(predictions, guo, 49, 5);
    assertThat(classwise.pValue()).isEqualTo(.02);
    assertThat(LabelResamplingTest.ofClasswiseEce(predictions, guo, 49, 5)).isEqualTo(classwise);
  }

  @Test
  void resampledPValuesDoNotDependOnTheOrderOfRows() {
    Predictions drawn = multiclass(300, 2);
    int[] order = new int[300];
    for (int i = 0; i < 300; i++) {
      order[i] = (i * 77 + 13) % 300; // 77 and 300 have no common divisor
    }
    Predictions shuffled = drawn.select(order);
    var guo = BinningConvention.GUO;
    var classwise = LabelResamplingTest.ofClasswiseEce(drawn, guo, 199, 5);
    assertThat(classwise.pValue()).isBetween(.02, .98);
    assertThat(LabelResamplingTest.ofClasswiseEce(shuffled, guo, 199, 5).pValue())
        .isEqualTo(classwise.pValue());
    var ece = LabelResamplingTest.ofEce(drawn, guo, 199, 5);
    assertThat(ece.pValue()).isBetween(.02, .98);
    assertThat(LabelResamplingTest.ofEce(shuffled, guo, 199, 5).pValue()).isEqualTo(ece.pValue());
  }

  /** Three classes, labels drawn from the probabilities, some rows twice, weights. */
  private static Predictions multiclass(int rows, long seed) {
    SplitMix random = new SplitMix(seed);
    double[][] p = new double[rows][];
    int[] y = new int[rows];
    double[] w = new double[rows];
    for (int i = 0; i < rows; i++) {
      double a = random.uniform();
      double b = (1 - a) * random.uniform();
      p[i] = i % 10 == 1 ? p[i - 1] : new double[] {a, b, 1 - a - b};
      double u = random.uniform();
      y[i] = u < p[i][0] ? 0 : u < p[i][0] + p[i][1] ? 1 : 2;
      w[i] = 1 + i % 3;
    }
    return Predictions.builder().probabilities(p).labels(y).weights(w).build();
  }

  @Test
  void certainAndRightForecastsHaveThePValueOneByResampling() {
    var forecasts = Forecasts.of(new double[] {1, 1, 0}, new boolean[] {true, true, false});
    assertThat(LabelResamplingTest.ofEce(forecasts, BinningConvention.GUO, 19, 1).pValue())
        .isEqualTo(1);
  }

  @Test
  void weightsOfHosmerAndLemeshowCountAsTheirEffectiveNumber() {
    double[] p = {.2, .2, .2, .7, .7, .7};
    boolean[] y = {true, false, false, true, true, false};
    double[] w = {1, 2, 3, 3, 2, 1};
    double[] tenth = {.1, .2, .3, .3, .2, .1};
    double few = 6 * 6 / 14.0;
    double low = Math.pow(1 / 6. - .2, 2) / (.2 * .8);
    double high = Math.pow(5 / 6. - .7, 2) / (.7 * .3);
    assertThat(HosmerLemeshowTest.heldOut(Forecasts.of(p, y, w), 2).statistic())
        .isCloseTo(few * (low + high), within(1e-12));
    assertThat(HosmerLemeshowTest.heldOut(Forecasts.of(p, y, tenth), 2).statistic())
        .isCloseTo(few * (low + high), within(1e-12));
  }

  @Test
  void fittedRowsSpendTwoDegreesOfFreedom() {
    Forecasts forecasts = drawn(500, 1, 4);
    var held = HosmerLemeshowTest.heldOut(forecasts, 10);
    var fitted = HosmerLemeshowTest.fitted(forecasts, 10);
    assertThat(fitted.statistic()).isEqualTo(held.statistic());
    assertThat(fitted.pValue()).isLessThan(held.pValue());
    assertThat(fitted.name()).isEqualTo("Hosmer-Lemeshow (10 groups, 8 degrees of freedom)");
    var constant = Forecasts.of(new double[] {.5, .5}, new boolean[] {true, false});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HosmerLemeshowTest.fitted(constant, 10))
        .withMessage("the test needs at least 3 groups of distinct forecasts, got 1 from 2 rows");
  }

  @Test
  void resultsPrintStatisticPValueAndRows() {
    assertThat(SpiegelhalterTest.of(Fixtures.inDistribution()))
        .hasToString("Spiegelhalter: statistic 7.3769, p < 0.0001 (500 rows)");
    assertThatIllegalArgumentException().isThrownBy(() -> new TestResult("x", 0, 1.5, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> LabelResamplingTest.ofEce(Fixtures.inDistribution(), BinningConvention.GUO, 0, 1))
        .withMessage("draws must be at least 1, got 0");
  }

  /** Logit-normal forecasts whose log-odds are off by a factor. */
  private static Forecasts drawn(int rows, double sharpness, long seed) {
    SplitMix random = new SplitMix(seed);
    double[] p = new double[rows];
    boolean[] y = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      double logit = .7 + 1.5 * random.gaussian();
      p[i] = 1 / (1 + Math.exp(-logit));
      y[i] = random.uniform() < 1 / (1 + Math.exp(-logit * sharpness));
    }
    return Forecasts.of(p, y);
  }

  /** What the Javadoc of the tests warns of: shares of calibrated data rejected at 5 %. */
  @Test
  void asymptoticTestsMissTheirLevelWhereTheyAreSaidTo() {
    Random random = new Random(21);
    int runs = 600;
    int[] rejected = new int[4];
    for (int run = 0; run < runs; run++) {
      Forecasts sure = calibrated(random, random.doubles(50, 0.97, 1).toArray());
      double[] equal = new double[500];
      Arrays.fill(equal, 0.3);
      Forecasts constant = calibrated(random, equal);
      rejected[0] += HosmerLemeshowTest.heldOut(sure, 10).rejects(0.05) ? 1 : 0;
      rejected[1] +=
          LabelResamplingTest.ofEce(sure, BinningConvention.EQUAL_MASS, 39, run).rejects(0.051)
              ? 1
              : 0;
      rejected[2] += CumulativeTests.kolmogorovSmirnov(constant).rejects(0.05) ? 1 : 0;
      rejected[3] += CumulativeTests.kuiper(constant).rejects(0.05) ? 1 : 0;
    }
    assertThat(rejected[0]).isGreaterThan(runs / 10);
    assertThat(rejected[1]).isLessThan(runs / 12);
    assertThat(rejected[2]).isLessThan(runs / 25);
    assertThat(rejected[3]).isLessThan(runs / 40);
  }

  private static Forecasts calibrated(Random random, double[] probabilities) {
    boolean[] came = new boolean[probabilities.length];
    for (int i = 0; i < came.length; i++) {
      came[i] = random.nextDouble() < probabilities[i];
    }
    return Forecasts.of(probabilities, came);
  }
}
