package io.github.swag4j.cli.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.comparison.ChangeTest;

/** A file of predictions as JSON: its metrics, and what else was asked for beside them. */
public final class JudgedJson {
  private JudgedJson() {}

  /** One object. */
  public static JsonObject of(Judged judged) {
    JsonObject object = new JsonObject();
    object.addProperty("file", judged.evaluation().file().toString());
    judged
        .evaluation()
        .metrics()
        .entrySet()
        .forEach(each -> object.add(each.getKey(), each.getValue()));
    if (judged.intervals() != null) {
      object.add("intervals", of(judged.intervals()));
    }
    if (judged.groups() != null) {
      object.add("by", of(judged.groups()));
    }
    if (judged.windows() != null) {
      object.add("over", of(judged.windows()));
    }
    return object;
  }

  static JsonObject of(MetricIntervals intervals) {
    JsonObject object = new JsonObject();
    object.addProperty("confidence", intervals.options().level());
    object.addProperty("resamples", intervals.options().replicates());
    object.addProperty("seed", intervals.options().seed());
    PredictionMetrics.number(object, "calibrated_p", intervals.calibrationPValue());
    intervals
        .byKey()
        .forEach(
            (key, value) -> {
              JsonObject interval = new JsonObject();
              interval.addProperty("value", value.value());
              interval.addProperty("lower", value.lower());
              interval.addProperty("upper", value.upper());
              PredictionMetrics.number(interval, "standard_error", value.standardError());
              interval.addProperty("method", value.method());
              object.add(key, interval);
            });
    return object;
  }

  private static JsonObject of(PartIntervals part) {
    JsonObject object = new JsonObject();
    object.addProperty("n", part.rows());
    for (String key : GroupIntervals.KEYS) {
      PredictionMetrics.number(object, key, Judged.score(part.scores(), key));
    }
    object.add("intervals", of(part.intervals()));
    return object;
  }

  private static JsonObject of(GroupIntervals groups) {
    JsonObject object = new JsonObject();
    object.addProperty("column", groups.column());
    object.addProperty("confidence", groups.level());
    object.addProperty("correction", "Bonferroni for intervals, Holm for p, over the groups");
    JsonArray array = new JsonArray();
    for (int g = 0; g < groups.groups().size(); g++) {
      JsonObject group = new JsonObject();
      group.addProperty("group", groups.groups().get(g).name());
      of(groups.groups().get(g)).entrySet().forEach(e -> group.add(e.getKey(), e.getValue()));
      JsonObject p = new JsonObject();
      int at = g;
      groups.pOfRest().forEach((key, all) -> PredictionMetrics.number(p, key, all[at]));
      group.add("p_of_rest", p);
      array.add(group);
    }
    object.add("groups", array);
    JsonObject worst = new JsonObject();
    for (String key : GroupIntervals.KEYS) {
      int g = groups.worst(key);
      worst.addProperty(key, g < 0 ? null : groups.groups().get(g).name());
    }
    object.add("worst", worst);
    return object;
  }

  private static JsonObject of(WindowIntervals windows) {
    JsonObject object = new JsonObject();
    object.addProperty("column", windows.column());
    JsonArray array = new JsonArray();
    for (int w = 0; w < windows.windows().size(); w++) {
      JsonObject window = new JsonObject();
      window.addProperty("from", windows.first().get(w));
      window.addProperty("to", windows.last().get(w));
      of(windows.windows().get(w)).entrySet().forEach(e -> window.add(e.getKey(), e.getValue()));
      array.add(window);
    }
    object.add("windows", array);
    JsonArray changes = new JsonArray();
    for (int i = 0; i < windows.changes().size(); i++) {
      ChangeTest test = windows.changes().get(i);
      JsonObject change = new JsonObject();
      change.addProperty("metric", test.what());
      change.addProperty("statistic", test.statistic());
      change.addProperty("at", windows.at().get(i));
      PredictionMetrics.number(change, "before", test.before());
      PredictionMetrics.number(change, "after", test.after());
      change.addProperty("p", test.pValue());
      change.addProperty("p_holm", windows.adjusted()[i]);
      change.addProperty("permutations", test.draws());
      changes.add(change);
    }
    object.add("changes", changes);
    return object;
  }
}
