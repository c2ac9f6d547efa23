package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.selective.SelectivePrediction;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OpenSetCurveTest {

  private static double[] scores(SplittableRandom random, int rows, int steps) {
    return random.doubles(rows).map(v -> Math.floor(v * steps) / steps).toArray();
  }

  private static boolean[] coins(SplittableRandom random, int rows) {
    boolean[] out = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      out[i] = random.nextDouble() < 0.7;
    }
    return out;
  }

  @Property(tries = 150)
  void oscrIsTheShareOfPairsOfARightRowBelowAnOutRow(
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 40) int m,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] in = scores(random, n, 12);
    boolean[] correct = coins(random, n);
    double[] out = scores(random, m, 12);
    OpenSetCurve curve = OpenSetCurve.of(in, correct, out);
    long halves = 0;
    for (int i = 0; i < n; i++) {
      for (double o : out) {
        halves += correct[i] ? in[i] < o ? 2 : in[i] == o ? 1 : 0 : 0;
      }
    }
    assertThat(curve.oscr()).isEqualTo(halves / (2.0 * n * m));
    assertThat(curve.oscr()).isBetween(0.0, curve.accuracy());
    assertThat(area(curve.points())).isCloseTo(curve.oscr(), within(1e-12));
    if (curve.accuracy() > 0) {
      assertThat(curve.oscr())
          .isCloseTo(curve.accuracy() * curve.rightAgainstOut().auroc(), within(1e-12));
    }
    for (double level : new double[] {0, 1e-3, 0.01, 0.1, 0.5, 1}) {
      double most = 0;
      double below = 0;
      for (OpenSetCurve.Point p : curve.points()) {
        most = p.falsePositiveRate() <= level ? p.correctClassificationRate() : most;
        below = p.falsePositiveRate() < level ? p.correctClassificationRate() : below;
      }
      assertThat(curve.ccrAtFpr(level)).isEqualTo(most);
      if (level > 0) {
        assertThat(curve.ccrBelowFpr(level))
            .isEqualTo(below)
            .isEqualTo(openOod(in, correct, out, level));
      }
    }
  }

  /** OpenOOD: right rows strictly more in-like than the ceil(level m)-th most in-like out row. */
  private static double openOod(double[] in, boolean[] correct, double[] out, double level) {
    double[] sorted = out.clone();
    Arrays.sort(sorted);
    double threshold = sorted[(int) Math.ceil(level * out.length) - 1];
    long count = 0;
    for (int i = 0; i < in.length; i++) {
      count += correct[i] && in[i] < threshold ? 1 : 0;
    }
    return (double) count / in.length;
  }

  private static double area(List<OpenSetCurve.Point> points) {
    double area = 0;
    for (int i = 1; i < points.size(); i++) {
      OpenSetCurve.Point a = points.get(i - 1);
      OpenSetCurve.Point b = points.get(i);
      area +=
          (b.falsePositiveRate() - a.falsePositiveRate())
              * (a.correctClassificationRate() + b.correctClassificationRate())
              / 2;
    }
    return area;
  }

  @Test
  void valuesByHand() {
    OpenSetCurve curve =
        OpenSetCurve.of(
            new double[] {0.1, 0.2, 0.3, 0.6},
            new boolean[] {true, false, true, true},
            new double[] {0.3, 0.9});
    // Pairs: 0.1 below both (2), 0.3 ties one and is below one (1.5), 0.6 below one (1).
    assertThat(curve.oscr()).isEqualTo(4.5 / 8);
    assertThat(curve.accuracy()).isEqualTo(0.75);
    assertThat(curve.ccrAtFpr(0)).isEqualTo(0.25);
    assertThat(curve.ccrAtFpr(0.5)).isEqualTo(0.75);
    assertThat(curve.ccrBelowFpr(0.5)).isEqualTo(0.25);
    assertThat(curve)
        .hasToString("OSCR 0.5625, accuracy 0.7500, CCR 0.2500 at FPR 0.1 (4 in, 2 out)");
  }

  /** Distances to decision boundaries give minus infinity at the mean of the training rows. */
  @Test
  void everyThresholdAcceptsWhatItsPointSaysWhereScoresAreInfiniteToo() {
    double least = Double.NEGATIVE_INFINITY;
    double[] in = {least, least, 0.5, Double.POSITIVE_INFINITY};
    double[] out = {least, 0.5, 2};
    for (double[] o : new double[][] {out, {2, 3}}) {
      OpenSetCurve curve = OpenSetCurve.of(in, new boolean[] {true, false, true, true}, o);
      assertThat(curve.points().get(0).threshold()).isNaN();
      assertThat(curve.points().get(1).threshold()).isEqualTo(least);
      for (OpenSetCurve.Point point : curve.points()) {
        double t = point.threshold();
        assertThat(point.falsePositiveRate())
            .isEqualTo((double) Arrays.stream(o).filter(s -> s <= t).count() / o.length);
        double right = (in[0] <= t ? 1 : 0) + (in[2] <= t ? 1 : 0) + (in[3] <= t ? 1 : 0);
        assertThat(point.correctClassificationRate()).isEqualTo(right / 4);
      }
    }
    assertThat(OpenSetCurve.of(new double[] {1}, new boolean[1], new double[] {2}).points())
        .extracting(OpenSetCurve.Point::threshold)
        .containsExactly(least, 2.0);
  }

  @Test
  void autcOfScoresAsCloseAsDoublesAreIsANumber() {
    double tiny = Double.MIN_VALUE;
    assertThat(ThresholdCurve.of(new double[] {0}, new double[] {tiny}).autc()).isZero();
    assertThat(ThresholdCurve.of(new double[] {tiny}, new double[] {0}).autc()).isEqualTo(1);
    assertThat(ThresholdCurve.of(new double[] {0, 2 * tiny}, new double[] {tiny, 3 * tiny}))
        .isEqualTo(ThresholdCurve.of(new double[] {0, 2}, new double[] {1, 3}));
    assertThat(ThresholdCurve.of(new double[] {1}, new double[] {Math.nextUp(1.0)}).autc())
        .isZero();
  }

  @Test
  void outOfDistributionRowsAreFailuresAmongTheOthers() {
    Predictions in = OodFixture.in();
    Predictions out = OodFixture.out();
    OpenSetCurve curve = OpenSetCurve.of(in, out, OodScore.entropy());
    SelectivePrediction both = SelectivePrediction.of(curve);
    assertThat(both.curve().rows()).isEqualTo(800);
    assertThat(both.curve().errorRate()).isCloseTo((224 + 300) / 800.0, within(1e-15));
    double[] failures = new double[524];
    double[] scores = OodScore.entropy().score(in);
    int count = 0;
    for (int row = 0; row < 500; row++) {
      if (!in.isCorrect(row)) {
        failures[count++] = scores[row];
      }
    }
    System.arraycopy(OodScore.entropy().score(out), 0, failures, count, 300);
    double[] right = new double[276];
    count = 0;
    for (int row = 0; row < 500; row++) {
      if (in.isCorrect(row)) {
        right[count++] = scores[row];
      }
    }
    assertThat(both.failureAuroc()).isEqualTo(DetectionCurve.of(right, failures).auroc());
    assertThat(curve.oscr())
        .isCloseTo(
            0.552 * DetectionCurve.of(right, OodScore.entropy().score(out)).auroc(), within(1e-12));
  }

  @Test
  void allWrongGivesNothingAndWhatCannotBeIsRefused() {
    double[] one = {0.5};
    OpenSetCurve wrong = OpenSetCurve.of(one, new boolean[1], one);
    assertThat(wrong.oscr()).isZero();
    assertThat(wrong.ccrAtFpr(1)).isZero();
    assertThatThrownBy(wrong::rightAgainstOut)
        .hasMessage("detection among right rows needs a right row, got none of 1");
    assertThatThrownBy(() -> wrong.ccrAtFpr(1.5))
        .hasMessage("level must be between 0 and 1, got 1.5");
    assertThatThrownBy(() -> wrong.ccrBelowFpr(0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> OpenSetCurve.of(one, new boolean[2], one))
        .hasMessageContaining("the same length, got 1 and 2");
    assertThatThrownBy(() -> OpenSetCurve.of(new double[0], new boolean[0], one))
        .hasMessageContaining("in-distribution scores must not be empty");
    assertThatThrownBy(() -> OpenSetCurve.of(new double[] {Double.NaN}, new boolean[] {true}, one))
        .hasMessageContaining("must be a number");
    Predictions weighted =
        Predictions.builder()
            .probabilities(new double[][] {{0.5, 0.5}})
            .labels(new int[1])
            .weights(new double[] {2})
            .build();
    assertThatThrownBy(() -> OpenSetCurve.of(weighted, weighted, OodScore.entropy()))
        .hasMessageContaining("leave the weights out");
  }

  @Property(tries = 60)
  void autcIsTheIntegralOfTheErrorRatesOverTheThreshold(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] in = random.doubles(15, -3, 5).toArray();
    double[] out = random.doubles(10, -1, 9).toArray();
    ThresholdCurve curve = ThresholdCurve.of(in, out);
    double least = Math.min(min(in), min(out));
    double range = Math.max(-min(negated(in)), -min(negated(out))) - least;
    int steps = 20_000;
    double fpr = 0;
    double fnr = 0;
    for (int i = 0; i < steps; i++) {
      double t = least + range * (i + 0.5) / steps;
      fpr += Arrays.stream(in).filter(v -> v >= t).count() / 15.0 / steps;
      fnr += Arrays.stream(out).filter(v -> v < t).count() / 10.0 / steps;
    }
    assertThat(curve.aufpr()).isCloseTo(fpr, within(1e-4));
    assertThat(curve.aufnr()).isCloseTo(fnr, within(1e-4));
    assertThat(curve.autc()).isEqualTo((curve.aufpr() + curve.aufnr()) / 2);
    double[] shuffled = in.clone();
    shuffled[0] = in[14];
    shuffled[14] = in[0];
    assertThat(ThresholdCurve.of(shuffled, out)).isEqualTo(curve);
  }

  private static double min(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static double[] negated(double[] values) {
    return Arrays.stream(values).map(v -> -v).toArray();
  }

  @Test
  void autcByHandAndItsRefusals() {
    double[] in = {0, 0.25};
    double[] out = {0.5, 1};
    assertThat(ThresholdCurve.of(in, out).autc()).isEqualTo((0.125 + 0.25) / 2);
    assertThat(ThresholdCurve.of(new double[] {0, 5}, new double[] {10, 20}).autc())
        .isEqualTo(ThresholdCurve.of(in, out).autc());
    assertThat(ThresholdCurve.ofUnitScores(new double[] {0.2}, new double[] {0.4}).autc())
        .isCloseTo(0.4, within(1e-15));
    assertThat(ThresholdCurve.of(in, out)).hasToString("AUTC 0.1875 (AUFPR 0.1250, AUFNR 0.2500)");
    assertThatThrownBy(() -> ThresholdCurve.of(new double[] {3}, new double[] {3, 3}))
        .hasMessage("scores must not all be equal to be stretched to [0, 1], got 3.0 for all rows");
    assertThatThrownBy(() -> ThresholdCurve.of(in, new double[] {Double.POSITIVE_INFINITY}))
        .hasMessageContaining("must be finite");
    assertThatThrownBy(() -> ThresholdCurve.ofUnitScores(in, new double[] {2}))
        .hasMessageContaining("scores must be in [0, 1], got 2.0 to 2.0: let them be stretched");
    double huge = Double.MAX_VALUE;
    assertThat(ThresholdCurve.of(new double[] {-huge}, new double[] {huge}).autc()).isZero();
  }
}
