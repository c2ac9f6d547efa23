package io.github.swag4j.swag.djl.surface;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import java.io.IOException;

/** Mean cross-entropy and error of one pass over rows, in double precision from the logits on. */
final class RowLoss {
  private final LabelledInputs rows;
  private final LogitEvidence evidence;
  private double sum;
  private long wrong;
  private int row;

  private RowLoss(LabelledInputs rows, LogitEvidence evidence) {
    this.rows = rows;
    this.evidence = evidence;
  }

  /**
   * Runs all rows.
   *
   * @param evidence whether outputs are logits, of all points so far; it judges where outputs are
   *     finite
   * @throws IllegalArgumentException if outputs and labels do not fit, or the outputs are no logits
   * @throws IOException if the data cannot be read
   */
  static RowLoss of(InferencePass pass, LabelledInputs rows, LogitEvidence evidence)
      throws IOException {
    RowLoss loss = new RowLoss(rows, evidence);
    rows.inputs().forEach(pass.manager(), batch -> loss.add(pass.run(batch)));
    if (loss.row != rows.count()) {
      throw new IllegalArgumentException(
          "labels must be one a row, got " + rows.count() + " for " + loss.row + " rows");
    }
    evidence.requireLogits(true);
    return loss;
  }

  /** Mean of -ln p of the label in nats, NaN where it is not finite. */
  double loss() {
    double mean = sum / row;
    return Double.isFinite(mean) ? mean : Double.NaN;
  }

  /** Share of rows whose largest logit is another class's, NaN where the loss is. */
  double error() {
    return Double.isNaN(loss()) ? Double.NaN : (double) wrong / row;
  }

  private void add(NDArray outputs) {
    Shape shape = outputs.getShape();
    int width = shape.dimension() == 2 ? (int) shape.get(1) : 1;
    if (width < 2 || outputs.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "the model's output must be FLOAT32 of shape [rows][classes] with 2 classes or more, got "
              + outputs.getDataType()
              + " "
              + shape);
    }
    float[] values = outputs.toFloatArray();
    double[] logits = new double[width];
    for (int from = 0; from < values.length; from += width) {
      if (row < rows.count()) {
        for (int c = 0; c < width; c++) {
          logits[c] = values[from + c];
        }
        addRow(logits, rows.label(row));
      }
      row++;
    }
  }

  private void addRow(double[] logits, int label) {
    if (label < 0 || label >= logits.length) {
      throw new IllegalArgumentException(
          "labels[" + row + "] must be a class index below " + logits.length + ", got " + label);
    }
    int best = 0;
    boolean finite = true;
    for (int c = 0; c < logits.length; c++) {
      finite &= Double.isFinite(logits[c]);
      best = logits[c] > logits[best] ? c : best;
    }
    if (!finite) {
      sum = Double.NaN;
      return;
    }
    evidence.add(logits, 0, logits.length);
    double exponentials = 0;
    for (double logit : logits) {
      exponentials += Math.exp(logit - logits[best]);
    }
    sum += logits[best] + Math.log(exponentials) - logits[label];
    wrong += best == label ? 0 : 1;
  }
}
