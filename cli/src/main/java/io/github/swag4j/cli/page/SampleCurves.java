package io.github.swag4j.cli.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.posterior.SampleConvergence;
import io.github.swag4j.calibration.posterior.SampleConvergence.Point;
import io.github.swag4j.calibration.posterior.SampleMean;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import io.github.swag4j.reports.posterior.SampleCountChart;
import io.github.swag4j.swag.djl.MetricPoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How good the mean of a method's first samples is, as a run's files and its page have it. */
final class SampleCurves {
  private static final String KEY = "by_samples";
  private static final List<String> METRICS = List.of("accuracy", "nll", "brier");

  private SampleCurves() {}

  /** Puts a curve among a method's numbers, if it has more points than their last one. */
  static void add(JsonObject numbers, List<MetricPoint> curve) {
    if (curve.size() < 2) {
      return;
    }
    JsonObject all = new JsonObject();
    METRICS.forEach(
        metric -> {
          JsonArray values = new JsonArray();
          curve.forEach(point -> values.add(value(point, metric)));
          all.add(metric, values);
        });
    numbers.add(KEY, all);
  }

  private static double value(MetricPoint point, String metric) {
    return switch (metric) {
      case "accuracy" -> point.accuracy();
      case "nll" -> point.nll();
      default -> point.brier();
    };
  }

  /** The curve among a method's numbers; empty if there is none. */
  static List<MetricPoint> stored(JsonObject numbers) {
    if (numbers == null || !numbers.has(KEY)) {
      return List.of();
    }
    JsonObject all = numbers.getAsJsonObject(KEY);
    JsonArray nll = all.getAsJsonArray("nll");
    List<MetricPoint> curve = new ArrayList<>();
    for (int s = 0; s < nll.size(); s++) {
      curve.add(
          new MetricPoint(
              s + 1,
              nll.get(s).getAsDouble(),
              all.getAsJsonArray("accuracy").get(s).getAsDouble(),
              all.getAsJsonArray("brier").get(s).getAsDouble()));
    }
    return curve;
  }

  /**
   * NLL of the test rows by number of samples of every method that has several: with a band where
   * single samples were kept, else as recorded on the way. Empty if no method has several.
   */
  static Optional<SampleCountChart> chart(Results results) {
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    for (Method method : results.methods()) {
      List<Point> points = points(results.test(method), results.curve(method));
      if (points.size() > 1) {
        curves.put(method.title(), points);
      }
    }
    return curves.isEmpty()
        ? Optional.empty()
        : Optional.of(
            SampleCountChart.ofPoints(results.testSet(), "Negative log-likelihood (nats)", curves));
  }

  private static List<Point> points(Predictions test, List<MetricPoint> curve) {
    if (test.samples() > 1) {
      return SampleConvergence.of(
              test, SampleMean.PROBABILITIES, "NLL", p -> ProperScores.of(p).nll())
          .points();
    }
    List<Point> points = new ArrayList<>();
    if (!curve.isEmpty()) {
      for (int s : SampleConvergence.counts(curve.size())) {
        points.add(new Point(s, curve.get(s - 1).nll(), Double.NaN));
      }
    }
    return points;
  }
}
