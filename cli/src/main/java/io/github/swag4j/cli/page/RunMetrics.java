package io.github.swag4j.cli.page;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.cli.run.RunImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The numbers of a run, {@code metrics.json}, and the predictions they follow from. */
public final class RunMetrics {
  private static final String OOD = "ood/";
  private static final String TEMPERATURE = "temperature";

  private RunMetrics() {}

  /** Takes over what a run has stored of methods that were not predicted now. */
  public static void addStored(Results results, RunDirectory run) throws IOException {
    addStored(
        results, run, RunDirectory.readJson(run.metrics()).getAsJsonObject(), results.datasets());
  }

  private static void addStored(
      Results results, RunDirectory run, JsonObject metrics, List<String> datasets)
      throws IOException {
    JsonObject methods = metrics.getAsJsonObject("methods");
    StoredPredictions files = new StoredPredictions(run, metrics);
    for (Method method : Method.values()) {
      if (results.has(method) || !methods.has(method.id())) {
        continue;
      }
      Map<String, Predictions> stored = new LinkedHashMap<>();
      for (String dataset : datasets) {
        if (files.has(method, dataset)) {
          stored.put(dataset, files.read(method, dataset));
        }
      }
      if (stored.keySet().containsAll(datasets)) {
        results.addStored(method, stored, storedSamples(methods, method, results.testSet()));
        JsonObject sets = methods.getAsJsonObject(method.id());
        results.curve(method, SampleCurves.stored(sets.getAsJsonObject(results.testSet())));
      }
    }
  }

  private static int storedSamples(JsonObject methods, Method method, String testSet) {
    JsonObject byDataset = methods.getAsJsonObject(method.id());
    JsonObject numbers = byDataset == null ? null : byDataset.getAsJsonObject(testSet);
    return numbers == null || !numbers.has("samples") ? -1 : numbers.get("samples").getAsInt();
  }

  /** Writes the new predictions, and their numbers among those in metrics.json already. */
  public static void write(Results results, RunDirectory run) throws IOException {
    JsonObject hashes = StoredPredictions.write(results, run);
    JsonObject metrics = json(results);
    metrics.add(StoredPredictions.KEY, hashes);
    RunDirectory.writeJson(
        run.metrics(),
        run.isRun()
            ? merged(RunDirectory.readJson(run.metrics()).getAsJsonObject(), metrics)
            : metrics);
  }

  /** Everything a run has stored: what its methods predicted, with temperatures if it has any. */
  public static Results stored(RunDirectory run, RunDescription description) throws IOException {
    String testSet = description.data().get("test").name();
    List<String> datasets = new ArrayList<>();
    datasets.add(testSet);
    if (description.data().get(RunImages.VALIDATION).rows() > 0) {
      datasets.add(RunImages.VALIDATION);
    }
    description.data().keySet().stream()
        .filter(part -> part.startsWith(OOD))
        .forEach(part -> datasets.add(part.substring(OOD.length())));
    JsonObject metrics = RunDirectory.readJson(run.metrics()).getAsJsonObject();
    Results results = new Results(testSet);
    addStored(results, run, metrics, datasets);
    if (metrics.has(TEMPERATURE)) {
      results.fitTemperatures();
    }
    return results;
  }

  /**
   * Fits the temperature of each method that has none yet, on what it predicts for the held-out
   * rows, or predicted for them with as many samples when the run was made.
   */
  public static void fitTemperatures(Results results, RunDirectory run, RunDescription description)
      throws IOException {
    String testSet = description.data().get("test").name();
    StoredPredictions files =
        new StoredPredictions(run, RunDirectory.readJson(run.metrics()).getAsJsonObject());
    for (Method method : results.methods()) {
      Predictions validation = results.of(method).get(RunImages.VALIDATION);
      OptionalInt stored = storedSamples(run, method, testSet);
      if (validation == null
          && stored.isPresent()
          && stored.getAsInt() == results.samples().get(method)
          && files.has(method, RunImages.VALIDATION)) {
        validation = files.read(method, RunImages.VALIDATION);
      }
      if (validation != null && results.temperatures().of(method).isEmpty()) {
        results.fitTemperature(method, validation);
      }
    }
  }

  /** Posterior samples that a run's stored predictions of a method have, if it has any. */
  public static OptionalInt storedSamples(RunDirectory run, Method method, String testSet)
      throws IOException {
    JsonObject methods =
        RunDirectory.readJson(run.metrics()).getAsJsonObject().getAsJsonObject("methods");
    return methods.has(method.id())
        ? OptionalInt.of(storedSamples(methods, method, testSet))
        : OptionalInt.empty();
  }

  private static JsonObject merged(JsonObject old, JsonObject now) {
    JsonObject out = old.deepCopy();
    for (Map.Entry<String, JsonElement> e : now.entrySet()) {
      JsonElement before = out.get(e.getKey());
      boolean both = before != null && before.isJsonObject() && e.getValue().isJsonObject();
      out.add(
          e.getKey(),
          both ? merged(before.getAsJsonObject(), e.getValue().getAsJsonObject()) : e.getValue());
    }
    return out;
  }

  /** The numbers as metrics.json has them. */
  static JsonObject json(Results results) {
    JsonObject methods = new JsonObject();
    JsonObject ood = new JsonObject();
    for (Method method : results.samples().keySet()) {
      JsonObject byDataset = new JsonObject();
      JsonObject oodByDataset = new JsonObject();
      results
          .of(method)
          .forEach(
              (dataset, predicted) -> {
                if (predicted.hasLabels()) {
                  JsonObject numbers = PredictionMetrics.of(predicted, BinningConvention.GUO);
                  numbers.addProperty("samples", results.samples().get(method));
                  if (dataset.equals(results.testSet())) {
                    SampleCurves.add(numbers, results.curve(method));
                  }
                  byDataset.add(dataset, numbers);
                } else {
                  oodByDataset.add(dataset, detections(results, method, dataset));
                }
              });
      methods.add(method.id(), byDataset);
      if (oodByDataset.size() > 0) {
        ood.add(method.id(), oodByDataset);
      }
    }
    JsonObject all = new JsonObject();
    all.addProperty("format", 1);
    all.add("methods", methods);
    all.add("ood", ood);
    if (!results.temperatures().isEmpty()) {
      all.add(TEMPERATURE, temperatures(results));
    }
    return all;
  }

  private static JsonObject temperatures(Results results) {
    JsonObject json = new JsonObject();
    for (Method method : results.methods()) {
      results
          .temperatures()
          .of(method)
          .ifPresent(
              fitted -> {
                JsonObject one = new JsonObject();
                PredictionMetrics.number(one, "temperature", fitted.temperature());
                PredictionMetrics.number(one, "lower", fitted.lower());
                PredictionMetrics.number(one, "upper", fitted.upper());
                one.addProperty("outcome", fitted.outcome().words());
                one.addProperty("fitted_on", RunImages.VALIDATION);
                one.add(
                    results.testSet(),
                    PredictionMetrics.of(
                        results.temperatures().scaled(method).orElseThrow(),
                        BinningConvention.GUO));
                json.add(method.id(), one);
              });
    }
    return json;
  }

  private static JsonObject detections(Results results, Method method, String dataset) {
    JsonObject json = new JsonObject();
    for (OodScore score : Results.scores(method)) {
      json.add(score.name(), detection(results.detection(method, dataset, score)));
    }
    return json;
  }

  /** The numbers of a detection curve. */
  public static JsonObject detection(DetectionCurve curve) {
    JsonObject numbers = new JsonObject();
    PredictionMetrics.number(numbers, "auroc", curve.auroc());
    PredictionMetrics.number(numbers, "auroc_se", curve.aurocStandardError());
    PredictionMetrics.number(numbers, "aupr_in", curve.auprIn());
    PredictionMetrics.number(numbers, "aupr_out", curve.auprOut());
    PredictionMetrics.number(numbers, "fpr95", curve.fpr95());
    PredictionMetrics.number(numbers, "fpr95_id_positive", curve.fpr95IdPositive());
    PredictionMetrics.number(numbers, "detection_error", curve.detectionError());
    return numbers;
  }
}
