package io.github.swag4j.calibration.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Fixtures;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReliabilityCurvesTest {
  private static final ReliabilityDiagram DIAGRAM =
      ReliabilityDiagram.of(Fixtures.inDistribution());

  @Test
  void corpPartsAreNeverBelowZeroByRounding() {
    for (int rows = 1; rows <= 40; rows++) {
      for (int hits = 0; hits <= rows; hits++) {
        double[] calibrated = new double[rows];
        Arrays.fill(calibrated, (double) hits / rows);
        boolean[] came = new boolean[rows];
        Arrays.fill(came, 0, hits, true);
        CorpCurve curve = CorpCurve.of(Forecasts.of(calibrated, came));
        assertThat(curve.miscalibration()).isBetween(0.0, 1e-15);
        assertThat(curve.discrimination()).isBetween(0.0, 1e-15);
      }
    }
  }

  @Test
  void bandsDependOnTheSeedAlone() {
    var a = ConsistencyBand.of(DIAGRAM, .9, 200, 3);
    assertThat(ConsistencyBand.of(DIAGRAM, .9, 200, 3).bins()).isEqualTo(a.bins());
    assertThat(ConsistencyBand.of(DIAGRAM, .9, 200, 4).bins()).isNotEqualTo(a.bins());
    assertThat(a).hasToString("90.0 % consistency band, 200 draws, seed 3");
  }

  @Test
  void bandsLieAroundTheMeanConfidenceAndOverconfidentBarsBelowThem() {
    var band = ConsistencyBand.of(DIAGRAM, 1);
    int outside = 0;
    for (int b = 0; b < DIAGRAM.bins().size(); b++) {
      var bin = DIAGRAM.bins().get(b);
      Interval interval = band.bins().get(b);
      if (bin.isEmpty()) {
        assertThat(interval).isEqualTo(Interval.UNKNOWN);
        continue;
      }
      assertThat(interval.contains(bin.meanConfidence())).isTrue();
      outside += interval.contains(bin.accuracy()) ? 0 : 1;
    }
    assertThat(outside).isGreaterThanOrEqualTo(4);
  }

  @Test
  void bandsOfOneRowAreThoseOfABernoulliDraw() {
    var diagram =
        ReliabilityDiagram.of(
            Forecasts.of(new double[] {.5}, new boolean[] {true}), BinningConvention.GUO);
    var band = ConsistencyBand.of(diagram, .9, 500, 1);
    assertThat(band.bins().get(7)).isEqualTo(new Interval(0, 1));
  }

  @Test
  void bandsRefuseSettingsOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsistencyBand.of(DIAGRAM, 1, 10, 1))
        .withMessage("level must be between 0 and 1, got 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsistencyBand.of(DIAGRAM, .9, 0, 1))
        .withMessage("draws must be at least 1, got 0");
  }

  @Test
  void thePapersCurveIsItsCalibrationError() {
    var curve = OverconfidenceCurve.of(Fixtures.inDistribution(), BinningConvention.SWAG_PAPER);
    double ece = 0;
    for (var point : curve.points()) {
      ece += Math.abs(point.overconfidence()) * point.count() / 500;
    }
    var error = CalibrationError.of(Fixtures.inDistribution(), BinningConvention.SWAG_PAPER);
    assertThat(ece).isCloseTo(error.ece(), within(1e-12));
    assertThat(curve.binning().lostRows()).isPositive();
    assertThat(curve).asString().startsWith("confidence - accuracy (swag-paper: 20 equal-mass");
  }

  @Test
  void thePapersTicksLieEvenlyOnTheStretchedAxis() {
    double[] ticks = {.200, .759, .927, .978, .993, .998};
    double[] places = new double[ticks.length];
    for (int i = 0; i < ticks.length; i++) {
      places[i] = new OverconfidenceCurve.Point(ticks[i], 0, 1).stretched();
    }
    for (int i = 1; i < ticks.length; i++) {
      assertThat(places[i] - places[i - 1]).isCloseTo(.521, within(.025));
    }
  }

  @Test
  void theCorpCurveIsStraightBetweenItsStepsAndLevelBeyond() {
    var curve = CorpCurve.of(Forecasts.of(new double[] {.2, .6}, new boolean[] {false, true}));
    assertThat(curve.at(.1)).isZero();
    assertThat(curve.at(.3)).isCloseTo(.25, within(1e-15));
    assertThat(curve.at(1)).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> curve.at(1.2))
        .withMessage("forecast must be in [0, 1], got 1.2");
    assertThat(CorpCurve.of(Fixtures.inDistribution()))
        .hasToString("CORP: Brier 0.2500 = MCB 0.0220 - DSC 0.0193 + UNC 0.2473 (500 rows)");
  }
}
