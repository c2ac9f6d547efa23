package io.github.swag4j.calibration;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Strips of float32 rows against the same rows one by one. */
class SketchKernelProperties {

  private static void stripsAndSingleRowsAgree(float[] p, int[] labels, int classes, int bins) {
    CalibrationSketch strips = new CalibrationSketch(classes, bins);
    strips.add(p, labels, 0, labels.length);
    double[] wide = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      wide[i] = p[i];
    }
    CalibrationSketch single = new CalibrationSketch(classes, bins);
    single.add(wide, labels, 0, labels.length);
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
}
