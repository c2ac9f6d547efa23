package io.github.swag4j.cli.run;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.ood.DetectionCurve;
import io.github.swag4j.calibration.ood.OodScore;
import io.github.swag4j.swag.djl.MetricPoint;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a run's methods predicted, and the numbers that follow. */
public final class Results {

  /** The scores every method has, in the order they are shown. */
  public static final List<OodScore> SCORES =
      List.of(OodScore.maximumProbability(), OodScore.entropy());

  private final String testSet;
  private final Map<Method, Map<String, Predictions>> predictions = new EnumMap<>(Method.class);
  private final Map<Method, Integer> samples = new EnumMap<>(Method.class);
  private final Map<Method, List<MetricPoint>> curves = new EnumMap<>(Method.class);
  private final Temperatures temperatures = new Temperatures();
  private final Map<Class<?>, Object> found = new HashMap<>();

  /** Results judged on a labelled test set and told apart from the others. */
  public Results(String testSet) {
    this.testSet = testSet;
  }

  /**
   * What is found out about the test rows, once, however often and wherever it is shown; again
   * after a method or a temperature has joined.
   *
   * @param kind the class of what is found out, of which there is one
   * @param find finds it out, the first time that it is asked for
   */
  public <T> T once(Class<T> kind, Function<Results, T> find) {
    if (!found.containsKey(kind)) {
      found.put(kind, find.apply(this));
    }
    return kind.cast(found.get(kind));
  }

  public String testSet() {
    return testSet;
  }

  void put(Method method, String dataset, Predictions predicted) {
    found.clear();
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

  /** Says how good the mean of a method's first samples is on the test rows, by their number. */
  public void curve(Method method, List<MetricPoint> points) {
    curves.put(method, List.copyOf(points));
  }

  /** What was said of it; empty if nothing, as of earlier versions' runs and unlabelled rows. */
  public List<MetricPoint> curve(Method method) {
    return curves.getOrDefault(method, List.of());
  }

  /** Whether a method's predictions are here already. */
  public boolean has(Method method) {
    return predictions.containsKey(method);
  }

  /** Takes over what a method predicted earlier, with so many samples or -1 if that is unknown. */
  public void addStored(Method method, Map<String, Predictions> stored, int count) {
    found.clear();
    predictions.put(method, new LinkedHashMap<>(stored));
    samples.put(method, count);
  }

  /** Temperatures, where they were fitted. */
  public Temperatures temperatures() {
    return temperatures;
  }

  /** Fits the temperature of each method that has predicted held-out rows. */
  public void fitTemperatures() {
    for (Method method : methods()) {
      Predictions validation = of(method).get(RunImages.VALIDATION);
      if (validation != null) {
        fitTemperature(method, validation);
      }
    }
  }

  /** Fits the temperature of a method on what it predicted for the held-out rows. */
  public void fitTemperature(Method method, Predictions validation) {
    found.clear();
    temperatures.fit(method, validation, test(method));
  }

  /** Names of all data sets. */
  public List<String> datasets() {
    return List.copyOf(predictions.values().iterator().next().keySet());
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
    return method.hasSamples()
        ? List.of(SCORES.get(0), SCORES.get(1), OodScore.mutualInformation())
        : SCORES;
  }

  public DetectionCurve detection(Method method, String ood, OodScore score) {
    return DetectionCurve.of(
        score.score(test(method)), score.score(predictions.get(method).get(ood)));
  }
}
