package io.github.swag4j.calibration.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RecalibratorPropertyTest {

  @Property(tries = 100)
  void temperatureKeepsThePredictedClassAndNeverRaisesTheFittingLoss(
      @ForAll long seed,
      @ForAll @IntRange(min = 20, max = 120) int rows,
      @ForAll @IntRange(min = 2, max = 6) int classes,
      @ForAll @DoubleRange(min = 0.2, max = 3) double sharpness) {
    Predictions p = Fixture.random(seed, rows, classes, sharpness);
    TemperatureScaling fitted;
    try {
      fitted = TemperatureScaling.fit(p);
    } catch (NoFiniteOptimumException e) {
      // Allowed only for the reason it gives.
      boolean allRight = true;
      double slopeAtZero = 0;
      for (int i = 0; i < rows; i++) {
        allRight &= p.isCorrect(i);
        slopeAtZero -= p.logit(i, p.label(i));
        for (int k = 0; k < classes; k++) {
          slopeAtZero += p.logit(i, k) / classes;
        }
      }
      assertThat(allRight || slopeAtZero > -1e-9).isTrue();
      return;
    }
    assertThat(fitted.nllAfter()).isLessThanOrEqualTo(fitted.nllBefore());
    assertThat(Fixture.nll(fitted.applyInSample(p))).isLessThanOrEqualTo(Fixture.nll(p) + 1e-12);
    Predictions other = Fixture.random(seed + 1, rows, classes, 1);
    Predictions out = fitted.apply(other);
    for (int i = 0; i < rows; i++) {
      assertThat(out.probability(i, other.predictedClass(i))).isEqualTo(out.confidence(i));
    }
  }

  @Property(tries = 40)
  void convexFitsNeverRaiseTheFittingLoss(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int classes) {
    Predictions p = Fixture.random(seed, 200, classes, 0.5);
    for (String method : new String[] {"vector", "matrix", "dirichlet"}) {
      assertThat(Fixture.nll(Recalibrators.fit(method, p).applyInSample(p)))
          .isLessThanOrEqualTo(Fixture.nll(p) + 1e-12);
    }
  }

  @Property(tries = 30)
  void everyMethodReadsBackFromJsonWithTheSameBits(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int classes) {
    Predictions p = Fixture.random(seed, 80, classes, 0.6);
    Predictions unseen = Fixture.random(seed + 1, 40, classes, 0.6);
    for (String method : Recalibrators.methods()) {
      Recalibrator fitted;
      try {
        fitted = Recalibrators.fit(method, p);
      } catch (NoFiniteOptimumException e) {
        continue;
      }
      String json = fitted.toJson();
      Recalibrator read = Recalibrators.fromJson(json);
      assertThat(read.toJson()).isEqualTo(json);
      assertThat(read.fittedOn()).isEqualTo(fitted.fittedOn());
      Fixture.assertSameBits(read.apply(unseen), fitted.apply(unseen));
      Fixture.assertSameBits(fitted.apply(unseen), fitted.apply(unseen.select(order(40))));
    }
  }

  private static int[] order(int n) {
    int[] out = new int[n];
    Arrays.setAll(out, i -> i);
    return out;
  }

  @Property(tries = 60)
  void orderOfRowsHardlyMovesAnyFit(@ForAll long seed) {
    Predictions p = Fixture.tied(Fixture.top(Fixture.random(seed, 100, 3, 0.6)));
    Predictions shuffled = Fixture.shuffled(p, seed);
    Predictions grid = Predictions.binary(new double[] {0, .25, .4, .5, .61, .8, 1}, new int[7]);
    for (String method : Recalibrators.methods()) {
      Predictions a;
      Predictions b;
      try {
        a = Recalibrators.fit(method, p).apply(grid);
        b = Recalibrators.fit(method, shuffled).apply(grid);
      } catch (IllegalArgumentException e) {
        continue;
      }
      for (int i = 0; i < grid.rows(); i++) {
        assertThat(a.probability(i, 1)).isCloseTo(b.probability(i, 1), within(1e-7));
      }
    }
  }

  @Provide
  Arbitrary<double[]> steps() {
    return Arbitraries.integers()
        .between(-5, 5)
        .map(i -> i / 2.0)
        .array(Double[].class)
        .ofMinSize(1)
        .ofMaxSize(30)
        .map(a -> Arrays.stream(a).mapToDouble(Double::doubleValue).toArray());
  }

  @Property(tries = 200)
  void poolingIsIdempotentMonotoneAndKeepsTheMean(@ForAll("steps") double[] y) {
    double[] x = new double[y.length];
    Arrays.setAll(x, i -> i);
    double[] once = values(IsotonicRegression.fit(x, y), x);
    double[] twice = values(IsotonicRegression.fit(x, once), x);
    assertThat(twice).containsExactly(once);
    for (int i = 1; i < once.length; i++) {
      assertThat(once[i]).isGreaterThanOrEqualTo(once[i - 1]);
    }
    assertThat(Arrays.stream(once).sum()).isCloseTo(Arrays.stream(y).sum(), within(1e-9));
  }

  private static double[] values(IsotonicRegression fitted, double[] x) {
    return Arrays.stream(x).map(fitted::predict).toArray();
  }

  @Property(tries = 100)
  void isotonicPredictionNeverFallsBetweenThresholds(
      @ForAll @Size(min = 2, max = 25) boolean[] labels, @ForAll long seed) {
    double[] x = new Random(seed).doubles(labels.length).toArray();
    double[] y = numbers(labels);
    IsotonicRegression fitted = IsotonicRegression.fit(x, y);
    double last = Double.NEGATIVE_INFINITY;
    for (int i = -10; i <= 1010; i++) {
      double value = fitted.predict(i / 1000.0);
      assertThat(value).isGreaterThanOrEqualTo(last).isBetween(0.0, 1.0);
      last = value;
    }
  }

  @Property(tries = 100)
  void vennAbersAgreesWithTwoIsotonicFitsWhateverTheWeights(
      @ForAll @Size(min = 1, max = 14) boolean[] labels, @ForAll long seed) {
    Random random = new Random(seed);
    int n = labels.length;
    double[] x = random.doubles(n).map(v -> Math.rint(v * 8) / 8).toArray();
    double[] y = numbers(labels);
    double[] w = random.ints(n, 1, 4).asDoubleStream().toArray();
    VennAbersMap map = VennAbersMap.fit(x, y, w);
    for (double s = -0.0625; s <= 1.07; s += 0.0625) {
      assertThat(map.lower(s)).isCloseTo(withRow(x, y, w, s, 0), within(1e-12));
      assertThat(map.upper(s)).isCloseTo(withRow(x, y, w, s, 1), within(1e-12));
    }
  }

  private static double[] numbers(boolean[] labels) {
    double[] out = new double[labels.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = labels[i] ? 1 : 0;
    }
    return out;
  }

  private static double withRow(double[] x, double[] y, double[] w, double s, double label) {
    int n = x.length;
    double[] x1 = Arrays.copyOf(x, n + 1);
    double[] y1 = Arrays.copyOf(y, n + 1);
    double[] w1 = Arrays.copyOf(w, n + 1);
    x1[n] = s;
    y1[n] = label;
    w1[n] = 1;
    return IsotonicRegression.fit(x1, y1, w1).predict(s);
  }
}
