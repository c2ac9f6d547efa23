package io.github.swag4j.cli.monitor;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.monitoring.DriftMeasure;
import io.github.swag4j.calibration.monitoring.WindowNumbers;
import io.github.swag4j.calibration.monitoring.WindowReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A window in one line, for people and for programs. */
final class WindowLines {
  private WindowLines() {}

  /** Such as "window 3, rows 2,001 to 3,000: confidence 0.8121, ... | no change". */
  static String text(WindowReport report) {
    WindowNumbers n = report.numbers();
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "window %,d, rows %,d to %,d: %s",
            report.window(),
            report.firstRow(),
            report.firstRow() + n.rows() - 1,
            numbers(n)));
    if (report.refused() > 0) {
      line.append(String.format(Locale.ROOT, "; %,d not valid", report.refused()));
    }
    line.append(" | ").append(verdict(report));
    return line.toString();
  }

  /** The numbers without the window. */
  static String numbers(WindowNumbers n) {
    List<String> parts = new ArrayList<>();
    parts.add(number("confidence", n.meanConfidence()));
    parts.add(number("entropy", n.meanEntropy()));
    if (n.labelled() > 0) {
      parts.add(number("accuracy", n.accuracy()));
      parts.add(number("ECE", n.ece()));
      parts.add(number("NLL", n.nll()));
      if (n.labelled() < n.rows()) {
        parts.add(String.format(Locale.ROOT, "%,d labelled", n.labelled()));
      }
    }
    return String.join(", ", parts);
  }

  private static String number(String name, double value) {
    return String.format(Locale.ROOT, "%s %.4f", name, value);
  }

  private static String verdict(WindowReport report) {
    if (report.alarm()) {
      List<String> parts = new ArrayList<>();
      for (DriftMeasure measure : report.alarms()) {
        parts.add(measure.words() + " (" + PValue.equation(report.pValues().get(measure)) + ")");
      }
      return "ALARM: " + String.join(", ", parts);
    }
    return report.labelsFinal() ? "no change" : "no change yet, waiting for labels";
  }

  /** One object; what is not known is null. */
  static JsonObject json(WindowReport report) {
    JsonObject object = new JsonObject();
    WindowNumbers n = report.numbers();
    object.addProperty("window", report.window());
    object.addProperty("first_row", report.firstRow());
    numbers(object, n);
    object.addProperty("refused", report.refused());
    JsonObject p = new JsonObject();
    JsonArray alarms = new JsonArray();
    for (DriftMeasure measure : DriftMeasure.values()) {
      number(p, key(measure), report.pValues().getOrDefault(measure, Double.NaN));
    }
    report.alarms().forEach(measure -> alarms.add(key(measure)));
    object.add("p_values", p);
    object.add("alarms", alarms);
    object.addProperty("alarm", report.alarm());
    object.addProperty("labels_final", report.labelsFinal());
    return object;
  }

  static void numbers(JsonObject object, WindowNumbers n) {
    object.addProperty("rows", n.rows());
    number(object, "mean_confidence", n.meanConfidence());
    number(object, "mean_entropy", n.meanEntropy());
    object.addProperty("labelled", n.labelled());
    number(object, "accuracy", n.accuracy());
    number(object, "ece", n.ece());
    number(object, "nll", n.nll());
    number(object, "labelled_confidence", n.labelledConfidence());
  }

  /** The name of a measure in files. */
  static String key(DriftMeasure measure) {
    return measure.name().toLowerCase(Locale.ROOT);
  }

  private static void number(JsonObject object, String name, double value) {
    if (Double.isFinite(value)) {
      object.addProperty(name, value);
    } else {
      object.add(name, JsonNull.INSTANCE);
    }
  }
}
