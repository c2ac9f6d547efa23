package io.github.swag4j.cli.monitor;

import io.github.swag4j.calibration.monitoring.DriftMeasure;
import io.github.swag4j.calibration.monitoring.MonitorCounts;
import io.github.swag4j.calibration.monitoring.WindowNumbers;
import io.github.swag4j.calibration.monitoring.WindowReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The newest window as Prometheus reads it, in its text format 0.0.4, for the textfile collector of
 * node_exporter. What is not known is left out.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
final class PrometheusText {
  private static final String PREFIX = "swag4j_monitor_";

  private final String name;
  private final StringBuilder text = new StringBuilder();

  private PrometheusText(String name) {
    this.name = name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private record Sample(String labels, double value) {}

  private record Gauge(String name, String help, ToDoubleFunction<WindowNumbers> value) {}

  private static final List<Gauge> GAUGES =
      List.of(
          new Gauge("mean_confidence", "Mean confidence.", WindowNumbers::meanConfidence),
          new Gauge("mean_entropy", "Mean entropy in nats.", WindowNumbers::meanEntropy),
          new Gauge("accuracy", "Share of right rows.", WindowNumbers::accuracy),
          new Gauge("ece", "Expected calibration error, 15 bins.", WindowNumbers::ece),
          new Gauge("nll", "Mean negative log-likelihood in nats.", WindowNumbers::nll));

  /**
   * The whole text.
   *
   * @param name value of the label {@code name} of every sample
   * @param newest the newest window that is full
   * @param labelled the newest window with all its tests done, null if there was none
   * @param seconds when the newest was full, in seconds since 1970
   */
  static String of(
      String name,
      MonitorCounts counts,
      WindowNumbers reference,
      WindowReport newest,
      WindowReport labelled,
      double rate,
      long seconds) {
    PrometheusText out = new PrometheusText(name);
    out.one("rows_total", "counter", "Rows taken.", counts.rows());
    out.one("refused_rows_total", "counter", "Rows that were not valid.", counts.refused());
    out.one("windows_total", "counter", "Windows filled.", counts.windows());
    out.one("alarms_total", "counter", "Windows that raised an alarm.", counts.alarms());
    out.one("labels_without_row", "gauge", "Labels without a row.", counts.labelsWithoutRow());
    out.one("repeated_ids_total", "counter", "Rows of an id that waited.", counts.repeatedIds());
    out.all(
        "false_alarm_rate",
        "gauge",
        "Chance of a false alarm in a window, at most.",
        List.of(new Sample("", rate)));
    out.one("window_time_seconds", "gauge", "When the newest window was full.", seconds);
    for (int i = 0; i < GAUGES.size(); i++) {
      Gauge gauge = GAUGES.get(i);
      boolean ofLabels = i > 1;
      WindowReport shown = ofLabels ? labelled : newest;
      List<Sample> samples = new ArrayList<>();
      if (shown != null) {
        samples.add(new Sample("of=\"window\"", gauge.value().applyAsDouble(shown.numbers())));
      }
      samples.add(new Sample("of=\"reference\"", gauge.value().applyAsDouble(reference)));
      out.all(gauge.name(), "gauge", gauge.help(), samples);
    }
    List<Sample> p = new ArrayList<>();
    List<Sample> alarms = new ArrayList<>();
    for (DriftMeasure measure : DriftMeasure.values()) {
      WindowReport shown = measure.needsLabels() ? labelled : newest;
      if (shown != null && shown.pValues().containsKey(measure)) {
        String of = "measure=\"" + WindowLines.key(measure) + "\"";
        p.add(new Sample(of, shown.pValues().get(measure)));
        alarms.add(new Sample(of, shown.alarms().contains(measure) ? 1 : 0));
      }
    }
    out.all("p_value", "gauge", "Corrected p-value of no change.", p);
    out.all("alarm", "gauge", "1 where the measure raises an alarm.", alarms);
    return out.text.toString();
  }

  private void one(String metric, String type, String help, long value) {
    all(metric, type, help, List.of(new Sample("", (double) value)));
  }

  private void all(String metric, String type, String help, List<Sample> samples) {
    List<Sample> known = samples.stream().filter(s -> Double.isFinite(s.value())).toList();
    if (known.isEmpty()) {
      return;
    }
    text.append("# HELP ").append(PREFIX).append(metric).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(PREFIX).append(metric).append(' ').append(type).append('\n');
    for (Sample sample : known) {
      text.append(PREFIX).append(metric).append("{name=\"").append(name).append('"');
      text.append(sample.labels().isEmpty() ? "" : "," + sample.labels()).append("} ");
      text.append(number(sample.value())).append('\n');
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%d", (long) value)
        : Double.toString(value);
  }
}
