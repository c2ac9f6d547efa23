package io.github.swag4j.cli.findings;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.cli.findings.DetectionFindings.Scored;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of how well unusual rows are told apart. */
class DetectionFindingsTest {
  private static final Scored ENTROPY =
      new Scored("entropy", 0.831, new Interval(0.816, 0.846), 0.63);
  private static final Scored MSP = new Scored("msp", 0.8, new Interval(0.78, 0.82), 0.65);

  @Test
  void theBestScoreIsNamedWithItsIntervalAndWhatFindingThemCosts() {
    Ranking certain = new Ranking(0, 1, 0.031, new Interval(0.02, 0.04), List.of());
    assertThat(DetectionFindings.of("test", "digits", List.of(ENTROPY, MSP), certain).text())
        .isEqualTo(
            "digits is told from test best by entropy: of a row of each, the unusual one scores"
                + " higher in 83.1 % of cases (AUROC, 95 % interval 81.6 to 84.6 %). Finding 95 % of"
                + " the unusual rows calls 63.0 % of the ordinary ones unusual, too. It is better"
                + " than every other score beyond chance.");
  }

  @Test
  void aScoreThatIsBestByChanceIsNotCalledBetter() {
    Ranking chance = new Ranking(1, 0, 0.001, new Interval(-0.01, 0.012), List.of(0));
    assertThat(DetectionFindings.of("test", "digits", List.of(MSP, ENTROPY), chance).text())
        .endsWith("Beyond chance it is not better than msp.");
  }

  @Test
  void whatCannotBeToldFromGuessingIsSaidToBeSo() {
    Scored none = new Scored("entropy", 0.52, new Interval(0.47, 0.57), 0.94);
    assertThat(DetectionFindings.of("test", "near", List.of(none), null).text())
        .startsWith("near is not told from test beyond chance by any score: AUROC 0.520 at best");
  }

  @Test
  void ofOneRowThereIsNoInterval() {
    Scored one = new Scored("entropy", 1, Interval.UNKNOWN, 0);
    assertThat(DetectionFindings.of("test", "one", List.of(one), null).text())
        .contains("in 100.0 % of cases (AUROC).");
  }
}
