package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SketchPartsTest {

  @Test
  void partsOfManyCellsAreSoFewThatTogetherTheyHoldTheCellsOfTwoLargestSketchesAtMost() {
    int[][] shapes = {{255, 65_535}, {65_536, 15}, {1000, 100}, {10, 15}, {2, 1}, {100, 10_000}};
    for (int[] shape : shapes) {
      long cells = shape[0] * (shape[1] + 1L);
      int rows = Integer.MAX_VALUE / shape[0];
      int most = SketchParts.rowsOfAPart(rows, cells, shape[1]);
      long parts = 1;
      while ((rows + parts - 1) / parts > most) {
        parts *= 2;
      }
      assertThat(parts == 1 || parts * cells <= 2L << 24).as("%d parts", parts).isTrue();
    }
    assertThat(SketchParts.rowsOfAPart(8_000_000, 160, 15)).isEqualTo(1 << 15);
  }

  @Test
  void oneColumnAndFloat64RowsGiveTheSameBitsByAllThreadsAsByOne() {
    int rows = 70_001;
    SplittableRandom random = new SplittableRandom(3);
    double[] column = random.doubles(rows).toArray();
    double[] p = new double[2 * rows];
    Arrays.setAll(p, i -> i % 2 == 0 ? 1 - column[i / 2] : column[i / 2]);
    int[] labels = random.ints(rows, 0, 2).toArray();
    double[] weights = random.doubles(rows, 0.5, 2).toArray();
    CalibrationSketch one = new CalibrationSketch(2);
    one.add(LabelledRows.ofPositive(column, labels), 0, rows);
    SketchBits.same(
        CalibrationSketch.of(LabelledRows.ofPositive(column, labels), BinningConvention.GUO), one);
    CalibrationSketch weighted = new CalibrationSketch(2, BinningConvention.SKLEARN);
    weighted.add(LabelledRows.ofPositive(column, labels).weights(weights), 0, rows);
    SketchBits.same(
        CalibrationSketch.of(
            LabelledRows.ofPositive(column, labels).weights(weights), BinningConvention.SKLEARN),
        weighted);
    CalibrationSketch wide = new CalibrationSketch(2);
    wide.add(LabelledRows.of(p, labels, wide.classes()), 0, rows);
    SketchBits.same(
        CalibrationSketch.of(LabelledRows.of(p, labels, 2), BinningConvention.GUO), wide);
  }

  @Test
  void lengthsThatDifferAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                CalibrationSketch.of(
                    LabelledRows.ofPositive(new double[3], new int[2]), BinningConvention.GUO))
        .withMessage("positive probabilities must have 2 values, got 3");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                CalibrationSketch.of(
                    LabelledRows.of(new double[3], new int[2], 2), BinningConvention.GUO))
        .withMessage("probabilities must have rows x classes = 4 values, got 3");
  }

  @Test
  void runsOfAnyLengthBetweenWeightedRowsGiveTheSameBits() {
    int rows = 300;
    float[] p = CalibrationSketchTest.probabilities(rows, 7, 5);
    int[] labels = CalibrationSketchTest.labels(rows, 7, 6);
    for (int run : new int[] {1, 2, 15, 16, 17, 100}) {
      double[] weights = new double[rows];
      Arrays.setAll(weights, r -> r / run % 2 == 0 ? 1 : 2.5);
      CalibrationSketch mixed = new CalibrationSketch(7);
      mixed.add(LabelledRows.of(p, labels, mixed.classes()).weights(weights), 0, rows);
      CalibrationSketch apart = new CalibrationSketch(7);
      for (int pass = 0; pass < 2; pass++) {
        for (int r = 0; r < rows; r++) {
          if (r / run % 2 == pass) {
            apart.add(LabelledRows.of(p, labels, apart.classes()).weights(weights), r, r + 1);
          }
        }
      }
      SketchBits.same(mixed, apart);
      assertThat(mixed.toBytes()).isEqualTo(apart.toBytes());
    }
  }

  @Test
  void invalidRowOfAShortRunIsNamed() {
    float[] p = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.7f};
    assertThatThrownBy(
            () ->
                new CalibrationSketch(2)
                    .add(LabelledRows.of(p, new int[3], 2).weights(new double[] {1, 2, 1})))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageStartingWith("probabilities[2] sums to 1.19999");
  }

  @Test
  void nullIsNamed() {
    CalibrationSketch sketch = new CalibrationSketch(2);
    assertThatThrownBy(
            () -> sketch.add(LabelledRows.of((double[]) null, new int[1], sketch.classes()), 0, 1))
        .hasMessage("probabilities");
    assertThatThrownBy(
            () -> sketch.add(LabelledRows.of(new float[2], null, sketch.classes()), 0, 1))
        .hasMessage("labels");
    assertThatThrownBy(() -> sketch.add(LabelledRows.ofPositive(null, new int[1]), 0, 1))
        .hasMessage("positive");
    assertThatThrownBy(() -> sketch.add((Predictions) null)).hasMessage("predictions");
    assertThatThrownBy(() -> sketch.merge(null)).hasMessage("other");
    assertThatThrownBy(() -> new CalibrationSketch(2, null)).hasMessage("convention");
    assertThatThrownBy(() -> CalibrationSketch.of(null)).hasMessage("predictions");
    assertThatThrownBy(
            () ->
                CalibrationSketch.of(LabelledRows.of(new float[2], null, 2), BinningConvention.GUO))
        .hasMessage("labels");
    assertThatThrownBy(
            () -> CalibrationSketch.of(LabelledRows.of(new float[2], new int[1], 2), null))
        .hasMessage("convention");
    assertThatThrownBy(() -> CalibrationSketch.fromBytes(null)).hasMessage("bytes");
    assertThatThrownBy(() -> CalibrationSketch.read(null)).hasMessage("file");
    assertThatThrownBy(() -> sketch.write(null)).hasMessage("file");
  }

  @Test
  void bytesBeyondTheLongestArrayAreRefusedWithTheReason() {
    assertThat(SketchWriter.longer(1 << 30)).isEqualTo(Integer.MAX_VALUE - 8);
    assertThatThrownBy(() -> SketchWriter.longer(Integer.MAX_VALUE - 8))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "a sketch's bytes must be at most 2,147,483,639, got more: ask for");
  }

  @Test
  void theBinOfOneCountsAmongTheCells() {
    BinningConvention most = BinningConvention.TORCHMETRICS.withBins((1 << 14) - 2);
    assertThat(SketchShape.check(1 << 10, most)).isEqualTo(1 << 24);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SketchShape.check(1 << 10, most.withBins((1 << 14) - 1)))
        .withMessageContaining("at most 16,777,216, got 1,024 x 16,385");
  }
}
