package io.github.swag4j.cli.comparison;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.cli.comparison.Contender.Spread;
import io.github.swag4j.cli.comparison.Group.Difference;
import io.github.swag4j.cli.comparison.Judgement.Detection;
import io.github.swag4j.cli.page.PredictionMetrics;
import java.util.List;

/** A comparison as JSON, numbers with all their digits. */
public final class ComparisonJson {
  private ComparisonJson() {}

  /** The groups, their contenders, and how these differ. */
  public static JsonObject of(Comparison compared) {
    JsonObject all = new JsonObject();
    all.addProperty("format", 1);
    JsonArray groups = new JsonArray();
    for (Group group : compared.groups()) {
      JsonObject one = new JsonObject();
      one.addProperty("group", group.title());
      one.addProperty("rows", group.rows());
      one.addProperty("baseline", group.baseline().name());
      JsonObject contenders = new JsonObject();
      group.contenders().forEach(each -> contenders.add(each.name(), contender(each)));
      one.add("methods", contenders);
      JsonArray differences = new JsonArray();
      compared.differences().stream()
          .filter(each -> each.group().equals(group))
          .forEach(each -> differences.add(difference(each)));
      one.add("differences", differences);
      groups.add(one);
    }
    all.add("groups", groups);
    return all;
  }

  private static JsonObject contender(Contender each) {
    JsonObject json = new JsonObject();
    JsonArray seeds = new JsonArray();
    each.seeds().forEach(seeds::add);
    json.add("seeds", seeds);
    for (Column column : Column.values()) {
      Spread values = each.values(column);
      if (!Double.isNaN(values.mean())) {
        json.add(column.key(), spread(values));
      }
    }
    JsonObject ood = new JsonObject();
    for (List<String> which : each.detections()) {
      JsonObject set = ood.getAsJsonObject(which.get(0));
      if (set == null) {
        set = new JsonObject();
        ood.add(which.get(0), set);
      }
      JsonObject score = new JsonObject();
      score.add("auroc", spread(each.detections(which, Detection::auroc)));
      score.add("fpr95", spread(each.detections(which, Detection::fpr95)));
      set.add(which.get(1), score);
    }
    json.add("ood", ood);
    JsonObject shift = new JsonObject();
    for (int strength : each.strengths()) {
      JsonObject at = new JsonObject();
      for (Column column : List.of(Column.ACCURACY, Column.NLL, Column.ECE)) {
        at.add(column.key(), spread(each.shifted(strength, column)));
      }
      shift.add(Integer.toString(strength), at);
    }
    json.add("shift", shift);
    return json;
  }

  private static JsonObject difference(Difference each) {
    JsonObject json = new JsonObject();
    json.addProperty("method", each.contender().name());
    json.addProperty("metric", each.column().key());
    json.addProperty("difference", each.value());
    PredictionMetrics.number(json, "se", each.error());
    JsonArray bySeed = new JsonArray();
    for (double value : each.bySeed()) {
      bySeed.add(value);
    }
    json.add("by_seed", bySeed);
    PredictionMetrics.number(json, "p_rows_holm", each.pRows());
    PredictionMetrics.number(json, "p_seeds_holm", each.pSeeds());
    return json;
  }

  private static JsonObject spread(Spread spread) {
    JsonObject json = new JsonObject();
    PredictionMetrics.number(json, "mean", spread.mean());
    PredictionMetrics.number(json, "se", spread.error());
    JsonArray values = new JsonArray();
    for (double value : spread.values()) {
      values.add(value);
    }
    json.add("values", values);
    return json;
  }
}
