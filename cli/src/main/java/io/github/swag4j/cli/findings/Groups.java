package io.github.swag4j.cli.findings;

import io.github.swag4j.calibration.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows by the class they are predicted as, and how often each label comes. */
final class Groups {
  private final long[] counts;
  private final double[] weights;
  private final double[] squares;
  private final double[] stated;
  private final double[] hits;
  private final double[] labels;
  private final Predictions predictions;

  private Groups(Predictions predictions) {
    int classes = predictions.classes();
    this.predictions = predictions;
    counts = new long[classes];
    weights = new double[classes];
    squares = new double[classes];
    stated = new double[classes];
    hits = new double[classes];
    labels = new double[classes];
  }

  static Groups ofPredictedClasses(Predictions p) {
    Groups groups = new Groups(p);
    for (int row = 0; row < p.rows(); row++) {
      int k = p.predictedClass(row);
      double weight = p.weight(row);
      groups.counts[k]++;
      groups.weights[k] += weight;
      groups.squares[k] += weight * weight;
      groups.stated[k] += weight * p.confidence(row);
      groups.hits[k] += p.isCorrect(row) ? weight : 0;
      groups.labels[p.label(row)] += weight;
    }
    return groups;
  }

  /** One part for each class that rows are predicted as. */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (int k = 0; k < counts.length; k++) {
      if (weights[k] > 0) {
        String name = predictions.hasClassNames() ? predictions.classNames().get(k) : "class " + k;
        parts.add(
            new Part(
                name,
                counts[k],
                weights[k] * weights[k] / squares[k],
                stated[k] / weights[k],
                hits[k] / weights[k]));
      }
    }
    return parts;
  }

  Part all() {
    double weight = Arrays.stream(weights).sum();
    return new Part(
        "all",
        predictions.rows(),
        weight * weight / Arrays.stream(squares).sum(),
        Arrays.stream(stated).sum() / weight,
        Arrays.stream(hits).sum() / weight);
  }

  /** Share of the most frequent label. */
  double commonest() {
    return Arrays.stream(labels).max().orElse(Double.NaN) / Arrays.stream(labels).sum();
  }
}
