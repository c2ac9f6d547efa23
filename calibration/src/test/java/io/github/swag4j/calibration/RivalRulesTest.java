package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.conformal.ConformalClassifier;
import io.github.swag4j.calibration.conformal.ConformalScore;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.LabelConditionalCalibrationError;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleToIntFunction;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Other libraries' rules of counting and binning, written out: their number, then ours. */
class RivalRulesTest {
  private static final Offset<Double> CLOSE = within(1e-12);

  @Test
  void torchmetricsCountsSaturateInHalfPrecisionAndOursAreLong() {
    double[] p = new double[5000];
    boolean[] y = new boolean[5000];
    Arrays.fill(p, .5);
    Arrays.fill(y, 0, 2500, true);
    double count = 0;
    double confidence = 0;
    double hits = 0;
    for (int i = 0; i < 5000; i++) {
      count = half(count + 1);
      confidence = half(confidence + p[i]);
      hits = half(hits + (y[i] ? 1 : 0));
    }
    assertThat(count).isEqualTo(2048);
    assertThat(Math.abs(hits - confidence) / count).isEqualTo(.5);
    var error = CalibrationError.of(Forecasts.of(p, y), BinningConvention.TORCHMETRICS);
    assertThat(error.binning().bins().stream().mapToLong(BinTotals::count).max()).hasValue(5000);
    assertThat(error.ece()).isZero();
  }

  /** Rounds a number from 0.5 to 65504 to 11 significant bits. */
  private static double half(double x) {
    double unit = Math.scalb(1.0, Math.getExponent(x) - 10);
    return x == 0 ? 0 : Math.rint(x / unit) * unit;
  }

  @Test
  void netcalReadsTwoLabelsOfFourAsABinaryProblemAndOursCountTheColumns() {
    double[][] p = {{.7, .1, .1, .1}, {.2, .6, .1, .1}, {.05, .05, .8, .1}};
    int[] labels = {0, 1, 1};
    boolean binary = IntStream.of(labels).distinct().count() <= 2;
    assertThat(binary).isTrue();
    double positives = (labels[0] + labels[1] + labels[2]) / 3.0;
    double asBinary = Math.abs((p[0][1] + p[1][1] + p[2][1]) / 3 - positives);
    assertThat(asBinary).isCloseTo(5. / 12, CLOSE);
    var predictions = Predictions.of(p, labels);
    assertThat(predictions.isBinary()).isFalse();
    assertThat(CalibrationError.of(predictions, BinningConvention.NETCAL.withBins(1)).ece())
        .isCloseTo(.7 - 2. / 3, CLOSE);
    assertThat(LabelConditionalCalibrationError.of(predictions).classes())
        .containsOnlyKeys(0, 1, 2);
  }

  @Test
  void netcalsEqualMassEdgesCoincideUnderTiesAndOursAreMerged() {
    double[] p = new double[50];
    boolean[] y = new boolean[50];
    Arrays.fill(p, 10, 50, 1);
    Arrays.fill(y, 20, 50, true);
    double smallest = 1;
    for (int b = 1; b <= 15; b++) {
      double step = p[(int) (49 * (b / 15.0))] - p[(int) (49 * ((b - 1) / 15.0))];
      smallest = Math.min(smallest, step);
    }
    assertThat(smallest).as("netcal refuses edges that coincide").isZero();
    var error = CalibrationError.of(Forecasts.of(p, y), BinningConvention.EQUAL_MASS);
    assertThat(error.ece()).isCloseTo(.2, CLOSE);
    assertThat(error.binning().lostRows()).isZero();
  }

  @Test
  void relplotsResamplesNeverDrawTheLastRowAndOursDo() {
    double[][] p = {{.9, .1}, {.9, .1}, {.9, .1}, {.9, .1}, {.1, .9}};
    int[] labels = {1, 1, 1, 1, 1};
    Random random = new Random(1);
    int drawn = 0;
    for (int draw = 0; draw < 200 * 5; draw++) {
      drawn += random.nextInt(5 - 1) == 4 ? 1 : 0; // randint(0, len - 1), upper end excluded
    }
    assertThat(drawn / 1000.0).as("upper end of relplot's interval of accuracy").isZero();
    var interval = Bootstrap.of(Metric.accuracy(), Predictions.of(p, labels));
    assertThat(interval.estimate()).isCloseTo(.2, CLOSE);
    assertThat(interval.upper()).isGreaterThanOrEqualTo(.4);
  }

  @Test
  void gpleissAndHollanceDropConfidenceZeroAndOursKeepIt() {
    double[] p = {0, .8};
    boolean[] y = {true, false};
    double gpleiss = binned(p, y, x -> x > 0 ? (int) Math.ceil(15 * x) : -1, 2);
    double hollance = binned(p, y, x -> x > 0 ? (int) Math.ceil(15 * x) : -1, 1);
    assertThat(gpleiss).isCloseTo(.4, CLOSE);
    assertThat(hollance).as("divides by the rows it kept").isCloseTo(.8, CLOSE);
    var ours = CalibrationError.of(Forecasts.of(p, y), BinningConvention.GUO);
    assertThat(ours.ece()).isCloseTo(.9, CLOSE);
    assertThat(ours.binning().lostRows()).isZero();
  }

  @Test
  void robustnessMetricsDropsProbabilitiesOfZeroAndOursAreCounted() {
    double[] second = {0, 0};
    boolean[] y = {true, false};
    assertThat(binned(second, y, x -> x > 0 ? 0 : -1, 2)).isZero();
    var predictions = Predictions.of(new double[][] {{1, 0, 0}, {1, 0, 0}}, new int[] {1, 0});
    var ours = ClasswiseCalibrationError.of(predictions).classes().get(1);
    assertThat(ours.binning().bins().get(0).count()).isEqualTo(2);
    assertThat(ours.ece()).isCloseTo(.5, CLOSE);
  }

  @Test
  void robustnessMetricsThresholdedErrorHasTheThresholdZeroAndOursClaimsNone() {
    double[] p = {.005, .005, .8, .8};
    boolean[] y = {true, false, true, true};
    double asDefined = thresholded(p, y, .01);
    double asCalled = thresholded(p, y, 0); // the threshold given is not passed on
    assertThat(asDefined).isCloseTo(.1, CLOSE);
    assertThat(asCalled).isCloseTo(.3475, CLOSE);
    var ours = CalibrationError.of(Forecasts.of(p, y), BinningConvention.EQUAL_COUNT.withBins(2));
    assertThat(ours.ece()).isCloseTo(.3475, CLOSE);
    assertThat(ours)
        .hasToString("ECE 0.3475 (equal-count: 2 equal-count bins, given event, 4 rows)");
  }

  private static double thresholded(double[] p, boolean[] y, double threshold) {
    return binned(p, y, x -> x > threshold ? (x < .5 ? 0 : 1) : -1, 4);
  }

  @Test
  void robustnessMetricsGivesOneABinOfItsOwnAndOursIsInTheLast() {
    double[] p = {.95, 1};
    boolean[] y = {true, false};
    assertThat(binned(p, y, x -> (int) (x * 10), 2)).isCloseTo(.525, CLOSE);
    var ours = CalibrationError.of(Forecasts.of(p, y), BinningConvention.GUO.withBins(10));
    assertThat(ours.ece()).isCloseTo(.475, CLOSE);
    assertThat(ours.binning().bins()).hasSize(10);
  }

  @Test
  void fortunasFirstBinDependsOnTheNumberOfRowsAndOursDoesNot() {
    double[] two = {.1, .5};
    boolean[] y = {true, false};
    double[] many = new double[200];
    boolean[] manyY = new boolean[200];
    for (int i = 0; i < 200; i++) {
      many[i] = two[i % 2];
      manyY[i] = y[i % 2];
    }
    assertThat(binned(two, y, x -> fortunaBin(x, 2), 2)).isCloseTo(.2, CLOSE);
    assertThat(binned(many, manyY, x -> fortunaBin(x, 200), 200)).isCloseTo(.7, CLOSE);
    assertThat(CalibrationError.of(Forecasts.of(two, y), BinningConvention.GUO).ece())
        .isCloseTo(.7, CLOSE);
    assertThat(CalibrationError.of(Forecasts.of(many, manyY), BinningConvention.GUO).ece())
        .isCloseTo(.7, CLOSE);
  }

  private static int fortunaBin(double p, int rows) {
    int bin = 0;
    for (int i = 0; i < 10; i++) {
      bin += p > 1.0 / rows + i * (1 - 1.0 / rows) / 9 ? 1 : 0;
    }
    return bin;
  }

  @Test
  void fortunasMaximumErrorCountsRowsAndOursIsAtMostOne() {
    double[] p = new double[10];
    Arrays.fill(p, .9);
    boolean[] y = new boolean[10];
    assertThat(binned(p, y, x -> fortunaBin(x, 10), 1)).as("gap times count").isCloseTo(9, CLOSE);
    assertThat(CalibrationError.of(Forecasts.of(p, y), BinningConvention.GUO).mce())
        .isCloseTo(.9, CLOSE);
  }

  @Test
  void fortunasConformalQuantileIsAboveOneForFewRowsAndOursIsTheWholeLabelSpace() {
    double[][] p = new double[8][];
    Arrays.setAll(p, i -> new double[] {.5 + .05 * i, .5 - .05 * i});
    double level = Math.ceil((8 + 1) * (1 - .1)) / 8;
    assertThat(level).as("no quantile has this level: NaN").isEqualTo(1.125);
    var fitted =
        ConformalClassifier.fit(
            Predictions.of(p, new int[8]),
            ConformalClassifier.Options.of(.1, ConformalScore.lac()));
    assertThat(fitted.strata().get(0).threshold()).isInfinite();
    var sets = fitted.predict(Predictions.of(new double[][] {{.99, .01}}, new int[] {1}));
    assertThat(sets.meanSize()).isEqualTo(2);
    assertThat(sets.coverage()).isEqualTo(1);
  }

  @Test
  void mapiesArraySplitTrustsTheOrderOfRowsAndEqualMassDoesNot() {
    double[] ascending = {.1, .2, .3, .7, .8, .9};
    double[] mixed = {.9, .1, .7, .3, .8, .2};
    assertThat(arraySplit(ascending)).isCloseTo(.1, CLOSE);
    assertThat(arraySplit(mixed)).isCloseTo(0, CLOSE);
    var convention = BinningConvention.EQUAL_MASS.withBins(3);
    assertThat(CalibrationError.of(aboveHalf(ascending), convention).ece()).isCloseTo(.1, CLOSE);
    assertThat(convention.bin(aboveHalf(mixed)).bins())
        .isEqualTo(convention.bin(aboveHalf(ascending)).bins());
  }

  private static double arraySplit(double[] p) {
    double sum = 0;
    for (int i = 0; i < 6; i += 2) {
      double hits = (p[i] > .5 ? 1 : 0) + (p[i + 1] > .5 ? 1 : 0);
      sum += Math.abs(p[i] + p[i + 1] - hits) / 6;
    }
    return sum;
  }

  private static Forecasts aboveHalf(double[] p) {
    boolean[] y = new boolean[p.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = p[i] > .5;
    }
    return Forecasts.of(p, y);
  }

  @Test
  void openOodTakesTheLargestLogitForTheConfidenceAndOursIsItsProbability() {
    double[][] logits = {{4, 0}, {3, 0}, {.6, .1}};
    boolean[] right = {true, true, false};
    double[] largest = {4, 3, .6};
    double rival = binned(largest, right, x -> x < 1 ? (int) (15 * x) : -1, 3);
    assertThat(rival).as("rows of logit 1 or more are in no bin").isCloseTo(.2, CLOSE);
    var ours = CalibrationError.of(Predictions.ofLogits(logits, new int[] {0, 0, 1}));
    double certain = 2 - 1 / (1 + Math.exp(-4)) - 1 / (1 + Math.exp(-3));
    assertThat(ours.ece()).isCloseTo((certain + 1 / (1 + Math.exp(-.5))) / 3, CLOSE);
    assertThat(ours.binning().lostRows()).isZero();
  }

  /** Sum over bins of |sum of p - number right|, divided; bin -1 leaves a row out. */
  private static double binned(double[] p, boolean[] y, DoubleToIntFunction bin, double divisor) {
    Map<Integer, Double> gaps = new TreeMap<>();
    for (int i = 0; i < p.length; i++) {
      if (bin.applyAsInt(p[i]) >= 0) {
        gaps.merge(bin.applyAsInt(p[i]), p[i] - (y[i] ? 1 : 0), Double::sum);
      }
    }
    return gaps.values().stream().mapToDouble(Math::abs).sum() / divisor;
  }
}
