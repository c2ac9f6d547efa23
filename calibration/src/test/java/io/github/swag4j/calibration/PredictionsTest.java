package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.error.CalibrationError;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionsTest {
  private static final double[][] TWO_ROWS = {{0.2, 0.3, 0.5}, {0.6, 0.4, 0}};

  private static InvalidRowException refusal(ThrowingCallable call) {
    try {
      call.call();
    } catch (InvalidRowException e) {
      return e;
    } catch (Throwable e) {
      throw new AssertionError("another failure", e);
    }
    throw new AssertionError("nothing was refused");
  }

  @Test
  void aRowIsWhatWasGiven() {
    Predictions p = Predictions.of(TWO_ROWS, new int[] {2, 1});
    assertThat(p.rows()).isEqualTo(2);
    assertThat(p.classes()).isEqualTo(3);
    assertThat(p.probabilities(1)).containsExactly(0.6, 0.4, 0);
    assertThat(p.confidence(1)).isEqualTo(0.6);
    assertThat(p.isCorrect(0)).isTrue();
    assertThat(p.isCorrect(1)).isFalse();
    assertThat(p).hasToString("predictions of 2 rows and 3 classes");
  }

  @Test
  void laterChangesOfTheArraysChangeNothing() {
    double[][] values = {{0.2, 0.8}};
    int[] labels = {1};
    Predictions p = Predictions.of(values, labels);
    values[0][0] = 7;
    labels[0] = 0;
    p.probabilities(0)[0] = 9;
    assertThat(p.probability(0, 0)).isEqualTo(0.2);
    assertThat(p.label(0)).isEqualTo(1);
  }

  @Test
  void refusalNamesFirstRowItsValueAndHowManyThereAre() {
    double[][] values = {{0.5, 0.5}, {0.2, 1.2}, {Double.NaN, 0}, {0, 1}};
    InvalidRowException e = refusal(() -> Predictions.of(values, new int[4]));
    assertThat(e)
        .hasMessage(
            "probabilities[1][1] must be in [0, 1], got 1.2 (2 of 4 rows not valid): "
                + "if these are logits, give them as logits");
    assertThat(e.row()).isEqualTo(1);
    assertThat(e.column()).isEqualTo(1);
    assertThat(e.count()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -2e-6,
        1 + 2e-6,
        7
      })
  void valueThatIsNoProbabilityIsRefused(double value) {
    assertThat(refusal(() -> Predictions.of(new double[][] {{value, 1 - value}}, new int[1])))
        .hasMessageContaining("got " + value);
  }

  @Test
  void aValueBelowTheRangeIsRefusedWhereTheRestIsInIt() {
    double[][] low = {{0.5, 0.5, 0}, {0.500002, 0.5, -2e-6}};
    assertThat(refusal(() -> Predictions.of(low, new int[2])))
        .hasMessageContaining("probabilities[1][2] must be in [0, 1], got -2.0E-6 (1 of 2");
    double[][] high = {{1.000002, 0, 0}};
    assertThat(refusal(() -> Predictions.of(high, new int[1])))
        .hasMessageContaining("probabilities[0][0] must be in [0, 1], got 1.000002");
    double[][] within = {{0.5000009, 0.5, -9e-7}, {1.0000009, 0, 0}};
    assertThat(Predictions.of(within, new int[2]).probability(1, 0)).isEqualTo(1);
  }

  @Test
  void sumsOffByTheRoundingOfFloat32AreKeptAsTheyAre() {
    float[][] p = {{0.3333333f, 0.3333333f, 0.3333343f}, {0.1f, 0.2f, 0.699999f}};
    Predictions read = Predictions.of(p, new int[] {0, 2});
    assertThat(read.probability(0, 2)).isEqualTo(p[0][2]);
    assertThat(read.probability(1, 2)).isEqualTo(p[1][2]);
    assertThat(CalibrationError.of(read).rows()).isEqualTo(2);
    assertThat(Predictions.of(new double[][] {{0.5, 0.50009}}, new int[1]).probability(0, 1))
        .isEqualTo(0.50009);
    assertThat(refusal(() -> Predictions.of(new double[][] {{0.5, 0.50012}}, new int[1])))
        .hasMessageContaining("sums to 1.00012");
    assertThat(refusal(() -> Predictions.of(new double[][] {{0.5, 0.49988}}, new int[1])))
        .hasMessageContaining("must sum to 1");
  }

  @Test
  void samplesAreHeldToTheSameRules() {
    double[][] good = {{0.5, 0.5}, {1, 0}};
    for (double[] bad : new double[][] {{Double.NaN, 1}, {0.5, 0.4}, {1.5, -0.5}}) {
      double[][][] samples = {good, {{1, 0}, bad}};
      assertThat(refusal(() -> Predictions.builder().samples(samples).build()))
          .hasMessageContaining("[1]")
          .hasMessageContaining("(1 of 2");
    }
  }

  @Test
  void roundingBeyondTheRangeIsClamped() {
    Predictions p = Predictions.of(new double[][] {{-5e-7, 1 + 5e-7}}, new int[1]);
    assertThat(p.probabilities(0)).containsExactly(0, 1);
  }

  @Test
  void rowsMustSumToOneUnlessRenormalised() {
    double[][] values = {{0.3, 0.32}};
    assertThat(refusal(() -> Predictions.of(values, new int[1])))
        .hasMessageStartingWith("probabilities[0] sums to 0.62, probabilities must sum to 1")
        .hasMessageEndingWith("or ask to renormalise");
    Predictions p = Predictions.builder().probabilities(values).renormalise().build();
    assertThat(p.probability(0, 0)).isEqualTo(0.3 / 0.62);
  }

  @Test
  void rowOfZerosCannotBeRenormalised() {
    assertThat(
            refusal(
                () -> Predictions.builder().probabilities(new double[1][3]).renormalise().build()))
        .hasMessageContaining("must sum to a finite number above 0");
  }

  @Test
  void countsMayBeRenormalised() {
    Predictions p =
        Predictions.builder().probabilities(new float[][] {{3, 1}}).renormalise().build();
    assertThat(p.probabilities(0)).containsExactly(0.75, 0.25);
    assertThat(p.isSinglePrecision()).isFalse();
  }

  @Test
  void labelsOutOfRangeAreRefused() {
    assertThat(refusal(() -> Predictions.of(TWO_ROWS, new int[] {0, 12})))
        .hasMessage("labels[1] must be a class index below 3, got 12 (1 of 2 rows not valid)");
    assertThat(refusal(() -> Predictions.of(TWO_ROWS, new int[] {-1, -1})))
        .hasMessage("labels[0] must be a class index below 3, got -1 (2 of 2 rows not valid)");
  }

  @Test
  void lengthsMustAgree() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.of(TWO_ROWS, new int[1]))
        .withMessage("labels must have 2 values, got 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.of(new double[][] {{0.5, 0.5}, {1}}, new int[2]))
        .withMessage("row 1 must have 2 values, got 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.builder().probabilities(new float[7], 3))
        .withMessage(
            "values.length must be a multiple of the number of classes, got 7 values and"
                + " 3 classes");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Predictions.builder()
                    .probabilities(TWO_ROWS)
                    .samples(new double[][][] {{{0.5, 0.5}, {0.5, 0.5}, {1, 0}}})
                    .build())
        .withMessage("rows of samples must have 2 values, got 3");
  }

  @Test
  void sizesBeyondAnArrayAreRefusedBeforeAnythingIsAllocated() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Predictions.builder().probabilities(300_000_000, 10, true, (r, into, from) -> {}))
        .withMessageContaining("got 300,000,000 times 10");
  }

  @Test
  void emptyPredictionsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.of(new double[0][], new int[0]))
        .withMessage("predictions need at least 1 row, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.of(new double[][] {{1}}, new int[1]))
        .withMessageContaining("at least 2 classes, got 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.builder().build())
        .withMessageContaining("need probabilities");
  }

  @Test
  void oneColumnIsThePositiveClass() {
    Predictions p = Predictions.binary(new double[] {0.3}, new int[] {1});
    assertThat(p.isBinary()).isTrue();
    assertThat(p.probabilities(0)).containsExactly(0.7, 0.3);
    assertThat(Predictions.of(new double[][] {{0.7, 0.3}}, new int[] {1}).isBinary()).isFalse();
    assertThat(refusal(() -> Predictions.binary(new double[] {0.5, -3}, new int[2])))
        .hasMessageStartingWith("positive probabilities[1] must be in [0, 1], got -3.0 (1 of 2");
  }

  @Test
  void wideLogitsKeepTheirSoftmax() {
    Predictions p =
        Predictions.ofLogits(new double[][] {{1000, 999, -1000}, {0, 0, 0}}, new int[2]);
    assertThat(p.probability(0, 0)).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-15));
    assertThat(p.probability(0, 2)).isZero();
    assertThat(p.probability(1, 1)).isEqualTo(1.0 / 3);
    assertThat(p.logit(0, 1)).isEqualTo(999);
  }

  @Test
  void logitsMustBeFinite() {
    double[][] logits = {{0, 1}, {0, Double.NaN}, {Double.NEGATIVE_INFINITY, 0}};
    assertThat(refusal(() -> Predictions.ofLogits(logits, new int[3])))
        .hasMessage("logits[1][1] must be finite, got NaN (2 of 3 rows not valid)");
  }

  @Test
  void probabilitiesAreNeverPutThroughASigmoid() {
    assertThatThrownBy(() -> Predictions.of(new double[][] {{2.5, -1.5}}, new int[1]))
        .isInstanceOf(InvalidRowException.class);
  }

  @Test
  void samplesAloneGiveTheirMeanAndExpectedEntropy() {
    double[][][] samples = {{{1, 0}}, {{0.5, 0.5}}};
    Predictions p = Predictions.builder().samples(samples).build();
    assertThat(p.probabilities(0)).containsExactly(0.75, 0.25);
    assertThat(p.samples()).isEqualTo(2);
    assertThat(p.expectedEntropy(0)).isCloseTo(Math.log(2) / 2, within(1e-15));
    assertThat(p.entropy(0)).isGreaterThan(p.expectedEntropy(0));
  }

  @Test
  void equalProbabilitiesPredictTheLowestClass() {
    assertThat(Predictions.of(new double[][] {{0.4, 0.4, 0.2}}, new int[1]).predictedClass(0))
        .isZero();
  }

  @Test
  void entropyInBitsIsRefused() {
    assertThat(
            refusal(
                () ->
                    Predictions.builder()
                        .probabilities(TWO_ROWS)
                        .expectedEntropy(new double[] {1, 1.5})
                        .build()))
        .hasMessage(
            "expected entropies[1] must be in [0, ln 3 = 1.0986] nats, got 1.5"
                + " (1 of 2 rows not valid)");
  }

  @Test
  void weightsMustBeFiniteAndNotAllZero() {
    PredictionsBuilder negative =
        Predictions.builder().probabilities(TWO_ROWS).weights(new double[] {1, -1});
    assertThat(refusal(negative::build)).hasMessageStartingWith("weights[1] must be finite");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Predictions.builder().probabilities(TWO_ROWS).weights(new double[2]).build())
        .withMessage("weights must not all be 0");
  }

  @Test
  void namesMustDifferAndTextsMustBeThere() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Predictions.builder()
                    .probabilities(TWO_ROWS)
                    .classNames(List.of("a", "b", "a"))
                    .build())
        .withMessage("class names must differ, got [a, b, a]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Predictions.builder().probabilities(TWO_ROWS).ids(new String[2]).build())
        .withMessage("ids[0] must not be null");
  }

  @Test
  void aBuilderBuildsOnce() {
    PredictionsBuilder builder = Predictions.builder().probabilities(TWO_ROWS);
    builder.build();
    assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void selectedRowsKeepAllThatIsKnown() {
    Predictions all =
        Predictions.builder()
            .probabilities(TWO_ROWS)
            .labels(new int[] {2, 1})
            .expectedEntropy(new double[] {0.1, 0.2})
            .weights(new double[] {0, 2})
            .groups(new String[] {"a", "b"})
            .ids(new String[] {"x", "y"})
            .classNames(List.of("p", "q", "r"))
            .samples(new double[][][] {TWO_ROWS})
            .build();
    Predictions p = all.select(new int[] {1, 0, 1});
    assertThat(p.rows()).isEqualTo(3);
    assertThat(p.probabilities(0)).isEqualTo(p.probabilities(2)).isEqualTo(TWO_ROWS[1]);
    assertThat(p.label(1)).isEqualTo(2);
    assertThat(p.expectedEntropy(2)).isEqualTo(0.2);
    assertThat(p.weight(1)).isZero();
    assertThat(p.group(0)).isEqualTo("b");
    assertThat(p.id(1)).isEqualTo("x");
    assertThat(p.classNames()).containsExactly("p", "q", "r");
    assertThat(p.sampleProbability(0, 1, 2)).isEqualTo(0.5);
    assertThatIllegalArgumentException().isThrownBy(() -> all.select(new int[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> all.select(new int[] {0}));
    assertThatThrownBy(() -> all.select(new int[] {2}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void whatIsNotThereIsSaidSo() {
    Predictions p = Predictions.builder().probabilities(TWO_ROWS).build();
    assertThatThrownBy(() -> p.label(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("these predictions have no labels");
    assertThat(p).hasToString("predictions of 2 rows and 3 classes, no labels");
  }

  @Test
  void aBuilderThatRefusedBuildsNothingElse() {
    PredictionsBuilder builder =
        Predictions.builder()
            .samples(new double[][][] {{{0.9, 0.1}}, {{0.7, 0.3}}})
            .labels(new int[] {7});
    assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    builder.samples(new double[][][] {{{0.2, 0.8}}, {{0.2, 0.8}}}).labels(new int[] {1});
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("start a new one");
  }

  @Test
  void withoutSamplesThereIsNoProbabilityUnderOne() {
    Predictions predictions =
        Predictions.builder().probabilities(new double[][] {{0.9, 0.1}}).build();
    assertThatThrownBy(() -> predictions.sampleProbability(0, 0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no posterior samples");
  }
}
