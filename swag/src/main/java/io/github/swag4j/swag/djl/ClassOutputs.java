package io.github.swag4j.swag.djl;

import ai.djl.ndarray.types.Shape;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.internal.LogitEvidence;

/**
 * A classifier's outputs as class probabilities: {@code [rows][classes]}, or {@code [rows]} of the
 * positive class. Nothing is put through a softmax or sigmoid that was not said to be logits.
 */
final class ClassOutputs implements RowDecoder {
  private static final String SAY_LOGITS =
      ": say output(Output.LOGITS) if the model ends without a softmax";

  private static final String AS_SAID = ", or outputAsSaid if these are logits all the same";

  private final Output output;
  private final LogitEvidence evidence;

  /**
   * A decoder for one pass.
   *
   * @param output what the model gives
   * @param asSaid whether that is not to be held against the numbers
   */
  ClassOutputs(Output output, boolean asSaid) {
    this(output, asSaid ? null : evidence(output));
  }

  /**
   * A decoder of rows that are held together with those of others.
   *
   * @param output what the model gives
   * @param evidence what the outputs look like, or null if they are not to be held against it
   */
  ClassOutputs(Output output, LogitEvidence evidence) {
    this.output = output;
    this.evidence = evidence;
  }

  /** What outputs look like if they are said to be logits, else null. */
  static LogitEvidence evidence(Output output) {
    return switch (output) {
      case LOGITS ->
          new LogitEvidence(
              "say output(Output.PROBABILITIES) if the model ends in a softmax" + AS_SAID,
              "say output(Output.SIGMOIDS) if the model ends in a sigmoid" + AS_SAID);
      case BINARY_LOGIT ->
          new LogitEvidence(
              null,
              "say output(Output.BINARY_PROBABILITY) if the model ends in a sigmoid" + AS_SAID);
      case PROBABILITIES, SIGMOIDS, BINARY_PROBABILITY -> null;
    };
  }

  /**
   * Refuses labels that are no classes of the model.
   *
   * @param labels {@code [rows]}, or null
   * @param width columns of the model's output
   */
  static void requireLabels(int[] labels, int width) {
    int classes = Math.max(width, 2);
    for (int r = 0; labels != null && r < labels.length; r++) {
      if (labels[r] < 0 || labels[r] >= classes) {
        throw new IllegalArgumentException(
            "labels["
                + r
                + "] must be a class index below "
                + classes
                + ", as the model gives that many classes, got "
                + labels[r]);
      }
    }
  }

  static boolean isBinary(Output output) {
    return output == Output.BINARY_LOGIT || output == Output.BINARY_PROBABILITY;
  }

  @Override
  public int width(Shape shape) {
    boolean column = shape.dimension() == 1 || (shape.dimension() == 2 && shape.get(1) == 1);
    if (isBinary(output)) {
      if (!column) {
        throw new IllegalArgumentException(
            "the model's output must have shape [rows] or [rows][1] for a binary network of one"
                + " output, got "
                + shape
                + ": say output(Output.LOGITS) or output(Output.PROBABILITIES) if it gives a column"
                + " for each class");
      }
      return 1;
    }
    if (shape.dimension() != 2 || shape.get(1) < 2) {
      throw new IllegalArgumentException(
          "the model's output must have shape [rows][classes] with 2 classes or more, got "
              + shape
              + (column
                  ? ": say output(Output.BINARY_LOGIT) for a binary network of one output, or"
                      + " output(Output.BINARY_PROBABILITY) if it ends in a sigmoid; call regression"
                      + " if it predicts a number"
                  : ""));
    }
    return Math.toIntExact(shape.get(1));
  }

  @Override
  public void decode(double[] values, int from, int width, int row) {
    if (evidence != null) {
      evidence.add(values, from, width);
    }
    switch (output) {
      case LOGITS -> softmax(values, from, width);
      case PROBABILITIES -> requireDistribution(values, from, width, row);
      case SIGMOIDS -> shares(values, from, width, row);
      case BINARY_LOGIT -> values[from] = sigmoid(values[from]);
      case BINARY_PROBABILITY -> {
        requireProbability(
            values[from],
            row,
            ": say output(Output.BINARY_LOGIT) if the model ends without a" + " sigmoid");
        values[from] = Math.min(Math.max(values[from], 0), 1);
      }
    }
  }

  @Override
  public void requireKind(boolean moreToCome) {
    if (evidence != null) {
      evidence.requireLogits(moreToCome);
    }
  }

  static void softmax(double[] logits, int from, int width) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + width; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = from; i < from + width; i++) {
      logits[i] = StrictMath.exp(logits[i] - max);
      sum += logits[i];
    }
    for (int i = from; i < from + width; i++) {
      logits[i] /= sum;
    }
  }

  /** 1 / (1 + e^-x), from the side that does not overflow. */
  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  private static double requireProbability(double p, int row, String remedy) {
    if (!(p >= -Predictions.RANGE_TOLERANCE && p <= 1 + Predictions.RANGE_TOLERANCE)) {
      throw new IllegalArgumentException(
          "the model's output must be probabilities in [0, 1], got "
              + p
              + " in row "
              + row
              + remedy);
    }
    return p;
  }

  private static void requireDistribution(double[] values, int from, int width, int row) {
    double sum = 0;
    for (int i = from; i < from + width; i++) {
      sum += requireProbability(values[i], row, SAY_LOGITS);
    }
    if (Math.abs(sum - 1) > Predictions.SUM_LIMIT) {
      throw new IllegalArgumentException(
          "the model's output must be probabilities that sum to 1, got "
              + sum
              + " in row "
              + row
              + SAY_LOGITS
              + ", or output(Output.SIGMOIDS), which divides by the sum, if it ends in a sigmoid for"
              + " each class or in a softmax of half precision");
    }
  }

  /** Each class's share of the row's sum. */
  private static void shares(double[] values, int from, int width, int row) {
    double sum = 0;
    for (int i = from; i < from + width; i++) {
      sum += requireProbability(values[i], row, SAY_LOGITS);
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException(
          "the sigmoids of a row must not all be 0, got that in row "
              + row
              + ": no class has a share of it");
    }
    for (int i = from; i < from + width; i++) {
      values[i] = Math.max(values[i], 0) / sum;
    }
  }
}
