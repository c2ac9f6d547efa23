package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CalibrationSketchProperties {

  private static CalibrationSketch part(float[] p, int[] labels, int classes, int from, int to) {
    CalibrationSketch sketch = new CalibrationSketch(classes);
    sketch.add(LabelledRows.of(p, labels, sketch.classes()), from, to);
    return sketch;
  }

  @Property(tries = 100)
  void anyOrderOfRowsSplitAndMergedInAnyWayGivesTheSameBits(
      @ForAll @IntRange(min = 3, max = 3000) int rows,
      @ForAll @IntRange(min = 2, max = 9) int classes,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] p = CalibrationSketchTest.probabilities(rows, classes, seed);
    int[] labels = CalibrationSketchTest.labels(rows, classes, ~seed);
    CalibrationSketch whole = part(p, labels, classes, 0, rows);

    int[] order = new int[rows];
    Arrays.setAll(order, i -> i);
    for (int i = rows - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int t = order[i];
      order[i] = order[j];
      order[j] = t;
    }
    float[] q = new float[p.length];
    int[] shuffled = new int[rows];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(p, order[r] * classes, q, r * classes, classes);
      shuffled[r] = labels[order[r]];
    }
    int first = random.nextInt(rows + 1);
    int second = random.nextInt(first, rows + 1);

    CalibrationSketch leftFirst = part(q, shuffled, classes, 0, first);
    leftFirst.merge(part(q, shuffled, classes, first, second));
    leftFirst.merge(part(q, shuffled, classes, second, rows));
    SketchBits.same(leftFirst, whole);

    CalibrationSketch tail = part(q, shuffled, classes, first, second);
    tail.merge(part(q, shuffled, classes, second, rows));
    CalibrationSketch rightFirst = part(q, shuffled, classes, 0, first);
    tail.merge(rightFirst);
    SketchBits.same(tail, whole);
  }

  @Property(tries = 100)
  void errorsAreOrderedAndNoRowIsLost(
      @ForAll @IntRange(min = 1, max = 400) int rows,
      @ForAll @IntRange(min = 2, max = 6) int classes,
      @ForAll @IntRange(min = 1, max = 40) int bins,
      @ForAll long seed) {
    CalibrationSketch sketch = new CalibrationSketch(classes, bins);
    sketch.add(
        LabelledRows.of(
            CalibrationSketchTest.probabilities(rows, classes, seed),
            CalibrationSketchTest.labels(rows, classes, ~seed),
            sketch.classes()),
        0,
        rows);
    CalibrationSummary s = sketch.summary();
    assertThat(s.bins().stream().mapToLong(CalibrationSummary.Bin::count).sum()).isEqualTo(rows);
    assertThat(s.ece()).isBetween(0.0, s.rmsce() + 1e-12);
    assertThat(s.rmsce()).isLessThanOrEqualTo(s.mce() + 1e-12);
    assertThat(s.mce()).isLessThanOrEqualTo(1);
    assertThat(s.debiasedL2()).isLessThanOrEqualTo(s.rmsce());
    assertThat(s.classwiseEce()).isBetween(0.0, 1.0);
    assertThat(s.brier()).isBetween(0.0, 2.0);
    assertThat(s.nll()).isNotNegative();
  }

  @Property(tries = 200)
  void debiasedErrorIsThatOfTheRowsInMemoryHoweverFewRowsABinHas(
      @ForAll @IntRange(min = 1, max = 300) int rows,
      @ForAll @IntRange(min = 2, max = 6) int classes,
      @ForAll @IntRange(min = 1, max = 1000) int bins,
      @ForAll long seed) {
    float[] p = CalibrationSketchTest.probabilities(rows, classes, seed);
    int[] labels = CalibrationSketchTest.labels(rows, classes, ~seed);
    CalibrationSketch sketch = new CalibrationSketch(classes, bins);
    sketch.add(LabelledRows.of(p, labels, sketch.classes()), 0, rows);
    float[][] matrix = new float[rows][];
    for (int r = 0; r < rows; r++) {
      matrix[r] = Arrays.copyOfRange(p, r * classes, (r + 1) * classes);
    }
    var inMemory =
        DebiasedCalibrationError.of(
            Predictions.of(matrix, labels), BinningConvention.GUO.withBins(bins));
    double debiased = sketch.summary().debiasedL2();
    // Squares: the root would blow rounding up near 0.
    assertThat(debiased * debiased).isCloseTo(Math.max(0, inMemory.squaredL2()), within(1e-11));
    if (rows == 1) {
      assertThat(debiased).isZero();
    }
  }
}
