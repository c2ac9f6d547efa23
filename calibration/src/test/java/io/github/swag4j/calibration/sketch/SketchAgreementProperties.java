package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.BrierParts;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.reliability.ReliabilityDiagram;
import io.github.swag4j.calibration.scores.BrierDecomposition;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

/** A sketch gives what the classes give that hold all rows in memory. */
class SketchAgreementProperties {
  private static final Offset<Double> EXACT = within(1e-12);

  @Provide
  Arbitrary<BinningConvention> conventions() {
    return Arbitraries.of(
            BinningConvention.all().stream().filter(BinningConvention::hasFixedBins).toList())
        .flatMap(
            convention ->
                Arbitraries.of(convention.bins(), 2, 3, 7, 10, 100, 1001)
                    .map(convention::withBins));
  }

  @Property(tries = 250)
  void everyNumberIsThatOfTheExactClasses(
      @ForAll("conventions") BinningConvention convention,
      @ForAll @IntRange(min = 1, max = 150) int rows,
      @ForAll @IntRange(min = 2, max = 6) int classes,
      @ForAll boolean weighted,
      @ForAll long seed) {
    Predictions p = SketchCases.columns(rows, classes, convention.bins(), weighted, seed);
    agree(p, convention);
    if (p.isSinglePrecision()) {
      assertThat(ofFloats(p, convention).toBytes())
          .as("the way of float32 rows is another")
          .isEqualTo(CalibrationSketch.of(p, convention).toBytes());
    }
  }

  private static CalibrationSketch ofFloats(Predictions p, BinningConvention convention) {
    float[] values = new float[p.rows() * p.classes()];
    int[] labels = new int[p.rows()];
    double[] weights = new double[p.rows()];
    for (int r = 0; r < p.rows(); r++) {
      for (int k = 0; k < p.classes(); k++) {
        values[r * p.classes() + k] = (float) p.probability(r, k);
      }
      labels[r] = p.label(r);
      weights[r] = p.weight(r);
    }
    CalibrationSketch sketch = new CalibrationSketch(p.classes(), convention);
    sketch.add(LabelledRows.of(values, labels, sketch.classes()).weights(weights), 0, p.rows());
    return sketch;
  }

  @Property(tries = 150)
  void oneColumnIsJudgedByThePositiveClassAsByTheExactClasses(
      @ForAll("conventions") BinningConvention convention,
      @ForAll @IntRange(min = 1, max = 150) int rows,
      @ForAll boolean weighted,
      @ForAll long seed) {
    agree(SketchCases.oneColumn(rows, convention.bins(), weighted, seed), convention);
  }

  private static void agree(Predictions p, BinningConvention convention) {
    CalibrationSummary s = CalibrationSketch.of(p, convention).summary();
    CalibrationError error = CalibrationError.of(p, convention);
    assertThat(s.rows()).isEqualTo(error.rows());
    assertThat(s.classes()).isEqualTo(p.classes());
    assertThat(s.convention()).isEqualTo(convention);
    assertThat(s.event()).isEqualTo(error.binning().event());
    assertThat(s.binning().describe()).isEqualTo(error.binning().describe());
    assertThat(s.ece()).isCloseTo(error.ece(), EXACT);
    assertThat(s.mce()).isCloseTo(error.mce(), EXACT);
    assertThat(s.rmsce()).isCloseTo(error.rmsce(), EXACT);
    assertThat(s.ace()).isCloseTo(error.ace(), EXACT);
    scores(s, ProperScores.of(p));
    classes(s, ClasswiseCalibrationError.of(p, convention));
    murphy(s, BrierDecomposition.of(error.binning()));
    // Squares: the root would blow rounding up near 0.
    double debiased = Math.max(0, DebiasedCalibrationError.of(p, convention).squaredL2());
    assertThat(s.debiasedL2() * s.debiasedL2()).isCloseTo(debiased, EXACT);
    if (convention.bins() <= 20) { // intervals take their time
      diagram(s, ReliabilityDiagram.of(p, convention));
    }
  }

  private static void scores(CalibrationSummary s, ProperScores scores) {
    assertThat(s.weight() / scores.weight()).isCloseTo(1, EXACT);
    assertThat(s.accuracy()).isCloseTo(scores.accuracy(), EXACT);
    assertThat(s.meanConfidence()).isCloseTo(scores.meanConfidence(), EXACT);
    assertThat(s.nll()).isCloseTo(scores.nll(), EXACT);
    assertThat(s.brier()).isCloseTo(scores.brier(), EXACT);
    assertThat(s.zeroProbabilityRows()).isEqualTo(scores.zeroProbabilityRows());
    assertThat(s.saturatedRows()).isEqualTo(scores.saturatedRows());
  }

  private static void classes(CalibrationSummary s, ClasswiseCalibrationError error) {
    assertThat(s.classwiseEce()).isCloseTo(error.ece(), EXACT);
    for (int k = 0; k < s.classes(); k++) {
      assertThat(s.classwiseEce(k)).isCloseTo(error.classes().get(k).ece(), EXACT);
    }
  }

  private static void murphy(CalibrationSummary s, BrierDecomposition parts) {
    BrierParts m = s.murphy();
    assertThat(m.reliability()).isCloseTo(parts.reliability(), EXACT);
    assertThat(m.resolution()).isCloseTo(parts.resolution(), EXACT);
    assertThat(m.uncertainty()).isCloseTo(parts.uncertainty(), EXACT);
    assertThat(m.withinBinVariance()).isCloseTo(parts.withinBinVariance(), EXACT);
    assertThat(m.withinBinCovariance()).isCloseTo(parts.withinBinCovariance(), EXACT);
    assertThat(m.brier()).isCloseTo(parts.brier(), EXACT);
  }

  private static void diagram(CalibrationSummary s, ReliabilityDiagram diagram) {
    assertThat(s.diagram()).hasSameSizeAs(diagram.bins());
    ReliabilityDiagram ofSketch = s.reliabilityDiagram();
    assertThat(ofSketch.bins()).isEqualTo(s.diagram());
    assertThat(ofSketch.accuracy()).isCloseTo(diagram.accuracy(), EXACT);
    assertThat(ofSketch.meanConfidence()).isCloseTo(diagram.meanConfidence(), EXACT);
    assertThat(ofSketch.ece()).isCloseTo(diagram.ece(), EXACT);
    assertThat(ofSketch.binning().describe()).isEqualTo(diagram.binning().describe());
    assertThatThrownBy(ofSketch::forecasts)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a diagram of a sketch has no forecasts: make it of the predictions");
    for (int b = 0; b < s.diagram().size(); b++) {
      ReliabilityDiagram.Bin got = s.diagram().get(b);
      ReliabilityDiagram.Bin expected = diagram.bins().get(b);
      CalibrationSummary.Bin plain = s.bins().get(b);
      assertThat(got.count()).isEqualTo(expected.count()).isEqualTo(plain.count());
      assertThat(plain.correct()).isBetween(0L, plain.count());
      double[] numbers = {
        got.lower(), got.upper(), got.meanConfidence(), got.accuracy(), plain.accuracy(),
      };
      double[] exact = {
        expected.lower(),
        expected.upper(),
        expected.meanConfidence(),
        expected.accuracy(),
        expected.accuracy(),
      };
      assertThat(numbers).usingComparatorWithPrecision(1e-12).containsExactly(exact);
      if (!expected.isEmpty()) {
        assertThat(got.weight() / expected.weight()).isCloseTo(1, EXACT);
        // An interval's ends move much faster than the share they belong to where it is 0 or 1.
        assertThat(got.wilson().lower()).isCloseTo(expected.wilson().lower(), within(1e-9));
        assertThat(got.wilson().upper()).isCloseTo(expected.wilson().upper(), within(1e-9));
      }
    }
  }

  @Property(tries = 100)
  void weightsOfOneGiveTheSameBytesAsNone(
      @ForAll("conventions") BinningConvention convention,
      @ForAll @IntRange(min = 1, max = 100) int rows,
      @ForAll @IntRange(min = 2, max = 5) int classes,
      @ForAll long seed) {
    float[] p = CalibrationSketchTest.probabilities(rows, classes, seed);
    int[] labels = CalibrationSketchTest.labels(rows, classes, ~seed);
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    CalibrationSketch weighted = new CalibrationSketch(classes, convention);
    weighted.add(LabelledRows.of(p, labels, weighted.classes()).weights(ones), 0, rows);
    CalibrationSketch plain = new CalibrationSketch(classes, convention);
    plain.add(LabelledRows.of(p, labels, plain.classes()), 0, rows);
    assertThat(weighted.toBytes()).isEqualTo(plain.toBytes());
    SketchBits.same(weighted, plain);
  }

  @Property(tries = 100)
  void aWholeNumberAsWeightIsThatManyRows(
      @ForAll("conventions") BinningConvention convention,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 2, max = 5) int times,
      @ForAll long seed) {
    double[] p = wide(CalibrationSketchTest.probabilities(rows, 3, seed));
    int[] labels = CalibrationSketchTest.labels(rows, 3, ~seed);
    double[] weights = new double[rows];
    Arrays.fill(weights, times);
    CalibrationSketch weighted = new CalibrationSketch(3, convention);
    weighted.add(LabelledRows.of(p, labels, weighted.classes()).weights(weights), 0, rows);
    CalibrationSketch repeated = new CalibrationSketch(3, convention);
    for (int i = 0; i < times; i++) {
      repeated.add(LabelledRows.of(p, labels, repeated.classes()), 0, rows);
    }
    CalibrationSummary a = weighted.summary();
    CalibrationSummary b = repeated.summary();
    assertThat(a.weight()).isEqualTo(b.weight());
    assertThat(a.accuracy()).isCloseTo(b.accuracy(), EXACT);
    assertThat(a.ece()).isCloseTo(b.ece(), EXACT);
    assertThat(a.mce()).isCloseTo(b.mce(), EXACT);
    assertThat(a.classwiseEce()).isCloseTo(b.classwiseEce(), EXACT);
    assertThat(a.nll()).isCloseTo(b.nll(), EXACT);
    assertThat(a.murphy().brier()).isCloseTo(b.murphy().brier(), EXACT);
  }

  private static double[] wide(float[] p) {
    double[] wide = new double[p.length];
    Arrays.setAll(wide, i -> p[i]);
    return wide;
  }
}
