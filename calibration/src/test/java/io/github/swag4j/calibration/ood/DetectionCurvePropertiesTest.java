package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class DetectionCurvePropertiesTest {

  /** Few distinct values, so that ties within and between the samples are the rule. */
  @Provide
  Arbitrary<double[]> scores() {
    Arbitrary<Double> coarse = Arbitraries.integers().between(-6, 6).map(i -> i / 4.0);
    Arbitrary<Double> fine = Arbitraries.doubles().between(-3, 3);
    return Arbitraries.frequencyOf(Tuple.of(3, coarse), Tuple.of(1, fine))
        .array(double[].class)
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  @Property(tries = 200)
  void shuffledRowsGiveTheSameBits(
      @ForAll("scores") double[] in, @ForAll("scores") double[] out, @ForAll Random random) {
    DetectionSummary before = DetectionCurve.of(in, out).summary();
    DetectionSummary after =
        DetectionCurve.of(shuffled(in, random), shuffled(out, random)).summary();
    assertThat(after).isEqualTo(before);
  }

  @Property(tries = 200)
  void aurocOfTheNegatedScoreIsTheRest(
      @ForAll("scores") double[] in, @ForAll("scores") double[] out) {
    DetectionCurve curve = DetectionCurve.of(in, out);
    DetectionCurve negated = DetectionCurve.of(negated(in), negated(out));
    assertThat(curve.auroc() + negated.auroc()).isCloseTo(1, within(1e-15));
    DetectionCurve swapped = DetectionCurve.of(out, in);
    assertThat(curve.auroc() + swapped.auroc()).isCloseTo(1, within(1e-15));
  }

  @Property(tries = 200)
  void conventionsSwapWhenScoresAreNegatedAndSetsExchanged(
      @ForAll("scores") double[] in, @ForAll("scores") double[] out) {
    DetectionCurve curve = DetectionCurve.of(in, out);
    DetectionCurve mirrored = DetectionCurve.of(negated(out), negated(in));
    assertThat(mirrored.fpr95()).isEqualTo(curve.fpr95IdPositive());
    assertThat(mirrored.fpr95IdPositive()).isEqualTo(curve.fpr95());
    assertThat(mirrored.auprOut()).isCloseTo(curve.auprIn(), within(1e-12));
    assertThat(mirrored.auprInTrapezoid()).isCloseTo(curve.auprOutTrapezoid(), within(1e-12));
    assertThat(mirrored.detectionError()).isCloseTo(curve.detectionError(), within(1e-15));
  }

  @Property(tries = 100)
  void countingPairsGivesTheAuroc(@ForAll("scores") double[] in, @ForAll("scores") double[] out) {
    double wins = 0;
    for (double a : in) {
      for (double b : out) {
        wins += b > a ? 1 : b == a ? 0.5 : 0;
      }
    }
    assertThat(DetectionCurve.of(in, out).auroc())
        .isEqualTo(wins / in.length / out.length, within(1e-15));
  }

  @Property(tries = 100)
  void increasingTransformationsChangeNothing(
      @ForAll("scores") double[] in, @ForAll("scores") double[] out) {
    DetectionSummary before = DetectionCurve.of(in, out).summary();
    assertThat(DetectionCurve.of(scaled(in), scaled(out)).summary()).isEqualTo(before);
  }

  @Property(tries = 100)
  void standardErrorOfTheCurveIsThatOfAnUncorrelatedPartner(
      @ForAll("scores") double[] in, @ForAll("scores") double[] out) {
    if (in.length < 2 || out.length < 2) {
      return;
    }
    // A constant score has AUROC 1/2 and no variance: the difference has the curve's own.
    AurocComparison comparison =
        AurocComparison.paired(in, out, new double[in.length], new double[out.length]);
    assertThat(comparison.standardError())
        .isCloseTo(DetectionCurve.of(in, out).aurocStandardError(), within(1e-14));
  }

  @Property(tries = 100)
  void pairedTestsDoNotDependOnTheOrderOfRows(
      @ForAll("scores") double[] in, @ForAll("scores") double[] out, @ForAll Random random) {
    double[] in2 = scaled(shuffled(in, new Random(1)));
    double[] out2 = scaled(shuffled(out, new Random(2)));
    long seed = random.nextLong();
    AurocComparison before = AurocComparison.paired(in, out, in2, out2);
    AurocComparison after =
        AurocComparison.paired(
            shuffled(in, new Random(seed)),
            shuffled(out, new Random(seed)),
            shuffled(in2, new Random(seed)),
            shuffled(out2, new Random(seed)));
    assertThat(after).isEqualTo(before);
  }

  private static double[] negated(double[] values) {
    return Arrays.stream(values).map(v -> -v).toArray();
  }

  private static double[] scaled(double[] values) {
    return Arrays.stream(values).map(v -> Math.scalb(v, 3)).toArray();
  }

  private static double[] shuffled(double[] values, Random random) {
    List<Double> list = new ArrayList<>();
    for (double v : values) {
      list.add(v);
    }
    Collections.shuffle(list, random);
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
