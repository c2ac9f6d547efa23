package io.github.swag4j.adapters.djl;

import ai.djl.modality.Classifications;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import java.util.HashSet;
import java.util.List;

/**
 * What a DJL {@code Predictor} of {@link Classifications} gives, as predictions.
 *
 * <pre>{@code
 * Predictions predictions =
 *     ClassificationPredictions.of(predictor.batchPredict(inputs), synset).labels(labels).build();
 * }</pre>
 */
public final class ClassificationPredictions {

  private ClassificationPredictions() {}

  /**
   * Takes all classes of all rows.
   *
   * @param rows of one model
   * @param classes names of all classes in the order they are to have; rows have theirs in any
   * @return a builder, with the names of the classes
   * @throws IllegalArgumentException if a row has other classes, as one that was cut to the most
   *     probable, or a class twice
   */
  public static PredictionsBuilder of(List<Classifications> rows, List<String> classes) {
    double[][] p = new double[rows.size()][classes.size()];
    for (int r = 0; r < p.length; r++) {
      List<String> names = rows.get(r).getClassNames();
      if (names.size() != classes.size() || !new HashSet<>(names).equals(new HashSet<>(classes))) {
        throw new IllegalArgumentException(
            "row "
                + r
                + " must have the classes "
                + classes
                + ", got "
                + names
                + ": do not cut rows to their most probable classes");
      }
      for (int k = 0; k < p[r].length; k++) {
        p[r][k] = rows.get(r).getProbabilities().get(names.indexOf(classes.get(k)));
      }
    }
    return Predictions.builder().probabilities(p).classNames(classes);
  }
}
