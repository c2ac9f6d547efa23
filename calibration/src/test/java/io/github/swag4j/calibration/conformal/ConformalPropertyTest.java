package io.github.swag4j.calibration.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.conformal.ConformalClassifier.Options;
import io.github.swag4j.calibration.recalibration.Fixture;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConformalPropertyTest {

  @Test
  void coverageFollowsItsBetaDistributionOverManySplits() {
    ConformalScore[] scores = {
      ConformalScore.lac(), ConformalScore.aps(), ConformalScore.raps(0.05, 1)
    };
    for (ConformalScore plain : scores) {
      int inside = 0;
      double mean = 0;
      int splits = 2000;
      for (int s = 0; s < splits; s++) {
        // Misspecified on purpose: the promise does not need a good model.
        Predictions calibration = Fixture.exchangeable(100_000L + s, 100, 4, 0.5);
        Predictions test = Fixture.exchangeable(500_000L + s, 200, 4, 0.5);
        // The promise is over the draws of randomised scores too, so each split has its own.
        ConformalScore score =
            plain.equals(ConformalScore.lac()) ? plain : plain.randomised(900_000L + s);
        ConformalClassifier fitted = ConformalClassifier.fit(calibration, Options.of(0.1, score));
        double coverage = fitted.predict(test).coverage();
        mean += coverage / splits;
        if (fitted.strata().get(0).coverage().interval(0.95, 200).contains(coverage)) {
          inside++;
        }
      }
      // 95 % of 2000 is 1900, standard deviation 9.7; the interval of a count holds a little more.
      assertThat(inside).as(plain.toString()).isBetween(1870, 1960);
      // ceil(101 * 0.9) / 101 = 0.901, standard deviation 0.0008.
      assertThat(mean).as(plain.toString()).isBetween(0.898, 0.904);
    }
  }

  @Property(tries = 100)
  void smallerErrorRatesGiveSetsThatContainTheLargerOnes(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 2, max = 70) int classes,
      @ForAll @DoubleRange(min = 0.02, max = 0.9) double alpha) {
    Predictions calibration = Fixture.random(seed, rows, classes, 1);
    Predictions test = Fixture.random(seed + 1, 20, classes, 1);
    for (ConformalScore score :
        new ConformalScore[] {
          ConformalScore.lac(), ConformalScore.aps(), ConformalScore.raps(0.1, 1).randomised(seed)
        }) {
      PredictionSets wide =
          ConformalClassifier.fit(calibration, Options.of(alpha / 2, score)).predict(test);
      PredictionSets narrow =
          ConformalClassifier.fit(calibration, Options.of(alpha, score)).predict(test);
      for (int row = 0; row < 20; row++) {
        for (int k : narrow.set(row)) {
          assertThat(wide.contains(row, k)).isTrue();
        }
        assertThat(narrow.size(row)).isEqualTo(narrow.set(row).length);
      }
    }
  }

  @Property(tries = 100)
  void classifierReadsBackFromJsonWithTheSameBits(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll Conditioning conditioning,
      @ForAll boolean neverEmpty) {
    String[] groups = new String[rows];
    Arrays.setAll(groups, i -> "g\"" + i % 3);
    Predictions p = grouped(Fixture.random(seed, rows, 3, 1), groups);
    Options options =
        new Options(0.2, ConformalScore.raps(0.1, 1).randomised(seed), conditioning, neverEmpty);
    ConformalClassifier fitted = ConformalClassifier.fit(p, options);
    ConformalClassifier read = ConformalClassifier.fromJson(fitted.toJson());
    assertThat(read.toJson()).isEqualTo(fitted.toJson());
    assertThat(read.options()).isEqualTo(options);
    assertThat(read.strata()).isEqualTo(fitted.strata());
    Predictions test = grouped(Fixture.random(seed + 1, rows, 3, 1), groups);
    for (int row = 0; row < rows; row++) {
      assertThat(read.predict(test).set(row)).containsExactly(fitted.predict(test).set(row));
    }
  }

  private static Predictions grouped(Predictions p, String[] groups) {
    double[][] values = new double[p.rows()][];
    int[] labels = new int[p.rows()];
    for (int i = 0; i < values.length; i++) {
      values[i] = p.probabilities(i);
      labels[i] = p.label(i);
    }
    return Predictions.builder().probabilities(values).labels(labels).groups(groups).build();
  }

  @Property(tries = 50)
  void orderOfCalibrationRowsDoesNotMatterWithoutRandomisation(@ForAll long seed) {
    Predictions p = Fixture.random(seed, 50, 3, 1);
    for (ConformalScore score : new ConformalScore[] {ConformalScore.lac(), ConformalScore.aps()}) {
      ConformalClassifier a = ConformalClassifier.fit(p, Options.of(0.1, score));
      ConformalClassifier b =
          ConformalClassifier.fit(Fixture.shuffled(p, seed), Options.of(0.1, score));
      assertThat(b.toJson()).isEqualTo(a.toJson());
    }
  }

  @Test
  void badJsonIsRefusedWithItsPlace() {
    String good =
        ConformalClassifier.fit(Fixture.fit(), Options.of(0.1, ConformalScore.aps())).toJson();
    assertRefused(
        good.replace("\"APS\"", "\"ABC\""), "score must be one of [LAC, APS, RAPS, TOP_K]");
    assertRefused(good.replace("\"alpha\":0.1", "\"alpha\":1.5"), "alpha must be between 0 and 1");
    assertRefused(good.replace("conformal", "other"), "kind must be conformal");
    assertRefused(
        good.replaceFirst("\"thresholds\":\\[[^]]*", "\"thresholds\":[\"Infinity\""),
        "thresholds[0] must be finite");
    assertRefused(
        good.replaceFirst("\"thresholds\":\\[[^]]*", "\"thresholds\":[\"-Infinity\""),
        "thresholds[0] must be finite");
    assertRefused(
        good.replaceFirst("\"strata\":\\[", "\"strata\":[\"x\","), "must have the same length");
    assertRefused(
        good.replaceFirst("\"rows\":\\[[^]]*", "\"rows\":[1.5"), "rows[0] must be a count");
    assertRefused(good.replace("\"seed\":\"0\"", "\"seed\":\"x\""), "conformal classifier");
    assertRefused(good.replace("\"alpha\"", "\"beta\""), "beta is not known");
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> ConformalClassifier.fromJson(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
