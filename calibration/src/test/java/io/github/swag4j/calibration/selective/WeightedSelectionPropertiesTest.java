package io.github.swag4j.calibration.selective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class WeightedSelectionPropertiesTest {

  record Row(double confidence, boolean correct, double weight) {}

  /** Numbers in which a weight is a share: its unit cancels. */
  private static final List<ToDoubleFunction<SelectivePrediction>> SHARES =
      List.of(
          SelectivePrediction::augrc,
          SelectivePrediction::failureAuroc,
          SelectivePrediction::failureAveragePrecision,
          SelectivePrediction::successAveragePrecision,
          s -> s.curve().errorRate(),
          s -> s.curve().aurcLinear(),
          s -> s.curve().aurcContinuous(),
          s -> s.curve().aurcAchievable(),
          s -> s.curve().oracleAurcClosedForm(),
          s -> s.coverageAtRisk(0.25),
          s -> s.riskAtCoverage(0.6));

  /** Numbers that depend on how many rows there are. */
  private static final List<ToDoubleFunction<SelectivePrediction>> COUNTS =
      List.of(
          SelectivePrediction::aurc,
          s -> s.curve().oracleAurc(),
          s -> s.curve().excessAurc(),
          s -> s.curve().aurcTrapezoid());

  @Provide
  Arbitrary<List<Row>> whole() {
    return rows(Arbitraries.integers().between(0, 5).map(Integer::doubleValue));
  }

  @Provide
  Arbitrary<List<Row>> fractional() {
    return rows(Arbitraries.doubles().between(1e-3, 9).ofScale(3));
  }

  private static Arbitrary<List<Row>> rows(Arbitrary<Double> weights) {
    Arbitrary<Double> confidences = Arbitraries.integers().between(0, 7).map(i -> i / 8.0);
    return Combinators.combine(confidences, Arbitraries.of(true, false), weights)
        .as(Row::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(30)
        .filter(list -> list.stream().anyMatch(row -> row.weight() > 0));
  }

  private static SelectivePrediction of(List<Row> rows, double unit) {
    return SelectivePrediction.of(
        rows.stream().mapToDouble(Row::confidence).toArray(),
        correct(rows),
        rows.stream().mapToDouble(row -> unit * row.weight()).toArray());
  }

  private static SelectivePrediction unweighted(List<Row> rows) {
    return SelectivePrediction.of(
        rows.stream().mapToDouble(Row::confidence).toArray(), correct(rows));
  }

  private static boolean[] correct(List<Row> rows) {
    boolean[] correct = new boolean[rows.size()];
    for (int r = 0; r < correct.length; r++) {
      correct[r] = rows.get(r).correct();
    }
    return correct;
  }

  private static List<Row> repeated(List<Row> rows, int times) {
    return rows.stream()
        .flatMap(row -> Collections.nCopies(times * (int) row.weight(), row).stream())
        .toList();
  }

  private static List<Double> values(SelectivePrediction s) {
    return Stream.concat(SHARES.stream(), COUNTS.stream())
        .map(number -> number.applyAsDouble(s))
        .toList();
  }

  private static void same(
      List<ToDoubleFunction<SelectivePrediction>> numbers,
      SelectivePrediction actual,
      SelectivePrediction expected) {
    for (int i = 0; i < numbers.size(); i++) {
      double want = numbers.get(i).applyAsDouble(expected);
      double got = numbers.get(i).applyAsDouble(actual);
      if (Double.isNaN(want)) {
        assertThat(got).isNaN();
      } else {
        assertThat(got).as("number " + i).isCloseTo(want, within(1e-12));
      }
    }
  }

  @Property(tries = 200)
  void wholeWeightsAreRowsRepeated(@ForAll("whole") List<Row> rows) {
    SelectivePrediction weighted = of(rows, 1);
    SelectivePrediction repeated = unweighted(repeated(rows, 1));
    same(SHARES, weighted, repeated);
    same(COUNTS, weighted, repeated);
    assertThat(weighted.curve().points())
        .usingRecursiveComparison()
        .ignoringFields("accepted", "errors")
        .isEqualTo(repeated.curve().points());
  }

  /**
   * Doubling whole weights doubles rows, which changes AURC a little, as it does without weights.
   */
  @Property(tries = 100)
  void doubledWeightsAreRowsTwice(@ForAll("whole") List<Row> rows) {
    same(SHARES, of(rows, 2), of(rows, 1));
    same(COUNTS, of(rows, 2), unweighted(repeated(rows, 2)));
  }

  @Property(tries = 200)
  void theUnitOfTheWeightsChangesNoShare(
      @ForAll("fractional") List<Row> rows, @ForAll @IntRange(min = -6, max = 6) int power) {
    same(SHARES, of(rows, 1.37 * Math.pow(10, power)), of(rows, 1));
  }

  @Property(tries = 200)
  void theUnitOfWeightsTooSmallToBeRepetitionsChangesNothing(
      @ForAll("fractional") List<Row> rows, @ForAll @IntRange(min = -6, max = -1) int power) {
    same(COUNTS, of(rows, 1.1 * Math.pow(10, power)), of(rows, 0.11));
  }

  @Property(tries = 200)
  void shuffledRowsGiveTheSameBits(@ForAll("fractional") List<Row> rows, @ForAll Random random) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    SelectivePrediction before = of(rows, 1);
    SelectivePrediction after = of(shuffled, 1);
    assertThat(values(after)).isEqualTo(values(before));
    assertThat(after.curve().points()).isEqualTo(before.curve().points());
  }

  @Property(tries = 200)
  void augrcFollowsFromAccuracyAndFailureAuroc(@ForAll("fractional") List<Row> rows) {
    SelectivePrediction s = of(rows, 1);
    double a = 1 - s.curve().errorRate();
    double auroc = s.failureAuroc();
    double ranking = Double.isNaN(auroc) ? 0 : (1 - auroc) * a * (1 - a);
    assertThat(s.augrc()).isCloseTo(ranking + (1 - a) * (1 - a) / 2, within(1e-12));
  }

  @Property(tries = 200)
  void areasLieBetweenTheOracleAndOne(@ForAll("fractional") List<Row> rows) {
    RiskCoverageCurve curve = of(rows, 1).curve();
    assertThat(curve.excessAurc()).isGreaterThanOrEqualTo(-1e-12);
    assertThat(curve.aurc()).isLessThanOrEqualTo(1 + 1e-12);
    assertThat(curve.aurcAchievable()).isLessThanOrEqualTo(curve.aurcContinuous() + 1e-12);
    assertThat(curve.augrc()).isBetween(curve.oracleAugrc() - 1e-12, 0.5 + 1e-12);
  }
}
