package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedBootstrapTest {
  private static final Options OPTIONS = Options.defaults().withReplicates(60).withSeed(5);
  private static final List<Metric> METRICS =
      List.of(
          Metric.accuracy(),
          Metric.nll(),
          Metric.ece(15),
          Metric.aurc(),
          Metric.ece(BinningConvention.EQUAL_MASS));

  private final Predictions p = TestPredictions.random(120, 3, 2, 8);
  private final Predictions soft = TestPredictions.softened(p, 0.3);

  @Test
  void everyIntervalIsBitForBitThatOfTheMetricByItself() {
    SharedBootstrap shared = SharedBootstrap.of(METRICS, p, OPTIONS);
    for (int i = 0; i < METRICS.size(); i++) {
      for (IntervalMethod method : List.of(IntervalMethod.PERCENTILE, IntervalMethod.BASIC)) {
        assertThat(shared.interval(i, method))
            .isEqualTo(Bootstrap.of(METRICS.get(i), p, OPTIONS.withMethod(method)));
      }
    }
    assertThat(shared.interval(1, IntervalMethod.BCA))
        .isEqualTo(Bootstrap.of(METRICS.get(1), p, OPTIONS));
  }

  @Test
  void everyDifferenceIsBitForBitThatOfThePairByItself() {
    Map<String, Predictions> both = new LinkedHashMap<>();
    both.put("plain", p);
    both.put("soft", soft);
    SharedBootstrap shared = SharedBootstrap.of(METRICS, both, OPTIONS);
    for (int i = 0; i < METRICS.size(); i++) {
      Options percentile = OPTIONS.withMethod(IntervalMethod.PERCENTILE);
      PairedComparison alone =
          PairedComparison.of(METRICS.get(i), "soft", soft, "plain", p, percentile);
      assertThat(shared.difference(i, "soft", "plain", IntervalMethod.PERCENTILE)).isEqualTo(alone);
    }
    assertThat(shared.difference(1, "soft", "plain", IntervalMethod.BCA))
        .isEqualTo(PairedComparison.of(METRICS.get(1), "soft", soft, "plain", p, OPTIONS));
  }

  @Test
  void aThirdMethodMovesADifferenceByItsDrawsAlone() {
    Map<String, Predictions> three = new LinkedHashMap<>();
    three.put("plain", p);
    three.put("soft", soft);
    three.put("softer", TestPredictions.softened(p, 0.6));
    SharedBootstrap shared = SharedBootstrap.of(METRICS, three, OPTIONS);
    PairedComparison of = shared.difference(1, "soft", "plain", IntervalMethod.PERCENTILE);
    PairedComparison alone = PairedComparison.of(METRICS.get(1), "soft", soft, "plain", p, OPTIONS);
    assertThat(of.difference()).isEqualTo(alone.difference());
    assertThat(of.standardError() / alone.standardError()).isBetween(0.6, 1.6);
  }

  @Test
  void methodsOfOtherRowsAreRefused() {
    Map<String, Predictions> other =
        Map.of("plain", p, "other", TestPredictions.random(119, 3, 2, 9));
    assertThatThrownBy(() -> SharedBootstrap.of(METRICS, other, OPTIONS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs the same rows");
  }

  @Test
  void posteriorDrawsAreRefused() {
    Options draws = OPTIONS.withOver(Bootstrap.Over.ROWS_AND_DRAWS);
    assertThatThrownBy(() -> SharedBootstrap.of(METRICS, p, draws))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a shared bootstrap is over rows, got rows and posterior draws: take Bootstrap.of");
  }
}
