package io.github.swag4j.cli.monitor;

import com.google.gson.JsonObject;
import io.github.swag4j.calibration.monitoring.DriftMonitor;
import io.github.swag4j.calibration.monitoring.MonitorCounts;
import io.github.swag4j.calibration.monitoring.MonitoringReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is said before the first window and after the last. */
public final class MonitorWords {
  private MonitorWords() {}

  /** The reference's numbers and what an alarm means. */
  public static String begin(String file, MonitoringReference reference, double rate) {
    return String.format(
        Locale.ROOT,
        "reference %s, %,d rows: %s%n"
            + "An alarm: a window differs by more than chance; without a change at most %s of"
            + " windows raise one.",
        file,
        reference.numbers().rows(),
        WindowLines.numbers(reference.numbers()),
        percent(rate));
  }

  private static String percent(double rate) {
    return String.format(Locale.ROOT, "%s %%", Double.toString(rate * 100).replaceAll("\\.0$", ""));
  }

  /** Counts and the numbers of all windows together. */
  public static String end(DriftMonitor monitor, MonitorCounts counts) {
    List<String> parts = new ArrayList<>();
    parts.add(
        String.format(
            Locale.ROOT,
            "%,d rows in %,d windows, %,d with an alarm",
            counts.rows(),
            counts.windows(),
            counts.alarms()));
    add(parts, counts.openRows(), "%,d rows in the window that is filling");
    add(parts, counts.refused(), "%,d rows were not valid and are not counted");
    add(parts, counts.labelsWithoutRow(), "%,d labels have no row");
    add(
        parts,
        counts.repeatedIds(),
        "%,d rows had the id of a row still waiting, and get no label");
    String all = String.join("; ", parts);
    return monitor == null || monitor.total().rows() == 0
        ? all
        : all + System.lineSeparator() + "all windows: " + WindowLines.numbers(monitor.total());
  }

  private static void add(List<String> parts, long count, String words) {
    if (count > 0) {
      parts.add(String.format(Locale.ROOT, words, count));
    }
  }

  /** The same as one object. */
  public static JsonObject json(DriftMonitor monitor, MonitorCounts counts, double rate) {
    JsonObject object = new JsonObject();
    object.addProperty("windows", counts.windows());
    object.addProperty("alarms", counts.alarms());
    object.addProperty("false_alarm_rate", rate);
    object.addProperty("rows_taken", counts.rows());
    object.addProperty("rows_refused", counts.refused());
    object.addProperty("rows_open", counts.openRows());
    object.addProperty("labels_without_row", counts.labelsWithoutRow());
    object.addProperty("repeated_ids", counts.repeatedIds());
    if (monitor != null && monitor.total().rows() > 0) {
      JsonObject all = new JsonObject();
      WindowLines.numbers(all, monitor.total());
      object.add("all_windows", all);
    }
    return object;
  }
}
