package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.RowMajor;
import java.util.HashSet;
import java.util.List;

/**
 * Collects what is known, checks it as a whole and builds {@link Predictions}, once. Not safe for
 * use by several threads.
 */
public final class PredictionsBuilder {
  /** Writes the numbers of a row into the builder's own array. */
  @FunctionalInterface
  public interface RowSource {
    /**
     * Writes a row.
     *
     * @param row the row wanted, from 0; rows are asked for once each, in order
     * @param into the array to write to
     * @param from index in it of the row's first class
     */
    void read(int row, double[] into, int from);

    /**
     * Writes all rows: one after the other, unless a source knows a faster way.
     *
     * @param numRows number of rows
     * @param numClasses number of classes
     * @param into {@code [numRows * numClasses]}, row-major, to be filled
     */
    default void readAll(int numRows, int numClasses, double[] into) {
      for (int r = 0; r < numRows; r++) {
        read(r, into, r * numClasses);
      }
    }
  }

  double[] given;
  int rows = -1;
  int classes;
  boolean binary;
  boolean singlePrecision;
  boolean renormalise;
  double[] logits;
  int[] labels;
  double[] expectedEntropy;
  PosteriorSamples samples = PosteriorSamples.NONE;
  double[] weights;
  String[] groups;
  String[] ids;
  List<String> classNames;
  boolean built;

  PredictionsBuilder() {}

  /**
   * Float32 probabilities.
   *
   * @param values {@code [rows][classes]}
   * @return this builder
   * @throws IllegalArgumentException if rows differ in length
   */
  public PredictionsBuilder probabilities(float[][] values) {
    return probabilities(
        values.length, width(values), true, (r, into, from) -> copy(values[r], r, into, from));
  }

  /**
   * Float64 probabilities.
   *
   * @param values {@code [rows][classes]}
   * @return this builder
   * @throws IllegalArgumentException if rows differ in length
   */
  public PredictionsBuilder probabilities(double[][] values) {
    return probabilities(
        values.length, width(values), false, (r, into, from) -> copy(values[r], r, into, from));
  }

  /**
   * Float32 probabilities in row-major order.
   *
   * @param values {@code [rows * classes]}
   * @param numClasses number of classes
   * @return this builder
   * @throws IllegalArgumentException if the length is no multiple of the number of classes
   */
  public PredictionsBuilder probabilities(float[] values, int numClasses) {
    int numRows = RowMajor.rows(values.length, numClasses);
    return probabilities(
        numRows,
        numClasses,
        true,
        (r, into, from) -> {
          for (int k = 0; k < numClasses; k++) {
            into[from + k] = values[r * numClasses + k];
          }
        });
  }

  /**
   * Float64 probabilities in row-major order.
   *
   * @param values {@code [rows * classes]}
   * @param numClasses number of classes
   * @return this builder
   * @throws IllegalArgumentException if the length is no multiple of the number of classes
   */
  public PredictionsBuilder probabilities(double[] values, int numClasses) {
    int numRows = RowMajor.rows(values.length, numClasses);
    return probabilities(
        numRows,
        numClasses,
        false,
        (r, into, from) -> System.arraycopy(values, from, into, from, numClasses));
  }

  /**
   * Probabilities written row by row into the builder's own array: no second copy of them.
   *
   * @param numRows number of rows
   * @param numClasses number of classes
   * @param float32 whether the numbers are float32 by origin
   * @param source writes the rows
   * @return this builder
   * @throws IllegalArgumentException if rows times classes is not below 2^31
   */
  public PredictionsBuilder probabilities(
      int numRows, int numClasses, boolean float32, RowSource source) {
    given = filled(numRows, numClasses, source);
    logits = null;
    binary = false;
    singlePrecision = float32;
    return this;
  }

  /**
   * Positive-class probabilities of a binary problem.
   *
   * @param values {@code [rows]}, in [0, 1]
   * @return this builder
   */
  public PredictionsBuilder positiveProbabilities(double[] values) {
    probabilities(
        values.length,
        2,
        false,
        (r, into, from) -> {
          into[from] = 1 - values[r];
          into[from + 1] = values[r];
        });
    binary = true;
    return this;
  }

  /**
   * Logits; probabilities become their softmax.
   *
   * @param values {@code [rows][classes]}, finite
   * @return this builder
   * @throws IllegalArgumentException if rows differ in length
   */
  public PredictionsBuilder logits(double[][] values) {
    return logits(values.length, width(values), (r, into, from) -> copy(values[r], r, into, from));
  }

  /**
   * Float32 logits; probabilities become their softmax, in double precision.
   *
   * @param values {@code [rows][classes]}, finite
   * @return this builder
   * @throws IllegalArgumentException if rows differ in length
   */
  public PredictionsBuilder logits(float[][] values) {
    return logits(values.length, width(values), (r, into, from) -> copy(values[r], r, into, from));
  }

  /**
   * Logits written row by row into the builder's own array; probabilities become their softmax.
   *
   * @param numRows number of rows
   * @param numClasses number of classes
   * @param source writes the rows
   * @return this builder
   * @throws IllegalArgumentException if rows times classes is not below 2^31
   */
  public PredictionsBuilder logits(int numRows, int numClasses, RowSource source) {
    logits = filled(numRows, numClasses, source);
    given = null;
    binary = false;
    singlePrecision = false;
    return this;
  }

  /**
   * Labels.
   *
   * @param values {@code [rows]}, class indices
   * @return this builder
   */
  public PredictionsBuilder labels(int[] values) {
    labels = values.clone();
    return this;
  }

  /**
   * Expected entropies of the posterior samples, in nats.
   *
   * @param values {@code [rows]}, in [0, ln classes]
   * @return this builder
   */
  public PredictionsBuilder expectedEntropy(double[] values) {
    expectedEntropy = values.clone();
    return this;
  }

  /**
   * Probabilities under each posterior sample; when neither probabilities nor logits are given,
   * their mean is the prediction.
   *
   * @param values {@code [samples][rows][classes]}; none for no samples
   * @return this builder
   * @throws IllegalArgumentException if samples differ in shape
   */
  public PredictionsBuilder samples(double[][][] values) {
    samples = PosteriorSamples.of(values);
    return this;
  }

  /**
   * What is known of the rows, as other predictions have it: in place of labels, weights, groups
   * and ids given before.
   *
   * @param known observations of as many rows
   * @return this builder
   */
  public PredictionsBuilder observations(Observations known) {
    labels = known.labels;
    weights = known.weights;
    groups = known.groups;
    ids = known.ids;
    return this;
  }

  /**
   * Row weights.
   *
   * @param values {@code [rows]}, finite and at least 0, not all 0
   * @return this builder
   */
  public PredictionsBuilder weights(double[] values) {
    weights = values.clone();
    return this;
  }

  /**
   * Groups of the rows, for results by group.
   *
   * @param values {@code [rows]}
   * @return this builder
   */
  public PredictionsBuilder groups(String[] values) {
    groups = values.clone();
    return this;
  }

  /**
   * Ids of the rows.
   *
   * @param values {@code [rows]}
   * @return this builder
   */
  public PredictionsBuilder ids(String[] values) {
    ids = values.clone();
    return this;
  }

  /**
   * Names of the classes.
   *
   * @param values {@code [classes]}, each another
   * @return this builder
   */
  public PredictionsBuilder classNames(List<String> values) {
    classNames = List.copyOf(values);
    return this;
  }

  /**
   * Divides each row by its sum instead of refusing rows that do not sum to 1.
   *
   * @return this builder
   */
  public PredictionsBuilder renormalise() {
    renormalise = true;
    return this;
  }

  /**
   * Checks everything and builds.
   *
   * @return the predictions
   * @throws InvalidRowException if a value is NaN, infinite or outside [0, 1], a row does not sum
   *     to 1, or a label, weight or expected entropy is out of range; names the first offending
   *     row, its value and how many there are
   * @throws IllegalArgumentException if lengths differ or something is missing
   * @throws IllegalStateException if this builder has built already
   */
  public Predictions build() {
    if (built) {
      throw new IllegalStateException(
          "a builder builds once, whether it refused or not: start a new one");
    }
    if (given == null && logits == null && samples.isEmpty()) {
      throw new IllegalArgumentException("predictions need probabilities, logits or samples");
    }
    // From here on what was given is changed in place, so that a second build would mix two inputs.
    built = true;
    boolean ofSamples = given == null && logits == null;
    if (ofSamples) {
      rows = samples.rows();
      classes = samples.classes();
    }
    PredictionChecks checks = new PredictionChecks(rows, classes);
    samples.check(checks, rows, classes, renormalise);
    if (logits != null) {
      given = checks.softmax(logits);
    } else if (ofSamples) {
      given = samples.mean();
      singlePrecision = false;
    }
    checks.checkDistributions(given, "probabilities", renormalise && logits == null, binary);
    singlePrecision &= !renormalise;
    Observations observations = Observations.of(rows, labels, weights, groups, ids);
    observations.checkLabels(checks);
    checks.checkExpectedEntropies(expectedEntropy);
    if (classNames != null) {
      RowMajor.checkLength("class names", classNames.size(), classes);
      if (new HashSet<>(classNames).size() < classes) {
        throw new IllegalArgumentException("class names must differ, got " + classNames);
      }
    }
    return new Predictions(this, observations, samples.withExpectedEntropy(expectedEntropy));
  }

  private double[] filled(int numRows, int numClasses, RowSource source) {
    RowMajor.checkSize(numRows, numClasses);
    rows = numRows;
    classes = numClasses;
    double[] into = new double[numRows * numClasses];
    source.readAll(numRows, numClasses, into);
    return into;
  }

  private static int width(float[][] values) {
    return values.length == 0 ? 0 : values[0].length;
  }

  private static int width(double[][] values) {
    return values.length == 0 ? 0 : values[0].length;
  }

  private void copy(double[] row, int r, double[] into, int from) {
    if (row.length != classes) {
      RowMajor.checkLength("row " + r, row.length, classes);
    }
    System.arraycopy(row, 0, into, from, classes);
  }

  private void copy(float[] row, int r, double[] into, int from) {
    if (row.length != classes) {
      RowMajor.checkLength("row " + r, row.length, classes);
    }
    for (int k = 0; k < classes; k++) {
      into[from + k] = row[k];
    }
  }
}
