package io.github.swag4j.adapters.micrometer;

import io.github.swag4j.calibration.monitoring.DriftMeasure;
import io.github.swag4j.calibration.monitoring.MiscalibrationReport;
import io.github.swag4j.calibration.monitoring.MonitorCounts;
import io.github.swag4j.calibration.monitoring.WindowNumbers;
import io.github.swag4j.calibration.monitoring.WindowReport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Meters of a monitor of served predictions, for Prometheus, OTLP or whatever the registry speaks.
 * The thread that has the monitor tells what is new; registries read it whenever they want.
 *
 * <pre>{@code
 * MonitorMeters meters = new MonitorMeters("cats-and-dogs").bind(registry);
 * meters.update(monitor.add(served, labels), monitor.counts());
 * }</pre>
 *
 * <p>Names are those of the program's {@code monitor --prometheus} for what both have, with points
 * and without its label {@code of}, as all are of the window: gauges {@code
 * swag4j.monitor.mean.confidence}, {@code .mean.entropy}, {@code .accuracy}, {@code .ece}, {@code
 * .nll}, {@code .p.value} and {@code .alarm} by the tag {@code measure}; counters {@code .rows},
 * {@code .refused.rows}, {@code .windows}, {@code .alarms}; {@code .evidence} and {@code
 * .evidence.alarms} of a detector. A gauge is NaN until its number is known. Numbers that need
 * labels are those of the newest window whose labels are all in. Safe for use by several threads,
 * with one that updates.
 */
public final class MonitorMeters implements MeterBinder {
  private static final String PREFIX = "swag4j.monitor.";

  private record WindowGauge(String name, String help, ToDoubleFunction<WindowNumbers> value) {}

  private static final List<WindowGauge> WITHOUT_LABELS =
      List.of(
          new WindowGauge("mean.confidence", "Mean confidence.", WindowNumbers::meanConfidence),
          new WindowGauge("mean.entropy", "Mean entropy in nats.", WindowNumbers::meanEntropy));

  private static final List<WindowGauge> WITH_LABELS =
      List.of(
          new WindowGauge("accuracy", "Share of right rows.", WindowNumbers::accuracy),
          new WindowGauge("ece", "Expected calibration error, 15 bins.", WindowNumbers::ece),
          new WindowGauge("nll", "Mean negative log-likelihood in nats.", WindowNumbers::nll),
          new WindowGauge(
              "labelled.confidence",
              "Mean confidence of the rows with labels.",
              WindowNumbers::labelledConfidence));

  private final String name;
  private volatile WindowReport newest;
  private volatile WindowReport labelled;
  private volatile MonitorCounts counts = new MonitorCounts(0, 0, 0, 0, 0, 0, 0);
  private volatile MiscalibrationReport evidence;
  private volatile long evidenceAlarms;

  /**
   * Meters that know nothing yet.
   *
   * @param name value of the tag {@code name}, which tells monitors apart
   */
  public MonitorMeters(String name) {
    this.name = name;
  }

  /**
   * Registers all meters.
   *
   * @param registry where
   * @return these
   */
  public MonitorMeters bind(MeterRegistry registry) {
    bindTo(registry);
    return this;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Tags tags = Tags.of("name", name);
    for (WindowGauge number : WITHOUT_LABELS) {
      gauge(registry, tags, number.name(), number.help(), m -> m.number(m.newest, number));
    }
    for (WindowGauge number : WITH_LABELS) {
      gauge(registry, tags, number.name(), number.help(), m -> m.number(m.labelled, number));
    }
    for (DriftMeasure measure : DriftMeasure.values()) {
      Tags own = tags.and("measure", measure.name().toLowerCase(Locale.ROOT));
      gauge(registry, own, "p.value", "Corrected p-value of no change.", m -> m.pValue(measure));
      gauge(registry, own, "alarm", "1 where the measure raises an alarm.", m -> m.alarm(measure));
    }
    gauge(registry, tags, "evidence", "Evidence against calibration.", m -> m.evidence());
    counter(registry, tags, "rows", "Rows taken.", m -> m.counts.rows());
    counter(registry, tags, "refused.rows", "Rows that were not valid.", m -> m.counts.refused());
    counter(registry, tags, "windows", "Windows filled.", m -> m.counts.windows());
    counter(registry, tags, "alarms", "Windows that raised an alarm.", m -> m.counts.alarms());
    counter(registry, tags, "evidence.alarms", "Alarms of the detector.", m -> m.evidenceAlarms);
  }

  private void gauge(
      MeterRegistry registry,
      Tags tags,
      String meter,
      String help,
      ToDoubleFunction<MonitorMeters> value) {
    // Held strongly: a registry would let go of meters that nobody else holds, and show NaN.
    Gauge.builder(PREFIX + meter, this, value)
        .tags(tags)
        .description(help)
        .strongReference(true)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry,
      Tags tags,
      String meter,
      String help,
      ToDoubleFunction<MonitorMeters> value) {
    FunctionCounter.builder(PREFIX + meter, this, value)
        .tags(tags)
        .description(help)
        .register(registry);
  }

  private double number(WindowReport report, WindowGauge number) {
    return report == null ? Double.NaN : number.value().applyAsDouble(report.numbers());
  }

  private WindowReport of(DriftMeasure measure) {
    return measure.needsLabels() ? labelled : newest;
  }

  private double pValue(DriftMeasure measure) {
    WindowReport report = of(measure);
    return report == null ? Double.NaN : report.pValues().getOrDefault(measure, Double.NaN);
  }

  private double alarm(DriftMeasure measure) {
    WindowReport report = of(measure);
    if (report == null || !report.pValues().containsKey(measure)) {
      return Double.NaN;
    }
    return report.alarms().contains(measure) ? 1 : 0;
  }

  private double evidence() {
    MiscalibrationReport report = evidence;
    return report == null ? Double.NaN : report.evidence();
  }

  /**
   * Takes what a monitor said.
   *
   * @param reports what {@code DriftMonitor.add} or {@code label} gave, in order
   * @param now its counts
   */
  public void update(List<WindowReport> reports, MonitorCounts now) {
    for (WindowReport report : reports) {
      if (newest == null || report.window() >= newest.window()) {
        newest = report;
      }
      if (report.labelsFinal() && report.numbers().labelled() > 0) {
        labelled = report;
      }
    }
    counts = now;
  }

  /**
   * Takes what a detector said.
   *
   * @param report of its newest pane
   */
  public void update(MiscalibrationReport report) {
    evidence = report;
    if (report.alarm()) {
      countEvidenceAlarm();
    }
  }

  private synchronized void countEvidenceAlarm() {
    evidenceAlarms = evidenceAlarms + 1;
  }
}
