package io.github.swag4j.calibration.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.swag4j.calibration.Predictions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MiscalibrationDetectorTest {
  private static final MiscalibrationOptions OPTIONS = MiscalibrationOptions.spacing(40);

  /** Rows of a model that is right with odds that are exp(shift) times those it says. */
  private static MiscalibrationPane pane(
      Random random, int rows, double shift, MiscalibrationOptions options) {
    MiscalibrationPane pane = new MiscalibrationPane(options);
    for (int r = 0; r < rows; r++) {
      double logit = 1.5 * random.nextGaussian() + 1;
      double confidence = 1 / (1 + Math.exp(-logit));
      double right = 1 / (1 + Math.exp(-logit - shift));
      pane.add(confidence, random.nextDouble() < right);
    }
    return pane;
  }

  /** Panes to the first alarm, at most so many. */
  private static long runLength(
      Random random, int rows, double shift, MiscalibrationOptions options, long most) {
    MiscalibrationDetector detector = new MiscalibrationDetector(options);
    for (long n = 1; n < most; n++) {
      if (detector.add(pane(random, rows, shift, options)).alarm()) {
        return n;
      }
    }
    return most;
  }

  /** The mean of 150 runs has a standard error of 12 panes; cutting at 600 only lowers it. */
  @Test
  void falseAlarmsAreAsFarApartAsSaid() {
    Random random = new Random(1);
    double sum = 0;
    for (int run = 0; run < 150; run++) {
      sum += runLength(random, 10, 0, OPTIONS, 600);
    }
    assertThat(sum / 150).isBetween(40.0, 250.0);
  }

  @Test
  void wrongConfidencesAreFoundSoonerTheMoreTheyAreWrong() {
    Random random = new Random(2);
    double[] delays = new double[3];
    double[] shifts = {-0.4, -1, -2};
    for (int i = 0; i < 3; i++) {
      for (int run = 0; run < 20; run++) {
        delays[i] += runLength(random, 10, shifts[i], OPTIONS, 600) / 20.0;
      }
    }
    assertThat(delays[0]).isLessThan(40);
    assertThat(delays[1]).isLessThan(delays[0] / 1.5);
    assertThat(delays[2]).isLessThan(delays[1]);
  }

  @Test
  void theAlarmSaysWhichWay() {
    Random random = new Random(3);
    for (double shift : new double[] {-1.5, 1.5}) {
      MiscalibrationDetector detector = new MiscalibrationDetector(OPTIONS);
      MiscalibrationReport report = null;
      while (report == null || !report.alarm()) {
        report = detector.add(pane(random, 50, shift, OPTIONS));
      }
      assertThat(report.overconfident()).isEqualTo(shift < 0);
      assertThat(report.evidence()).isGreaterThanOrEqualTo(40);
      assertThat(report).asString().contains(shift < 0 ? "ALARM: fewer" : "ALARM: more");
      assertThat(detector.alarms()).isEqualTo(1);
      assertThat(detector.add(new MiscalibrationPane(OPTIONS)).evidence()).isZero();
    }
  }

  /** Whatever the confidence, and wherever in the tolerance the truth lies. */
  @Test
  void noBetGainsOnAverageWhileAllIsWell() {
    for (double tolerance : new double[] {0, 0.03}) {
      MiscalibrationOptions options = OPTIONS.withTolerance(tolerance);
      for (double p : new double[] {0, 1e-9, 0.1, 0.5, 0.87, 1 - 1e-12, 1}) {
        MiscalibrationPane right = new MiscalibrationPane(options);
        right.add(p, true);
        MiscalibrationPane wrong = new MiscalibrationPane(options);
        wrong.add(p, false);
        for (double truth : new double[] {p - tolerance, p, p + tolerance}) {
          double t = Math.max(0, Math.min(1, truth));
          for (int bet = 0; bet < MiscalibrationBets.BETS; bet++) {
            double mean = t * Math.exp(right.logGain(0, bet));
            mean += (1 - t) * Math.exp(wrong.logGain(0, bet));
            assertThat(mean).isLessThanOrEqualTo(1 + 1e-12);
            if (tolerance == 0) {
              // Costs are rounded up to 2^-24, so that 10^11 rows can be summed.
              assertThat(mean).isCloseTo(1, within(1e-7));
            }
          }
        }
      }
    }
  }

  /** M = sum of w_k L_k (M_k + 1), by hand for two panes of one row; empty bins begin nothing. */
  @Test
  void evidenceIsTheSumOfShiryaevAndRoberts() {
    MiscalibrationDetector detector = new MiscalibrationDetector(OPTIONS);
    double[][] rows = {{0.9, 0}, {0.3, 1}};
    double[] m = new double[60];
    double evidence = 0;
    for (double[] row : rows) {
      evidence = 0;
      for (int scope = 0; scope < 6; scope++) {
        boolean in = scope == 0 || scope == 1 + (row[0] > 0.8 ? 4 : 1);
        for (int bet = 0; bet < 10; bet++) {
          double s = MiscalibrationBets.shift(bet);
          double gain = in ? Math.exp(s * row[1]) / (1 - row[0] + row[0] * Math.exp(s)) : 1;
          int k = scope * 10 + bet;
          m[k] = gain * (m[k] + (in ? 1 : 0));
          evidence += (scope == 0 ? 0.05 : 0.01) * m[k];
        }
      }
      MiscalibrationPane pane = new MiscalibrationPane(OPTIONS);
      pane.add(row[0], row[1] == 1);
      assertThat(detector.add(pane).evidence()).isCloseTo(evidence, within(1e-6));
    }
    assertThat(evidence).isGreaterThan(1.2);
  }

  @Test
  void withinTheToleranceIsNoChange() {
    MiscalibrationOptions tolerant = OPTIONS.withTolerance(0.1);
    Random random = new Random(4);
    long strict = 0;
    long wide = 0;
    for (int run = 0; run < 10; run++) {
      strict += runLength(random, 50, -0.4, OPTIONS, 200);
      wide += runLength(random, 50, -0.4, tolerant, 200);
    }
    assertThat(strict).isLessThan(300);
    assertThat(wide).isGreaterThan(1000);
  }

  @Test
  void panesOfSeveralMachinesAreThePaneOfAllRows() throws IOException {
    List<MiscalibrationPane> parts = new ArrayList<>();
    MiscalibrationPane whole = new MiscalibrationPane(OPTIONS);
    for (int i = 0; i < 3; i++) {
      parts.add(pane(new Random(i), 40, 0, OPTIONS));
      whole.merge(parts.get(i));
    }
    MiscalibrationPane other = parts.get(2);
    other.merge(parts.get(0));
    other.merge(parts.get(1));
    assertThat(other).isEqualTo(whole);
    assertThat(whole.rows()).isEqualTo(120);

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    whole.write(new DataOutputStream(bytes));
    assertThat(MiscalibrationPane.read(stream(bytes.toByteArray()))).isEqualTo(whole);
    byte[] damaged = bytes.toByteArray();
    damaged[15]++; // one row more than the bins have
    byte[] cost = bytes.toByteArray();
    cost[cost.length - 6] ^= 1;
    assertThatThrownBy(() -> MiscalibrationPane.read(stream(cost)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("those of its rows");
    assertThatThrownBy(() -> MiscalibrationPane.read(stream(damaged)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("those of its rows");
  }

  private static DataInputStream stream(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }

  @Test
  void aRestartGivesTheSameBits() throws IOException {
    MiscalibrationDetector first = new MiscalibrationDetector(OPTIONS);
    Random random = new Random(5);
    for (int n = 0; n < 7; n++) {
      first.add(pane(random, 10, 0, OPTIONS));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    first.write(new DataOutputStream(bytes));
    MiscalibrationDetector again =
        MiscalibrationDetector.read(stream(bytes.toByteArray()), OPTIONS);
    for (int n = 0; n < 20; n++) {
      MiscalibrationPane pane = pane(random, 10, -0.5, OPTIONS);
      assertThat(again.add(pane)).isEqualTo(first.add(pane));
    }
    assertThat(again.panes()).isEqualTo(27);
    assertThatThrownBy(
            () ->
                MiscalibrationDetector.read(
                    stream(bytes.toByteArray()), MiscalibrationOptions.spacing(50)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("begin a new one");
  }

  @Test
  void whatIsNoLabelledRowIsRefused() {
    MiscalibrationPane pane = new MiscalibrationPane(OPTIONS);
    Predictions bare = Predictions.builder().probabilities(new double[][] {{0.5, 0.5}}).build();
    assertThatThrownBy(() -> pane.add(bare))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("labelled rows");
    assertThatThrownBy(() -> pane.add(1.5, true)).hasMessageContaining("in [0, 1], got 1.5");
    assertThatThrownBy(() -> pane.merge(new MiscalibrationPane(OPTIONS.withTolerance(0.1))))
        .hasMessageContaining("same tolerance");
    assertThatThrownBy(() -> MiscalibrationOptions.spacing(1)).hasMessageContaining("above 1");
    assertThat(pane.rows()).isZero();
    pane.add(Predictions.of(new double[][] {{0.9, 0.1}, {0.2, 0.8}}, new int[] {0, 0}));
    assertThat(pane).hasToString("2 rows, 1 right");
    assertThat(pane.rightRows()).isEqualTo(1);
  }

  /** Bins that have no rows, as those below 0.5 of two classes, must not gather evidence. */
  @Test
  void emptyBinsRaiseNoAlarm() {
    MiscalibrationDetector detector = new MiscalibrationDetector(MiscalibrationOptions.spacing(50));
    for (int pane = 0; pane < 1_000; pane++) {
      MiscalibrationPane rows = new MiscalibrationPane(MiscalibrationOptions.spacing(50));
      for (int row = 0; row < 20; row++) {
        rows.add(0.75, row % 4 != 0);
      }
      assertThat(detector.add(rows).alarm()).isFalse();
    }
  }

  @Test
  void sixteenMillionRowsOfFullConfidenceThatAreRightAreNoAlarm() {
    MiscalibrationOptions options = MiscalibrationOptions.spacing(50);
    MiscalibrationPane rows = new MiscalibrationPane(options);
    rows.add(1, true);
    for (int doubling = 0; doubling < 24; doubling++) {
      rows.merge(rows);
    }
    MiscalibrationReport report = new MiscalibrationDetector(options).add(rows);
    assertThat(rows.rows()).isEqualTo(1 << 24);
    assertThat(report.evidence()).isLessThanOrEqualTo(1);
  }
}
