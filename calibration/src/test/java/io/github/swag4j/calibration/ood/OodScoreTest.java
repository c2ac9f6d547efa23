package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.features.KlMatching;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OodScoreTest {
  private static final JsonObject GOLDEN = OodGolden.part("scores").getAsJsonObject();
  private static final Predictions ROWS =
      Predictions.builder().logits(OodGolden.matrix(GOLDEN, "logits")).build();
  private static final Predictions CERTAIN =
      Predictions.of(new double[][] {{1, 0, 0}, {1.0 / 3, 1.0 / 3, 1.0 / 3}}, new int[] {0, 0});

  static Stream<OodScore> goldenScores() {
    return Stream.of(
        OodScore.maximumProbability(),
        OodScore.margin(),
        OodScore.entropy(),
        OodScore.maximumLogit(),
        OodScore.energy(),
        OodScore.energy(2.5),
        OodScore.generalisedEntropy(),
        OodScore.generalisedEntropy(0.3, 2),
        KlMatching.fit(
            Predictions.builder().logits(OodGolden.matrix(GOLDEN, "validation")).build()));
  }

  @ParameterizedTest
  @MethodSource("goldenScores")
  void scipyComputesTheSameScores(OodScore score) {
    // gen takes a small power of 1 - p, where rounding of p close to 1 grows
    double tolerance = score.name().startsWith("gen") ? 1e-10 : 1e-12;
    OodGolden.check(GOLDEN, score.name(), score.score(ROWS), tolerance);
  }

  @ParameterizedTest
  @MethodSource("goldenScores")
  void rowsFarFromAnyDecisionScoreHigherThanRowsDeepInside(OodScore score) {
    Predictions two =
        Predictions.builder()
            .logits(new double[][] {{9, -3, -3, -3, -3}, {0.1, 0, 0, 0, 0.1}})
            .build();
    double[] scores = score.score(two);
    if (score instanceof KlMatching) { // typical rows are unsure here: being sure is untypical
      assertThat(scores[0]).isNotEqualTo(scores[1]);
    } else {
      assertThat(scores[1]).isGreaterThan(scores[0]);
    }
  }

  @Test
  void mutualInformationFromExpectedEntropyIsTotalMinusExpected() {
    Predictions p =
        Predictions.builder()
            .probabilities(new double[][] {{0.5, 0.5}, {0.9, 0.1}})
            .expectedEntropy(new double[] {0.2, 0.5})
            .build();
    double[] scores = OodScore.mutualInformation().score(p);
    assertThat(scores[0]).isCloseTo(Math.log(2) - 0.2, within(1e-15));
    assertThat(scores[1]).isZero(); // rounding of a stored expected entropy never makes it negative
  }

  @Test
  void samplesDecideMutualInformationAndVariationRatio() {
    Predictions p =
        Predictions.builder()
            .samples(new double[][][] {{{1, 0}, {0.6, 0.4}}, {{0, 1}, {0.6, 0.4}}})
            .build();
    assertThat(OodScore.mutualInformation().score(p)[0]).isCloseTo(Math.log(2), within(1e-15));
    assertThat(OodScore.mutualInformation().score(p)[1]).isZero();
    assertThat(OodScore.variationRatio().score(p)).containsExactly(0.5, 0);
  }

  @Test
  void missingInputsAreNamedWithTheirRemedy() {
    assertThatThrownBy(() -> OodScore.energy().score(CERTAIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("this score needs logits, got probabilities only")
        .hasMessageContaining("read them as logits");
    assertThatThrownBy(() -> OodScore.maximumLogit().score(CERTAIN))
        .hasMessageContaining("needs logits");
    assertThatThrownBy(() -> OodScore.mutualInformation().score(CERTAIN))
        .hasMessageContaining("needs posterior samples or the expected entropy")
        .hasMessageContaining("expected_entropy");
    assertThatThrownBy(() -> OodScore.variationRatio().score(CERTAIN))
        .hasMessageContaining("needs at least 2 posterior samples, got 0");
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> OodScore.energy(0))
        .hasMessageContaining("temperature must be above 0");
    assertThatThrownBy(() -> OodScore.energy(Double.NaN)).hasMessageContaining("got NaN");
    assertThatThrownBy(() -> OodScore.generalisedEntropy(2, 5)).hasMessageContaining("gamma must");
    assertThatThrownBy(() -> OodScore.generalisedEntropy(0.1, 0))
        .hasMessageContaining("largest must be at least 1, got 0");
  }

  @Test
  void scoresAreFoundByName() {
    for (OodScore score : OodScore.all()) {
      assertThat(OodScore.named(score.name()).name()).isEqualTo(score.name());
    }
    assertThatThrownBy(() -> OodScore.named("magic"))
        .hasMessageContaining("score must be one of msp, margin, entropy")
        .hasMessageEndingWith("got magic");
  }

  @Test
  void applicableScoresRefuseNothing() {
    Predictions samples =
        Predictions.builder().samples(new double[][][] {{{1, 0}}, {{0, 1}}}).build();
    for (Predictions p : List.of(CERTAIN, ROWS, samples)) {
      for (OodScore score : OodScore.applicableTo(p)) {
        assertThat(score.score(p)).hasSize(p.rows()).doesNotContain(Double.NaN);
      }
    }
    assertThat(OodScore.applicableTo(CERTAIN)).hasSize(4);
    assertThat(OodScore.applicableTo(ROWS)).hasSize(6);
    assertThat(OodScore.applicableTo(samples)).hasSize(6);
  }

  @Test
  void energyOfHugeLogitsDoesNotOverflow() {
    Predictions huge = Predictions.builder().logits(new double[][] {{1e4, 1e4}}).build();
    assertThat(OodScore.energy().score(huge)[0]).isCloseTo(-1e4 - Math.log(2), within(1e-11));
  }

  @Test
  void klMatchingRefusesOtherClasses() {
    KlMatching fitted = KlMatching.fit(CERTAIN);
    assertThat(fitted.score(CERTAIN)[0]).isGreaterThan(0);
    assertThatThrownBy(() -> fitted.score(ROWS)).hasMessageContaining("fitted on 3 classes, got 5");
  }

  @Test
  void klMatchingsWeightTwoIsTheRowTwiceAndWeightZeroNoRow() {
    double[][] p = {{.7, .2, .1}, {.6, .1, .3}, {.1, .8, .1}, {.2, .2, .6}};
    Predictions weighted =
        Predictions.builder().probabilities(p).weights(new double[] {2, 1, 1, 0}).build();
    Predictions twice =
        Predictions.builder().probabilities(new double[][] {p[0], p[0], p[1], p[2]}).build();
    Predictions once = Predictions.builder().probabilities(p).build();
    double[] scores = KlMatching.fit(weighted).score(once);
    assertThat(scores).containsExactly(KlMatching.fit(twice).score(once), within(1e-14));
    assertThat(Math.abs(scores[0] - KlMatching.fit(once).score(once)[0])).isGreaterThan(1e-3);
    assertThat(scores[3]).isGreaterThan(KlMatching.fit(once).score(once)[3]);
  }

  @Test
  void klMatchingOfTheSmallestProbabilitiesIsFinite() {
    Predictions typical = Predictions.builder().probabilities(new double[] {1, 1e-320}, 2).build();
    Predictions even = Predictions.builder().probabilities(new double[] {0.5, 0.5}, 2).build();
    // ln(1/2) - ln(1e-320) / 2
    assertThat(KlMatching.fit(typical).score(even)[0])
        .isCloseTo(Math.log(0.5) - Math.log(1e-320) / 2, within(1e-10));
    assertThat(KlMatching.fit(typical).score(typical)[0]).isZero();
  }
}
