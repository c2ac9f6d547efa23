package io.github.swag4j.calibration.monitoring;

import static io.github.swag4j.calibration.monitoring.DriftMeasure.ACCURACY;
import static io.github.swag4j.calibration.monitoring.DriftMeasure.CONFIDENCE;
import static io.github.swag4j.calibration.monitoring.DriftMeasure.ENTROPY;
import static io.github.swag4j.calibration.monitoring.DriftMeasure.NLL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.Predictions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rate of false alarms by simulation, and changes that must be found. */
class DriftAlarmTest {

  /** Rows of a classifier of three classes whose logits were multiplied: 1 is calibrated. */
  static Predictions rows(int count, double sharper, double noise, long seed) {
    SplitMix random = new SplitMix(seed);
    double[][] p = new double[count][3];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      double[] z = {1.5 * random.gaussian(), 1.5 * random.gaussian(), 1.5 * random.gaussian()};
      double[] truth = softmax(z, 1 - noise);
      double u = random.uniform();
      labels[i] = u < truth[0] ? 0 : u < truth[0] + truth[1] ? 1 : 2;
      p[i] = softmax(z, sharper);
    }
    return Predictions.of(p, labels);
  }

  private static double[] softmax(double[] z, double factor) {
    double[] p = new double[z.length];
    double sum = 0;
    for (int k = 0; k < z.length; k++) {
      p[k] = Math.exp(factor * z[k]);
      sum += p[k];
    }
    for (int k = 0; k < z.length; k++) {
      p[k] /= sum;
    }
    return p;
  }

  private static int[] labels(Predictions rows) {
    int[] labels = new int[rows.rows()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = rows.label(i);
    }
    return labels;
  }

  private static WindowReport window(Predictions reference, Predictions served, double rate) {
    DriftMonitor monitor =
        new DriftMonitor(
            MonitoringReference.of(reference),
            new MonitorOptions(served.rows(), 0, new DriftAlarm(rate, true, 0)));
    List<WindowReport> reports = monitor.add(served, labels(served));
    assertThat(reports).hasSize(1);
    return reports.get(0);
  }

  /** Four standard deviations of a count above what is promised are one chance in 30,000. */
  @Test
  void withoutAChangeNoMoreWindowsRaiseAnAlarmThanIsPromised() {
    double rate = 0.1;
    int windows = 600;
    int alarms = 0;
    int[] sizes = {20, 60, 200};
    for (int i = 0; i < windows; i++) {
      Predictions reference = rows(300, 1.4, 0, 2L * i + 1);
      Predictions served = rows(sizes[i % sizes.length], 1.4, 0, 2L * i + 2);
      alarms += window(reference, served, rate).alarm() ? 1 : 0;
    }
    double most = windows * rate + 4 * Math.sqrt(windows * rate * (1 - rate));
    assertThat(alarms).isLessThan((int) most);
    assertThat(alarms).as("the tests are not idle").isGreaterThan(5);
  }

  /** One reference for all windows: what is promised is the mean over references too. */
  @Test
  void windowsThatShareAReferenceKeepTheRateOverReferences() {
    double rate = 0.1;
    int alarms = 0;
    for (int r = 0; r < 40; r++) {
      Predictions served = rows(600, 1, 0, 10_000 + r);
      DriftMonitor monitor =
          new DriftMonitor(
              MonitoringReference.of(rows(200, 1, 0, 20_000 + r)),
              new MonitorOptions(50, 0, new DriftAlarm(rate, true, r)));
      for (WindowReport report : monitor.add(served, labels(served))) {
        alarms += report.alarm() ? 1 : 0;
      }
    }
    // 480 windows; those of one reference go together, at worst all 12 of them.
    assertThat(alarms).isLessThan((int) (48 + 4 * 12 * Math.sqrt(40 * rate * (1 - rate))));
  }

  /**
   * What the promise stands on: rows could change places, so the test must not know whose are
   * whose.
   */
  @Test
  void windowAndReferenceAreTreatedAlike() {
    WindowSketch window = sketch(rows(30, 1, 0, 31));
    WindowSketch reference = sketch(rows(30, 1.5, 0.9, 32));
    for (DriftMeasure measure : List.of(CONFIDENCE, ENTROPY, ACCURACY, NLL)) {
      double p =
          Exchangeability.pValue(
              window.counts(measure), reference.counts(measure), measure.statistic(), 500, 1);
      double swapped =
          Exchangeability.pValue(
              reference.counts(measure), window.counts(measure), measure.statistic(), 500, 1);
      assertThat(swapped).as(measure.words()).isEqualTo(p).isLessThan(1);
    }
  }

  private static WindowSketch sketch(Predictions rows) {
    WindowSketch sketch = new WindowSketch(rows.classes());
    sketch.add(rows);
    sketch.addLabelled(rows);
    return sketch;
  }

  /** Else both families would have the whole rate. */
  @Test
  void labelsThatWereNotExpectedAreShownAndNotTested() {
    Predictions served = rows(500, 1, 0.6, 6);
    DriftMonitor monitor =
        new DriftMonitor(
            MonitoringReference.of(rows(2000, 1, 0, 5)),
            new MonitorOptions(500, 0, new DriftAlarm(0.001, false, 0)));
    WindowReport report = monitor.add(served, labels(served)).get(0);
    assertThat(report.numbers().accuracy()).isLessThan(0.6);
    assertThat(report.pValues()).containsOnlyKeys(CONFIDENCE, ENTROPY);
    assertThat(report.alarm()).isFalse();
  }

  @Test
  void aCellStandsForTheNumbersInIt() {
    double[] middles = LogitCells.middles();
    assertThat(middles).hasSize(LogitCells.COUNT).isSorted();
    for (int j = 0; j < middles.length; j++) {
      assertThat(LogitCells.of(middles[j])).isEqualTo(j);
    }
    assertThat(LogitCells.of(0)).isZero();
    assertThat(LogitCells.of(1)).isEqualTo(LogitCells.COUNT - 1);
    assertThat(middles[LogitCells.of(0.9)]).isBetween(0.88, 0.92);
  }

  @Test
  void surerPredictionsAreFoundWithoutAnyLabel() {
    Predictions served = rows(500, 1.6, 0, 4);
    DriftMonitor monitor =
        new DriftMonitor(
            MonitoringReference.of(rows(2000, 1, 0, 3)),
            new MonitorOptions(500, 0, new DriftAlarm(0.001, false, 0)));
    int[] unknown = new int[500];
    java.util.Arrays.fill(unknown, DriftMonitor.UNKNOWN);
    WindowReport report = monitor.add(served, unknown).get(0);
    assertThat(report.alarms()).contains(DriftMeasure.CONFIDENCE, DriftMeasure.ENTROPY);
    assertThat(report.numbers().labelled()).isZero();
    assertThat(report.numbers().accuracy()).isNaN();
  }

  @Test
  void theSamePredictionsOnHarderRowsAreFoundByTheirLabelsAlone() {
    WindowReport report = window(rows(2000, 1, 0, 5), rows(1000, 1, 0.6, 6), 0.001);
    assertThat(report.alarms())
        .contains(DriftMeasure.ACCURACY, DriftMeasure.NLL, DriftMeasure.CALIBRATION)
        .doesNotContain(DriftMeasure.CONFIDENCE, DriftMeasure.ENTROPY);
  }

  @Test
  void theNumbersOfAWindowAreThoseOfItsRows() {
    Predictions served = rows(300, 1.3, 0, 8);
    WindowNumbers numbers = window(rows(300, 1.3, 0, 7), served, 0.001).numbers();
    var summary = io.github.swag4j.calibration.sketch.CalibrationSketch.of(served).summary();
    assertThat(numbers.accuracy()).isEqualTo(summary.accuracy());
    assertThat(numbers.ece()).isEqualTo(summary.ece());
    assertThat(numbers.nll()).isEqualTo(summary.nll());
    assertThat(numbers.meanConfidence())
        .isCloseTo(summary.meanConfidence(), org.assertj.core.api.Assertions.within(1e-9));
    double entropy = 0;
    for (int i = 0; i < 300; i++) {
      entropy += served.entropy(i) / 300;
    }
    assertThat(numbers.meanEntropy())
        .isCloseTo(entropy, org.assertj.core.api.Assertions.within(1e-9));
  }

  /** Of 3 of 4 rows in a window that are all of one kind: 1 of the C(8, 4) = 70 draws in 35. */
  @Test
  void thePValueIsTheShareOfDrawsAsFar() {
    long[] window = {4, 0};
    long[] reference = {0, 4};
    double p =
        Exchangeability.pValue(
            window, reference, Exchangeability.meanDistance(new double[] {0, 1}), 200_000, 1);
    assertThat(p).isCloseTo(2.0 / 70, org.assertj.core.api.Assertions.within(0.008));
    assertThat(
            Exchangeability.pValue(
                new long[] {2, 2},
                new long[] {2, 2},
                Exchangeability.meanDistance(new double[] {0, 1}),
                1000,
                1))
        .isEqualTo(1);
  }

  @Test
  void aRateThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new DriftAlarm(0, true, 0)).hasMessageContaining("got 0.0");
    assertThatThrownBy(() -> new DriftAlarm(0.6, true, 0)).hasMessageContaining("0.5");
    assertThatThrownBy(() -> new MonitorOptions(19, 0, new DriftAlarm(0.1, true, 0)))
        .hasMessageContaining("between 20 and");
  }
}
