package io.github.swag4j.swag.djl.ood;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import io.github.swag4j.swa.djl.EngineDefaults;
import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.InputGradient;
import io.github.swag4j.swag.djl.internal.LogitEvidence;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * ODIN, an out-of-distribution score of a classifier that gives logits f: a temperature T, and a
 * small step of the input towards the predicted class, which raises the confidence more for rows of
 * the kind the network was trained on.
 *
 * <pre>
 *   S_k(x; T) = exp(f_k(x) / T) / sum_j exp(f_j(x) / T),   k* = argmax_k f_k(x)
 *   x~ = x + epsilon sign(grad_x log S_k*(x; T))
 *   score(x) = 1 - max_k S_k(x~; T)
 * </pre>
 *
 * <p>Higher = more out-of-distribution, as every score of {@code calibration.ood}; the paper's own
 * score is max_k S_k. At a high temperature all scores lie near 1 - 1 / classes, which their order
 * does not mind. Costs a forward and a backward pass, and a forward pass for each step. The live
 * model is not touched. A value: each method gives a new one.
 *
 * @see <a href="https://arxiv.org/abs/1706.02690">Liang, Li and Srikant 2018, eq. 1 to 3</a>
 */
public final class Odin {
  private static final double TEMPERATURE = 1000;
  private static final double EPSILON = 0.0014;

  private final Block block;
  private final double temperature;
  private final double epsilon;
  private final double[] deviations;

  private Odin(Block block, double temperature, double epsilon, double[] deviations) {
    this.block = block;
    this.temperature = temperature;
    this.epsilon = epsilon;
    this.deviations = deviations;
  }

  /**
   * With the paper's temperature 1000 and step 0.0014.
   *
   * @param model a trained model that gives logits, of one input
   * @return the score
   */
  public static Odin of(Model model) {
    return of(model.getBlock());
  }

  /**
   * With the paper's temperature 1000 and step 0.0014.
   *
   * @param block a trained block that gives logits, of one input
   * @return the score
   */
  public static Odin of(Block block) {
    EngineDefaults.apply();
    return new Odin(block, TEMPERATURE, EPSILON, null);
  }

  /**
   * Sets the temperature T.
   *
   * @param t above 0 and finite
   * @return the score
   * @throws IllegalArgumentException if it is not
   */
  public Odin temperature(double t) {
    if (!(t > 0 && t < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("temperature must be above 0 and finite, got " + t);
    }
    return new Odin(block, t, epsilon, deviations);
  }

  /**
   * Sets the step.
   *
   * @param step at least 0 and finite, in the units of the model's input
   * @return the score
   * @throws IllegalArgumentException if it is not
   */
  public Odin epsilon(double step) {
    return new Odin(block, temperature, requireStep(step), deviations);
  }

  private static double requireStep(double step) {
    if (!(step >= 0 && step < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("epsilon must be at least 0 and finite, got " + step);
    }
    return step;
  }

  /**
   * The step that was set or chosen.
   *
   * @return epsilon, at least 0
   */
  public double epsilon() {
    return epsilon;
  }

  /**
   * Divides the step by the deviation of each channel that inputs were standardised with, so that
   * epsilon is in units of the raw values, as in the paper's experiments.
   *
   * @param ofChannels {@code [channels]} for the input's second dimension, each above 0
   * @return the score
   * @throws IllegalArgumentException if one is not above 0 and finite
   */
  public Odin channelDeviations(double... ofChannels) {
    for (double d : ofChannels) {
      if (!(d > 0 && d < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "deviations of channels must be above 0 and finite, got " + d);
      }
    }
    return new Odin(block, temperature, epsilon, ofChannels.clone());
  }

  /**
   * The step among some that raises the confidence of in-distribution rows most: argmax over
   * epsilon of sum_x max_k S_k(x~; T). No out-of-distribution rows are needed.
   *
   * @param validation in-distribution rows, not those of training
   * @param candidates steps, such as 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08
   * @return the score with the best step, the smallest of equals
   * @throws IllegalArgumentException if there are no candidates, or as {@link
   *     #scores(InputBatches)}
   * @throws IOException if the data cannot be read
   * @see <a href="https://arxiv.org/abs/2002.11297">Hsu et al. 2020, Generalized ODIN</a>
   */
  public Odin chooseEpsilon(InputBatches validation, double... candidates) throws IOException {
    if (candidates.length == 0) {
      throw new IllegalArgumentException("epsilon must be chosen among 1 or more, got none");
    }
    double[] steps = candidates.clone();
    Arrays.sort(steps);
    Arrays.stream(steps).forEach(Odin::requireStep);
    double[] sums = new double[steps.length];
    forEachConfidence(validation, steps, (step, confidence) -> sums[step] += confidence);
    int best = 0;
    for (int i = 1; i < sums.length; i++) {
      best = sums[i] > sums[best] ? i : best;
    }
    return epsilon(steps[best]);
  }

  /**
   * Scores rows.
   *
   * @param inputs the rows
   * @return {@code [rows]}, in [0, 1 - 1/classes]; higher = more out-of-distribution
   * @throws IllegalArgumentException if there are no rows, the model has several inputs or one that
   *     is not float32, its outputs are not finite logits of 2 classes or more, or it ends in a
   *     softmax or sigmoids, or cannot be replicated
   * @throws IllegalStateException if gradients are being collected elsewhere in the process
   * @throws IOException if the data cannot be read, or a TorchScript module not be copied
   */
  public double[] scores(InputBatches inputs) throws IOException {
    DoubleStream.Builder rows = DoubleStream.builder();
    forEachConfidence(inputs, new double[] {epsilon}, (step, c) -> rows.add(1 - c));
    return rows.build().toArray();
  }

  /**
   * Scores the rows of a DJL data set.
   *
   * @param dataset the rows, not shuffled
   * @return {@code [rows]}, in [0, 1 - 1/classes]; higher = more out-of-distribution
   * @throws IllegalArgumentException as {@link #scores(InputBatches)}
   * @throws IOException if the data cannot be read, or a TorchScript module not be copied
   */
  public double[] scores(Dataset dataset) throws IOException {
    return scores(InputBatches.of(dataset));
  }

  /** Hears of max_k S_k of each row after each step. */
  private interface Confidences {
    void accept(int step, double confidence);
  }

  private void forEachConfidence(InputBatches inputs, double[] steps, Confidences sink)
      throws IOException {
    long[] rows = {0};
    LogitEvidence evidence = LogitEvidence.ofBareModel();
    try (InputGradient gradient = InputGradient.of(block)) {
      inputs.forEach(
          gradient.manager(),
          batch -> {
            rows[0] += batch.head().getShape().get(0);
            take(gradient, batch, steps, sink, evidence);
          });
    }
    if (rows[0] == 0) {
      throw new IllegalArgumentException("ODIN needs at least 1 row, got 0");
    }
    evidence.requireLogits(false);
  }

  private void take(
      InputGradient gradient,
      NDList batch,
      double[] steps,
      Confidences sink,
      LogitEvidence evidence) {
    float[] slope =
        gradient.of(batch, (logits, classes) -> towardsPredicted(logits, classes, evidence));
    NDArray input = batch.head();
    float[] values = input.toFloatArray();
    double[] units = units(input.getShape(), slope.length);
    for (int s = 0; s < steps.length; s++) {
      float[] moved = new float[values.length];
      for (int i = 0; i < moved.length; i++) {
        moved[i] = (float) (values[i] + steps[s] * units[i] * Math.signum(slope[i]));
      }
      try (NDArray there = input.getManager().create(moved, input.getShape());
          NDArray outputs = gradient.outputs(new NDList(there))) {
        int classes = (int) outputs.getShape().get(1);
        float[] logits = outputs.toFloatArray();
        for (int from = 0; from < logits.length; from += classes) {
          double[] p = softmax(logits, from, classes);
          sink.accept(s, Arrays.stream(p).max().orElseThrow());
        }
      }
    }
  }

  /**
   * T grad log S_k* = sum_k (1[k = k*] - S_k) grad f_k: the sign does not mind the factor T, and
   * with these weights as constants nothing but the model itself is differentiated.
   */
  private float[] towardsPredicted(float[] logits, int classes, LogitEvidence evidence) {
    if (classes < 2) {
      throw new IllegalArgumentException(
          "ODIN needs the logits of 2 classes or more, the model gives " + classes + " a row");
    }
    float[] weights = new float[logits.length];
    for (int from = 0; from < logits.length; from += classes) {
      double[] p = softmax(logits, from, classes);
      evidence.add(row(logits, from, classes), 0, classes);
      int predicted = 0;
      for (int k = 0; k < classes; k++) {
        predicted = p[k] > p[predicted] ? k : predicted;
        weights[from + k] = (float) -p[k];
      }
      weights[from + predicted] = (float) (1 - p[predicted]);
    }
    evidence.requireLogits(true);
    return weights;
  }

  private static double[] row(float[] logits, int from, int classes) {
    double[] row = new double[classes];
    for (int k = 0; k < classes; k++) {
      row[k] = logits[from + k];
    }
    return row;
  }

  private double[] softmax(float[] logits, int from, int classes) {
    double[] p = new double[classes];
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      if (!Float.isFinite(logits[from + k])) {
        throw new IllegalArgumentException(
            "the model's logits must be finite, got " + logits[from + k]);
      }
      most = Math.max(most, logits[from + k]);
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      p[k] = StrictMath.exp((logits[from + k] - most) / temperature);
      sum += p[k];
    }
    for (int k = 0; k < classes; k++) {
      p[k] /= sum;
    }
    return p;
  }

  /** What a step of 1 is for each value of the input. */
  private double[] units(Shape shape, int size) {
    double[] units = new double[size];
    Arrays.fill(units, 1);
    if (deviations == null) {
      return units;
    }
    if (shape.dimension() < 2 || shape.get(1) != deviations.length) {
      throw new IllegalArgumentException(
          "deviations must be one for each channel of the input, got "
              + deviations.length
              + " for an input of shape "
              + shape);
    }
    int inner = Math.toIntExact(shape.slice(2).size());
    for (int i = 0; i < size; i++) {
      units[i] = 1 / deviations[i / inner % deviations.length];
    }
    return units;
  }
}
