package io.github.swag4j.calibration.conformal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.conformal.ConformalClassifier.Options;
import io.github.swag4j.calibration.recalibration.Fixture;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConformalClassifierTest {
  private static final Predictions CALIBRATION = Fixture.logits(0, 250);
  private static final Predictions TEST = Fixture.logits(250, 500);

  @Test
  void fixtureHasItsPublishedThresholdsCoverageAndSizes() {
    for (String kind : new String[] {"lac_alpha.1", "aps_nonrandomized_alpha.1"}) {
      JsonObject expected = Fixture.expected().getAsJsonObject(kind);
      ConformalScore score = kind.startsWith("lac") ? ConformalScore.lac() : ConformalScore.aps();
      ConformalClassifier fitted = ConformalClassifier.fit(CALIBRATION, Options.of(0.1, score));
      assertThat(fitted.strata().get(0).coverage().rank()).isEqualTo(226);
      assertThat(fitted.strata().get(0).threshold())
          .isCloseTo(expected.get("qhat").getAsDouble(), within(1e-12));
      PredictionSets sets = fitted.predict(TEST);
      assertThat(sets.coverage()).isCloseTo(expected.get("coverage").getAsDouble(), within(1e-12));
      assertThat(sets.meanSize()).isCloseTo(expected.get("mean_size").getAsDouble(), within(1e-12));
    }
  }

  @Test
  void allScoresLevelsAndClassThresholdsAgreeWithNumpy() {
    for (JsonElement element : Fixture.golden().getAsJsonArray("conformal")) {
      JsonObject golden = element.getAsJsonObject();
      ConformalScore score =
          new ConformalScore(
              ConformalScore.Kind.valueOf(golden.get("kind").getAsString()),
              golden.get("lambda").getAsDouble(),
              golden.get("preferred").getAsInt(),
              false,
              0);
      Options options = Options.of(golden.get("alpha").getAsDouble(), score);
      ConformalClassifier fitted = ConformalClassifier.fit(CALIBRATION, options);
      assertThat(fitted.strata().get(0).coverage().rank())
          .isEqualTo(golden.get("rank").getAsLong());
      assertThat(fitted.strata().get(0).threshold())
          .isCloseTo(golden.get("threshold").getAsDouble(), within(1e-12));
      PredictionSets sets = fitted.predict(TEST);
      assertThat(sets.coverage()).isCloseTo(golden.get("coverage").getAsDouble(), within(1e-12));
      assertThat(sets.meanSize()).isCloseTo(golden.get("mean_size").getAsDouble(), within(1e-12));
      assertThat(Arrays.stream(sets.sizeCounts()).asDoubleStream().toArray())
          .containsExactly(Fixture.numbers(golden.get("sizes")));
      JsonArray perClass = golden.getAsJsonArray("per_class");
      ConformalClassifier byClass =
          ConformalClassifier.fit(CALIBRATION, options.conditionalOn(Conditioning.CLASS));
      for (int k = 0; k < 4; k++) {
        assertThat(byClass.strata().get(k).threshold())
            .isCloseTo(Double.parseDouble(perClass.get(k).getAsString()), within(1e-12));
      }
    }
  }

  private static final String[] MAPIE_SETS = {
    "100", "100", "110", "110", "010", "011", "011", "001", "001"
  };
  private static final String[] MAPIE_MONDRIAN_SETS = {
    "100", "100", "110", "110", "010", "011", "001", "001", "001"
  };

  private static Predictions mapie(boolean labelled) {
    JsonArray rows = Fixture.golden().getAsJsonArray("mapie_gaussian_nb");
    double[][] p = new double[9][];
    for (int i = 0; i < 9; i++) {
      p[i] = Fixture.numbers(rows.get(i));
    }
    PredictionsBuilder builder =
        Predictions.builder()
            .probabilities(p)
            .groups(new String[] {"0", "0", "0", "0", "1", "1", "1", "1", "1"});
    return labelled
        ? builder.labels(new int[] {0, 0, 1, 0, 1, 2, 1, 2, 2}).build()
        : builder.build();
  }

  private static void assertSets(PredictionSets sets, String[] expected) {
    for (int i = 0; i < expected.length; i++) {
      for (int k = 0; k < 3; k++) {
        assertThat(sets.contains(i, k)).as("%d %d", i, k).isEqualTo(expected[i].charAt(k) == '1');
      }
    }
  }

  @Test
  void mapiesDocumentedSetsAreReproduced() {
    ConformalClassifier marginal =
        ConformalClassifier.fit(mapie(true), Options.of(0.2, ConformalScore.lac()));
    assertThat(marginal.strata().get(0).coverage().rank()).isEqualTo(8);
    assertSets(marginal.predict(mapie(false)), MAPIE_SETS);
  }

  @Test
  void mapiesDocumentedMondrianSetsTakeOneRankMoreThanTheOrderStatistic() {
    // Documented for alpha 0.4 and groups of 4 and 5 rows: the sets are those of ranks 4 and 4,
    // where ceil((n + 1) 0.6) asks for 3 and 4.
    Options options = Options.of(0.4, ConformalScore.lac()).conditionalOn(Conditioning.GROUP);
    ConformalClassifier exact = ConformalClassifier.fit(mapie(true), options);
    assertThat(exact.strata()).extracting(s -> s.coverage().rank()).containsExactly(3L, 4L);
    PredictionSets sets = exact.predict(mapie(false));
    int fewer = 0;
    for (int i = 0; i < 9; i++) {
      for (int k = 0; k < 3; k++) {
        boolean theirs = MAPIE_MONDRIAN_SETS[i].charAt(k) == '1';
        assertThat(!sets.contains(i, k) || theirs).isTrue();
        fewer += theirs && !sets.contains(i, k) ? 1 : 0;
      }
    }
    assertThat(fewer).isPositive();
    Options higher = Options.of(0.34, ConformalScore.lac()).conditionalOn(Conditioning.GROUP);
    ConformalClassifier theirs = ConformalClassifier.fit(mapie(true), higher);
    assertThat(theirs.strata()).extracting(s -> s.coverage().rank()).containsExactly(4L, 4L);
    assertSets(theirs.predict(mapie(false)), MAPIE_MONDRIAN_SETS);
  }

  @Test
  void torchUncertaintysQuantileUndercoversButTheOrderStatisticDoesNot() {
    // torch.quantile(scores, 1 - alpha) without (n + 1): coverage .832 at n = 10, alpha = .1.
    double ours = 0;
    double theirs = 0;
    int splits = 400;
    for (int s = 0; s < splits; s++) {
      Predictions calibration = Fixture.exchangeable(1000 + s, 10, 3, 1);
      Predictions test = Fixture.exchangeable(9000 + s, 100, 3, 1);
      ConformalClassifier fitted =
          ConformalClassifier.fit(calibration, Options.of(0.1, ConformalScore.lac()));
      ours += fitted.predict(test).coverage() / splits;
      double[] scores = new double[10];
      for (int i = 0; i < 10; i++) {
        scores[i] = 1 - calibration.probability(i, calibration.label(i));
      }
      Arrays.sort(scores);
      // torch.quantile at .9 of 10 values: index 8.1, linear.
      double q = scores[8] + 0.1 * (scores[9] - scores[8]);
      for (int i = 0; i < 100; i++) {
        theirs += (1 - test.probability(i, test.label(i)) <= q ? 0.01 : 0) / splits;
      }
    }
    assertThat(theirs).isLessThan(0.86);
    assertThat(ours).isBetween(0.89, 0.94);
  }

  @Test
  void tooFewRowsGiveTheWholeLabelSpaceNotAnError() {
    ConformalClassifier fitted =
        ConformalClassifier.fit(Fixture.logits(0, 8), Options.of(0.1, ConformalScore.aps()));
    assertThat(fitted.strata().get(0).threshold()).isInfinite();
    assertThat(fitted.strata().get(0).coverage().isWhole()).isTrue();
    PredictionSets sets = fitted.predict(TEST);
    assertThat(sets.meanSize()).isEqualTo(4);
    assertThat(sets.coverage()).isEqualTo(1);
    // Nine rows are the fewest that allow a finite threshold at 10 %.
    assertThat(
            ConformalClassifier.fit(Fixture.logits(0, 9), Options.of(0.1, ConformalScore.aps()))
                .strata()
                .get(0)
                .threshold())
        .isFinite();
    ConformalClassifier one =
        ConformalClassifier.fit(Fixture.logits(0, 1), Options.of(0.1, ConformalScore.lac()));
    assertThat(one.predict(TEST).meanSize()).isEqualTo(4);
  }

  @Test
  void rankIsExactWhereBinaryFractionsRoundTheWrongWay() {
    // 100 * (1 - 0.29) is 71 exactly, and (1 - 0.7) * 10 is 3.0000000000000004 in doubles.
    assertThat(CoverageDistribution.of(99, 0.29).rank()).isEqualTo(71);
    assertThat(CoverageDistribution.of(9, 0.7).rank()).isEqualTo(3);
    assertThat(CoverageDistribution.of(19, 0.05).rank()).isEqualTo(19);
    assertThat(CoverageDistribution.of(18, 0.05).isWhole()).isTrue();
    assertThat(CoverageDistribution.of(19, 0.05).mean()).isEqualTo(0.95);
  }

  @Test
  void randomisedSetsMayBeEmptyAndEverySummaryStaysANumber() {
    // TorchUncertainty divides by the size of an empty set: NaN.
    Options options = Options.of(0.6, ConformalScore.aps().randomised(3));
    PredictionSets sets = ConformalClassifier.fit(CALIBRATION, options).predict(TEST);
    assertThat(sets.sizeCounts()[0]).isPositive();
    assertThat(sets.coverage()).isBetween(0.25, 0.55);
    assertThat(sets.meanSize()).isPositive();
    assertThat(sets.worstSizeStratifiedCoverage()).isZero();
    assertThat(sets.sizeStratified().get(0).size()).isZero();
    assertThat(sets.toString()).contains("empty").doesNotContain("NaN");
    PredictionSets filled =
        ConformalClassifier.fit(CALIBRATION, options.withoutEmptySets()).predict(TEST);
    assertThat(filled.sizeCounts()[0]).isZero();
    assertThat(filled.coverage()).isGreaterThan(sets.coverage());
    for (int row = 0; row < TEST.rows(); row++) {
      if (sets.size(row) == 0) {
        assertThat(filled.set(row)).containsExactly(TEST.predictedClass(row));
      } else {
        assertThat(filled.set(row)).containsExactly(sets.set(row));
      }
    }
  }

  @Test
  void randomisedSetsAreAFunctionOfSeedAndRowWhateverTheBatches() {
    Options options = Options.of(0.1, ConformalScore.raps(0.01, 2).randomised(-5));
    ConformalClassifier fitted = ConformalClassifier.fit(CALIBRATION, options);
    PredictionSets whole = fitted.predict(TEST);
    PredictionSets second = fitted.predict(Fixture.logits(350, 500), 100);
    for (int row = 0; row < 150; row++) {
      assertThat(second.set(row)).containsExactly(whole.set(100 + row));
    }
    ConformalClassifier other =
        ConformalClassifier.fit(
            CALIBRATION, Options.of(0.1, ConformalScore.raps(0.01, 2).randomised(6)));
    assertThat(other.strata().get(0).threshold()).isNotEqualTo(fitted.strata().get(0).threshold());
  }

  @Test
  void missingClassAndUnseenGroupGetEveryClass() {
    double[][] p = {{.6, .3, .1}, {.3, .6, .1}, {.5, .4, .1}, {.4, .5, .1}};
    Predictions twoClasses =
        Predictions.builder()
            .probabilities(p)
            .labels(new int[] {0, 1, 0, 1})
            .groups(new String[] {"b", "a", "b", "a"})
            .build();
    ConformalClassifier byClass =
        ConformalClassifier.fit(
            twoClasses, Options.of(0.5, ConformalScore.lac()).conditionalOn(Conditioning.CLASS));
    assertThat(byClass.strata().get(2).threshold()).isInfinite();
    ConformalClassifier byGroup =
        ConformalClassifier.fit(
            twoClasses, Options.of(0.5, ConformalScore.lac()).conditionalOn(Conditioning.GROUP));
    assertThat(byGroup.strata()).extracting("name").containsExactly("a", "b");
    PredictionSets sets =
        byGroup.predict(
            Predictions.builder()
                .probabilities(new double[][] {{.9, .05, .05}, {.9, .05, .05}})
                .labels(new int[] {2, 2})
                .groups(new String[] {"a", "c"})
                .build());
    assertThat(sets.set(0)).containsExactly(0);
    assertThat(sets.set(1)).containsExactly(0, 1, 2);
    assertThat(sets.strata()).extracting("name").containsExactly("a", "b", "unseen groups");
    assertThat(sets.strata().get(1).coverage()).isNaN();
    assertThat(sets.strata().get(2).coverage()).isEqualTo(1);
    assertThatThrownBy(() -> byGroup.predict(Predictions.of(p, new int[] {0, 1, 2, 0})))
        .hasMessageContaining("need the group of each row");
  }

  @Test
  void asManyGroupsAsRowsTakeRoomForTheRowsOnly() {
    int rows = 60_000;
    double[][] p = new double[rows][];
    String[] groups = new String[rows];
    for (int i = 0; i < rows; i++) {
      p[i] = new double[] {i / (double) rows, 1 - i / (double) rows};
      groups[i] = "group " + i;
    }
    Predictions each =
        Predictions.builder().probabilities(p).labels(new int[rows]).groups(groups).build();
    ConformalClassifier fitted =
        ConformalClassifier.fit(
            each, Options.of(0.5, ConformalScore.lac()).conditionalOn(Conditioning.GROUP));
    // One row of two and rank 1: the threshold is the row's own score.
    assertThat(fitted.strata()).hasSize(rows);
    int at = ConformalClassifier.indexOf(fitted.strata(), "group 30000");
    assertThat(fitted.strata().get(at).threshold()).isEqualTo(0.5);
  }

  @Test
  void strataAndSizesAddUpToTheRows() {
    PredictionSets sets =
        ConformalClassifier.fit(
                CALIBRATION,
                Options.of(0.1, ConformalScore.aps()).conditionalOn(Conditioning.CLASS))
            .predict(TEST);
    long rows = 0;
    long covered = 0;
    for (PredictionSets.StratumCoverage s : sets.strata()) {
      rows += s.rows();
      covered += s.covered();
      assertThat(s.expected().interval(0.999, s.rows()).contains(s.coverage())).isTrue();
    }
    assertThat(rows).isEqualTo(250);
    assertThat((double) covered / rows).isEqualTo(sets.coverage());
    long bySize = 0;
    double least = 1;
    for (PredictionSets.SizeCoverage s : sets.sizeStratified()) {
      bySize += s.rows();
      least = Math.min(least, s.coverage());
    }
    assertThat(bySize).isEqualTo(250);
    assertThat(sets.worstSizeStratifiedCoverage()).isEqualTo(least);
  }

  @Test
  void intervalsAreThoseOfBetaAndBetaBinomial() {
    for (JsonElement element : Fixture.golden().getAsJsonArray("coverage_intervals")) {
      JsonObject golden = element.getAsJsonObject();
      CoverageDistribution d =
          CoverageDistribution.of(golden.get("n").getAsLong(), golden.get("alpha").getAsDouble());
      assertThat(d.rank()).isEqualTo(golden.get("rank").getAsLong());
      double[] beta = Fixture.numbers(golden.get("beta"));
      assertThat(d.interval(0.95).lower()).isCloseTo(beta[0], within(1e-8));
      assertThat(d.interval(0.95).upper()).isCloseTo(beta[1], within(1e-8));
      double[] counted = Fixture.numbers(golden.get("beta_binomial"));
      Interval interval = d.interval(0.95, golden.get("rows").getAsLong());
      assertThat(interval.lower()).isCloseTo(counted[0], within(1e-12));
      assertThat(interval.upper()).isCloseTo(counted[1], within(1e-12));
    }
  }

  @Test
  void calibrationRowsAreNotJudgedNorUnequallyWeighted() {
    ConformalClassifier fitted =
        ConformalClassifier.fit(CALIBRATION, Options.of(0.1, ConformalScore.lac()));
    assertThatThrownBy(() -> fitted.predict(Fixture.shuffled(CALIBRATION, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be judged on rows it was not fitted on");
    assertThatThrownBy(
            () ->
                ConformalClassifier.fit(
                    Fixture.weighted(CALIBRATION), Options.of(0.1, ConformalScore.lac())))
        .hasMessageContaining("must all weigh the same, got weights[0] 1.0 and weights[1] 2.0")
        .hasMessageContaining("exchangeable with new ones, and new rows have no weight");
    assertThatThrownBy(() -> fitted.predict(Fixture.top(TEST)))
        .hasMessageContaining("learnt for 4 classes, got predictions of 2");
    assertThatThrownBy(
            () ->
                ConformalClassifier.fit(
                    CALIBRATION,
                    Options.of(0.1, ConformalScore.lac()).conditionalOn(Conditioning.GROUP)))
        .hasMessageContaining("need the group of each row");
  }

  @Test
  void badOptionsAreRefused() {
    assertThatThrownBy(() -> Options.of(0, ConformalScore.lac()))
        .hasMessage("alpha must be between 0 and 1, got 0.0");
    assertThatThrownBy(() -> ConformalScore.raps(-1, 2)).hasMessageContaining("lambda must be");
    assertThatThrownBy(() -> ConformalScore.raps(1, -2)).hasMessageContaining("preferredSize");
    assertThatThrownBy(() -> ConformalScore.lac().randomised(1)).hasMessageContaining("LAC has no");
  }
}
