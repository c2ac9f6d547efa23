package io.github.swag4j.calibration.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.regression.AdversarialGroupCalibration.GroupError;
import io.github.swag4j.calibration.regression.AdversarialGroupCalibration.Options;
import io.github.swag4j.calibration.regression.AdversarialGroupCalibration.Point;
import io.github.swag4j.calibration.regression.QuantileCalibration.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdversarialGroupCalibrationTest {

  private static GaussianPredictions drawn(int rows, long seed, double shiftOfHalves) {
    Random random = new Random(seed);
    double[] mean = new double[rows];
    double[] sd = new double[rows];
    double[] target = new double[rows];
    for (int i = 0; i < rows; i++) {
      mean[i] = random.nextGaussian();
      sd[i] = 0.5 + random.nextDouble();
      target[i] = mean[i] + sd[i] * (random.nextGaussian() + (i % 2 == 0 ? 1 : -1) * shiftOfHalves);
    }
    return GaussianPredictions.of(mean, sd, target);
  }

  private static Options options(Kind kind, GroupError error, int trials, int groups) {
    return new Options(kind, error, 100, 10, trials, groups, 5);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theGroupOfAllRowsHasTheErrorOfAllRows(Kind kind) {
    GaussianPredictions p = drawn(60, 1, 0.3);
    QuantileCalibration all = QuantileCalibration.of(p, kind);
    Point mace = last(AdversarialGroupCalibration.of(p, options(kind, GroupError.MACE, 3, 2)));
    assertThat(mace.worst()).isCloseTo(all.mace(), within(1e-14));
    assertThat(mace.standardError()).isCloseTo(0, within(1e-15));
    assertThat(mace.rows()).isEqualTo(60);
    Point rmsce = last(AdversarialGroupCalibration.of(p, options(kind, GroupError.RMSCE, 3, 2)));
    assertThat(rmsce.worst()).isCloseTo(all.rmsce(), within(1e-14));
  }

  private static Point last(AdversarialGroupCalibration curve) {
    return curve.points().get(curve.points().size() - 1);
  }

  @Test
  void oneGroupATrialHasTheMeanErrorOfAllPairs() {
    GaussianPredictions p = drawn(12, 2, 0);
    double sum = 0;
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < i; j++) {
        sum += QuantileCalibration.of(rows(p, i, j), Kind.QUANTILE).mace() / 66;
      }
    }
    AdversarialGroupCalibration curve =
        AdversarialGroupCalibration.of(p, options(Kind.QUANTILE, GroupError.MACE, 20_000, 1));
    Point pairs = curve.points().get(0);
    assertThat(pairs.rows()).isEqualTo(2);
    assertThat(pairs.worst()).isCloseTo(sum, within(5 * pairs.standardError()));
    assertThat(pairs.standardError()).isLessThan(0.002);
    // Half to even, as Python rounds: 12 / 9 is 1, at least 2; 12 * 2 / 9 is 3.
    assertThat(curve.points())
        .extracting(Point::rows)
        .containsExactly(2, 2, 3, 4, 5, 7, 8, 9, 11, 12);
  }

  private static GaussianPredictions rows(GaussianPredictions p, int... rows) {
    return GaussianPredictions.of(
        Arrays.stream(rows).mapToDouble(p::mean).toArray(),
        Arrays.stream(rows).mapToDouble(p::standardDeviation).toArray(),
        Arrays.stream(rows).mapToDouble(p::target).toArray());
  }

  @Test
  void theOrderOfTheRowsChangesNoBitAndTheSeedDoes() {
    GaussianPredictions p = drawn(40, 3, 0.5);
    int[] turned = new int[40];
    Arrays.setAll(turned, i -> (i * 7 + 3) % 40);
    List<Point> points = AdversarialGroupCalibration.of(p, Options.defaults()).points();
    assertThat(AdversarialGroupCalibration.of(rows(p, turned), Options.defaults()).points())
        .isEqualTo(points);
    Options other = new Options(Kind.CENTRAL_INTERVAL, GroupError.MACE, 100, 10, 10, 10, 1);
    assertThat(AdversarialGroupCalibration.of(p, other).points()).isNotEqualTo(points);
  }

  @Test
  void smallGroupsAreWorseAndHiddenShiftsShow() {
    List<Point> good =
        AdversarialGroupCalibration.of(drawn(400, 4, 0), Options.defaults()).points();
    for (int i = 1; i < 10; i++) {
      assertThat(good.get(i).worst()).isLessThanOrEqualTo(good.get(i - 1).worst() + 0.01);
    }
    Options quantiles = new Options(Kind.QUANTILE, GroupError.MACE, 100, 10, 10, 10, 0);
    Point calm = AdversarialGroupCalibration.of(drawn(400, 4, 0), quantiles).points().get(1);
    Point shifted = AdversarialGroupCalibration.of(drawn(400, 4, 1.5), quantiles).points().get(1);
    assertThat(shifted.worst()).isGreaterThan(calm.worst() + 0.03);
  }

  @Test
  void weightTwoInTheGroupOfAllIsTheRowTwice() {
    GaussianPredictions p = drawn(20, 6, 0.2);
    double[] weights = new double[20];
    Arrays.fill(weights, 1);
    weights[3] = 2;
    int[] repeated = new int[21];
    Arrays.setAll(repeated, i -> i == 20 ? 3 : i);
    assertThat(
            last(AdversarialGroupCalibration.of(p.withWeights(weights), Options.defaults()))
                .worst())
        .isCloseTo(
            last(AdversarialGroupCalibration.of(rows(p, repeated), Options.defaults())).worst(),
            within(1e-14));
  }

  @Test
  void tooFewRowsOrDrawsAreRefusedAndResultsPrintThemselves() {
    assertThatThrownBy(() -> AdversarialGroupCalibration.of(drawn(1, 1, 0), Options.defaults()))
        .hasMessage("groups need at least 2 rows, got 1");
    assertThatThrownBy(() -> options(Kind.QUANTILE, GroupError.MACE, 1, 1))
        .hasMessage(
            "levels, sizes and trials must be at least 2 and groups at least 1, got 100, 10, 1 and 1");
    assertThat(AdversarialGroupCalibration.of(drawn(30, 1, 0), Options.defaults()).toString())
        .startsWith("MACE of the worst of 10 groups (central intervals, 10 trials, seed 0)")
        .contains("30 rows: 0.");
  }
}
