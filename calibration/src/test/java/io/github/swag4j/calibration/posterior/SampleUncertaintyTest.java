package io.github.swag4j.calibration.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.ood.OodFixture;
import io.github.swag4j.calibration.ood.OodGolden;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SampleUncertaintyTest {

  static IntStream cases() {
    return IntStream.range(0, OodGolden.cases("samples").size());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void scipyDecomposesAlike(int i) {
    JsonObject golden = OodGolden.cases("samples").get(i);
    SampleUncertainty u = SampleUncertainty.of(samples(golden));
    OodGolden.check(golden, "total_entropy", u.totalEntropy(), 1e-12);
    OodGolden.check(golden, "expected_entropy", u.expectedEntropy(), 1e-12);
    OodGolden.check(golden, "mutual_information", u.mutualInformation(), 1e-12);
    OodGolden.check(golden, "total_variance", u.totalVariance(), 1e-12);
    OodGolden.check(golden, "aleatoric_variance", u.aleatoricVariance(), 1e-12);
    OodGolden.check(golden, "epistemic_variance", u.epistemicVariance(), 1e-12);
    OodGolden.check(golden, "variation_ratio", u.variationRatio(), 1e-12);
    OodGolden.check(golden, "disagreement", u.disagreement(), 1e-12);
    double[] kl = u.pairwiseKl();
    JsonArray expected = golden.getAsJsonArray("pairwise_kl");
    for (int r = 0; r < kl.length; r++) {
      if (expected.get(r).isJsonNull()) {
        assertThat(kl[r]).isEqualTo(Double.POSITIVE_INFINITY);
      } else {
        assertThat(kl[r]).isCloseTo(expected.get(r).getAsDouble(), within(1e-11));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void meanOfLogitsIsTheNormalisedGeometricMean(int i) {
    JsonObject golden = OodGolden.cases("samples").get(i);
    Predictions source = Predictions.builder().samples(samples(golden)).build();
    Predictions mean = SampleUncertainty.of(source, SampleMean.LOGITS).predictions();
    double[][] expected = OodGolden.matrix(golden, "mean_of_logits");
    for (int r = 0; r < expected.length; r++) {
      assertThat(mean.probabilities(r)).containsExactly(expected[r], within(1e-12));
    }
  }

  private static double[][][] samples(JsonObject golden) {
    return new Gson().fromJson(golden.get("samples"), double[][][].class);
  }

  /** Three members, softmax of the shared logits times 1/2, 1 and 2. */
  static Predictions threeMembers() {
    Predictions in = OodFixture.in();
    double[] scales = {0.5, 1, 2};
    double[][][] samples = new double[3][in.rows()][];
    int[] labels = new int[in.rows()];
    for (int s = 0; s < 3; s++) {
      double[][] logits = new double[in.rows()][in.classes()];
      for (int r = 0; r < in.rows(); r++) {
        labels[r] = in.label(r);
        for (int k = 0; k < in.classes(); k++) {
          logits[r][k] = scales[s] * in.logit(r, k);
        }
      }
      Predictions member = Predictions.ofLogits(logits, labels);
      for (int r = 0; r < in.rows(); r++) {
        samples[s][r] = member.probabilities(r);
      }
    }
    return Predictions.builder().samples(samples).labels(labels).build();
  }

  @Test
  void modelAverageOfTheSharedFixtureIsMet() {
    JsonObject expected = OodFixture.expected().getAsJsonObject("bma_3_members(scales .5,1,2)");
    SampleUncertainty u = SampleUncertainty.of(threeMembers());
    OodGolden.check(expected, "total_entropy_mean", u.meanOverRows(u.totalEntropy()));
    OodGolden.check(expected, "expected_entropy_mean", u.meanOverRows(u.expectedEntropy()));
    OodGolden.check(expected, "mi_mean", u.meanOverRows(u.mutualInformation()));
    OodGolden.check(
        expected, "total_variance_mean(sum_k var)", u.meanOverRows(u.epistemicVariance()));
    OodGolden.check(expected, "nll_bma", nll(u.predictions()));
    OodGolden.check(expected, "ece15_right_closed", CalibrationError.of(u.predictions()).ece());
    OodGolden.check(expected, "mean_member_nll", meanMemberNll(threeMembers()));
    assertThat(nll(u.predictions())).isLessThan(meanMemberNll(threeMembers()));
    double[] first = OodGolden.numbers(expected, "first3_mi");
    assertThat(IntStream.range(0, 3).mapToDouble(r -> u.mutualInformation()[r]).toArray())
        .containsExactly(first, within(1e-12));
  }

  private static double meanMemberNll(Predictions p) {
    double sum = 0;
    for (int s = 0; s < p.samples(); s++) {
      for (int r = 0; r < p.rows(); r++) {
        sum -= Math.log(p.sampleProbability(s, r, p.label(r)));
      }
    }
    return sum / p.samples() / p.rows();
  }

  static double nll(Predictions p) {
    double sum = 0;
    for (int r = 0; r < p.rows(); r++) {
      sum -= Math.log(p.probability(r, p.label(r)));
    }
    return sum / p.rows();
  }

  @Test
  void identicalSamplesHaveNoEpistemicUncertainty() {
    double[][] rows = {{0.1, 0.2, 0.7}, {1, 0, 0}, {1.0 / 3, 1.0 / 3, 1.0 / 3}};
    SampleUncertainty u = SampleUncertainty.of(new double[][][] {rows, rows, rows});
    assertThat(u.mutualInformation()[1]).isZero();
    for (int r = 0; r < 3; r++) {
      assertThat(u.mutualInformation()[r]).isCloseTo(0, within(1e-15));
      assertThat(u.disagreement()[r]).isZero();
      assertThat(u.pairwiseKl()[r]).isZero();
    }
  }

  @Test
  void printedDecompositionSaysWhatWasAveraged() {
    Predictions source = threeMembers();
    assertThat(SampleUncertainty.of(source))
        .hasToString(
            "total entropy 0.8884 = expected 0.8219 + mutual information 0.0665 nats (3 samples,"
                + " mean of probabilities, 500 rows)");
    assertThat(SampleUncertainty.of(source, SampleMean.LOGITS).toString())
        .contains("mean of logits");
  }

  @Test
  void singleSamplesAndContradictionsAreRefused() {
    assertThatThrownBy(() -> SampleUncertainty.of(new double[][][] {{{1, 0}}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("posterior samples must be at least 2, got 1");
    Predictions contradiction =
        Predictions.builder().samples(new double[][][] {{{1, 0}}, {{0, 1}}}).build();
    SampleUncertainty u = SampleUncertainty.of(contradiction, SampleMean.LOGITS);
    assertThatThrownBy(u::predictions)
        .hasMessageContaining("row 0 has no class with a positive probability under every sample")
        .hasMessageContaining("use the mean of probabilities");
  }

  @Test
  void weightsCountInMeansOverRows() {
    Predictions weighted =
        Predictions.builder()
            .samples(new double[][][] {{{1, 0}, {1, 0}}, {{0, 1}, {1, 0}}})
            .weights(new double[] {1, 3})
            .build();
    SampleUncertainty u = SampleUncertainty.of(weighted);
    assertThat(u.meanOverRows(u.variationRatio())).isEqualTo(0.125);
    assertThat(u.predictions().weight(1)).isEqualTo(3);
    assertThat(u.predictions().expectedEntropy(0)).isZero();
  }

  @Test
  void groupsAndIdsStayWithTheAverage() {
    Predictions samples =
        Predictions.builder()
            .samples(new double[][][] {{{0.6, 0.4}, {0.2, 0.8}}, {{0.8, 0.2}, {0.4, 0.6}}})
            .groups(new String[] {"a", "b"})
            .ids(new String[] {"x", "y"})
            .build();
    Predictions average = SampleUncertainty.of(samples).predictions();
    assertThat(average.group(1)).isEqualTo("b");
    assertThat(average.id(1)).isEqualTo("y");
  }
}
