package io.github.swag4j.adapters.tribuo;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tribuo.Example;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;

/**
 * What a Tribuo classifier predicts, with the labels of its examples.
 *
 * <pre>{@code
 * Predictions predictions = TribuoPredictions.of(model.predict(test));
 * System.out.println(CalibrationError.of(predictions));
 * }</pre>
 *
 * <p>Classes are told by name: Tribuo numbers them by how often they came in training, and the
 * scores of a prediction come in no order at all.
 */
public final class TribuoPredictions {

  private TribuoPredictions() {}

  /**
   * Predictions whose classes are in the order of their names.
   *
   * @param predictions of one model, with probabilities
   * @return probabilities, names of the classes, and labels if the examples have them
   * @throws IllegalArgumentException if there is none, scores are not probabilities, classes
   *     differ, a label is of no class, or only some examples have labels
   */
  public static Predictions of(List<Prediction<Label>> predictions) {
    List<String> classes =
        predictions.isEmpty()
            ? List.of()
            : predictions.get(0).getOutputScores().keySet().stream().sorted().toList();
    return of(predictions, classes);
  }

  /**
   * Predictions whose classes are in an order of one's own.
   *
   * @param predictions of one model, with probabilities
   * @param classes names of all its classes
   * @return probabilities, names of the classes, and labels if the examples have them
   * @throws IllegalArgumentException as {@link #of(List)}
   */
  public static Predictions of(List<Prediction<Label>> predictions, List<String> classes) {
    if (predictions.isEmpty()) {
      throw new IllegalArgumentException("there must be at least 1 prediction, got none");
    }
    Map<String, Integer> index = new HashMap<>();
    for (int k = 0; k < classes.size(); k++) {
      index.put(classes.get(k), k);
    }
    double[][] p = new double[predictions.size()][];
    int[] labels = new int[p.length];
    int unknown = 0;
    for (int r = 0; r < p.length; r++) {
      p[r] = row(predictions.get(r), index, r);
      labels[r] = label(predictions.get(r).getExample(), index, r);
      unknown += labels[r] < 0 ? 1 : 0;
    }
    if (unknown > 0 && unknown < p.length) {
      throw new IllegalArgumentException(
          "all examples must have labels or none, got "
              + unknown
              + " of "
              + p.length
              + " without: leave these out");
    }
    PredictionsBuilder builder = Predictions.builder().probabilities(p).classNames(classes);
    return unknown > 0 ? builder.build() : builder.labels(labels).build();
  }

  private static double[] row(Prediction<Label> prediction, Map<String, Integer> index, int row) {
    if (!prediction.hasProbabilities()) {
      throw new IllegalArgumentException(
          "predictions must be probabilities, got scores in row "
              + row
              + ", as margins of an SVM are: train a model that has probabilities, or calibrate the"
              + " scores with PlattScaling on held-out rows");
    }
    Map<String, Label> scores = prediction.getOutputScores();
    if (!scores.keySet().equals(index.keySet())) {
      throw new IllegalArgumentException(
          "row " + row + " must have the classes " + index.keySet() + ", got " + scores.keySet());
    }
    double[] p = new double[index.size()];
    scores.forEach((name, label) -> p[index.get(name)] = label.getScore());
    return p;
  }

  private static int label(Example<Label> example, Map<String, Integer> index, int row) {
    String name = example.getOutput().getLabel();
    if (name.equals(Label.UNKNOWN)) {
      return -1;
    }
    Integer label = index.get(name);
    if (label == null) {
      throw new IllegalArgumentException(
          "labels["
              + row
              + "] must be a class that the model knows, one of "
              + index.keySet()
              + ", got "
              + name);
    }
    return label;
  }
}
