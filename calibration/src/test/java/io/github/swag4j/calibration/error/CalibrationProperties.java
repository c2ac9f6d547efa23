package io.github.swag4j.calibration.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.hypothesis.CumulativeTests;
import io.github.swag4j.calibration.hypothesis.HosmerLemeshowTest;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.reliability.CorpCurve;
import io.github.swag4j.calibration.scores.BrierDecomposition;
import io.github.swag4j.calibration.scores.ConfusionMatrix;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.scores.RankedProbabilityScore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What must hold of every set of predictions, ties and saturated rows included. */
class CalibrationProperties {
  private static final List<BinningConvention> KEEPING =
      BinningConvention.all().stream()
          .filter(
              c -> !List.of(BinningConvention.SWAG_PAPER, BinningConvention.HENDRYCKS).contains(c))
          .toList();

  /** A forecast row before it becomes part of {@link Forecasts}. */
  record Row(double probability, boolean outcome, int weight) {}

  @Provide
  Arbitrary<List<Row>> rows() {
    Arbitrary<Double> anywhere = Arbitraries.doubles().between(0, 1);
    Arbitrary<Double> onEdges =
        Arbitraries.of(0.0, 1.0, .3, .6, .1, .5, 1 / 15.0, 4 / 15.0, 14 / 15.0, .9999999);
    return Combinators.combine(
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(2, anywhere), net.jqwik.api.Tuple.of(1, onEdges)),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, 3))
        .as(Row::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<Predictions> predictions() {
    Arbitrary<List<Double>> scores = Arbitraries.of(0.0, .1, .2, .5, 1.0, 3.0).list().ofSize(4);
    return Combinators.combine(scores, Arbitraries.integers().between(0, 3))
        .as((score, label) -> new Object[] {score, label})
        .list()
        .ofMinSize(1)
        .ofMaxSize(40)
        .map(CalibrationProperties::predictions);
  }

  @Property(tries = 150)
  void shufflingRowsChangesNoBit(@ForAll("rows") List<Row> rows, @ForAll long seed) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    Forecasts a = weighted(rows);
    Forecasts b = weighted(shuffled);
    for (BinningConvention convention : KEEPING) {
      assertThat(CalibrationError.of(a, convention).ece())
          .isEqualTo(CalibrationError.of(b, convention).ece());
    }
    assertThat(SweepCalibrationError.of(a, BinningConvention.EQUAL_MASS).ece())
        .isEqualTo(SweepCalibrationError.of(b, BinningConvention.EQUAL_MASS).ece());
    assertThat(KernelCalibrationError.of(a, .4).mmce())
        .isEqualTo(KernelCalibrationError.of(b, .4).mmce());
    assertThat(CumulativeCalibrationError.of(a).kuiper())
        .isEqualTo(CumulativeCalibrationError.of(b).kuiper());
    assertThat(CorpCurve.of(a).steps()).isEqualTo(CorpCurve.of(b).steps());
    assertThat(SpiegelhalterTest.of(a)).isEqualTo(SpiegelhalterTest.of(b));
  }

  @Property(tries = 40)
  void shufflingRowsChangesNoBitOfTheSmoothError(
      @ForAll("rows") List<Row> rows, @ForAll long seed) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(SmoothCalibrationError.at(weighted(rows), .1))
        .isEqualTo(SmoothCalibrationError.at(weighted(shuffled), .1));
  }

  @Property(tries = 150)
  void aWeightOfTwoIsARowTwice(@ForAll("rows") List<Row> rows) {
    List<Row> repeated = new ArrayList<>();
    for (Row row : rows) {
      for (int i = 0; i < row.weight(); i++) {
        repeated.add(row);
      }
    }
    Forecasts a = weighted(rows);
    Forecasts b = unweighted(repeated);
    for (BinningConvention convention : KEEPING) {
      if (!convention.equals(BinningConvention.EQUAL_COUNT)) {
        var ea = CalibrationError.of(a, convention);
        var eb = CalibrationError.of(b, convention);
        assertThat(ea.ece()).as(convention.name()).isCloseTo(eb.ece(), within(1e-12));
        assertThat(ea.mce()).isCloseTo(eb.mce(), within(1e-12));
        assertThat(ea.rmsce()).isCloseTo(eb.rmsce(), within(1e-12));
        assertThat(ea.ace()).isCloseTo(eb.ace(), within(1e-12));
      }
    }
    assertThat(KernelCalibrationError.of(a, .4).mmce())
        .isCloseTo(KernelCalibrationError.of(b, .4).mmce(), within(1e-7));
    assertThat(CumulativeCalibrationError.of(a).ks())
        .isCloseTo(CumulativeCalibrationError.of(b).ks(), within(1e-12));
    assertThat(CorpCurve.of(a).miscalibration())
        .isCloseTo(CorpCurve.of(b).miscalibration(), within(1e-12));
  }

  @Property(tries = 150)
  void errorsAreOrderedAndBounded(@ForAll("rows") List<Row> rows) {
    Forecasts forecasts = weighted(rows);
    for (BinningConvention convention : KEEPING) {
      var error = CalibrationError.of(forecasts, convention);
      assertThat(error.ece()).isBetween(0.0, error.rmsce() + 1e-12);
      assertThat(error.rmsce()).isLessThanOrEqualTo(error.mce() + 1e-12);
      assertThat(error.mce()).isLessThanOrEqualTo(1 + 1e-12);
      assertThat(error.ace()).isBetween(0.0, error.mce() + 1e-12);
      assertThat(error.binning().lostRows()).isZero();
      assertThat(error.norm(1)).isEqualTo(error.ece());
      assertThat(error.norm(Double.POSITIVE_INFINITY)).isEqualTo(error.mce());
      var debiased = DebiasedCalibrationError.of(error.binning());
      assertThat(debiased.l2()).isLessThanOrEqualTo(error.rmsce() + 1e-12);
      assertThat(debiased.l1()).isLessThanOrEqualTo(error.ece() + 1e-12);
      double gap = Math.abs(forecasts.eventRate() - forecasts.meanProbability());
      assertThat(error.ece()).isGreaterThanOrEqualTo(gap - 1e-12);
    }
  }

  @Property(tries = 150)
  void partsOfTheBrierScoreSumExactly(@ForAll("rows") List<Row> rows) {
    Forecasts forecasts = weighted(rows);
    double brier = CorpCurve.of(forecasts).brier();
    for (BinningConvention convention : KEEPING) {
      assertThat(BrierDecomposition.of(convention.bin(forecasts)).brier())
          .isCloseTo(brier, within(1e-12));
    }
    var corp = CorpCurve.of(forecasts);
    assertThat(corp.miscalibration() - corp.discrimination() + corp.uncertainty())
        .isCloseTo(brier, within(1e-14));
    assertThat(corp.miscalibration()).isGreaterThanOrEqualTo(-1e-14);
    assertThat(corp.discrimination()).isGreaterThanOrEqualTo(-1e-14);
  }

  @Property(tries = 150)
  void poolingAdjacentViolatorsTwiceChangesNothing(@ForAll("rows") List<Row> rows) {
    var steps = CorpCurve.of(weighted(rows)).steps();
    for (int i = 1; i < steps.size(); i++) {
      assertThat(steps.get(i).eventRate()).isGreaterThan(steps.get(i - 1).eventRate());
      assertThat(steps.get(i).lower()).isGreaterThan(steps.get(i - 1).upper());
    }
    Forecasts forecasts = weighted(rows);
    double[] recalibrated = new double[forecasts.rows()];
    boolean[] outcomes = new boolean[forecasts.rows()];
    double[] weights = new double[forecasts.rows()];
    for (int i = 0; i < recalibrated.length; i++) {
      recalibrated[i] = CorpCurve.of(forecasts).at(forecasts.probability(i));
      outcomes[i] = forecasts.outcome(i);
      weights[i] = forecasts.weight(i);
    }
    var again = CorpCurve.of(Forecasts.of(recalibrated, outcomes, weights));
    assertThat(again.miscalibration()).isCloseTo(0, within(1e-14));
    assertThat(again.steps()).hasSameSizeAs(steps);
  }

  @Property(tries = 100)
  void testsAreBlindToTheNameOfTheEvent(@ForAll("rows") List<Row> rows) {
    List<Row> mirrored = new ArrayList<>();
    for (Row row : rows) {
      mirrored.add(new Row(1 - row.probability(), !row.outcome(), row.weight()));
    }
    Forecasts a = weighted(rows);
    Forecasts b = weighted(mirrored);
    assertThat(SpiegelhalterTest.of(a).pValue())
        .isCloseTo(SpiegelhalterTest.of(b).pValue(), within(1e-6));
    assertThat(CumulativeCalibrationError.of(a).kuiper())
        .isCloseTo(CumulativeCalibrationError.of(b).kuiper(), within(1e-9));
    assertThat(CumulativeTests.kuiper(a).pValue()).isBetween(0.0, 1.0);
    assertThat(CumulativeTests.kolmogorovSmirnov(a).pValue()).isBetween(0.0, 1.0);
    assertThat(HosmerLemeshowTest.heldOut(a, 10).pValue()).isBetween(0.0, 1.0);
  }

  @Property(tries = 150)
  void errorsByClassBoundTheOthers(@ForAll("predictions") Predictions predictions) {
    var top = CalibrationError.of(predictions);
    var conditional = LabelConditionalCalibrationError.of(predictions);
    assertThat(conditional.ece()).isGreaterThanOrEqualTo(top.ece() - 1e-12);
    var byClass = ClasswiseCalibrationError.of(predictions);
    assertThat(byClass.ece()).isBetween(0.0, byClass.worstClassEce() + 1e-12);
    assertThat(byClass.marginal(2)).isGreaterThanOrEqualTo(byClass.ece() - 1e-12);
  }

  @Property(tries = 150)
  void scoresAreBoundedAndAgree(@ForAll("predictions") Predictions predictions) {
    var scores = ProperScores.of(predictions);
    assertThat(scores.brier()).isBetween(0.0, 2 + 1e-12);
    assertThat(scores.spherical()).isBetween(0.0, 1 + 1e-12);
    assertThat(scores.nll()).isGreaterThanOrEqualTo(0);
    var confusion = ConfusionMatrix.of(predictions);
    assertThat(confusion.accuracy()).isCloseTo(scores.accuracy(), within(1e-15));
    assertThat(ConfusionMatrix.topKAccuracy(predictions, 1))
        .isCloseTo(scores.accuracy(), within(1e-15));
    assertThat(ConfusionMatrix.topKAccuracy(predictions, 4)).isEqualTo(1);
    assertThat(RankedProbabilityScore.of(predictions).normalised()).isBetween(0.0, 1 + 1e-12);
  }

  private static Forecasts weighted(List<Row> rows) {
    return forecasts(rows, rows.stream().mapToDouble(Row::weight).toArray());
  }

  private static Forecasts unweighted(List<Row> rows) {
    return forecasts(rows, null);
  }

  private static Forecasts forecasts(List<Row> rows, double[] weights) {
    double[] p = rows.stream().mapToDouble(Row::probability).toArray();
    boolean[] y = new boolean[p.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = rows.get(i).outcome();
    }
    return Forecasts.of(p, y, weights);
  }

  private static Predictions predictions(List<Object[]> rows) {
    double[][] p = new double[rows.size()][4];
    int[] labels = new int[rows.size()];
    for (int i = 0; i < p.length; i++) {
      List<?> scores = (List<?>) rows.get(i)[0];
      double sum = scores.stream().mapToDouble(s -> (Double) s).sum();
      for (int k = 0; k < 4; k++) {
        p[i][k] = sum > 0 ? (Double) scores.get(k) / sum : .25;
      }
      labels[i] = (Integer) rows.get(i)[1];
    }
    return Predictions.of(p, labels);
  }
}
