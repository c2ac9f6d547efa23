package io.github.swag4j.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.error.SweepCalibrationError;
import io.github.swag4j.calibration.selective.RiskCoverageCurve;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * A row of weight 0 is absent, so a row of almost no weight must almost be: importance weights that
 * were normalised have many such rows.
 */
class VanishingWeightsTest {

  /** Numbers that depend on how many rows there are. */
  private static final List<ToDoubleFunction<Rows>> COUNTS =
      List.of(
          rows -> rows.curve().aurc(),
          rows -> rows.curve().oracleAurc(),
          rows -> rows.curve().excessAurc(),
          rows -> rows.curve().aurcTrapezoid(),
          rows -> SmoothCalibrationError.at(rows.forecasts(), 0.1),
          rows -> rows.equalMass(2),
          rows -> rows.equalMass(7),
          rows -> rows.equalMass(15));

  private record Rows(double[] confidences, boolean[] correct, double[] weights) {
    static Rows of(Random random, double[] weights) {
      double[] confidences = random.doubles(weights.length).toArray();
      boolean[] correct = new boolean[weights.length];
      for (int r = 0; r < correct.length; r++) {
        correct[r] = random.nextDouble() < confidences[r];
      }
      return new Rows(confidences, correct, weights);
    }

    RiskCoverageCurve curve() {
      return RiskCoverageCurve.of(confidences, correct, weights);
    }

    Forecasts forecasts() {
      return Forecasts.of(confidences, correct, weights);
    }

    double equalMass(int bins) {
      return CalibrationError.of(forecasts(), BinningConvention.EQUAL_MASS.withBins(bins)).ece();
    }

    /** These rows with another weight for those that had none. */
    Rows withLight(double weight) {
      double[] changed = Arrays.stream(weights).map(w -> w > 0 ? w : weight).toArray();
      return new Rows(confidences, correct, changed);
    }
  }

  @Test
  void aThousandRowsOfAlmostNoWeightHardlyMoveAurc() {
    int rows = 1002;
    double[] confidences = new double[rows];
    boolean[] correct = new boolean[rows];
    double[] weights = new double[rows];
    Arrays.setAll(confidences, r -> r < 2 ? 0.9 - 0.1 * r : 0.7 - 1e-5 * r);
    Arrays.setAll(weights, r -> r < 2 ? 1 : 1e-9);
    Arrays.fill(correct, true);
    correct[1] = false;
    assertThat(RiskCoverageCurve.of(confidences, correct, weights).aurc())
        .isCloseTo(0.25, within(1e-5));
  }

  @Property(tries = 100)
  void whatDependsOnTheNumberOfRowsIsContinuousAsWeightsGoToZero(
      @ForAll Random random,
      @ForAll @IntRange(min = 3, max = 60) int heavy,
      @ForAll @IntRange(min = 1, max = 300) int light,
      @ForAll @IntRange(min = 0, max = 2) int kind) {
    double[] weights = new double[heavy + light];
    for (int r = 0; r < heavy; r++) {
      // Rows, rows repeated, and importance weights normalised to sum to 1.
      double weight =
          kind == 0 ? 1 : kind == 1 ? 1 + random.nextInt(4) : random.nextDouble() / heavy;
      weights[r] = Math.max(weight, 1e-6);
    }
    Rows absent = Rows.of(random, weights);
    double unit = kind == 2 ? 1.0 / heavy : 1;
    Rows present = absent.withLight(1e-12 * unit);
    for (int i = 0; i < COUNTS.size(); i++) {
      assertThat(COUNTS.get(i).applyAsDouble(present))
          .as("number %d, %d and %d rows, kind %d", i, heavy, light, kind)
          .isCloseTo(COUNTS.get(i).applyAsDouble(absent), within(1e-7));
    }
  }

  /** Nor the range over which log odds are laid, nor how far the sweep goes. */
  @Property(tries = 50)
  void rowsOfWeightZeroChangeNoErrorWithoutChosenBins(
      @ForAll @IntRange(min = 1, max = 12) int heavy, @ForAll long seed) {
    Random random = new Random(seed);
    double[] f = random.doubles(heavy + 2, 0.2, 0.8).toArray();
    f[heavy] = 0;
    f[heavy + 1] = 1;
    boolean[] came = new boolean[heavy + 2];
    double[] weights = new double[heavy + 2];
    for (int r = 0; r < heavy; r++) {
      came[r] = random.nextBoolean();
      weights[r] = 1;
    }
    Forecasts with = Forecasts.of(f, came, weights);
    Forecasts without = Forecasts.of(Arrays.copyOf(f, heavy), Arrays.copyOf(came, heavy), null);
    assertThat(SmoothCalibrationError.of(with, SmoothCalibrationError.Kernel.LOGIT).value())
        .isEqualTo(
            SmoothCalibrationError.of(without, SmoothCalibrationError.Kernel.LOGIT).value(),
            within(1e-12));
    for (BinningConvention bins : List.of(BinningConvention.EQUAL_MASS, BinningConvention.GUO)) {
      assertThat(SweepCalibrationError.of(with, bins).ece())
          .isEqualTo(SweepCalibrationError.of(without, bins).ece(), within(1e-12));
    }
  }

  @Property(tries = 50)
  void theSweepOfRowsOfWholeWeightIsThatOfRowsRepeated(
      @ForAll @IntRange(min = 1, max = 8) int rows, @ForAll long seed) {
    Random random = new Random(seed);
    int[] row = random.ints(3L * rows, 0, rows).sorted().toArray();
    double[] f = random.doubles(rows).toArray();
    boolean[] came = new boolean[rows];
    double[] weights = new double[rows];
    for (int r = 0; r < rows; r++) {
      came[r] = random.nextBoolean();
    }
    boolean[] cameRepeated = new boolean[row.length];
    for (int i = 0; i < row.length; i++) {
      weights[row[i]]++;
      cameRepeated[i] = came[row[i]];
    }
    Forecasts weighted = Forecasts.of(f, came, weights);
    Forecasts repeated =
        Forecasts.of(Arrays.stream(row).mapToDouble(r -> f[r]).toArray(), cameRepeated);
    for (BinningConvention bins : List.of(BinningConvention.EQUAL_MASS, BinningConvention.GUO)) {
      assertThat(SweepCalibrationError.of(weighted, bins).ece())
          .isEqualTo(SweepCalibrationError.of(repeated, bins).ece(), within(1e-12));
    }
  }

  /** A row without weight must not even change how many bins there are. */
  @Property(tries = 100)
  void rowsOfWeightZeroDoNotChangeEqualMassBins(
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 12) int heavy,
      @ForAll @IntRange(min = 1, max = 30) int light) {
    double[] weights = new double[heavy + light];
    for (int r = 0; r < heavy; r++) {
      weights[r] = 0.2 + 2 * random.nextDouble();
    }
    Rows absent = Rows.of(random, weights);
    Rows without =
        new Rows(
            Arrays.copyOf(absent.confidences(), heavy),
            Arrays.copyOf(absent.correct(), heavy),
            Arrays.copyOf(weights, heavy));
    for (int bins : new int[] {3, 15}) {
      assertThat(absent.equalMass(bins)).isCloseTo(without.equalMass(bins), within(1e-14));
    }
  }

  /** Weights whose sum is below their effective number are not repetitions in any unit. */
  @Test
  void importanceWeightsHaveTheSameAurcInAnySmallUnit() {
    double[] weights = new Random(3).doubles(50, 0.01, 4).toArray();
    Rows rows = Rows.of(new Random(4), weights);
    double expected = Double.NaN;
    for (double unit : new double[] {0.2, 1 / 50.0, 1e-9}) {
      double[] scaled = Arrays.stream(weights).map(w -> w * unit).toArray();
      double aurc = new Rows(rows.confidences(), rows.correct(), scaled).curve().aurc();
      expected = Double.isNaN(expected) ? aurc : expected;
      assertThat(aurc).isCloseTo(expected, within(1e-13));
    }
  }
}
