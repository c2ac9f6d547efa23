package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.reliability.CorpCurve;
import io.github.swag4j.calibration.reliability.OverconfidenceCurve;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.LabelledRows;
import io.github.swag4j.calibration.sketch.SketchBits;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What other libraries get wrong, one test each; where a convention keeps the fault, it says so.
 * Errors of rules that are no convention of ours are in {@link RivalRulesTest}.
 */
class RivalDefectTest {
  private static final Offset<Double> CLOSE = within(1e-12);

  @Test
  void torchmetricsPutsConfidenceOneInAHiddenBin() {
    var predictions = Predictions.binary(new double[] {.95, 1}, new int[] {1, 0});
    var hidden = CalibrationError.of(predictions, BinningConvention.TORCHMETRICS.withBins(10));
    assertThat(hidden.ece()).isCloseTo(.525, CLOSE);
    assertThat(hidden.binning().bins()).hasSize(11);
    assertThat(CalibrationError.of(predictions, BinningConvention.GUO.withBins(10)).ece())
        .isCloseTo(.475, CLOSE);
  }

  @Test
  void torchmetricsSwallowsNotANumber() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Forecasts.of(new double[] {.5, Double.NaN}, new boolean[] {true, false}))
        .withMessage("probabilities[1] must be in [0, 1], got NaN");
  }

  @Test
  void torchmetricsPutsLogitsThroughASigmoidUnaskedAndOursAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.binary(new double[] {.3, 1.7}, new int[] {0, 1}))
        .withMessageContaining("must be in [0, 1]");
  }

  @Test
  void swaGaussianLosesSaturatedConfidences() {
    double[] p = new double[1000];
    boolean[] y = new boolean[1000];
    for (int i = 0; i < 1000; i++) {
      p[i] = i < 600 ? 1 : .4 + .5 * (i - 600) / 400;
      y[i] = i % 5 != 0;
    }
    var forecasts = Forecasts.of(p, y);
    var paper = CalibrationError.of(forecasts, BinningConvention.SWAG_PAPER);
    assertThat(paper.binning().lostRows()).isGreaterThanOrEqualTo(600);
    assertThat(paper.toString()).contains("in no bin");
    var honest = CalibrationError.of(forecasts, BinningConvention.GUO);
    assertThat(honest.binning().lostRows()).isZero();
    assertThat(honest.ece()).isGreaterThan(2 * paper.ece());
  }

  @Test
  void swagPapersCurveOverHonestBinsHasAPointForSaturatedRows() {
    double[][] p = new double[100][];
    int[] y = new int[100];
    for (int i = 0; i < 100; i++) {
      double top = i < 60 ? 1 : .5 + .004 * i;
      p[i] = new double[] {top, 1 - top};
      y[i] = i % 4 == 0 ? 1 : 0;
    }
    var points = OverconfidenceCurve.of(Predictions.of(p, y)).points();
    var last = points.get(points.size() - 1);
    assertThat(last.confidence()).isEqualTo(1.0);
    assertThat(last.overconfidence()).isCloseTo(.25, CLOSE);
    assertThat(last.stretched()).isCloseTo(6, CLOSE);
    assertThat(points.stream().mapToLong(OverconfidenceCurve.Point::count).sum()).isEqualTo(100);
  }

  @Test
  void mapieMakesOneBinFewerThanAskedFor() {
    var forecasts =
        Forecasts.of(new double[] {.25, .25, .75, .75}, new boolean[] {false, false, true, true});
    var one = CalibrationError.of(forecasts, BinningConvention.MAPIE.withBins(2));
    assertThat(one.ece()).isCloseTo(0, CLOSE);
    assertThat(CalibrationError.of(forecasts, BinningConvention.GUO.withBins(2)).ece())
        .isCloseTo(.25, CLOSE);
    assertThat(BinningConvention.MAPIE).hasToString("mapie: 49 equal-width bins and one for 0.0");
  }

  @Test
  void hendrycksDropsTheMostConfidentBin() {
    double[] p = new double[200];
    boolean[] y = new boolean[200];
    for (int i = 0; i < 200; i++) {
      p[i] = i < 100 ? .5 : 1;
      y[i] = i < 100 && i % 2 == 0;
    }
    var forecasts = Forecasts.of(p, y);
    var dropped = CalibrationError.of(forecasts, BinningConvention.HENDRYCKS);
    assertThat(dropped.rmsce()).isCloseTo(0, CLOSE);
    assertThat(dropped.binning().lostRows()).isEqualTo(100);
    assertThat(CalibrationError.of(forecasts, BinningConvention.EQUAL_COUNT.withBins(2)).rmsce())
        .isCloseTo(Math.sqrt(.5), CLOSE);
  }

  @Test
  void hendrycksHasNoIndexErrorForFewRowsButARemedy() {
    var forecasts = Forecasts.of(new double[] {.5}, new boolean[] {true});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibrationError.of(forecasts, BinningConvention.HENDRYCKS))
        .withMessageContaining("bins of 100 rows need at least as many rows, got 1");
  }

  @Test
  void netcalDrawsEmptyBinsAsCalibratedAndOursSayNothing() {
    var bins =
        ReliabilityDiagram.of(
                Forecasts.of(new double[] {.9}, new boolean[] {true}), BinningConvention.GUO)
            .bins();
    assertThat(bins.get(3).isEmpty()).isTrue();
    assertThat(bins.get(3).accuracy()).isNaN();
    assertThat(bins.get(3).meanConfidence()).isNaN();
    assertThat(bins.get(3).clopperPearson()).isEqualTo(Interval.UNKNOWN);
  }

  /** Half the rows are sure and right, half miss by 0.2: the error is 0.1 and relplot has 0.13. */
  @Test
  void relplotsSmoothErrorCountsSaturatedRowsHalfAndOursInFull() {
    double[] f = new double[1000];
    boolean[] came = new boolean[1000];
    for (int i = 0; i < 1000; i++) {
      f[i] = i < 500 ? 1 : 0.4;
      came[i] = i < 500 || i % 5 == 0;
    }
    Forecasts forecasts = Forecasts.of(f, came);
    assertThat(SmoothCalibrationError.of(forecasts).value()).isCloseTo(0.1, within(2e-3));
    assertThat(
            SmoothCalibrationError.of(forecasts, SmoothCalibrationError.Kernel.REFLECTED_RELPLOT)
                .value())
        .isCloseTo(0.1333, within(3e-3));
  }

  /** Wide kernels: the definition integrated by the images of every row, no grid. */
  @ParameterizedTest
  @ValueSource(doubles = {0.02, 0.1, 0.3, 0.6, 1})
  void relplotsKernelEndsHalfAUnitAwayAndOursIsThatOfTheDefinition(double sigma) {
    double[] f = {0, 0, 0.05, 0.3, 0.55, 0.7, 0.97, 1, 1, 1};
    boolean[] came = {true, false, false, true, false, true, true, false, true, true};
    double error = 0;
    int points = 4000;
    for (int i = 0; i < points; i++) {
      double t = (i + 0.5) / points;
      double sum = 0;
      for (int r = 0; r < f.length; r++) {
        double kernel = 0;
        for (int m = -6; m <= 6; m++) {
          for (double image : new double[] {2 * m + f[r], 2 * m - f[r]}) {
            double z = (t - image) / sigma;
            kernel += Math.exp(-z * z / 2) / (sigma * Math.sqrt(2 * Math.PI));
          }
        }
        sum += kernel * (f[r] - (came[r] ? 1 : 0));
      }
      error += Math.abs(sum) / f.length / points;
    }
    assertThat(SmoothCalibrationError.at(Forecasts.of(f, came), sigma))
        .isCloseTo(error, within(1e-3));
  }

  @Test
  void relplotsBinsMisplaceThreeTenthsAndOursDoNot() {
    // (int) (0.3 / 0.1) is 2, (int) (0.6 / 0.1) is 5 and (int) (1.0 / 0.1) an eleventh bin.
    var bins =
        BinningConvention.NETCAL.bin(Forecasts.of(new double[] {.3, .6, 1}, new boolean[3])).bins();
    assertThat(bins).hasSize(10);
    assertThat(bins.get(9).count()).isEqualTo(1);
    var guo =
        BinningConvention.GUO
            .withBins(10)
            .bin(Forecasts.of(new double[] {.3, .6, 1}, new boolean[3]))
            .bins();
    assertThat(guo.get(2).count()).isEqualTo(1);
    assertThat(guo.get(5).count()).isEqualTo(1);
    assertThat(guo.get(9).count()).isEqualTo(1);
  }

  @Test
  void dl4jsEdgesMoveASampleAtThreeTenths() {
    // 3 * (1 / 10.0) is 0.30000000000000004, so that 0.3 would be below an edge that it equals.
    var forecasts = Forecasts.of(new double[] {.3}, new boolean[1]);
    assertThat(3 * (1 / 10.0)).isGreaterThan(.3);
    double edge = BinningConvention.GUO.withBins(10).bin(forecasts).bins().get(2).upper();
    assertThat(edge).isEqualTo(.3);
  }

  @Test
  void sklearnsQuantileBinsShrinkUnderTiesAndOursSaySo() {
    double[] p = {.1, .9, .9, .9, .9, .9, .9, .9, .9, .9};
    var binning = BinningConvention.EQUAL_MASS.withBins(5).bin(Forecasts.of(p, new boolean[10]));
    assertThat(binning.bins()).hasSizeLessThan(5);
    assertThat(binning.bins().stream().mapToLong(BinTotals::count).sum()).isEqualTo(10);
  }

  @Test
  void smilesIsotonicRegressionDoesNotPoolTies() {
    double[] p = {.2, .6, .6, .6, .6, .9};
    boolean[] y = {false, false, false, false, true, true};
    assertThat(CorpCurve.of(Forecasts.of(p, y)).at(.6)).isEqualTo(.25);
  }

  @Test
  void equalCountBinsDoNotDependOnTheOrderOfTies() {
    Integer[] order = new Integer[40];
    Arrays.setAll(order, i -> i);
    Double first = null;
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(Arrays.asList(order), new java.util.Random(seed));
      double[] p = new double[40];
      boolean[] y = new boolean[40];
      for (int i = 0; i < 40; i++) {
        p[i] = order[i] < 25 ? 1 : .5;
        y[i] = order[i] % 3 == 0;
      }
      double ece = CalibrationError.of(Forecasts.of(p, y), BinningConvention.EQUAL_COUNT).ece();
      first = first == null ? ece : first;
      assertThat(ece).isEqualTo(first);
    }
  }

  @Test
  void everyConventionCountsEveryRowOrSaysHowManyItLoses() {
    Predictions predictions = Fixtures.inDistribution();
    for (BinningConvention convention : BinningConvention.all()) {
      var binning = CalibrationError.of(predictions, convention).binning();
      long binned = binning.bins().stream().mapToLong(BinTotals::count).sum();
      assertThat(binned + binning.lostRows()).isEqualTo(500);
      boolean peerLosesRows = List.of("swag-paper", "hendrycks").contains(convention.name());
      assertThat(binning.lostRows() > 0).as(convention.name()).isEqualTo(peerLosesRows);
    }
  }

  @Test
  void mapiesSpiegelhalterTestIsOneSidedAndOursIsNot() {
    double[] p = new double[1000];
    boolean[] y = new boolean[1000];
    Arrays.fill(p, .7);
    Arrays.fill(y, true);
    var test = SpiegelhalterTest.of(Forecasts.of(p, y));
    assertThat(test.statistic()).isLessThan(-10);
    assertThat(new NormalDistribution().cumulativeProbability(-test.statistic())).isEqualTo(1);
    assertThat(test.pValue()).isLessThan(1e-20);
  }

  @Test
  void dl4jsMergeIntoAnEmptyEvaluationSharesItsArraysAndOursDoesNot() {
    long[] theirs = {3};
    long[] merged = theirs; // an empty evaluation takes over the other's arrays, then adds them
    merged[0] += theirs[0];
    assertThat(merged[0]).as("three rows merged into none").isEqualTo(6);
    assertThat(theirs[0]).as("the other was only read").isEqualTo(6);
    var other = sketch(3);
    var empty = new CalibrationSketch(2);
    empty.merge(other);
    SketchBits.same(empty, sketch(3));
    empty.add(
        LabelledRows.of(new float[] {.2f, .8f, .3f, .7f}, new int[] {1, 0}, empty.classes()), 0, 2);
    assertThat(empty.rows()).isEqualTo(5);
    SketchBits.same(other, sketch(3));
    other.merge(empty);
    assertThat(empty.rows()).isEqualTo(5);
    assertThat(other.rows()).isEqualTo(8);
  }

  private static CalibrationSketch sketch(int rows) {
    var sketch = new CalibrationSketch(2);
    for (int r = 0; r < rows; r++) {
      sketch.add(
          LabelledRows.of(new float[] {.9f, .1f}, new int[] {r % 2}, sketch.classes()), 0, 1);
    }
    return sketch;
  }
}
