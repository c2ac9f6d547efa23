package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class WeightedDetectionPropertiesTest {
  private static final List<ToDoubleFunction<DetectionCurve>> NUMBERS =
      List.of(
          DetectionCurve::auroc,
          DetectionCurve::auprOut,
          DetectionCurve::auprIn,
          DetectionCurve::auprOutTrapezoid,
          DetectionCurve::auprInTrapezoid,
          DetectionCurve::fpr95,
          DetectionCurve::fpr95IdPositive,
          DetectionCurve::detectionError,
          c -> c.fprAtTpr(0.5),
          c -> c.fprAtTprIdPositive(1));

  record Row(double score, double weight) {}

  @Provide
  Arbitrary<List<Row>> whole() {
    return rows(Arbitraries.integers().between(0, 4).map(Integer::doubleValue));
  }

  @Provide
  Arbitrary<List<Row>> fractional() {
    return rows(Arbitraries.doubles().between(1e-3, 9).ofScale(3));
  }

  /** Few distinct scores: ties are the rule. */
  private static Arbitrary<List<Row>> rows(Arbitrary<Double> weights) {
    Arbitrary<Double> scores = Arbitraries.integers().between(-5, 5).map(i -> i / 4.0);
    return Combinators.combine(scores, weights)
        .as(Row::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(25)
        .filter(list -> list.stream().anyMatch(row -> row.weight() > 0));
  }

  private static DetectionCurve curve(List<Row> in, List<Row> out, double unit) {
    return DetectionCurve.of(scores(in), weights(in, unit), scores(out), weights(out, unit));
  }

  private static double[] scores(List<Row> rows) {
    return rows.stream().mapToDouble(Row::score).toArray();
  }

  private static double[] weights(List<Row> rows, double unit) {
    return rows.stream().mapToDouble(row -> unit * row.weight()).toArray();
  }

  private static double[] repeated(List<Row> rows) {
    return rows.stream()
        .flatMap(row -> Collections.nCopies((int) row.weight(), row).stream())
        .mapToDouble(Row::score)
        .toArray();
  }

  @Property(tries = 200)
  void wholeWeightsAreRowsRepeated(@ForAll("whole") List<Row> in, @ForAll("whole") List<Row> out) {
    DetectionCurve weighted = curve(in, out, 1);
    DetectionCurve repeated = DetectionCurve.of(repeated(in), repeated(out));
    for (ToDoubleFunction<DetectionCurve> number : NUMBERS) {
      assertThat(number.applyAsDouble(weighted))
          .isCloseTo(number.applyAsDouble(repeated), within(1e-12));
    }
    assertThat(weighted.roc()).isEqualTo(repeated.roc());
    assertThat(weighted.precisionRecallOut()).isEqualTo(repeated.precisionRecallOut());
    assertThat(weighted.precisionRecallIn()).isEqualTo(repeated.precisionRecallIn());
  }

  @Property(tries = 200)
  void shuffledRowsGiveTheSameBits(
      @ForAll("fractional") List<Row> in,
      @ForAll("fractional") List<Row> out,
      @ForAll Random random) {
    List<Row> shuffledIn = new ArrayList<>(in);
    List<Row> shuffledOut = new ArrayList<>(out);
    Collections.shuffle(shuffledIn, random);
    Collections.shuffle(shuffledOut, random);
    DetectionCurve before = curve(in, out, 1);
    DetectionCurve after = curve(shuffledIn, shuffledOut, 1);
    assertThat(after).isEqualTo(before);
    assertThat(after.summary()).isEqualTo(before.summary());
    assertThat(after.roc()).isEqualTo(before.roc());
  }

  @Property(tries = 200)
  void theUnitOfTheWeightsChangesNothing(
      @ForAll("fractional") List<Row> in,
      @ForAll("fractional") List<Row> out,
      @ForAll @IntRange(min = -6, max = 6) int power) {
    DetectionCurve before = curve(in, out, 1);
    DetectionCurve after = curve(in, out, 1.37 * Math.pow(10, power));
    for (ToDoubleFunction<DetectionCurve> number : NUMBERS) {
      assertThat(number.applyAsDouble(after))
          .isCloseTo(number.applyAsDouble(before), within(1e-12));
    }
    if (in.size() > 1 && out.size() > 1) {
      assertThat(after.aurocStandardError()).isCloseTo(before.aurocStandardError(), within(1e-12));
    }
  }

  @Property(tries = 100)
  void standardErrorOfEqualWeightsWithinEachSampleIsDeLongs(
      @ForAll("fractional") List<Row> in, @ForAll("fractional") List<Row> out) {
    List<Row> light = in.stream().map(row -> new Row(row.score(), 0.3)).toList();
    List<Row> heavy = out.stream().map(row -> new Row(row.score(), 1.7)).toList();
    DetectionCurve plain = DetectionCurve.of(scores(in), scores(out));
    DetectionCurve weighted = curve(light, heavy, 1);
    assertThat(weighted.auroc()).isCloseTo(plain.auroc(), within(1e-14));
    assertThat(weighted.aurocInterval(0.9).lower())
        .isCloseTo(plain.aurocInterval(0.9).lower(), within(1e-12));
  }

  @Property(tries = 100)
  void allNumbersStayInTheirRanges(
      @ForAll("fractional") List<Row> in, @ForAll("fractional") List<Row> out) {
    DetectionCurve curve = curve(in, out, 1);
    for (ToDoubleFunction<DetectionCurve> number : NUMBERS) {
      assertThat(number.applyAsDouble(curve)).isBetween(0.0, 1.0);
    }
    assertThat(curve.detectionError()).isLessThanOrEqualTo(0.5);
    assertThat(curve.auroc() + curve(out, in, 1).auroc()).isCloseTo(1, within(1e-14));
    for (DetectionCurve.RocPoint p : curve.roc()) {
      assertThat(p.truePositiveRate()).isBetween(0.0, 1.0);
      assertThat(p.falsePositiveRate()).isBetween(0.0, 1.0);
    }
  }

  @Property(tries = 100)
  void pairedTestsOfWeightedRowsDoNotDependOnTheirOrder(
      @ForAll("fractional") List<Row> in,
      @ForAll("fractional") List<Row> out,
      @ForAll Random random) {
    long seed = random.nextLong();
    List<Row> shuffledIn = new ArrayList<>(in);
    List<Row> shuffledOut = new ArrayList<>(out);
    Collections.shuffle(shuffledIn, new Random(seed));
    Collections.shuffle(shuffledOut, new Random(seed));
    assertThat(squaredAgainstPlain(shuffledIn, shuffledOut))
        .isEqualTo(squaredAgainstPlain(in, out));
  }

  @Property(tries = 100)
  void aConstantSecondScoreLeavesTheStandardErrorOfTheFirst(
      @ForAll("fractional") List<Row> in, @ForAll("fractional") List<Row> out) {
    AurocComparison comparison =
        AurocComparison.paired(
            scores(in),
            scores(out),
            new double[in.size()],
            new double[out.size()],
            weights(in, 1),
            weights(out, 1));
    double expected = curve(in, out, 1).aurocStandardError();
    if (in.size() > 1 && out.size() > 1) {
      assertThat(comparison.standardError()).isCloseTo(expected, within(1e-12));
    } else {
      assertThat(comparison.standardError()).isNaN();
    }
  }

  private static AurocComparison squaredAgainstPlain(List<Row> in, List<Row> out) {
    return AurocComparison.paired(
        scores(in),
        scores(out),
        in.stream().mapToDouble(row -> row.score() * row.score()).toArray(),
        out.stream().mapToDouble(row -> row.score() * row.score()).toArray(),
        weights(in, 1),
        weights(out, 1));
  }
}
