package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.DetectionTable.Distance;
import io.github.swag4j.calibration.ood.DetectionTable.OutDataSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionTableTest {
  private static final Predictions FLAT =
      Predictions.builder().logits(new double[][] {{0, 0, 0, 0}, {0.1, 0, 0, 0}}).build();
  private static final DetectionTable TABLE =
      DetectionTable.of(
          OodFixture.in(),
          List.of(
              new OutDataSet("cubes, small", Distance.NEAR, OodFixture.out()),
              new OutDataSet("flat", Distance.FAR, FLAT),
              new OutDataSet("cubes again", Distance.NEAR, OodFixture.out())),
          List.of(OodScore.maximumProbability(), OodScore.entropy()));

  @Test
  void everyScoreMeetsEveryDataSet() {
    assertThat(TABLE.rows()).hasSize(6);
    assertThat(TABLE.scores()).containsExactly("msp", "entropy");
    assertThat(TABLE.rows().get(3).result())
        .isEqualTo(
            DetectionCurve.of(
                    OodScore.entropy().score(OodFixture.in()),
                    OodScore.entropy().score(OodFixture.out()))
                .summary());
  }

  @Test
  void meansCountEachDataSetOfADistanceOnce() {
    DetectionTable.Mean near = TABLE.mean("msp", Distance.NEAR).orElseThrow();
    assertThat(near.dataSets()).isEqualTo(2);
    assertThat(near.auroc()).isCloseTo(0.7977466666666667, within(1e-12));
    assertThat(TABLE.mean("msp", Distance.FAR).orElseThrow().auroc()).isEqualTo(1);
    assertThat(TABLE.mean("msp", Distance.UNKNOWN)).isEmpty();
  }

  @Test
  void textHasMeansOfDistancesWithSeveralDataSets() {
    assertThat(TABLE.toString())
        .contains("FPR95 (ID)")
        .contains("mean of 2 near")
        .doesNotContain("mean of 1")
        .hasLineCount(9);
  }

  @Test
  void csvKeepsAllDigits() {
    String[] lines = TABLE.toCsv().strip().split("\n", -1);
    assertThat(lines).hasSize(7);
    assertThat(lines[0]).startsWith("score,data_set,distance,in_rows,out_rows,auroc,auroc_se");
    assertThat(lines[1]).startsWith("msp,\"cubes, small\",near,500,300,0.79774666666666");
  }

  @Test
  void nothingTwiceAndNothingEmpty() {
    assertThatThrownBy(
            () ->
                DetectionTable.of(
                    List.of(TABLE.rows().get(0), TABLE.rows().get(1), TABLE.rows().get(0))))
        .hasMessageContaining("once for a data set, got msp twice for cubes, small");
    assertThatThrownBy(() -> DetectionTable.of(OodFixture.in(), List.of(), OodScore.all()))
        .hasMessageContaining("at least 1 data set and 1 score, got 0 and 8");
  }
}
