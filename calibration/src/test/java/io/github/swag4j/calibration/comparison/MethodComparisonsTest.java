package io.github.swag4j.calibration.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MethodComparisonsTest {

  private static final Options QUICK = Options.defaults().withReplicates(400);

  private static Map<String, Predictions> methods() {
    Predictions sgd = TestPredictions.random(300, 3, 2, 1);
    Map<String, Predictions> methods = new LinkedHashMap<>();
    methods.put("sgd", sgd);
    methods.put("swa", TestPredictions.softened(sgd, 0.0005));
    methods.put("swag", TestPredictions.softened(sgd, 0.3));
    return methods;
  }

  @Test
  void everyOtherMethodIsHeldAgainstTheBaseline() {
    MethodComparisons all = MethodComparisons.against(Metric.nll(), "sgd", methods(), QUICK);
    assertThat(all.comparisons())
        .extracting(PairedComparison::first)
        .containsExactly("swa", "swag");
    assertThat(all.comparisons()).extracting(PairedComparison::second).containsOnly("sgd");
    double[] p = all.comparisons().stream().mapToDouble(PairedComparison::pValue).toArray();
    double[] holm = Holm.adjust(p);
    assertThat(all.adjustedPValues()).containsExactly(holm[0], holm[1]);
    assertThat(all.significant(0.05)).extracting(PairedComparison::better).contains("swag");
    assertThat(all.toString().lines()).hasSize(2);
    assertThat(all.toString()).contains("; Holm over 2 comparisons p = 0.0");
  }

  @Test
  void everyPairIsComparedOnceLaterMinusEarlier() {
    MethodComparisons all = MethodComparisons.allPairs(Metric.brier(), methods(), QUICK);
    assertThat(all.comparisons())
        .extracting(c -> c.first() + "-" + c.second())
        .containsExactly("swa-sgd", "swag-sgd", "swag-swa");
  }

  @Test
  void whatIsSignificantAloneMayNotBeAmongMany() {
    Predictions sgd = TestPredictions.random(300, 3, 2, 1);
    PairedComparison alone =
        PairedComparison.of(
            Metric.nll(), "swag", TestPredictions.softened(sgd, 0.3), "sgd", sgd, QUICK);
    MethodComparisons among = new MethodComparisons(List.of(alone, alone), List.of(0.04, 0.06));
    assertThat(among.significant(0.05)).hasSize(1);
    assertThatThrownBy(() -> among.significant(5))
        .hasMessage("alpha must be between 0 and 1, both excluded, got 5.0: 5 % is 0.05");
    assertThatThrownBy(() -> new MethodComparisons(List.of(alone), List.of()))
        .hasMessage("adjusted p-values must have 1 values, got 0");
  }

  @Test
  void aBaselineThatIsNotThereOrAloneIsRefused() {
    assertThatThrownBy(() -> MethodComparisons.against(Metric.nll(), "map", methods(), QUICK))
        .hasMessage("baseline must be one of the methods [sgd, swa, swag], got map");
    Map<String, Predictions> one = Map.of("sgd", TestPredictions.random(5, 2, 1, 1));
    assertThatThrownBy(() -> MethodComparisons.allPairs(Metric.nll(), one, QUICK))
        .hasMessage("a comparison needs at least 2 methods, got 1");
  }
}
