package io.github.swag4j.cli.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.cli.OodCommand;
import io.github.swag4j.cli.UsageException;
import io.github.swag4j.cli.page.PredictionMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run's methods predicted, and the numbers that follow. */
public final class Results {

  /** The scores every method has, in the order they are shown. */
  public static final List<OodScore> SCORES =
      List.of(OodScore.maximumProbability(), OodScore.entropy());

  private final String testSet;
  private final Map<Method, Map<String, Predictions>> predictions = new EnumMap<>(Method.class);
  private final Map<Method, Integer> samples = new EnumMap<>(Method.class);

  /** Results judged on a labelled test set and told apart from the others. */
  Results(String testSet) {
    this.testSet = testSet;
  }

  public String testSet() {
    return testSet;
  }

  void put(Method method, String dataset, Predictions predicted) {
    Predictions before =
        predictions.computeIfAbsent(method, m -> new LinkedHashMap<>()).put(dataset, predicted);
    if (before != null) {
      throw new UsageException(
          "data sets must have different names, got " + dataset + " twice: rename a directory");
    }
  }

  /** Says how many posterior samples a method's new predictions average. */
  public void samples(Method method, int count) {
    samples.put(method, count);
  }

  public Map<Method, Integer> samples() {
    return samples;
  }

  /** Takes over what a run has stored of methods that were not predicted now. */
  public void addStored(RunDirectory run) throws IOException {
    JsonObject methods =
        RunDirectory.readJson(run.metrics()).getAsJsonObject().getAsJsonObject("methods");
    List<String> datasets = new ArrayList<>(predictions.values().iterator().next().keySet());
    for (Method method : Method.values()) {
      if (predictions.containsKey(method) || !methods.has(method.id())) {
        continue;
      }
      Map<String, Predictions> stored = new LinkedHashMap<>();
      for (String dataset : datasets) {
        Path file = run.predictions(method.id(), dataset);
        if (Files.exists(file)) {
          stored.put(dataset, PredictionFiles.read(file));
        }
      }
      if (stored.keySet().containsAll(datasets)) {
        predictions.put(method, stored);
        samples.put(method, storedSamples(methods, method));
      }
    }
  }

  private int storedSamples(JsonObject methods, Method method) {
    JsonObject byDataset = methods.getAsJsonObject(method.id());
    JsonObject numbers = byDataset == null ? null : byDataset.getAsJsonObject(testSet);
    return numbers == null || !numbers.has("samples") ? -1 : numbers.get("samples").getAsInt();
  }

  public List<Method> methods() {
    return List.copyOf(predictions.keySet());
  }

  public Map<String, Predictions> of(Method method) {
    return predictions.get(method);
  }

  public Predictions test(Method method) {
    return predictions.get(method).get(testSet);
  }

  /** Names of the out-of-distribution sets. */
  public List<String> oodSets() {
    return predictions.values().iterator().next().entrySet().stream()
        .filter(e -> !e.getValue().hasLabels())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Scores that can be computed: mutual information only where there are several samples. */
  public static List<OodScore> scores(Method method) {
    return method == Method.SWAG || method == Method.SWAG_DIAG
        ? List.of(SCORES.get(0), SCORES.get(1), OodScore.mutualInformation())
        : SCORES;
  }

  public DetectionCurve detection(Method method, String ood, OodScore score) {
    return DetectionCurve.of(
        score.score(test(method)), score.score(predictions.get(method).get(ood)));
  }

  /** Writes the new predictions, and their numbers among those in metrics.json already. */
  public void write(RunDirectory run) throws IOException {
    Files.createDirectories(run.path().resolve("predictions"));
    for (Method method : samples.keySet()) {
      for (Map.Entry<String, Predictions> e : of(method).entrySet()) {
        PredictionFiles.write(run.predictions(method.id(), e.getKey()), e.getValue());
      }
    }
    JsonObject metrics = json();
    if (run.isRun()) {
      JsonObject old = RunDirectory.readJson(run.metrics()).getAsJsonObject();
      forgetOtherSamples(run, old);
      metrics = merged(old, metrics);
    }
    RunDirectory.writeJson(run.metrics(), metrics);
  }

  /** What a method predicted with another number of samples does not stand beside the new. */
  private void forgetOtherSamples(RunDirectory run, JsonObject old) throws IOException {
    JsonObject methods = old.getAsJsonObject("methods");
    for (Map.Entry<Method, Integer> e : samples.entrySet()) {
      String id = e.getKey().id();
      if (methods.has(id) && storedSamples(methods, e.getKey()) != e.getValue()) {
        methods.remove(id);
        old.getAsJsonObject("ood").remove(id);
        Files.deleteIfExists(run.predictions(id, Pipeline.VALIDATION));
      }
    }
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
  JsonObject json() {
    JsonObject methods = new JsonObject();
    JsonObject ood = new JsonObject();
    for (Method method : samples.keySet()) {
      JsonObject byDataset = new JsonObject();
      JsonObject oodByDataset = new JsonObject();
      of(method)
          .forEach(
              (dataset, predicted) -> {
                if (predicted.hasLabels()) {
                  byDataset.add(dataset, metrics(method, predicted));
                } else {
                  oodByDataset.add(dataset, detections(method, dataset));
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
    return all;
  }

  private JsonObject metrics(Method method, Predictions predicted) {
    JsonObject json = PredictionMetrics.of(predicted, BinningConvention.GUO);
    json.addProperty("samples", samples.get(method));
    return json;
  }

  private JsonObject detections(Method method, String dataset) {
    JsonObject json = new JsonObject();
    for (OodScore score : scores(method)) {
      DetectionCurve curve = detection(method, dataset, score);
      json.add(score.name(), OodCommand.numbers(curve));
    }
    return json;
  }
}
