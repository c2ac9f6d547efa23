package io.github.swag4j.calibration.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.SmoothCalibrationError.Kernel;
import io.github.swag4j.calibration.ood.OodFixture;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThresholdedAndLogitErrorTest {
  private static final Predictions FIXTURE = OodFixture.in();

  private static Predictions random(long seed, int rows) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] p = new double[rows][4];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int k = 0; k < 4; k++) {
        p[row][k] = Math.exp(6 * random.nextDouble());
        sum += p[row][k];
      }
      for (int k = 0; k < 4; k++) {
        p[row][k] /= sum;
      }
      labels[row] = random.nextInt(4);
    }
    return Predictions.of(p, labels);
  }

  @Property(tries = 60)
  void taceIsTheMeanGapOfEqualPartsOfTheProbabilitiesAboveTheThreshold(@ForAll long seed) {
    Predictions p = random(seed, 90);
    for (double threshold : new double[] {0, 0.01, 0.2}) {
      double expected = 0;
      for (int k = 0; k < 4; k++) {
        int c = k;
        int[] rows =
            IntStream.range(0, 90)
                .filter(r -> p.probability(r, c) > threshold)
                .boxed()
                .sorted((a, b) -> Double.compare(p.probability(a, c), p.probability(b, c)))
                .mapToInt(Integer::intValue)
                .toArray();
        expected += gaps(p, k, rows, 5) / 4;
      }
      assertThat(
              ThresholdedCalibrationError.of(p, threshold, BinningConvention.EQUAL_MASS.withBins(5))
                  .tace())
          .isCloseTo(expected, within(1e-12));
    }
  }

  /** The parts of numpy.array_split: the first ones hold one row more. */
  private static double gaps(Predictions p, int k, int[] rows, int bins) {
    double sum = 0;
    for (int b = 0, from = 0; b < bins && rows.length > 0; b++) {
      int size = rows.length / bins + (b < rows.length % bins ? 1 : 0);
      double gap = 0;
      for (int i = from; i < from + size; i++) {
        gap += p.probability(rows[i], k) - (p.label(rows[i]) == k ? 1 : 0);
      }
      from += size;
      sum += Math.abs(gap) / rows.length;
    }
    return sum;
  }

  @Test
  void robustnessMetricsPassesThresholdZeroAndWeTheOneGiven() {
    double loose = ThresholdedCalibrationError.of(FIXTURE, 0, BinningConvention.EQUAL_MASS).tace();
    double tight =
        ThresholdedCalibrationError.of(FIXTURE, 0.3, BinningConvention.EQUAL_MASS).tace();
    assertThat(loose)
        .isCloseTo(
            ClasswiseCalibrationError.of(FIXTURE, BinningConvention.EQUAL_MASS).ece(),
            within(1e-12));
    assertThat(tight).isGreaterThan(1.2 * loose);
  }

  @Test
  void aClassWithoutProbabilityAboveTheThresholdCountsNothing() {
    Predictions p = Predictions.of(new double[][] {{0.9, 0.1}, {0.8, 0.2}}, new int[] {0, 1});
    ThresholdedCalibrationError error =
        ThresholdedCalibrationError.of(p, 0.5, BinningConvention.GUO.withBins(1));
    assertThat(error.classes().get(1)).isEmpty();
    assertThat(error.tace()).isCloseTo(Math.abs(0.85 - 0.5) / 2, within(1e-12));
    assertThat(error)
        .hasToString(
            "TACE 0.1750 (probabilities above 0.5, guo: 1 equal-width bin, 2 classes, 2 rows)");
    assertThatThrownBy(() -> ThresholdedCalibrationError.of(p, 1, BinningConvention.GUO))
        .hasMessage("threshold must be at least 0 and below 1, got 1.0");
  }

  @Test
  void weightTwoIsTheRowTwice() {
    Predictions p = random(3, 40);
    double[] weights = new double[40];
    Arrays.setAll(weights, i -> 1 + i % 2);
    PredictionsBuilder b =
        Predictions.builder()
            .probabilities(
                IntStream.range(0, 40).mapToObj(p::probabilities).toArray(double[][]::new))
            .labels(IntStream.range(0, 40).map(p::label).toArray());
    int[] repeated =
        IntStream.range(0, 40).flatMap(i -> IntStream.generate(() -> i).limit(1 + i % 2)).toArray();
    BinningConvention guo = BinningConvention.GUO;
    assertThat(ThresholdedCalibrationError.of(b.weights(weights).build(), 0.1, guo).tace())
        .isCloseTo(
            ThresholdedCalibrationError.of(p.select(repeated), 0.1, guo).tace(), within(1e-12));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kernel.class,
      names = {"LOGIT", "LOGIT_RELPLOT"})
  void logitKernelsGiveTheNumbersOfAnIndependentProgram(Kernel kernel) {
    JsonObject golden =
        OodFixture.json("/error/smooth_logit.json")
            .getAsJsonObject()
            .getAsJsonObject(kernel.name().toLowerCase(Locale.ROOT));
    Forecasts top = Forecasts.topLabel(FIXTURE);
    for (Map.Entry<String, com.google.gson.JsonElement> at :
        golden.getAsJsonObject("top_at").entrySet()) {
      assertThat(SmoothCalibrationError.at(top, Double.parseDouble(at.getKey()), kernel))
          .isCloseTo(at.getValue().getAsDouble(), within(1e-12));
    }
    assertGolden(golden.getAsJsonArray("top"), top, kernel);
    assertGolden(golden.getAsJsonArray("class_1"), Forecasts.ofClass(FIXTURE, 1), kernel);
    double[] saturated = new double[500];
    boolean[] right = new boolean[500];
    for (int row = 0; row < 500; row++) {
      saturated[row] = row % 3 == 0 ? 1 : FIXTURE.confidence(row);
      right[row] = FIXTURE.isCorrect(row);
    }
    assertGolden(golden.getAsJsonArray("saturated"), Forecasts.of(saturated, right), kernel);
    JsonArray wrong = golden.getAsJsonArray("sure_and_wrong");
    assertGolden(wrong, Forecasts.of(new double[1], new boolean[] {true}), kernel);
  }

  /**
   * The first and the last point of the mesh enter its sum of errors twice, that of weights once.
   */
  @Test
  void relplotsErrorOverLogOddsCanExceedOneAndOursCannot() {
    Forecasts wrong = Forecasts.of(new double[1], new boolean[] {true});
    assertThat(SmoothCalibrationError.at(wrong, 1, Kernel.LOGIT_RELPLOT))
        .isCloseTo(1.2767, within(1e-4));
    assertThat(SmoothCalibrationError.at(wrong, 1, Kernel.LOGIT)).isCloseTo(1, within(1e-3));
    Forecasts rare = Forecasts.of(fill(50, 0.005), yes(50));
    assertThat(SmoothCalibrationError.of(rare, Kernel.LOGIT_RELPLOT).value()).isGreaterThan(1.2);
    assertThat(SmoothCalibrationError.of(rare, Kernel.LOGIT).value())
        .isCloseTo(0.995, within(1e-3));
  }

  @Property(tries = 60)
  void errorOverLogOddsIsAtMostTheGreatestGap(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int rows = 1 + random.nextInt(20);
    double[] f = random.doubles(rows).map(v -> v < 0.3 ? 0 : v > 0.7 ? 1 : v).toArray();
    boolean[] y = new boolean[rows];
    double greatest = 0;
    for (int row = 0; row < rows; row++) {
      y[row] = random.nextBoolean();
      greatest = Math.max(greatest, Math.abs(f[row] - (y[row] ? 1 : 0)));
    }
    Forecasts forecasts = Forecasts.of(f, y);
    for (double sigma : new double[] {0.01, 0.3, 1}) {
      assertThat(SmoothCalibrationError.at(forecasts, sigma, Kernel.LOGIT))
          .isBetween(0.0, greatest);
    }
  }

  private static double[] fill(int rows, double value) {
    double[] out = new double[rows];
    Arrays.fill(out, value);
    return out;
  }

  private static boolean[] yes(int rows) {
    boolean[] out = new boolean[rows];
    Arrays.fill(out, true);
    return out;
  }

  private static void assertGolden(JsonArray golden, Forecasts forecasts, Kernel kernel) {
    SmoothCalibrationError error = SmoothCalibrationError.of(forecasts, kernel);
    assertThat(error.value()).isCloseTo(golden.get(0).getAsDouble(), within(1e-11));
    assertThat(error.width()).isEqualTo(golden.get(1).getAsDouble());
  }

  @Test
  void theKernelIsPartOfWhatIsPrinted() {
    assertThat(SmoothCalibrationError.of(FIXTURE, Kernel.LOGIT).toString())
        .contains("(Gaussian kernel on log odds, width ");
    assertThat(SmoothCalibrationError.of(FIXTURE, Kernel.LOGIT_RELPLOT).toString())
        .contains("(Gaussian kernel on log odds, ends as relplot, width ");
    assertThat(SmoothCalibrationError.of(FIXTURE).toString())
        .contains("(reflected Gaussian kernel, width ");
    assertThat(SmoothCalibrationError.of(FIXTURE, Kernel.REFLECTED).value())
        .isEqualTo(SmoothCalibrationError.of(FIXTURE).value());
  }
}
