package io.github.swag4j.swag.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.swa.djl.BatchNormRefresh;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InferencePass;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.ModelWeights;
import io.github.swag4j.swa.weights.Weights;
import io.github.swag4j.swag.LogLikelihood;
import io.github.swag4j.swag.djl.BayesianPredictor.Output;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import java.io.IOException;
import java.util.Objects;

/**
 * The likelihood of a data set under a DJL model, as a function of its weights: what a Markov chain
 * asks for at every place. Each call writes the weights, recomputes batch-norm statistics if there
 * are any, and runs all rows in evaluation mode; the model has its own weights and statistics again
 * afterwards, also when something fails. The model must not be used elsewhere meanwhile.
 *
 * <p>Classification: sum over rows of ln p_y, in double precision from the outputs on. Regression:
 * of -ln s - ln(2 pi)/2 - (y - f)^2 / (2 s^2) with one known s. Where an output is not finite the
 * likelihood is 0, its logarithm negative infinity.
 *
 * <p>A value as {@link BayesianPredictor} is: each setting gives a new one.
 */
public final class DatasetLogLikelihood implements LogLikelihood {

  /** The data; null of {@code labels} or of {@code targets}, whichever is not asked for. */
  private record Rows(InputBatches inputs, int[] labels, double[] targets, double deviation) {
    int count() {
      return labels == null ? targets.length : labels.length;
    }
  }

  private final Block block;
  private final Rows rows;
  private final Output output;

  /** Of all calls so far; null if outputs are not taken for logits, or the user said they are. */
  private final LogitEvidence evidence;

  /** Where batch-norm statistics are computed from; null if nothing was said. */
  private final InputBatches training;

  private final boolean batchNorm;

  private DatasetLogLikelihood(
      Block block,
      Rows rows,
      Output output,
      LogitEvidence evidence,
      InputBatches training,
      boolean batchNorm) {
    this.block = block;
    this.rows = rows;
    this.output = output;
    this.evidence = evidence;
    this.training = training;
    this.batchNorm = batchNorm;
  }

  /**
   * The likelihood of class labels, the model's outputs taken for logits.
   *
   * @param block an initialised block with one output, {@code [rows][classes]}
   * @param dataset one integer label a row, not shuffled
   * @return the likelihood
   * @throws IllegalArgumentException if there are no labels, or not one integer a row
   * @throws IOException if the data cannot be read
   */
  public static DatasetLogLikelihood classification(Block block, Dataset dataset)
      throws IOException {
    EngineDefaults.apply();
    RepeatableDataset inputs;
    try (InferencePass pass = InferencePass.of(block)) {
      inputs = new RepeatableDataset(dataset, pass.manager());
    }
    if (inputs.labels() == null) {
      throw new IllegalArgumentException("a likelihood needs a data set with labels, got none");
    }
    return classification(block, inputs, inputs.labels());
  }

  /**
   * The likelihood of class labels, the model's outputs taken for logits.
   *
   * @param block an initialised block with one output, {@code [rows][classes]}
   * @param inputs the rows, in the same order at every pass
   * @param labels {@code [rows]} class indices
   * @return the likelihood
   * @throws IllegalArgumentException if there are no rows
   */
  public static DatasetLogLikelihood classification(
      Block block, InputBatches inputs, int[] labels) {
    requireRows(labels.length);
    return new DatasetLogLikelihood(
        block, new Rows(inputs, labels.clone(), null, 1), Output.LOGITS, evidence(), null, true);
  }

  /**
   * The likelihood of numbers, normally distributed around the model's output.
   *
   * @param block an initialised block with one output, {@code [rows]} or {@code [rows][1]}
   * @param inputs the rows, in the same order at every pass
   * @param targets {@code [rows]}, finite
   * @param deviation standard deviation of the noise, above 0
   * @return the likelihood
   * @throws IllegalArgumentException if there are no rows, a target is not finite, or the deviation
   *     is not above 0
   */
  public static DatasetLogLikelihood regression(
      Block block, InputBatches inputs, double[] targets, double deviation) {
    requireRows(targets.length);
    for (int r = 0; r < targets.length; r++) {
      if (!Double.isFinite(targets[r])) {
        throw new IllegalArgumentException("targets[" + r + "] must be finite, got " + targets[r]);
      }
    }
    if (!(deviation > 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "noise deviation must be finite and above 0, got " + deviation);
    }
    return new DatasetLogLikelihood(
        block, new Rows(inputs, null, targets.clone(), deviation), Output.LOGITS, null, null, true);
  }

  private static void requireRows(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("a likelihood needs at least 1 row, got 0");
    }
  }

  /**
   * Says what the last layer of a classifier gives.
   *
   * @param what logits, the default, or probabilities
   * @return the likelihood
   * @throws IllegalStateException if this is a regression
   * @throws IllegalArgumentException if it is anything else than logits or probabilities of classes
   */
  public DatasetLogLikelihood output(Output what) {
    return output(what, what == Output.LOGITS ? evidence() : null);
  }

  /**
   * Says what the last layer of a classifier gives, where numbers that look otherwise are that all
   * the same.
   *
   * @param what logits, the default, or probabilities
   * @return the likelihood
   * @throws IllegalStateException if this is a regression
   * @throws IllegalArgumentException if it is anything else than logits or probabilities of classes
   */
  public DatasetLogLikelihood outputAsSaid(Output what) {
    return output(what, null);
  }

  private static LogitEvidence evidence() {
    return new LogitEvidence(
        "say output(Output.PROBABILITIES) if the model ends in a softmax, or outputAsSaid if these"
            + " are logits all the same",
        "let the model end in the logits of its classes, or say outputAsSaid if these are");
  }

  private DatasetLogLikelihood output(Output what, LogitEvidence judge) {
    if (what != Output.LOGITS && what != Output.PROBABILITIES) {
      throw new IllegalArgumentException(
          "a likelihood takes logits or probabilities of each class, got "
              + what
              + ": let the network end in two columns or more");
    }
    if (rows.labels() == null) {
      throw new IllegalStateException("a regression's output is a number, not " + what);
    }
    return new DatasetLogLikelihood(block, rows, what, judge, training, batchNorm);
  }

  /**
   * Recomputes batch-norm statistics at every call from these inputs.
   *
   * @param inputs what the model was trained on, or a fair sample of it in mixed order
   * @return the likelihood
   */
  public DatasetLogLikelihood refreshBatchNorm(InputBatches inputs) {
    return new DatasetLogLikelihood(
        block, rows, output, evidence, Objects.requireNonNull(inputs, "inputs"), true);
  }

  /**
   * Says that no batch-norm statistics are needed, as {@link BayesianPredictor#withoutBatchNorm}.
   *
   * @return the likelihood
   */
  public DatasetLogLikelihood withoutBatchNorm() {
    return new DatasetLogLikelihood(block, rows, output, evidence, null, false);
  }

  @Override
  public double at(Weights at) throws IOException {
    ModelWeights weights = ModelWeights.of(block);
    weights.layout().requireSame(at.layout());
    ModelWeights running = ModelWeights.statistics(block);
    BatchNormRefresh refresh = refresh();
    Weights weightsBefore = weights.capture();
    Weights runningBefore = running.capture();
    try (InferencePass pass = InferencePass.of(block)) {
      weights.write(at);
      if (refresh != null) {
        refresh.refresh(training);
      }
      return sum(pass);
    } finally {
      try {
        weights.restore(weightsBefore);
      } finally {
        running.restore(runningBefore);
      }
    }
  }

  /** Null if there is nothing to refresh. */
  private BatchNormRefresh refresh() {
    if (!batchNorm) {
      return null;
    }
    BatchNormRefresh found = BatchNormRefresh.of(block);
    if (found.isNeeded() && training == null) {
      throw new IllegalStateException(
          "the model has batch normalisation, whose statistics belong to other weights: call"
              + " refreshBatchNorm with training data");
    }
    return found.isNeeded() ? found : null;
  }

  private double sum(InferencePass pass) throws IOException {
    RowSum sum = new RowSum();
    rows.inputs().forEach(pass.manager(), batch -> sum.add(pass.run(batch)));
    if (sum.row != rows.count()) {
      throw new IllegalArgumentException(
          (rows.labels() == null ? "targets" : "labels")
              + " must be one a row, got "
              + rows.count()
              + " for "
              + sum.row
              + " rows");
    }
    if (evidence != null) {
      evidence.requireLogits(false);
    }
    return sum.value;
  }

  /** One pass over the rows. */
  private final class RowSum {
    private double value;
    private int row;

    void add(NDArray outputs) {
      Shape shape = outputs.getShape();
      boolean classes = rows.labels() != null;
      int width = shape.dimension() == 2 ? (int) shape.get(1) : 1;
      boolean fits = classes ? shape.dimension() == 2 && width >= 2 : width == 1;
      if (!fits || shape.dimension() > 2 || outputs.getDataType() != DataType.FLOAT32) {
        throw new IllegalArgumentException(
            "the model's output must be FLOAT32 of shape "
                + (classes ? "[rows][classes] with 2 classes or more" : "[rows] or [rows][1]")
                + ", got "
                + outputs.getDataType()
                + " "
                + shape);
      }
      float[] values = outputs.toFloatArray();
      for (int from = 0; from < values.length; from += width) {
        if (row < rows.count()) {
          value += classes ? logProbability(values, from, width) : logDensity(values[from]);
        }
        row++;
      }
    }

    private double logDensity(float mean) {
      double r = (rows.targets()[row] - mean) / rows.deviation();
      double log = -Math.log(rows.deviation()) - 0.5 * Math.log(2 * Math.PI) - r * r / 2;
      return Double.isNaN(log) ? Double.NEGATIVE_INFINITY : log;
    }

    private double logProbability(float[] values, int from, int width) {
      int label = rows.labels()[row];
      if (label < 0 || label >= width) {
        throw new IllegalArgumentException(
            "labels[" + row + "] must be a class index below " + width + ", got " + label);
      }
      double largest = Double.NEGATIVE_INFINITY;
      double total = 0;
      boolean inside = true;
      double[] seen = new double[width];
      for (int k = 0; k < width; k++) {
        double v = values[from + k];
        if (!Double.isFinite(v)) {
          return Double.NEGATIVE_INFINITY;
        }
        inside &= v >= 0 && v <= 1;
        largest = Math.max(largest, v);
        total += v;
        seen[k] = v;
      }
      if (evidence != null) {
        evidence.add(seen, 0, width);
      }
      boolean distribution = inside && Math.abs(total - 1) <= Predictions.SUM_LIMIT;
      if (output == Output.PROBABILITIES) {
        if (!distribution) {
          throw new IllegalArgumentException(
              "the model's output must be probabilities that sum to 1, got a sum of "
                  + total
                  + " in row "
                  + row
                  + ": say output(Output.LOGITS) if the model ends without a softmax");
        }
        return Math.log(values[from + label]);
      }
      double sum = 0;
      for (int k = 0; k < width; k++) {
        sum += StrictMath.exp(values[from + k] - largest);
      }
      return values[from + label] - largest - StrictMath.log(sum);
    }
  }

  @Override
  public String toString() {
    return "likelihood of " + rows.count() + (rows.labels() == null ? " numbers" : " labels");
  }
}
