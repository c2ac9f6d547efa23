package io.github.swag4j.adapters.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.monitoring.DriftAlarm;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import io.github.swag4j.calibration.monitoring.MiscalibrationDetector;
import io.github.swag4j.calibration.monitoring.MiscalibrationOptions;
import io.github.swag4j.calibration.monitoring.MiscalibrationPane;
import io.github.swag4j.calibration.monitoring.MonitorOptions;
import io.github.swag4j.calibration.monitoring.MonitoringReference;
import io.github.swag4j.calibration.monitoring.WindowReport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** With Micrometer's own registry. */
class MonitorMetersTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();

  private static Predictions rows(int seed, int count, double sharpness) {
    Random random = new Random(seed);
    double[][] p = new double[count][];
    int[] labels = new int[count];
    for (int r = 0; r < count; r++) {
      double q = 1 / (1 + Math.exp(-sharpness * random.nextGaussian()));
      p[r] = new double[] {q, 1 - q};
      labels[r] = random.nextDouble() < 0.5 ? 0 : 1;
    }
    return Predictions.of(p, labels);
  }

  private static int[] labels(Predictions of) {
    int[] labels = new int[of.rows()];
    for (int r = 0; r < labels.length; r++) {
      labels[r] = of.label(r);
    }
    return labels;
  }

  private double gauge(String name) {
    return registry.get("swag4j.monitor." + name).tag("name", "pets").gauge().value();
  }

  @Test
  void metersShowTheNewestWindow() {
    MonitorMeters meters = new MonitorMeters("pets").bind(registry);
    assertThat(gauge("mean.confidence")).isNaN();
    assertThat(gauge("evidence")).isNaN();
    MonitoringReference reference = MonitoringReference.of(rows(1, 200, 0.5));
    DriftMonitor monitor =
        new DriftMonitor(reference, new MonitorOptions(50, 1, new DriftAlarm(0.01, true, 1)));
    Predictions served = rows(2, 130, 4);
    List<WindowReport> reports = monitor.add(served, labels(served));
    monitor.refuse(3);
    meters.update(reports, monitor.counts());

    WindowReport last = reports.get(reports.size() - 1);
    assertThat(reports).hasSize(2);
    assertThat(gauge("mean.confidence")).isEqualTo(last.numbers().meanConfidence());
    assertThat(gauge("ece")).isEqualTo(last.numbers().ece());
    assertThat(gauge("accuracy")).isEqualTo(last.numbers().accuracy());
    assertThat(registry.get("swag4j.monitor.rows").functionCounter().count()).isEqualTo(130);
    assertThat(registry.get("swag4j.monitor.refused.rows").functionCounter().count()).isEqualTo(3);
    assertThat(registry.get("swag4j.monitor.windows").functionCounter().count()).isEqualTo(2);
    assertThat(registry.get("swag4j.monitor.alarms").functionCounter().count()).isEqualTo(2);
    assertThat(registry.get("swag4j.monitor.alarm").tag("measure", "confidence").gauge().value())
        .isEqualTo(1);
    assertThat(registry.get("swag4j.monitor.p.value").tag("measure", "confidence").gauge().value())
        .isLessThanOrEqualTo(0.01);
  }

  @Test
  void numbersOfLabelsStayUnknownWithoutLabels() {
    MonitorMeters meters = new MonitorMeters("pets").bind(registry);
    MonitoringReference reference = MonitoringReference.of(rows(1, 200, 0.5));
    DriftMonitor monitor =
        new DriftMonitor(reference, new MonitorOptions(50, 0, new DriftAlarm(0.01, false, 1)));
    int[] unknown = new int[50];
    Arrays.fill(unknown, DriftMonitor.UNKNOWN);
    meters.update(monitor.add(rows(3, 50, 0.5), unknown), monitor.counts());
    assertThat(gauge("mean.entropy")).isPositive();
    assertThat(gauge("ece")).isNaN();
    assertThat(registry.get("swag4j.monitor.alarm").tag("measure", "nll").gauge().value()).isNaN();
  }

  @Test
  void evidenceOfADetectorIsShownAndItsAlarmsCounted() {
    MonitorMeters meters = new MonitorMeters("pets").bind(registry);
    MiscalibrationOptions options = MiscalibrationOptions.spacing(100);
    MiscalibrationDetector detector = new MiscalibrationDetector(options);
    for (int n = 0; n < 3; n++) {
      MiscalibrationPane pane = new MiscalibrationPane(options);
      pane.add(rows(n, 200, 4)); // half of them right, whatever they say
      meters.update(detector.add(pane));
    }
    assertThat(registry.get("swag4j.monitor.evidence.alarms").functionCounter().count())
        .isEqualTo(detector.alarms())
        .isGreaterThan(0);
    assertThat(gauge("evidence")).isGreaterThanOrEqualTo(100);
  }
}
