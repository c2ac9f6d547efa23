package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.error.CalibrationError;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Strips of float32 rows against the same rows one by one. */
class SketchKernelProperties {

  private static void stripsAndSingleRowsAgree(float[] p, int[] labels, int classes, int bins) {
    CalibrationSketch strips = new CalibrationSketch(classes, bins);
    strips.add(LabelledRows.of(p, labels, strips.classes()), 0, labels.length);
    double[] wide = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      wide[i] = p[i];
    }
    CalibrationSketch single = new CalibrationSketch(classes, bins);
    single.add(LabelledRows.of(wide, labels, single.classes()), 0, labels.length);
    SketchBits.same(strips, single);
  }

  /**
   * Values that lie on edges, beside them, at both ends, tied, vanishing; seldom one that is to be
   * clamped, which takes its strip to the slow path.
   */
  private static float awkward(SplittableRandom random, int bins) {
    float edge = (float) random.nextInt(bins + 1) / bins;
    return switch (random.nextInt(9)) {
      case 0 -> edge;
      case 1 -> Math.nextUp(edge);
      case 2 -> Math.nextDown(edge);
      case 3 -> 0.5f;
      case 4 -> Math.scalb(1f, -random.nextInt(149));
      case 5 -> random.nextInt(1000) == 0 ? -Math.scalb(1f, -20 - random.nextInt(40)) : -1e-30f;
      case 6 -> 0;
      case 7 -> -0f;
      default -> (float) random.nextDouble();
    };
  }

  private static float[] awkwardRows(SplittableRandom random, int rows, int classes, int bins) {
    float[] p = new float[rows * classes];
    for (int r = 0; r < rows; r++) {
      double left = 1;
      int from = r * classes;
      for (int k = 0; k + 1 < classes; k++) {
        float v = Math.min(awkward(random, bins), (float) left);
        p[from + k] = v;
        left -= v;
      }
      p[from + classes - 1] = (float) left;
      int other = from + random.nextInt(classes);
      float last = p[from + classes - 1];
      p[from + classes - 1] = p[other];
      p[other] = last;
    }
    return p;
  }

  @Property(tries = 300)
  void stripsGiveTheBitsOfRowsOneByOneWhateverTheValues(
      @ForAll @IntRange(min = 1, max = 700) int rows,
      @ForAll @IntRange(min = 2, max = 23) int classes,
      @ForAll @IntRange(min = 1, max = 1000) int bins,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] p = awkwardRows(random, rows, classes, bins);
    int[] labels = random.ints(rows, 0, classes).toArray();
    stripsAndSingleRowsAgree(p, labels, classes, bins);
  }

  @Property(tries = 10)
  void manyClassesGiveTheBitsOfRowsOneByOne(
      @ForAll @IntRange(min = 500, max = 9000) int classes, @ForAll long seed) {
    int rows = 150;
    float[] p = CalibrationSketchTest.probabilities(rows, classes, seed);
    int[] labels = CalibrationSketchTest.labels(rows, classes, ~seed);
    stripsAndSingleRowsAgree(p, labels, classes, 15);
  }

  /** Sums to 1 - 1.001e-4 - 1e-12 in one order and less than 1e-12 more in another. */
  private static float[] rowAtTheTolerance(int classes) {
    float[] row = new float[classes];
    row[0] = 0.99f;
    Arrays.fill(row, 1, classes, 5e-17f);
    double missing = 1 - Predictions.SUM_LIMIT - 1e-12 - row[0];
    row[1] = (float) missing;
    row[2] = (float) (missing - row[1]);
    return row;
  }

  private static boolean isTaken(float[] rows, int classes) {
    try {
      new CalibrationSketch(classes)
          .add(LabelledRows.of(rows, new int[rows.length / classes], classes), 0, 8);
      return true;
    } catch (InvalidRowException e) {
      return false;
    }
  }

  @Test
  void whetherARowIsTakenDoesNotDependOnItsNeighbours() {
    int classes = 60_000;
    float[] row = rowAtTheTolerance(classes);
    double[] wide = new double[classes];
    float[] clean = new float[8 * classes];
    for (int r = 0; r < 8; r++) {
      System.arraycopy(row, 0, clean, r * classes, classes);
    }
    for (int k = 0; k < classes; k++) {
      wide[k] = row[k];
    }
    float[] beside = clean.clone();
    beside[7 * classes] = 1;
    Arrays.fill(beside, 7 * classes + 1, 8 * classes, 0);
    beside[8 * classes - 1] = -1e-9f;
    boolean alone = true;
    try {
      new CalibrationSketch(classes).add(LabelledRows.of(wide, new int[1], classes), 0, 1);
    } catch (InvalidRowException e) {
      alone = false;
    }
    assertThat(isTaken(clean, classes)).isEqualTo(alone);
    assertThat(isTaken(beside, classes)).isEqualTo(alone);
  }

  @Test
  void negativesCannotMakeUpForASumThatIsTooSmall() {
    float[] rows = new float[16];
    for (int r = 0; r < 8; r++) {
      rows[2 * r] = 0.99985f;
      rows[2 * r + 1] = -4e-17f;
    }
    assertThat(isTaken(rows, 2)).isFalse();
  }

  @Test
  void clampedRowsOfPredictionsAreTakenAsTheyAre() {
    double[] row = new double[202];
    Arrays.fill(row, -1e-6);
    row[0] = 0.5;
    row[1] = 0.5002;
    Predictions p = Predictions.of(new double[][] {row}, new int[] {1});
    CalibrationSketch taken = CalibrationSketch.of(p);
    CalibrationSketch given = new CalibrationSketch(202);
    given.add(LabelledRows.of(row, new int[] {1}, given.classes()), 0, 1);
    SketchBits.same(taken, given);
    assertThat(taken.summary().ece()).isCloseTo(CalibrationError.of(p).ece(), within(1e-12));
  }

  @Property(tries = 50)
  void weightTwoIsTheRowTwice(
      @ForAll @IntRange(min = 1, max = 300) int rows,
      @ForAll @IntRange(min = 2, max = 12) int classes,
      @ForAll long seed) {
    float[] p = CalibrationSketchTest.probabilities(rows, classes, seed);
    int[] labels = CalibrationSketchTest.labels(rows, classes, ~seed);
    double[] weights = new double[rows];
    Arrays.fill(weights, 2);
    CalibrationSketch weighted = new CalibrationSketch(classes);
    weighted.add(LabelledRows.of(p, labels, weighted.classes()).weights(weights), 0, rows);
    CalibrationSketch twice = new CalibrationSketch(classes);
    twice.add(LabelledRows.of(p, labels, twice.classes()), 0, rows);
    twice.merge(twice);
    CalibrationSummary a = weighted.summary();
    CalibrationSummary b = twice.summary();
    assertThat(a.weight()).isEqualTo(b.weight());
    assertThat(a.nll()).isEqualTo(b.nll());
    assertThat(a.brier()).isEqualTo(b.brier());
    assertThat(a.ece()).isEqualTo(b.ece());
    assertThat(a.classwiseEce()).isEqualTo(b.classwiseEce());
  }
}
