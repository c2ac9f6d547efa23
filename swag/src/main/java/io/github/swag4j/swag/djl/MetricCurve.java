package io.github.swag4j.swag.djl;

import io.github.swag4j.calibration.scores.ProperScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The metric-against-samples curve of one labelled data set. */
final class MetricCurve {
  private final int[] labels;
  private final List<MetricPoint> points = new ArrayList<>();

  MetricCurve(int[] labels) {
    this.labels = labels;
  }

  /** Adds the point of a mean, {@code [rows * width]}, width 1 for positive-class probabilities. */
  void add(int samples, double[] mean, int width) {
    double nll = 0;
    double brier = 0;
    long right = 0;
    for (int r = 0; r < labels.length; r++) {
      if (width == 1) {
        double p = mean[r];
        double ofLabel = labels[r] == 1 ? p : 1 - p;
        nll -= Math.log(Math.max(ofLabel, ProperScores.NLL_FLOOR));
        brier += 2 * (1 - ofLabel) * (1 - ofLabel);
        right += (p > 1 - p ? 1 : 0) == labels[r] ? 1 : 0;
      } else {
        int best = 0;
        for (int k = 0; k < width; k++) {
          double p = mean[r * width + k];
          best = p > mean[r * width + best] ? k : best;
          double miss = p - (k == labels[r] ? 1 : 0);
          brier += miss * miss;
        }
        nll -= Math.log(Math.max(mean[r * width + labels[r]], ProperScores.NLL_FLOOR));
        right += best == labels[r] ? 1 : 0;
      }
    }
    double rows = labels.length;
    points.add(new MetricPoint(samples, nll / rows, right / rows, brier / rows));
  }

  List<MetricPoint> points() {
    return List.copyOf(points);
  }

  void save(Map<String, double[]> into) {
    into.put("curve/nll", points.stream().mapToDouble(MetricPoint::nll).toArray());
    into.put("curve/accuracy", points.stream().mapToDouble(MetricPoint::accuracy).toArray());
    into.put("curve/brier", points.stream().mapToDouble(MetricPoint::brier).toArray());
  }

  void restore(int samples, Map<String, double[]> state) {
    for (int s = 0; s < samples; s++) {
      points.add(
          new MetricPoint(
              s + 1,
              SavedPrediction.array(state, "curve/nll")[s],
              SavedPrediction.array(state, "curve/accuracy")[s],
              SavedPrediction.array(state, "curve/brier")[s]));
    }
  }
}
