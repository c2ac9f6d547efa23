package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.PredictionsBuilder;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.util.HashSet;
import java.util.List;

/** Predictions of arrays with their named classes in another order; labels mean what they meant. */
final class ReorderedClasses {
  private ReorderedClasses() {}

  /** The classes in the order of the names, if the file names its classes. */
  static Noted<Predictions> of(Noted<Predictions> read, List<String> order, Source source)
      throws PredictionFileException {
    Predictions from = read.value();
    if (!order.isEmpty() && !from.hasClassNames() && !isIndices(order, from)) {
      throw source.refuse(
          "the arrays name no classes, got the order "
              + String.join(", ", order)
              + ": save their names in an array class_names, or leave the order out");
    }
    if (order.isEmpty()
        || !from.hasClassNames()
        || from.classNames().equals(order)
        || from.isBinary()) {
      return read;
    }
    List<String> names = from.classNames();
    if (order.size() != names.size() || !new HashSet<>(order).equals(new HashSet<>(names))) {
      throw source.refuse("the classes must be " + names + ", in any order, got " + order);
    }
    int[] at = order.stream().mapToInt(names::indexOf).toArray();
    ReadingNote note = read.note();
    return new Noted<>(
        reordered(from, at, order),
        new ReadingNote(
            order,
            note.classColumns(),
            note.labels(),
            note.labelKind(),
            note.weights(),
            note.ignored(),
            note.warnings()));
  }

  /** Whether an order is that of the classes' numbers, or names the one column of a probability. */
  private static boolean isIndices(List<String> order, Predictions from) {
    return order.size() == from.classes() && UsualNames.areIndices(order);
  }

  private static Predictions reordered(Predictions from, int[] at, List<String> order) {
    PredictionsBuilder builder = Predictions.builder();
    int rows = from.rows();
    if (from.hasLogits()) {
      builder.logits(
          rows,
          at.length,
          (r, into, to) -> {
            for (int k = 0; k < at.length; k++) {
              into[to + k] = from.logit(r, at[k]);
            }
          });
    } else {
      builder.probabilities(
          rows,
          at.length,
          from.isSinglePrecision(),
          (r, into, to) -> {
            for (int k = 0; k < at.length; k++) {
              into[to + k] = from.probability(r, at[k]);
            }
          });
    }
    builder.classNames(order);
    if (from.hasLabels()) {
      int[] place = new int[at.length];
      for (int k = 0; k < at.length; k++) {
        place[at[k]] = k;
      }
      int[] labels = new int[rows];
      for (int r = 0; r < rows; r++) {
        labels[r] = place[from.label(r)];
      }
      builder.labels(labels);
    }
    describe(builder, from);
    if (from.samples() > 0) {
      builder.samples(samples(from, at));
    }
    return builder.build();
  }

  private static void describe(PredictionsBuilder builder, Predictions from) {
    int rows = from.rows();
    double[] weights = new double[rows];
    double[] entropies = new double[rows];
    String[] groups = new String[rows];
    String[] ids = new String[rows];
    for (int r = 0; r < rows; r++) {
      weights[r] = from.weight(r);
      entropies[r] = from.hasExpectedEntropy() ? from.expectedEntropy(r) : 0;
      groups[r] = from.hasGroups() ? from.group(r) : "";
      ids[r] = from.hasIds() ? from.id(r) : "";
    }
    if (from.hasWeights()) {
      builder.weights(weights);
    }
    if (from.hasExpectedEntropy()) {
      builder.expectedEntropy(entropies);
    }
    if (from.hasGroups()) {
      builder.groups(groups);
    }
    if (from.hasIds()) {
      builder.ids(ids);
    }
  }

  private static double[][][] samples(Predictions from, int[] at) {
    double[][][] samples = new double[from.samples()][from.rows()][at.length];
    for (int s = 0; s < samples.length; s++) {
      for (int r = 0; r < from.rows(); r++) {
        for (int k = 0; k < at.length; k++) {
          samples[s][r][k] = from.sampleProbability(s, r, at[k]);
        }
      }
    }
    return samples;
  }
}
