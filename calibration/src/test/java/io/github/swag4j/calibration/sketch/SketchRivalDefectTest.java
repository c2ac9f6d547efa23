package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.binning.BinningConvention;
import org.junit.jupiter.api.Test;

/** What goes wrong in others' streaming evaluations, and does not here. */
class SketchRivalDefectTest {

  @Test
  void dl4jCountsInIntsThatOverflowAndOursAreLongs() {
    int theirs = 1;
    CalibrationSketch ours = new CalibrationSketch(2);
    ours.add(LabelledRows.of(new float[] {.9f, .1f}, new int[] {0}, ours.classes()), 0, 1);
    for (int i = 0; i < 33; i++) {
      theirs += theirs;
      ours.merge(ours);
    }
    assertThat(theirs).isZero();
    assertThat(ours.summary().bins().get(13).count()).isEqualTo(1L << 33);
    assertThat(ours.summary().ece()).isEqualTo(1 - (double) .9f);
  }

  @Test
  void dl4jDropsAProbabilityAboveOneByRoundingAndOursIsInTheLastBin() {
    float above = 1.0000001f;
    boolean inTheirLastBin = above >= 0.9 && above <= 1.0;
    assertThat(inTheirLastBin).isFalse();
    CalibrationSketch ours = new CalibrationSketch(2, BinningConvention.NETCAL);
    ours.add(
        LabelledRows.of(new float[] {above, 0}, new int[] {0}, ours.classes())
            .weights(new double[] {2}),
        0,
        1);
    assertThat(ours.summary().bins().get(9).count()).isOne();
    assertThat(ours.summary().saturatedRows()).isOne();
  }

  @Test
  void dl4jMergesADiagramWithoutItsHistogramsAndOursMergesAll() {
    CalibrationSketch a = SketchBytesTest.sketch(true, BinningConvention.GUO);
    CalibrationSketch b = SketchBytesTest.sketch(false, BinningConvention.GUO);
    CalibrationSketch both = new CalibrationSketch(3);
    both.merge(a);
    both.merge(b);
    CalibrationSummary s = both.summary();
    for (int i = 0; i < 15; i++) {
      assertThat(s.bins().get(i).count())
          .isEqualTo(a.summary().bins().get(i).count() + b.summary().bins().get(i).count());
    }
    assertThat(s.rows()).isEqualTo(80);
    assertThat(s.zeroProbabilityRows())
        .isEqualTo(a.summary().zeroProbabilityRows() + b.summary().zeroProbabilityRows());
  }

  @Test
  void torchmetricsCountsInHalfPrecisionStopAt2048AndOursGoOn() {
    float theirs = 0;
    for (int i = 0; i < 3000; i++) {
      theirs = half(theirs + 1);
    }
    assertThat(theirs).isEqualTo(2048);
    CalibrationSketch ours = new CalibrationSketch(2, BinningConvention.TORCHMETRICS);
    for (int i = 0; i < 3000; i++) {
      ours.add(LabelledRows.ofPositive(new double[] {0.75}, new int[] {1}), 0, 1);
    }
    assertThat(ours.summary().ece()).isEqualTo(0.25);
    assertThat(ours.summary().bins().get(11).count()).isEqualTo(3000);
  }

  /** Rounded to the 11 bits of a float16, ties to even. */
  private static float half(float value) {
    double ulp = Math.scalb(1.0, Math.getExponent(value) - 10);
    return (float) (Math.rint(value / ulp) * ulp);
  }

  @Test
  void torchmetricsMistakesABatchOfCalmLogitsForProbabilitiesAndOursJudgesEveryRowAlone() {
    CalibrationSketch sketch = new CalibrationSketch(3);
    double[] logits = {0.4, 0.3, 0.2}; // within [0, 1], as a batch of them may be
    assertThatThrownBy(
            () -> sketch.add(LabelledRows.of(logits, new int[] {0}, sketch.classes()), 0, 1))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("take the softmax first if these are logits");
  }
}
