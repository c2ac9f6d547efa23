package io.github.swag4j.calibration.selective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.ood.DetectionCurve;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RiskCoverageCurvePropertiesTest {

  /** A row: confidence in eighths, so that plateaus are the rule, and whether it is right. */
  record Row(double confidence, boolean correct) {}

  @Provide
  Arbitrary<List<Row>> rows() {
    return Arbitraries.integers()
        .between(0, 15)
        .map(i -> new Row(i / 2 / 8.0 - 0.25, i % 2 == 0))
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  private static SelectivePrediction of(List<Row> rows) {
    double[] confidences = rows.stream().mapToDouble(Row::confidence).toArray();
    boolean[] correct = new boolean[confidences.length];
    for (int r = 0; r < correct.length; r++) {
      correct[r] = rows.get(r).correct();
    }
    return SelectivePrediction.of(confidences, correct);
  }

  @Property(tries = 200)
  void shuffledRowsGiveTheSameBits(@ForAll("rows") List<Row> rows, @ForAll Random random) {
    SelectivePrediction before = of(rows);
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    SelectivePrediction after = of(shuffled);
    assertThat(after.aurc()).isEqualTo(before.aurc());
    assertThat(after.augrc()).isEqualTo(before.augrc());
    assertThat(after.curve().aurcContinuous()).isEqualTo(before.curve().aurcContinuous());
    assertThat(after.curve().points()).isEqualTo(before.curve().points());
    assertThat(after.failureDetection()).isEqualTo(before.failureDetection());
  }

  @Property(tries = 200)
  void augrcFollowsFromAccuracyAndFailureAuroc(@ForAll("rows") List<Row> rows) {
    SelectivePrediction s = of(rows);
    double a = 1 - s.curve().errorRate();
    double ranking =
        s.failureDetection().map(DetectionCurve::auroc).map(v -> (1 - v) * a * (1 - a)).orElse(0.0);
    assertThat(s.augrc()).isCloseTo(ranking + (1 - a) * (1 - a) / 2, within(1e-12));
  }

  @Property(tries = 200)
  void areasLieBetweenTheOracleAndItsReverse(@ForAll("rows") List<Row> rows) {
    RiskCoverageCurve curve = of(rows).curve();
    assertThat(curve.aurc()).isGreaterThanOrEqualTo(curve.oracleAurc() - 1e-12);
    assertThat(curve.excessAurc()).isGreaterThanOrEqualTo(-1e-12);
    assertThat(curve.augrc()).isGreaterThanOrEqualTo(curve.oracleAugrc() - 1e-12);
    assertThat(curve.aurcAchievable()).isLessThanOrEqualTo(curve.aurcContinuous() + 1e-12);
    assertThat(curve.aurc()).isLessThanOrEqualTo(1 + 1e-12);
  }

  @Property(tries = 100)
  void pointsCountTheRowsAtLeastAsConfident(@ForAll("rows") List<Row> rows) {
    List<RiskAtCoverage> points = of(rows).curve().points();
    for (RiskAtCoverage p : points) {
      List<Row> accepted = rows.stream().filter(r -> r.confidence() >= p.threshold()).toList();
      assertThat(p.accepted()).isEqualTo(accepted.size());
      assertThat(p.errors()).isEqualTo(accepted.stream().filter(r -> !r.correct()).count());
    }
    assertThat(points.get(points.size() - 1).coverage()).isEqualTo(1);
  }

  @Property(tries = 100)
  void coverageAndRiskAnswerEachOther(@ForAll("rows") List<Row> rows) {
    RiskCoverageCurve curve = of(rows).curve();
    for (RiskAtCoverage p : curve.points()) {
      assertThat(curve.riskAtCoverage(p.coverage())).isEqualTo(p.risk());
      assertThat(curve.coverageAtRisk(p.risk())).isGreaterThanOrEqualTo(p.coverage());
    }
  }
}
