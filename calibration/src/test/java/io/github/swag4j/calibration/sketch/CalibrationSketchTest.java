package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.BrierParts;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.scores.BrierDecomposition;
import io.github.swag4j.calibration.sketch.CalibrationSummary.Bin;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationSketchTest {

  /** Random float32 rows: softmax of spread-out logits, some of them saturated. */
  static float[] probabilities(int rows, int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] p = new float[rows * classes];
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      double spread = random.nextInt(8) == 0 ? 300 : 5;
      double[] e = new double[classes];
      for (int k = 0; k < classes; k++) {
        e[k] = Math.exp(spread * (random.nextDouble() - 1));
        sum += e[k];
      }
      for (int k = 0; k < classes; k++) {
        p[r * classes + k] = (float) (e[k] / sum);
      }
    }
    return p;
  }

  static int[] labels(int rows, int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, rows).map(r -> random.nextInt(classes)).toArray();
  }

  static CalibrationSketch sketch(float[] p, int[] labels, int classes) {
    CalibrationSketch sketch = new CalibrationSketch(classes);
    sketch.add(LabelledRows.of(p, labels, sketch.classes()), 0, labels.length);
    return sketch;
  }

  @Test
  void oracleValuesOfTheFixtureAreMet() throws Exception {
    Path file =
        Path.of(
            CalibrationSketchTest.class
                .getResource("/io/github/swag4j/calibration/io/logits_id.csv")
                .toURI());
    Predictions p = PredictionFiles.read(file, ReadOptions.defaults().withLogits(true));
    CalibrationSummary s = CalibrationSketch.of(p).summary();
    assertThat(s.rows()).isEqualTo(500);
    assertThat(s.accuracy()).isEqualTo(0.552);
    assertThat(s.meanConfidence()).isCloseTo(0.6566918374414782, within(1e-12));
    assertThat(s.ece()).isCloseTo(0.11601792618255018, within(1e-12));
    assertThat(s.mce()).isCloseTo(0.2864694794599884, within(1e-12));
    assertThat(s.rmsce()).isCloseTo(0.14465391038890305, within(1e-12));
    assertThat(s.ace()).isCloseTo(0.1137311641080553, within(1e-12));
    assertThat(s.debiasedL2()).isCloseTo(0.12574483478994716, within(1e-12));
    assertThat(s.classwiseEce()).isCloseTo(0.07737990910500823, within(1e-12));
    assertThat(s.classwiseEce(0)).isCloseTo(0.08981842203718214, within(1e-12));
    assertThat(s.classwiseEce(3)).isCloseTo(0.07089540808495333, within(1e-12));
    assertThat(s.brier()).isCloseTo(0.6083337661687117, within(1e-12));
    assertThat(s.nll()).isCloseTo(1.128197558095742, within(1e-12));
    assertThat(s.bins().stream().mapToLong(Bin::count))
        .containsExactly(0L, 0L, 0L, 0L, 5L, 17L, 44L, 68L, 74L, 64L, 59L, 48L, 43L, 52L, 26L);
    BrierParts m = s.murphy();
    assertThat(m.reliability()).isCloseTo(0.02092475379080079, within(1e-12));
    assertThat(m.resolution()).isCloseTo(0.017750911707250037, within(1e-12));
    assertThat(m.uncertainty()).isCloseTo(0.247296, within(1e-12));
    assertThat(m.withinBinVariance()).isCloseTo(0.00036496778042354567, within(1e-12));
    assertThat(m.withinBinCovariance()).isCloseTo(0.0008123282164462008, within(1e-12));
    assertThat(m.brier()).isCloseTo(0.2500224816475281, within(1e-12));
    CalibrationSketch ten = new CalibrationSketch(4, 10);
    ten.add(p);
    assertThat(ten.summary().ece()).isCloseTo(0.10469183744147818, within(1e-12));
  }

  @Test
  void partsOfTheBrierScoreAndTheDebiasedErrorAreThoseOfItsBins() {
    for (int seed = 0; seed < 50; seed++) {
      Predictions p = SketchCases.columns(40, 3, 15, seed % 2 == 0, seed);
      CalibrationSummary s = CalibrationSketch.of(p).summary();
      BrierDecomposition parts = BrierDecomposition.of(s.binning());
      assertThat(s.murphy())
          .isEqualTo(
              new BrierParts(
                  parts.reliability(),
                  parts.resolution(),
                  parts.uncertainty(),
                  parts.withinBinVariance(),
                  parts.withinBinCovariance()));
      assertThat(s.murphy().brier()).isEqualTo(parts.brier());
      assertThat(s.debiasedL2()).isEqualTo(DebiasedCalibrationError.of(s.binning()).l2());
    }
  }

  @Test
  void varianceWithinABinIsNotBelowZeroByRounding() {
    double[] p = new double[1000];
    Arrays.fill(p, 0.1 + 1.0 / 3);
    for (int rows = 1; rows < p.length; rows++) {
      Predictions rowsOfOne = Predictions.binary(Arrays.copyOf(p, rows), new int[rows]);
      assertThat(BrierDecomposition.of(rowsOfOne).withinBinVariance()).isNotNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10, 137})
  void everyNumberIsThatOfTheDefinition(int classes) {
    int rows = 2500;
    float[] p = probabilities(rows, classes, 3);
    int[] labels = labels(rows, classes, 4);
    SketchReference expected = new SketchReference(p, labels, classes, 15);
    CalibrationSummary s = sketch(p, labels, classes).summary();
    assertThat(s.bins().stream().mapToLong(Bin::count).toArray()).isEqualTo(expected.counts);
    assertThat(s.accuracy()).isEqualTo(expected.accuracy);
    assertThat(s.ece()).isCloseTo(expected.ece, within(1e-12));
    assertThat(s.classwiseEce()).isCloseTo(expected.classwise, within(1e-12));
    assertThat(s.nll()).isCloseTo(expected.nll, within(1e-12));
    assertThat(s.brier()).isCloseTo(expected.brier, within(1e-12));
    assertThat(s.murphy().brier()).isCloseTo(expected.topBrier, within(1e-12));
    assertThat(s.saturatedRows()).isEqualTo(expected.saturated).isPositive();
    assertThat(s.zeroProbabilityRows()).isEqualTo(expected.zeros);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 10, 15, 20, 100, 1000})
  void confidencesOnAnEdgeAndBesideItLieWhereTheEdgesSay(int bins) {
    for (int b = 0; b <= bins; b++) {
      double edge = (double) b / bins;
      for (float f :
          new float[] {(float) edge, Math.nextUp((float) edge), Math.nextDown((float) edge)}) {
        float v = Math.min(Math.max(f, 0), 1);
        int expected = 0;
        while (expected < bins - 1 && v > (double) (expected + 1) / bins) {
          expected++;
        }
        CalibrationSketch floats = new CalibrationSketch(2, bins);
        floats.add(LabelledRows.of(new float[] {v, 1 - v}, new int[] {0}, floats.classes()), 0, 1);
        CalibrationSketch doubles = new CalibrationSketch(2, bins);
        doubles.add(
            LabelledRows.of(new double[] {v, 1 - v}, new int[] {0}, doubles.classes()), 0, 1);
        int at = v > 1 - v ? expected : -1;
        for (CalibrationSketch sketch : new CalibrationSketch[] {floats, doubles}) {
          if (at >= 0) {
            assertThat(sketch.summary().bins().get(at).count()).as("%s of %d", v, bins).isOne();
          }
          assertThat(sketch.summary().bins().stream().mapToLong(Bin::count).sum()).isOne();
        }
      }
    }
  }

  @Test
  void aDoubleJustAboveAnEdgeIsInTheNextBin() {
    for (int b = 8; b < 15; b++) {
      double edge = (double) b / 15;
      for (double v : new double[] {edge, Math.nextUp(edge)}) {
        CalibrationSketch sketch = new CalibrationSketch(2);
        sketch.add(LabelledRows.of(new double[] {v, 1 - v}, new int[] {0}, sketch.classes()), 0, 1);
        assertThat(sketch.summary().bins().get(v > edge ? b : b - 1).count()).isOne();
      }
    }
  }

  @Test
  void saturatedConfidencesAreCountedInTheLastBin() {
    CalibrationSummary s = sketch(new float[] {1, 0, 0, 1, 1, 0}, new int[] {0, 0, 0}, 2).summary();
    assertThat(s.bins().get(14).count()).isEqualTo(3);
    assertThat(s.saturatedRows()).isEqualTo(3);
    assertThat(s.zeroProbabilityRows()).isOne();
    assertThat(s.ece()).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(s.nll()).isCloseTo(-Math.log(1e-300) / 3, within(1e-11));
  }

  @Test
  void mceIsNotMultipliedByTheBinsCount() {
    float[] p = new float[20];
    for (int i = 0; i < 20; i += 2) {
      p[i] = 0.9f;
      p[i + 1] = 0.1f;
    }
    CalibrationSummary s = sketch(p, new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 2).summary();
    assertThat(s.mce()).isCloseTo(0.9f, within(1e-12));
  }

  @Test
  void float32RowsAndTheSameAsDoublesGiveTheSameBits() {
    float[] p = probabilities(3000, 5, 8);
    int[] labels = labels(3000, 5, 9);
    double[] wide = new double[p.length];
    Arrays.setAll(wide, i -> p[i]);
    CalibrationSketch doubles = new CalibrationSketch(5);
    doubles.add(LabelledRows.of(wide, labels, doubles.classes()), 0, 3000);
    SketchBits.same(doubles, sketch(p, labels, 5));
  }

  @Test
  void roundingBeyondTheRangeIsClampedAndCounted() {
    float[] p = {1.0000005f, -5e-7f, -0.0f, 1};
    CalibrationSummary s = sketch(p, new int[] {0, 1}, 2).summary();
    assertThat(s.bins().get(14).count()).isEqualTo(2);
    assertThat(s.ece()).isZero();
    assertThat(s.nll()).isZero();
  }

  @Test
  void clampedRowsLeaveTheirNeighboursAlone() {
    int rows = 3001;
    float[] p = probabilities(rows, 3, 31);
    int[] labels = labels(rows, 3, 32);
    double[] clamped = new double[p.length];
    for (int r = 0; r < rows; r += 7) {
      p[3 * r] = r % 2 == 0 ? 1.0000005f : 1;
      p[3 * r + 1] = r % 2 == 0 ? -5e-7f : 0;
      p[3 * r + 2] = -1e-30f;
    }
    Arrays.setAll(clamped, i -> Math.min(Math.max(p[i], 0.0), 1));
    CalibrationSketch expected = new CalibrationSketch(3);
    expected.add(LabelledRows.of(clamped, labels, expected.classes()), 0, rows);
    SketchBits.same(sketch(p, labels, 3), expected);
  }

  @Test
  void ofEqualLargestProbabilitiesOnlyTheFirstIsRight() {
    float[] p = new float[3000];
    int[] labels = new int[1000];
    for (int r = 0; r < 1000; r++) {
      p[3 * r] = 0.2f;
      p[3 * r + 1] = 0.4f;
      p[3 * r + 2] = 0.4f;
      labels[r] = r % 3;
    }
    CalibrationSummary s = sketch(p, labels, 3).summary();
    assertThat(s.accuracy()).isEqualTo(0.333);
    assertThat(s.bins().stream().mapToLong(Bin::correct).sum()).isEqualTo(333);
    assertThat(s.ece()).isCloseTo(0.4f - 0.333, within(1e-12));
  }

  @Test
  void equalProbabilitiesPredictTheLowestClass() {
    CalibrationSummary s =
        sketch(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, new int[] {0, 1}, 2).summary();
    assertThat(s.accuracy()).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -1, 1.5f, 0.7f})
  void invalidRowIsRefusedAndEndsTheSketch(float value) {
    float[] p = {0.5f, 0.5f, value, 0.5f};
    CalibrationSketch sketch = new CalibrationSketch(2);
    assertThatThrownBy(() -> sketch.add(LabelledRows.of(p, new int[2], sketch.classes()), 0, 2))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageStartingWith("probabilities[1]");
    assertThatThrownBy(sketch::summary)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("start a new one");
  }

  @Test
  void manyNaNsCannotPassForARow() {
    float[] p = new float[10];
    Arrays.fill(p, Float.intBitsToFloat(0xFFC00001));
    assertThatThrownBy(() -> sketch(p, new int[1], 10)).isInstanceOf(InvalidRowException.class);
  }

  @Test
  void labelOutOfRangeIsRefused() {
    assertThatThrownBy(() -> sketch(new float[] {0.5f, 0.5f}, new int[] {3}, 2))
        .isInstanceOf(InvalidRowException.class)
        .hasMessage("labels[0] must be a class index below 2, got 3");
  }

  @Test
  void threadsGiveTheSameBitsAsOne() {
    int rows = 70_001;
    float[] p = probabilities(rows, 3, 21);
    int[] labels = labels(rows, 3, 22);
    SketchBits.same(
        CalibrationSketch.of(LabelledRows.of(p, labels, 3), BinningConvention.GUO),
        sketch(p, labels, 3));
  }

  @Test
  void aSketchMergedWithItselfCountsEachRowTwice() {
    CalibrationSketch sketch = sketch(probabilities(100, 3, 1), labels(100, 3, 2), 3);
    CalibrationSummary once = sketch.summary();
    sketch.merge(sketch);
    CalibrationSummary twice = sketch.summary();
    assertThat(twice.rows()).isEqualTo(200);
    assertThat(twice.ece()).isEqualTo(once.ece());
    assertThat(twice.nll()).isEqualTo(once.nll());
  }

  @Test
  void sketchesOfOtherShapesAreNotMerged() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CalibrationSketch(3).merge(new CalibrationSketch(3, 10)))
        .withMessage(
            "sketches must agree: 3 classes and guo: 15 equal-width bins, got 3 and guo: 10"
                + " equal-width bins");
    assertThatIllegalArgumentException().isThrownBy(() -> new CalibrationSketch(1));
    assertThatIllegalArgumentException().isThrownBy(() -> new CalibrationSketch(2, 0));
  }

  @Test
  void emptySketchHasNoSummary() {
    assertThatThrownBy(new CalibrationSketch(2)::summary)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("at least 1 row");
  }

  @Test
  void missingLabelsAreRefused() {
    double[][] rows = {{0.5, 0.5}};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibrationSketch.of(Predictions.builder().probabilities(rows).build()))
        .withMessageContaining("without labels");
  }

  @Test
  void binsThatDependOnTheRowsAreRefusedWithTheReason() {
    for (BinningConvention convention : BinningConvention.all()) {
      if (convention.hasFixedBins()) {
        assertThat(new CalibrationSketch(3, convention).convention()).isEqualTo(convention);
      } else {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new CalibrationSketch(3, convention))
            .withMessageContaining("needs bins that are known before the rows, got " + convention)
            .withMessageContaining("CalibrationError.of");
      }
    }
  }

  @Test
  void shapesAreBoundedByTheMemoryTheyNeed() {
    assertThat(new CalibrationSketch(200, 65_536).bins()).isEqualTo(65_536);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CalibrationSketch(2, 65_537))
        .withMessage("bins must be between 1 and 65536, got 65537");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CalibrationSketch(65_536, 1000))
        .withMessageContaining("at most 16,777,216, got 65,536 x 1,001: ask for fewer bins");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CalibrationSketch(2, BinningConvention.MAPIE.withBins(1)))
        .withMessageContaining("bins must be at least 2");
  }

  @Test
  void twoToTheFortiethRowsOfTheWorstScoreDoNotOverflow() {
    CalibrationSketch sketch = sketch(new float[] {0, 1}, new int[] {0}, 2);
    for (int i = 0; i < 40; i++) {
      sketch.merge(sketch);
    }
    CalibrationSummary s = sketch.summary();
    assertThat(s.rows()).isEqualTo(1L << 40);
    assertThat(s.nll()).isCloseTo(-Math.log(1e-300), within(1e-12));
    assertThat(s.brier()).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sketch.merge(sketch))
        .withMessageContaining("at most 2^40 rows");
  }

  @Test
  void conventionIsPrintedWithTheResult() {
    CalibrationSketch sketch = new CalibrationSketch(2, BinningConvention.TORCHMETRICS);
    sketch.add(LabelledRows.of(new float[] {1, 0}, new int[] {0}, sketch.classes()), 0, 1);
    assertThat(sketch)
        .hasToString(
            "sketch of 1 row and 2 classes (torchmetrics: 15 equal-width bins [lo, hi) and one for"
                + " 1.0)");
    assertThat(sketch.summary().toString())
        .endsWith("ECE 0.0000 (torchmetrics: 15 equal-width bins [lo, hi) and one for 1.0, 1 row)");
    assertThat(sketch.summary().bins()).hasSize(16);
    assertThat(sketch.summary().bins().get(15).count()).isOne();
  }
}
