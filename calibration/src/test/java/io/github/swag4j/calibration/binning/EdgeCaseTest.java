package io.github.swag4j.calibration.binning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Fixtures;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.CumulativeCalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.error.KernelCalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.error.SweepCalibrationError;
import io.github.swag4j.calibration.hypothesis.CumulativeTests;
import io.github.swag4j.calibration.hypothesis.HosmerLemeshowTest;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.reliability.BinomialInterval;
import io.github.swag4j.calibration.reliability.CorpCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.BrierDecomposition;
import io.github.swag4j.calibration.scores.ConfusionMatrix;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeCaseTest {
  private static final Offset<Double> CLOSE = within(1e-12);
  private static final List<BinningConvention> WHOLE =
      BinningConvention.all().stream()
          .filter(
              c -> !List.of(BinningConvention.SWAG_PAPER, BinningConvention.HENDRYCKS).contains(c))
          .toList();

  @Test
  void saturatedConfidencesAreCountedInTheLastBin() {
    double[] p = new double[20];
    Arrays.fill(p, 1);
    boolean[] y = new boolean[20];
    Arrays.fill(y, 0, 15, true);
    var forecasts = Forecasts.of(p, y);
    for (BinningConvention convention : WHOLE) {
      var error = CalibrationError.of(forecasts, convention);
      assertThat(error.ece()).as(convention.name()).isCloseTo(.25, CLOSE);
      assertThat(error.mce()).isCloseTo(.25, CLOSE);
      assertThat(error.ace()).isCloseTo(.25, CLOSE);
    }
    var paper = CalibrationError.of(forecasts, BinningConvention.SWAG_PAPER);
    assertThat(paper.ece()).isZero();
    assertThat(paper.binning().lostRows()).isEqualTo(20);
    assertThat(SmoothCalibrationError.of(forecasts).value()).isCloseTo(.25, within(1e-3));
    assertThat(KernelCalibrationError.of(forecasts, .4).mmce()).isCloseTo(.25, CLOSE);
    assertThat(CumulativeCalibrationError.of(forecasts).ks()).isCloseTo(.25, CLOSE);
  }

  @Test
  void certainAndWrongIsRejectedByEveryTest() {
    var forecasts = Forecasts.of(new double[] {1, 1, 1}, new boolean[] {true, false, true});
    assertThat(SpiegelhalterTest.of(forecasts).pValue()).isZero();
    assertThat(CumulativeTests.kolmogorovSmirnov(forecasts).pValue()).isZero();
    assertThat(CumulativeTests.kuiper(forecasts).pValue()).isZero();
    assertThat(HosmerLemeshowTest.heldOut(forecasts, 10).pValue()).isZero();
  }

  @Test
  void certainAndRightIsRejectedByNoTest() {
    var forecasts = Forecasts.of(new double[] {1, 0, 1}, new boolean[] {true, false, true});
    assertThat(SpiegelhalterTest.of(forecasts).pValue()).isEqualTo(1);
    assertThat(CumulativeTests.kolmogorovSmirnov(forecasts).pValue()).isEqualTo(1);
    assertThat(CumulativeTests.kuiper(forecasts).pValue()).isEqualTo(1);
    assertThat(HosmerLemeshowTest.heldOut(forecasts, 10).pValue()).isEqualTo(1);
    for (BinningConvention convention : WHOLE) {
      assertThat(CalibrationError.of(forecasts, convention).ece()).isZero();
    }
  }

  @Test
  void confidenceZeroIsInTheFirstBin() {
    var forecasts = Forecasts.of(new double[] {0, -0.0}, new boolean[] {false, true});
    assertThat(BinningConvention.GUO.bin(forecasts).bins().get(0).count()).isEqualTo(2);
    assertThat(BinningConvention.MAPIE.bin(forecasts).bins().get(0).count()).isEqualTo(2);
    assertThat(forecasts.probability(0)).isEqualTo(0.0);
    assertThat(CalibrationError.of(forecasts, BinningConvention.GUO).ece()).isCloseTo(.5, CLOSE);
  }

  @ParameterizedTest
  @CsvSource({"3, 10", "6, 10", "1, 15", "4, 15", "7, 15", "11, 15", "14, 15"})
  void aConfidenceOnAnEdgeGoesDownInGuoAndUpInTorchmetrics(int edge, int bins) {
    double p = (double) edge / bins;
    var forecasts = Forecasts.of(new double[] {p}, new boolean[1]);
    var guo = BinningConvention.GUO.withBins(bins).bin(forecasts).bins();
    assertThat(guo.get(edge - 1).count()).isEqualTo(1);
    // torch's own edge may lie a rounding above i / n.
    double torchEdge = EqualWidth.Edges.TORCH.at(edge, bins, true);
    var torch = BinningConvention.TORCHMETRICS.withBins(bins).bin(forecasts).bins();
    assertThat(torch.get((float) p >= torchEdge ? edge : edge - 1).count()).isEqualTo(1);
  }

  @Test
  void edgesAreTheNearestDoublesToTheirFractions() {
    var bins = ReliabilityDiagram.of(Fixtures.inDistribution()).bins();
    for (int b = 0; b < 15; b++) {
      assertThat(bins.get(b).lower()).isEqualTo(b / 15.0);
      assertThat(bins.get(b).upper()).isEqualTo((b + 1) / 15.0);
    }
  }

  @Test
  void fewerRowsThanBinsLoseNone() {
    var forecasts = Forecasts.of(new double[] {.2, .55, .9}, new boolean[] {false, true, true});
    for (BinningConvention convention : WHOLE) {
      var error = CalibrationError.of(forecasts, convention);
      assertThat(error.binning().lostRows()).isZero();
      assertThat(error.ece()).as(convention.name()).isCloseTo(.75 / 3, CLOSE);
    }
  }

  @Test
  void oneRowIsEnoughForEveryError() {
    var predictions = Predictions.of(new double[][] {{.7, .2, .1}}, new int[] {1});
    for (BinningConvention convention : WHOLE) {
      assertThat(CalibrationError.of(predictions, convention).ece()).isCloseTo(.7, CLOSE);
    }
    assertThat(ClasswiseCalibrationError.of(predictions).ece())
        .isCloseTo((.7 + .8 + .1) / 3, CLOSE);
    assertThat(SweepCalibrationError.equalMass(predictions).bins()).isEqualTo(1);
    assertThat(DebiasedCalibrationError.of(predictions).l2()).isZero();
    assertThat(KernelCalibrationError.of(predictions).mmce()).isCloseTo(.7, CLOSE);
    assertThat(CorpCurve.of(predictions).uncertainty()).isZero();
    assertThat(BrierDecomposition.of(predictions).brier()).isCloseTo(.49, CLOSE);
    assertThat(ReliabilityDiagram.of(predictions).accuracy()).isZero();
    assertThat(CalibrationError.of(predictions))
        .hasToString("ECE 0.7000 (guo: 15 equal-width bins, 1 row)");
  }

  @Test
  void aMissingClassCountsItsProbabilityAsError() {
    double[][] p = {{.8, .1, .1}, {.8, .1, .1}};
    var error = ClasswiseCalibrationError.of(Predictions.of(p, new int[] {0, 0}));
    assertThat(error.classes().get(2).ece()).isCloseTo(.1, CLOSE);
    assertThat(ConfusionMatrix.of(Predictions.of(p, new int[] {0, 0})).balancedAccuracy())
        .isEqualTo(1);
    assertThat(ConfusionMatrix.of(Predictions.of(p, new int[] {0, 0})).recall(2)).isNaN();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void constantForecastsThatAreAllRightOrAllWrongHaveTheGapAsEveryError(boolean right) {
    double[] p = new double[30];
    Arrays.fill(p, .8);
    boolean[] y = new boolean[30];
    Arrays.fill(y, right);
    var forecasts = Forecasts.of(p, y);
    double gap = right ? .2 : .8;
    for (BinningConvention convention : WHOLE) {
      var error = CalibrationError.of(forecasts, convention);
      assertThat(error.ece()).as(convention.name()).isCloseTo(gap, CLOSE);
      assertThat(error.mce()).isCloseTo(gap, CLOSE);
      assertThat(DebiasedCalibrationError.of(error.binning()).l2())
          .isLessThanOrEqualTo(gap + 1e-12);
    }
    assertThat(CumulativeCalibrationError.of(forecasts).kuiper()).isCloseTo(gap, CLOSE);
    assertThat(CorpCurve.of(forecasts).steps()).hasSize(1);
  }

  @Test
  void zeroProbabilityRowsAreCountedAndFloored() {
    double[][] p = {{1, 0}, {.5, .5}};
    var scores = ProperScores.of(Predictions.of(p, new int[] {1, 0}));
    assertThat(scores.zeroProbabilityRows()).isEqualTo(1);
    assertThat(scores.saturatedRows()).isEqualTo(1);
    assertThat(scores.nll()).isCloseTo((300 * Math.log(10) + Math.log(2)) / 2, within(1e-9));
    assertThat(scores).asString().contains("1 with p(label) = 0 floored at 1e-300");
  }

  @Test
  void rowsOfWeightZeroChangeNothing() {
    var with =
        Forecasts.of(
            new double[] {.4, .8, .95}, new boolean[] {true, false, false}, new double[] {1, 1, 0});
    var without = Forecasts.of(new double[] {.4, .8}, new boolean[] {true, false});
    for (BinningConvention convention : WHOLE) {
      if (!convention.equals(BinningConvention.EQUAL_COUNT)) {
        assertThat(CalibrationError.of(with, convention).ece())
            .as(convention.name())
            .isCloseTo(CalibrationError.of(without, convention).ece(), CLOSE);
      }
    }
    assertThat(CorpCurve.of(with).steps()).isEqualTo(CorpCurve.of(without).steps());
  }

  @Test
  void intervalsOfWeightedBinsDoNotDependOnTheUnitOfWeight() {
    double[] p = {.62, .63, .64, .65};
    boolean[] y = {true, true, false, true};
    var one = Forecasts.of(p, y, new double[] {1, 2, 1, 2});
    var tenth = Forecasts.of(p, y, new double[] {.1, .2, .1, .2});
    var a = ReliabilityDiagram.of(one, BinningConvention.GUO).bins().get(9);
    var b = ReliabilityDiagram.of(tenth, BinningConvention.GUO).bins().get(9);
    assertThat(a.count()).isEqualTo(4);
    assertThat(b.clopperPearson().lower()).isCloseTo(a.clopperPearson().lower(), within(1e-9));
    assertThat(b.wilson().upper()).isCloseTo(a.wilson().upper(), within(1e-9));
  }

  @Test
  void oneColumnIsJudgedByThePositiveClassAndSaysSo() {
    var predictions = Predictions.binary(new double[] {.1, .2, .9}, new int[] {0, 0, 1});
    var error = CalibrationError.of(predictions, BinningConvention.GUO.withBins(1));
    assertThat(error.ece()).isCloseTo(Math.abs(1.2 / 3 - 1. / 3), CLOSE);
    assertThat(error).asString().endsWith("(guo: 1 equal-width bin, positive class, 3 rows)");
    var topLabel = CalibrationError.of(predictions, BinningConvention.EQUAL_COUNT.withBins(1));
    assertThat(topLabel.ece()).isCloseTo(1 - (.9 + .8 + .9) / 3, CLOSE);
  }

  @Test
  void conventionsAreFoundByNameAndEqualByNameAndBins() {
    for (BinningConvention convention : BinningConvention.all()) {
      assertThat(BinningConvention.named(convention.name())).isEqualTo(convention);
    }
    assertThat(BinningConvention.GUO.withBins(20))
        .isNotEqualTo(BinningConvention.GUO)
        .hasSameHashCodeAs(BinningConvention.named("guo").withBins(20));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BinningConvention.named("gou"))
        .withMessageContaining("convention must be one of guo, netcal,")
        .withMessageEndingWith("got gou");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BinningConvention.GUO.withBins(0))
        .withMessage("bins must be between 1 and 1000000, got 0");
  }

  @Test
  void forecastsRefuseWhatIsNotAForecast() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Forecasts.of(new double[0], new boolean[0]))
        .withMessage("forecasts need at least 1 row, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Forecasts.of(new double[] {1.5}, new boolean[1]))
        .withMessage("probabilities[0] must be in [0, 1], got 1.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Forecasts.of(new double[] {.5}, new boolean[2]))
        .withMessage("outcomes must have 1 values, one for each row, got 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Forecasts.of(new double[] {.5}, new boolean[1], new double[] {-1}))
        .withMessage("weights[0] must be finite and at least 0, got -1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Forecasts.of(new double[] {.5}, new boolean[1], new double[1]))
        .withMessage("weights must not all be 0");
    var unlabelled = Predictions.builder().probabilities(new double[][] {{.5, .5}}).build();
    assertThatIllegalStateException().isThrownBy(() -> CalibrationError.of(unlabelled));
  }

  @Test
  void partsOfTheBrierScoreRefuseConventionsThatLoseRows() {
    var binning = BinningConvention.SWAG_PAPER.bin(Forecasts.topLabel(Fixtures.inDistribution()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BrierDecomposition.of(binning))
        .withMessageContaining("need every row in a bin");
  }

  @Test
  void intervalsHaveOrderAndBinomialOnesRefuseNonsense() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Interval(1, 0));
    assertThat(new Interval(.2, .4).contains(.4)).isTrue();
    assertThat(Interval.UNKNOWN.contains(.5)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BinomialInterval.wilson(3, 2, .95))
        .withMessage("hits must be between 0 and trials = 2.0, got 3.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BinomialInterval.clopperPearson(1, 2, 1))
        .withMessage("level must be between 0 and 1, got 1.0");
  }
}
