package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.InvalidRowException;
import io.github.swag4j.calibration.Predictions;

/** What {@link LabelledRows} holds: the four kinds of arrays that a sketch reads. */
sealed interface SketchInput {

  SketchEvent event();

  int label(int row);

  /** {@code [rows]}, or null for 1 each. */
  double[] weights();

  /** Writes a row as it was given, a column for each class. */
  void read(int row, double[] into);

  /** Writes a row within [0, 1], or refuses one that breaks the rules. */
  default void readValid(int row, double[] into) {
    read(row, into);
    SketchInputRules.validate(into, label(row), row);
  }

  /** The same rows with weights; null for 1 each. */
  SketchInput withWeights(double[] weights);

  /** Row-major float32. */
  record Floats(float[] p, int[] labels, double[] weights) implements SketchInput {
    @Override
    public SketchEvent event() {
      return SketchEvent.TOP_LABEL;
    }

    @Override
    public int label(int row) {
      return labels[row];
    }

    @Override
    public void read(int row, double[] into) {
      for (int k = 0; k < into.length; k++) {
        into[k] = p[row * into.length + k];
      }
    }

    @Override
    public SketchInput withWeights(double[] other) {
      return new Floats(p, labels, other);
    }
  }

  /** Row-major float64. */
  record Doubles(double[] p, int[] labels, double[] weights) implements SketchInput {
    @Override
    public SketchEvent event() {
      return SketchEvent.TOP_LABEL;
    }

    @Override
    public int label(int row) {
      return labels[row];
    }

    @Override
    public void read(int row, double[] into) {
      System.arraycopy(p, row * into.length, into, 0, into.length);
    }

    @Override
    public SketchInput withWeights(double[] other) {
      return new Doubles(p, labels, other);
    }
  }

  /** One column of the positive class. */
  record Positives(double[] p, int[] labels, double[] weights) implements SketchInput {
    @Override
    public SketchEvent event() {
      return SketchEvent.POSITIVE_CLASS;
    }

    @Override
    public int label(int row) {
      return labels[row];
    }

    @Override
    public void read(int row, double[] into) {
      double v = p[row];
      if (!(v >= -Predictions.RANGE_TOLERANCE && v <= 1 + Predictions.RANGE_TOLERANCE)) {
        throw new InvalidRowException(
            "positive probabilities[" + row + "] must be in [0, 1], got " + v, row, 1);
      }
      into[0] = 1 - v;
      into[1] = v;
    }

    @Override
    public SketchInput withWeights(double[] other) {
      return new Positives(p, labels, other);
    }
  }

  /** Rows of labelled predictions. */
  record Of(Predictions predictions, double[] weights) implements SketchInput {
    static Of predictions(Predictions p) {
      double[] weights = p.hasWeights() ? new double[p.rows()] : null;
      for (int r = 0; weights != null && r < weights.length; r++) {
        weights[r] = p.weight(r);
      }
      return new Of(p, weights);
    }

    @Override
    public SketchEvent event() {
      return predictions.isBinary() ? SketchEvent.POSITIVE_CLASS : SketchEvent.TOP_LABEL;
    }

    @Override
    public int label(int row) {
      return predictions.label(row);
    }

    @Override
    public void read(int row, double[] into) {
      for (int k = 0; k < into.length; k++) {
        into[k] = predictions.probability(row, k);
      }
    }

    /** These were checked, and clamped, when they were made. */
    @Override
    public void readValid(int row, double[] into) {
      read(row, into);
    }

    @Override
    public SketchInput withWeights(double[] other) {
      return new Of(predictions, other);
    }
  }
}
