package io.github.swag4j.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.cli.page.PairedDifferences.Difference;
import io.github.swag4j.cli.run.MadeResults;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedDifferencesTest {
  private static final int ROWS = 400;

  /** Three classes, right in four rows of five, all as sure as told. */
  private static Predictions predicted(double confidence) {
    int[] labels = new int[ROWS];
    double[][] probabilities = new double[ROWS][3];
    for (int r = 0; r < ROWS; r++) {
      labels[r] = r % 3;
      int said = r % 5 == 0 ? (r + 1) % 3 : r % 3;
      for (int k = 0; k < 3; k++) {
        probabilities[r][k] = k == said ? confidence : (1 - confidence) / 2;
      }
    }
    return Predictions.of(probabilities, labels);
  }

  /** Rows without labels, more or less undecided around a confidence. */
  private static Predictions unlabelled(double confidence, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] probabilities = new double[ROWS][];
    for (int r = 0; r < ROWS; r++) {
      double sure = confidence + 0.1 * (random.nextDouble() - 0.5);
      probabilities[r] = new double[] {sure, (1 - sure) / 2, (1 - sure) / 2};
    }
    return Predictions.builder().probabilities(probabilities).build();
  }

  private static Results results(Predictions swag, Predictions digits) {
    Map<Method, Map<String, Predictions>> all = new LinkedHashMap<>();
    Map<String, Predictions> sgd = new LinkedHashMap<>();
    sgd.put("clothes", predicted(0.99));
    sgd.put("digits", unlabelled(0.9, 1));
    all.put(Method.SGD, sgd);
    Map<String, Predictions> other = new LinkedHashMap<>();
    other.put("clothes", swag);
    other.put("digits", digits);
    all.put(Method.SWAG, other);
    return MadeResults.of("clothes", all);
  }

  private static Difference metric(List<Difference> all, String name) {
    return all.stream().filter(each -> each.metric().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aMethodThatStatesItsErrorsIsNamedAsTheBetter() {
    List<Difference> all = PairedDifferences.of(results(predicted(0.8), unlabelled(0.5, 2)));
    Difference nll = metric(all, "NLL");
    // Right rows lose ln(.99 / .8), wrong ones gain ln(.1 / .005).
    assertThat(nll.value())
        .isEqualTo(0.8 * Math.log(0.99 / 0.8) - 0.2 * Math.log(0.1 / 0.005), within(1e-12));
    assertThat(nll.lower()).isLessThan(nll.value());
    assertThat(nll.upper()).isBetween(nll.value(), 0.0);
    assertThat(nll.better()).isEqualTo("SWAG");
    assertThat(metric(all, "ECE").value()).isEqualTo(-0.19, within(1e-12));
    assertThat(metric(all, "ECE").better()).isEqualTo("SWAG");
  }

  @Test
  void whereNothingDiffersNeitherIsBetter() {
    List<Difference> all = PairedDifferences.of(results(predicted(0.99), unlabelled(0.9, 1)));
    assertThat(all).hasSize(5);
    for (Difference each : all) {
      assertThat(List.of(each.value(), each.lower(), each.upper())).containsOnly(0.0);
      assertThat(each.better()).isEqualTo("neither");
    }
  }

  @Test
  void anIntervalAgainstTheMethodNamesTheBaseline() {
    Difference nll =
        metric(PairedDifferences.of(results(predicted(0.999999), unlabelled(0.9, 1))), "NLL");
    assertThat(nll.lower()).isPositive();
    assertThat(nll.better()).isEqualTo("SGD");
  }

  @Test
  void ofAurocMoreIsBetter() {
    // Both methods are surest of the clothes; the second leaves the digits clearly apart.
    Results results = results(predicted(0.99), unlabelled(0.5, 2));
    Results worse = results(predicted(0.9), unlabelled(0.93, 2));
    assertThat(metric(PairedDifferences.of(results), "AUROC digits").better()).isEqualTo("neither");
    Difference auroc = metric(PairedDifferences.of(worse), "AUROC digits");
    assertThat(auroc.upper()).isNegative();
    assertThat(auroc.better()).isEqualTo("SGD");
  }

  @Test
  void theTableHasEachMethodAgainstPlainSgd() {
    String text = PairedDifferences.table(results(predicted(0.8), unlabelled(0.5, 2))).toText();
    assertThat(text).contains("SWAG minus SGD", "NLL", "difference", "from", "to");
    assertThat(text.lines().skip(2)).hasSize(5);
  }

  @Test
  void withoutPlainSgdThereIsNothingToCompare() {
    Results alone =
        MadeResults.of("clothes", Map.of(Method.SGD, Map.of("clothes", predicted(0.9))));
    Results others =
        MadeResults.of(
            "clothes",
            Map.of(
                Method.SWA,
                Map.of("clothes", predicted(0.9)),
                Method.SWAG,
                Map.of("clothes", predicted(0.9))));
    assertThat(PairedDifferences.exist(alone)).isFalse();
    assertThat(PairedDifferences.exist(others)).isFalse();
    assertThat(PairedDifferences.exist(results(predicted(0.9), unlabelled(0.9, 1)))).isTrue();
  }
}
