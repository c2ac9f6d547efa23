package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationSketchWeightsTest {
  private static final float[] P = {0.75f, 0.25f, 0.75f, 0.25f};
  private static final int[] LABELS = {0, 1};

  @Test
  void weightedMeansAreTakenByHand() {
    CalibrationSketch sketch = new CalibrationSketch(2);
    sketch.add(LabelledRows.of(P, LABELS, sketch.classes()).weights(new double[] {3, 0.5}), 0, 2);
    CalibrationSummary s = sketch.summary();
    assertThat(s.weight()).isEqualTo(3.5);
    assertThat(s.rows()).isEqualTo(2);
    assertThat(s.accuracy()).isEqualTo(3 / 3.5);
    assertThat(s.meanConfidence()).isEqualTo(0.75);
    assertThat(s.ece()).isCloseTo(3 / 3.5 - 0.75, within(1e-15));
    assertThat(s.bins().get(11).correct()).isOne();
    assertThat(s.diagram().get(11).weight()).isEqualTo(3.5);
    assertThat(s.binning().bins().get(11).squaredWeight()).isEqualTo(9.25);
  }

  @Test
  void aRowOfWeightZeroIsCountedAndSaysNothing() {
    CalibrationSketch sketch = new CalibrationSketch(2);
    sketch.add(
        LabelledRows.of(new float[] {0, 1}, new int[] {0}, sketch.classes())
            .weights(new double[] {0}),
        0,
        1);
    assertThatThrownBy(sketch::summary)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a summary needs rows of a weight above 0, got 1 row of 0");
    sketch.add(LabelledRows.of(P, LABELS, sketch.classes()), 0, 2);
    CalibrationSummary s = sketch.summary();
    assertThat(s.rows()).isEqualTo(3);
    assertThat(s.weight()).isEqualTo(2);
    assertThat(s.zeroProbabilityRows()).isOne();
    assertThat(s.saturatedRows()).isOne();
    assertThat(s.bins().get(14).count()).isOne();
    assertThat(s.bins().get(14).accuracy()).isNaN();
    assertThat(s.mce()).isEqualTo(0.25);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, -1, -0x1p-101, 0x1p-101, 0x1.1p100, Double.POSITIVE_INFINITY, 1e-300})
  void weightOutOfRangeIsRefusedAndTheSketchStaysAsItWas(double weight) {
    CalibrationSketch sketch = new CalibrationSketch(2);
    double[] weights = {1, weight};
    assertThatThrownBy(
            () -> sketch.add(LabelledRows.of(P, LABELS, sketch.classes()).weights(weights), 0, 2))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageStartingWith("weights[1] must be 0 or between 2^-100 and 2^100, got " + weight);
    sketch.add(LabelledRows.of(P, LABELS, sketch.classes()).weights(weights), 0, 1);
    assertThat(sketch.rows()).isOne();
  }

  @Test
  void predictionsWithWeightsBeyondTheRangeAreRefusedWithTheRemedy() {
    Predictions p =
        Predictions.builder()
            .probabilities(P, 2)
            .labels(LABELS)
            .weights(new double[] {1e-300, 1e-301})
            .build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibrationSketch.of(p))
        .withMessageContaining("multiply all weights by one number");
  }

  @Test
  void weightsAtTheEndsOfTheRangeAreExact() {
    CalibrationSketch sketch = new CalibrationSketch(2);
    sketch.add(
        LabelledRows.of(P, LABELS, sketch.classes()).weights(new double[] {0x1p100, 0x1p-100}),
        0,
        2);
    CalibrationSketch tiny = new CalibrationSketch(2);
    tiny.add(
        LabelledRows.of(P, LABELS, tiny.classes()).weights(new double[] {0x1p-100, 0x1p-100}),
        0,
        2);
    assertThat(tiny.summary().ece()).isEqualTo(0.25);
    assertThat(tiny.summary().debiasedL2()).isZero(); // 1/16 - 1/4
    assertThat(sketch.summary().ece()).isEqualTo(0.25);
    assertThat(sketch.summary().accuracy()).isEqualTo(1);
  }

  @Test
  void weightsThatAreTooFewAreRefused() {
    CalibrationSketch sketch = new CalibrationSketch(2);
    assertThatThrownBy(
            () ->
                sketch.add(
                    LabelledRows.of(P, LABELS, sketch.classes()).weights(new double[1]), 0, 2))
        .hasMessage("weights must have 2 values, got 1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                CalibrationSketch.of(
                    LabelledRows.of(P, LABELS, 2).weights(new double[1]), BinningConvention.GUO))
        .withMessage("weights must have 2 values, got 1");
  }

  @Test
  void oneColumnIsJudgedByThePositiveClassAndNeverMixedWithTwo() {
    double[] positive = {0.2, 0.22};
    Predictions one = Predictions.binary(positive, LABELS);
    CalibrationSketch sketch = CalibrationSketch.of(one);
    assertThat(sketch.summary().ece()).isCloseTo(CalibrationError.of(one).ece(), within(1e-12));
    assertThat(sketch.summary().toString()).contains("positive class, 2 rows");
    CalibrationSketch columns = new CalibrationSketch(2);
    columns.add(LabelledRows.of(P, LABELS, columns.classes()), 0, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sketch.add(LabelledRows.of(P, LABELS, sketch.classes()), 0, 2))
        .withMessageContaining("this one judges the positive class, got rows that judge the top");
    assertThatIllegalArgumentException().isThrownBy(() -> columns.add(one));
    assertThatIllegalArgumentException().isThrownBy(() -> columns.merge(sketch));
    assertThat(columns.rows()).isEqualTo(2); // a refusal leaves the sketch as it was
    sketch.add(LabelledRows.ofPositive(positive, LABELS), 0, 2);
    assertThat(sketch.rows()).isEqualTo(4);
    CalibrationSketch empty = new CalibrationSketch(2);
    empty.add(LabelledRows.of(P, LABELS, empty.classes()), 1, 1); // no row decides nothing
    empty.merge(sketch);
    SketchBits.same(empty, sketch);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CalibrationSketch(3).add(LabelledRows.ofPositive(positive, LABELS)))
        .withMessageContaining("predictions must have 3 classes, got 2");
    assertThatThrownBy(
            () -> sketch.add(LabelledRows.ofPositive(new double[] {1.5, 0}, LABELS), 0, 1))
        .isInstanceOf(InvalidRowException.class)
        .hasMessage("positive probabilities[0] must be in [0, 1], got 1.5");
  }
}
