package io.github.swag4j.calibration.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.regression.QuantileCalibration.Kind;
import io.github.swag4j.calibration.regression.SamplePredictions.CrpsEstimator;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class RegressionPropertiesTest {

  private static double[] normal(Random random, int n, double scale) {
    return IntStream.range(0, n).mapToDouble(i -> scale * random.nextGaussian()).toArray();
  }

  private static GaussianPredictions gaussian(int rows, long seed) {
    Random random = new Random(seed);
    double[] mean = normal(random, rows, 3);
    // Few distinct deviations, so that there are ties.
    double[] sd = random.ints(rows, 1, 5).mapToDouble(i -> i / 2.0).toArray();
    double[] y = normal(random, rows, 4);
    return GaussianPredictions.of(mean, sd, y).withWeights(random.doubles(rows, 0.5, 2).toArray());
  }

  private static SamplePredictions draws(int draws, int rows, long seed) {
    Random random = new Random(seed);
    double[][] x = new double[draws][];
    Arrays.setAll(x, s -> random.ints(rows, -5, 5).asDoubleStream().toArray());
    return SamplePredictions.of(x, random.ints(rows, -5, 5).asDoubleStream().toArray());
  }

  @Property(tries = 200)
  void crpsIsNeverNegativeAndNeverAboveTheDistanceToTheMeanPlusTheSpread(
      @ForAll @IntRange(min = 1, max = 20) int size, @ForAll long seed) {
    for (RegressionPredictions p : List.of(gaussian(size, seed), draws(size, 3, seed))) {
      for (int row = 0; row < p.rows(); row++) {
        double distance = Math.abs(p.mean(row) - p.target(row));
        assertThat(p.crps(row))
            .isGreaterThanOrEqualTo(0)
            .isLessThanOrEqualTo(distance + p.standardDeviation(row) + 1e-12);
      }
    }
  }

  @Property(tries = 200)
  void crpsOfEqualDrawsIsTheAbsoluteError(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double x,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double y,
      @ForAll @IntRange(min = 2, max = 9) int draws) {
    double[][] same = new double[draws][];
    Arrays.fill(same, new double[] {x});
    SamplePredictions p = SamplePredictions.of(same, new double[] {y});
    double error = Math.abs(x - y);
    assertThat(p.crps(0)).isEqualTo(error, within(1e-15 * error));
    assertThat(p.withCrps(CrpsEstimator.FAIR).crps(0)).isEqualTo(error, within(1e-15 * error));
  }

  @Property(tries = 100)
  void aNarrowGaussianScoresItsAbsoluteError(
      @ForAll @DoubleRange(min = -100, max = 100) double mean,
      @ForAll @DoubleRange(min = -100, max = 100) double y) {
    GaussianPredictions p =
        GaussianPredictions.of(new double[] {mean}, new double[] {1e-9}, new double[] {y});
    assertThat(p.crps(0)).isEqualTo(Math.abs(mean - y), within(1e-9));
  }

  @Property(tries = 100)
  void anOffsetOfDrawsAndTargetChangesNoCrps(
      @ForAll @IntRange(min = 2, max = 30) int draws, @ForAll long seed) {
    SamplePredictions p = draws(draws, 1, seed);
    Random random = new Random(seed);
    double[][] far = new double[draws][];
    Arrays.setAll(far, s -> random.ints(1, -5, 5).mapToDouble(v -> v + 1e9).toArray());
    SamplePredictions q =
        SamplePredictions.of(far, random.ints(1, -5, 5).mapToDouble(v -> v + 1e9).toArray());
    assertThat(q.crps(0)).isEqualTo(p.crps(0), within(1e-13));
  }

  @Property(tries = 100)
  void shufflingRowsChangesNoBitOfAnyResult(
      @ForAll @IntRange(min = 1, max = 40) int rows, @ForAll long seed) {
    Random random = new Random(seed);
    double[] mean = normal(random, rows, 3);
    double[] sd = random.ints(rows, 1, 5).mapToDouble(i -> i / 2.0).toArray();
    double[] y = normal(random, rows, 4);
    double[] w = random.doubles(rows, 0.5, 2).toArray();
    List<Integer> order = Arrays.asList(IntStream.range(0, rows).boxed().toArray(Integer[]::new));
    Collections.shuffle(order, random);
    GaussianPredictions a = GaussianPredictions.of(mean, sd, y).withWeights(w);
    GaussianPredictions b =
        GaussianPredictions.of(pick(mean, order), pick(sd, order), pick(y, order))
            .withWeights(pick(w, order));
    assertThat(RegressionScores.of(b)).isEqualTo(RegressionScores.of(a));
    assertThat(PredictionIntervals.of(b, 0.8)).isEqualTo(PredictionIntervals.of(a, 0.8));
    assertThat(VarianceCalibration.of(b, 3)).isEqualTo(VarianceCalibration.of(a, 3));
    for (Kind kind : Kind.values()) {
      assertThat(QuantileCalibration.of(b, kind).observed())
          .isEqualTo(QuantileCalibration.of(a, kind).observed());
    }
    assertThat(ProbabilityIntegralTransform.of(b).variance())
        .isEqualTo(ProbabilityIntegralTransform.of(a).variance());
  }

  private static double[] pick(double[] values, List<Integer> order) {
    return order.stream().mapToDouble(i -> values[i]).toArray();
  }

  @Property(tries = 100)
  void weightTwoIsARowTwice(@ForAll @IntRange(min = 1, max = 20) int rows, @ForAll long seed) {
    Random random = new Random(seed);
    double[] mean = normal(random, rows, 3);
    double[] sd = random.ints(rows, 1, 5).mapToDouble(i -> i / 2.0).toArray();
    double[] y = normal(random, rows, 4);
    int[] times = random.ints(rows, 1, 4).toArray();
    List<Integer> repeated =
        IntStream.range(0, rows)
            .boxed()
            .flatMap(i -> Collections.nCopies(times[i], i).stream())
            .toList();
    GaussianPredictions weighted =
        GaussianPredictions.of(mean, sd, y)
            .withWeights(Arrays.stream(times).asDoubleStream().toArray());
    GaussianPredictions twice =
        GaussianPredictions.of(pick(mean, repeated), pick(sd, repeated), pick(y, repeated));
    assertThat(RegressionScores.of(weighted).crps())
        .isEqualTo(RegressionScores.of(twice).crps(), within(1e-12));
    assertThat(VarianceCalibration.of(weighted, 3).ence())
        .isEqualTo(VarianceCalibration.of(twice, 3).ence(), within(1e-12));
    assertThat(QuantileCalibration.of(weighted, Kind.QUANTILE).mace())
        .isEqualTo(QuantileCalibration.of(twice, Kind.QUANTILE).mace(), within(1e-12));
  }

  @Property(tries = 100)
  void errorsOfTheCurveAreOrderedAndBounded(
      @ForAll @IntRange(min = 1, max = 40) int rows, @ForAll long seed) {
    for (Kind kind : Kind.values()) {
      QuantileCalibration curve = QuantileCalibration.of(gaussian(rows, seed), kind);
      assertThat(curve.mace()).isBetween(0.0, curve.rmsce() + 1e-15);
      assertThat(curve.rmsce()).isLessThanOrEqualTo(1);
      assertThat(curve.miscalibrationArea()).isBetween(0.0, 0.5);
      assertThat(curve.observed()).isSorted();
      assertThat(curve.observed()[99]).isEqualTo(1);
    }
  }

  @Property(tries = 100)
  void noRowIsLostByBins(
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 50) int bins,
      @ForAll long seed) {
    GaussianPredictions p = gaussian(rows, seed);
    assertThat(
            VarianceCalibration.of(p, bins).bins().stream()
                .mapToLong(VarianceCalibration.Bin::count)
                .sum())
        .isEqualTo(rows);
    assertThat(Arrays.stream(ProbabilityIntegralTransform.of(p).histogram(bins)).sum())
        .isEqualTo(rows);
  }

  @Property(tries = 100)
  void quantileAndCdfOfAGaussianAreInverse(
      @ForAll @DoubleRange(min = -12, max = -0.01) double exponent, @ForAll long seed) {
    double level = Math.pow(10, exponent);
    GaussianPredictions p = gaussian(1, seed);
    assertThat(p.cdf(0, p.quantile(0, level))).isEqualTo(level, within(1e-11 * level));
  }

  @Property(tries = 100)
  void levelsAndProportionsOfARecalibrationAreInverse(
      @ForAll @IntRange(min = 2, max = 40) int rows,
      @ForAll @DoubleRange(min = 0, max = 1) double wanted,
      @ForAll long seed) {
    QuantileCalibration curve = QuantileCalibration.of(gaussian(rows, seed), Kind.QUANTILE);
    LevelRecalibration fit = LevelRecalibration.fit(curve);
    double[] observed = curve.observed();
    if (wanted >= observed[0]) {
      assertThat(fit.proportion(fit.nominal(wanted))).isEqualTo(wanted, within(1e-9));
    }
    assertThat(fit.nominal(wanted)).isBetween(0.0, 1.0);
  }
}
