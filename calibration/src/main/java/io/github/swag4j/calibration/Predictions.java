package io.github.swag4j.calibration;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Predicted class probabilities of a data set, {@code [rows][classes]}, with what is known about
 * the rows: labels, logits, expected entropy, probabilities of single posterior samples, weights,
 * groups, ids and class names.
 *
 * <p>Each row is a distribution: probabilities lie in [0, 1] (rounding up to {@value
 * #RANGE_TOLERANCE} beyond is clamped) and sum to 1 within {@value #SUM_TOLERANCE}. Nothing is ever
 * put through a sigmoid or softmax unless the caller says that the numbers are logits. A binary
 * problem given as one column holds the probability of the positive class, class 1; it is stored as
 * two columns and {@link #isBinary()} remembers how it was given.
 *
 * <p>Immutable; arrays are copied in and out. Safe for use by several threads.
 */
public final class Predictions {

  /** How far beyond [0, 1] a probability may lie by rounding; such values are clamped. */
  public static final double RANGE_TOLERANCE = 1e-6;

  /** How far a row's sum may be from 1. */
  public static final double SUM_TOLERANCE = 1e-4;

  private final int rows;
  private final int classes;
  private final double[] probabilities;
  private final boolean binary;
  private final boolean singlePrecision;
  private final double[] logits;
  private final int[] labels;
  private final double[] expectedEntropy;
  private final double[][] samples;
  private final double[] weights;
  private final String[] groups;
  private final String[] ids;
  private final List<String> classNames;

  private Predictions(Builder b, double[] probabilities, int rows, int classes) {
    this.rows = rows;
    this.classes = classes;
    this.probabilities = probabilities;
    this.binary = b.binary;
    this.singlePrecision = b.singlePrecision;
    this.logits = b.logits;
    this.labels = b.labels;
    this.expectedEntropy = b.expectedEntropy;
    this.samples = b.samples;
    this.weights = b.weights;
    this.groups = b.groups;
    this.ids = b.ids;
    this.classNames = b.classNames;
  }

  /**
   * Labelled float32 probabilities.
   *
   * @param probabilities {@code [rows][classes]}, rows sum to 1
   * @param labels {@code [rows]}, class indices
   * @return the predictions
   * @throws IllegalArgumentException if a value, a row or a label is not valid
   */
  public static Predictions of(float[][] probabilities, int[] labels) {
    return builder().probabilities(probabilities).labels(labels).build();
  }

  /**
   * Labelled float64 probabilities.
   *
   * @param probabilities {@code [rows][classes]}, rows sum to 1
   * @param labels {@code [rows]}, class indices
   * @return the predictions
   * @throws IllegalArgumentException if a value, a row or a label is not valid
   */
  public static Predictions of(double[][] probabilities, int[] labels) {
    return builder().probabilities(probabilities).labels(labels).build();
  }

  /**
   * Labelled logits: probabilities are their softmax.
   *
   * @param logits {@code [rows][classes]}, finite
   * @param labels {@code [rows]}, class indices
   * @return the predictions, with {@link #hasLogits()} true
   * @throws IllegalArgumentException if a value or a label is not valid
   */
  public static Predictions ofLogits(double[][] logits, int[] labels) {
    return builder().logits(logits).labels(labels).build();
  }

  /**
   * A binary problem given by the probability of the positive class, class 1.
   *
   * @param positive {@code [rows]}, in [0, 1]
   * @param labels {@code [rows]}, 0 or 1
   * @return the predictions, with {@link #isBinary()} true
   * @throws IllegalArgumentException if a value or a label is not valid
   */
  public static Predictions binary(double[] positive, int[] labels) {
    return builder().positiveProbabilities(positive).labels(labels).build();
  }

  /**
   * A builder for everything that the short factories do not take.
   *
   * @return an empty builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Number of rows.
   *
   * @return the rows, at least 1
   */
  public int rows() {
    return rows;
  }

  /**
   * Number of classes.
   *
   * @return the classes, at least 2
   */
  public int classes() {
    return classes;
  }

  /**
   * Whether the problem was given as one column of positive-class probabilities.
   *
   * @return true for one column
   */
  public boolean isBinary() {
    return binary;
  }

  /**
   * Whether the probabilities were given as float32.
   *
   * @return true for float32, false for float64
   */
  public boolean isSinglePrecision() {
    return singlePrecision;
  }

  /**
   * Probability of a class.
   *
   * @param row the row
   * @param k the class
   * @return p(k | row), in [0, 1]
   */
  public double probability(int row, int k) {
    return probabilities[index(row, k)];
  }

  /**
   * The distribution of a row, copied.
   *
   * @param row the row
   * @return {@code [classes]}
   */
  public double[] probabilities(int row) {
    int from = index(row, 0);
    return Arrays.copyOfRange(probabilities, from, from + classes);
  }

  /**
   * The most probable class; the lowest index among equals, as NumPy's argmax.
   *
   * @param row the row
   * @return a class index
   */
  public int predictedClass(int row) {
    int from = index(row, 0);
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (probabilities[from + k] > probabilities[from + best]) {
        best = k;
      }
    }
    return best;
  }

  /**
   * Top-label confidence: the largest probability of a row.
   *
   * @param row the row
   * @return max_k p(k | row)
   */
  public double confidence(int row) {
    return probabilities[index(row, predictedClass(row))];
  }

  /**
   * Whether the most probable class is the label.
   *
   * @param row the row
   * @return true if right
   * @throws IllegalStateException if there are no labels
   */
  public boolean isCorrect(int row) {
    return predictedClass(row) == label(row);
  }

  /**
   * Whether labels are known.
   *
   * @return true if so
   */
  public boolean hasLabels() {
    return labels != null;
  }

  /**
   * The label of a row.
   *
   * @param row the row
   * @return a class index
   * @throws IllegalStateException if there are no labels
   */
  public int label(int row) {
    return require(labels, "labels")[Objects.checkIndex(row, rows)];
  }

  /**
   * Whether the predictions were given as logits.
   *
   * @return true if so
   */
  public boolean hasLogits() {
    return logits != null;
  }

  /**
   * Logit of a class.
   *
   * @param row the row
   * @param k the class
   * @return the logit as given
   * @throws IllegalStateException if there are no logits
   */
  public double logit(int row, int k) {
    return require(logits, "logits")[index(row, k)];
  }

  /**
   * Whether the expected entropy of the posterior samples is known.
   *
   * @return true if given, or if the samples are there to compute it from
   */
  public boolean hasExpectedEntropy() {
    return expectedEntropy != null || samples != null;
  }

  /**
   * Mean over posterior samples of the entropy of their predictions, in nats.
   *
   * @param row the row
   * @return E_w[H(p(. | row, w))]
   * @throws IllegalStateException if neither it nor the samples were given
   */
  public double expectedEntropy(int row) {
    if (expectedEntropy == null && samples != null) {
      int from = index(row, 0);
      double sum = 0;
      for (double[] sample : samples) {
        sum += entropy(sample, from, classes);
      }
      return sum / samples.length;
    }
    return require(expectedEntropy, "expected entropies")[Objects.checkIndex(row, rows)];
  }

  /**
   * Entropy of a row's distribution, in nats: -sum_k p_k ln p_k, with 0 ln 0 = 0.
   *
   * @param row the row
   * @return the predictive (total) entropy, in [0, ln classes]
   */
  public double entropy(int row) {
    return entropy(probabilities, index(row, 0), classes);
  }

  /**
   * Number of posterior samples kept.
   *
   * @return 0 if there are none
   */
  public int samples() {
    return samples == null ? 0 : samples.length;
  }

  /**
   * Probability of a class under one posterior sample.
   *
   * @param sample the sample
   * @param row the row
   * @param k the class
   * @return p(k | row, w_sample)
   * @throws IllegalStateException if there are no samples
   */
  public double sampleProbability(int sample, int row, int k) {
    return require(samples, "posterior samples")[sample][index(row, k)];
  }

  /**
   * Whether rows carry weights.
   *
   * @return true if so
   */
  public boolean hasWeights() {
    return weights != null;
  }

  /**
   * The weight of a row.
   *
   * @param row the row
   * @return the weight given, 1 if none were
   */
  public double weight(int row) {
    Objects.checkIndex(row, rows);
    return weights == null ? 1 : weights[row];
  }

  /**
   * Whether rows belong to groups.
   *
   * @return true if so
   */
  public boolean hasGroups() {
    return groups != null;
  }

  /**
   * The group of a row.
   *
   * @param row the row
   * @return its group
   * @throws IllegalStateException if there are no groups
   */
  public String group(int row) {
    return require(groups, "groups")[Objects.checkIndex(row, rows)];
  }

  /**
   * Whether rows have ids.
   *
   * @return true if so
   */
  public boolean hasIds() {
    return ids != null;
  }

  /**
   * The id of a row.
   *
   * @param row the row
   * @return the id given
   * @throws IllegalStateException if there are no ids
   */
  public String id(int row) {
    return require(ids, "ids")[Objects.checkIndex(row, rows)];
  }

  /**
   * Whether the classes were given names.
   *
   * @return true if so
   */
  public boolean hasClassNames() {
    return classNames != null;
  }

  /**
   * Names of the classes.
   *
   * @return {@code [classes]}; the indices as text if none were given
   */
  public List<String> classNames() {
    if (classNames != null) {
      return classNames;
    }
    String[] names = new String[classes];
    Arrays.setAll(names, Integer::toString);
    return List.of(names);
  }

  private int index(int row, int k) {
    return Objects.checkIndex(row, rows) * classes + Objects.checkIndex(k, classes);
  }

  private static <T> T require(T value, String what) {
    if (value == null) {
      throw new IllegalStateException("these predictions have no " + what);
    }
    return value;
  }

  private static double entropy(double[] p, int from, int classes) {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      double v = p[from + k];
      if (v > 0) {
        sum -= v * Math.log(v);
      }
    }
    return Math.max(sum, 0);
  }

  /** Collects what is known, checks it as a whole and builds {@link Predictions}. */
  public static final class Builder {
    private double[] given;
    private int rows = -1;
    private int classes;
    private boolean binary;
    private boolean singlePrecision;
    private boolean renormalise;
    private double[] logits;
    private int[] labels;
    private double[] expectedEntropy;
    private double[][] samples;
    private double[] weights;
    private String[] groups;
    private String[] ids;
    private List<String> classNames;

    private Builder() {}

    /**
     * Float32 probabilities.
     *
     * @param values {@code [rows][classes]}
     * @return this builder
     */
    public Builder probabilities(float[][] values) {
      singlePrecision = true;
      return flat(
          values.length,
          values.length == 0 ? 0 : values[0].length,
          (r, c) -> values[r][c],
          r -> values[r].length);
    }

    /**
     * Float64 probabilities.
     *
     * @param values {@code [rows][classes]}
     * @return this builder
     */
    public Builder probabilities(double[][] values) {
      singlePrecision = false;
      return flat(
          values.length,
          values.length == 0 ? 0 : values[0].length,
          (r, c) -> values[r][c],
          r -> values[r].length);
    }

    /**
     * Float32 probabilities in row-major order.
     *
     * @param values {@code [rows * classes]}
     * @param numClasses number of classes
     * @return this builder
     */
    public Builder probabilities(float[] values, int numClasses) {
      checkFlat(values.length, numClasses);
      singlePrecision = true;
      return flat(
          values.length / numClasses,
          numClasses,
          (r, c) -> values[r * numClasses + c],
          r -> numClasses);
    }

    /**
     * Float64 probabilities in row-major order.
     *
     * @param values {@code [rows * classes]}
     * @param numClasses number of classes
     * @return this builder
     */
    public Builder probabilities(double[] values, int numClasses) {
      checkFlat(values.length, numClasses);
      singlePrecision = false;
      return flat(
          values.length / numClasses,
          numClasses,
          (r, c) -> values[r * numClasses + c],
          r -> numClasses);
    }

    /**
     * Positive-class probabilities of a binary problem.
     *
     * @param values {@code [rows]}, in [0, 1]
     * @return this builder
     */
    public Builder positiveProbabilities(double[] values) {
      binary = true;
      return flat(values.length, 2, (r, c) -> c == 1 ? values[r] : 1 - values[r], r -> 2);
    }

    /**
     * Logits; probabilities become their softmax.
     *
     * @param values {@code [rows][classes]}, finite
     * @return this builder
     */
    public Builder logits(double[][] values) {
      flat(
          values.length,
          values.length == 0 ? 0 : values[0].length,
          (r, c) -> values[r][c],
          r -> values[r].length);
      logits = given;
      given = new double[logits.length];
      for (int r = 0; r < rows; r++) {
        softmax(logits, given, r * classes, classes, r);
      }
      return this;
    }

    /**
     * Labels.
     *
     * @param values {@code [rows]}, class indices
     * @return this builder
     */
    public Builder labels(int[] values) {
      labels = values.clone();
      return this;
    }

    /**
     * Expected entropies of the posterior samples, in nats.
     *
     * @param values {@code [rows]}, at least 0
     * @return this builder
     */
    public Builder expectedEntropy(double[] values) {
      expectedEntropy = values.clone();
      return this;
    }

    /**
     * Probabilities under each posterior sample; when no mean was given, their mean becomes the
     * prediction.
     *
     * @param values {@code [samples][rows][classes]}
     * @return this builder
     */
    public Builder samples(double[][][] values) {
      double[][] flat = new double[values.length][];
      int r0 = values.length == 0 ? 0 : values[0].length;
      int c0 = r0 == 0 ? 0 : values[0][0].length;
      for (int s = 0; s < values.length; s++) {
        flat[s] = new double[Math.multiplyExact(r0, c0)];
        checkLength("samples[" + s + "]", values[s].length, r0);
        for (int r = 0; r < r0; r++) {
          checkLength("samples[" + s + "][" + r + "]", values[s][r].length, c0);
          System.arraycopy(values[s][r], 0, flat[s], r * c0, c0);
        }
      }
      if (given == null && values.length > 0) {
        rows = r0;
        classes = c0;
        given = new double[r0 * c0];
        for (int s = 0; s < flat.length; s++) {
          for (int i = 0; i < given.length; i++) {
            given[i] += (flat[s][i] - given[i]) / (s + 1);
          }
        }
      }
      samples = values.length == 0 ? null : flat;
      return this;
    }

    /**
     * Row weights.
     *
     * @param values {@code [rows]}, finite and at least 0, not all 0
     * @return this builder
     */
    public Builder weights(double[] values) {
      weights = values.clone();
      return this;
    }

    /**
     * Groups of the rows, for results by group.
     *
     * @param values {@code [rows]}
     * @return this builder
     */
    public Builder groups(String[] values) {
      groups = values.clone();
      return this;
    }

    /**
     * Ids of the rows.
     *
     * @param values {@code [rows]}
     * @return this builder
     */
    public Builder ids(String[] values) {
      ids = values.clone();
      return this;
    }

    /**
     * Names of the classes.
     *
     * @param values {@code [classes]}
     * @return this builder
     */
    public Builder classNames(List<String> values) {
      classNames = List.copyOf(values);
      return this;
    }

    /**
     * Divides each row by its sum instead of refusing rows that do not sum to 1.
     *
     * @return this builder
     */
    public Builder renormalise() {
      renormalise = true;
      return this;
    }

    /**
     * Checks everything and builds.
     *
     * @return the predictions
     * @throws IllegalArgumentException if a value is NaN, infinite or outside [0, 1], a row does
     *     not sum to 1, a label is out of range, or lengths differ; names the first offending row
     *     and how many there are
     */
    public Predictions build() {
      if (given == null) {
        throw new IllegalArgumentException("predictions need probabilities, logits or samples");
      }
      if (rows == 0) {
        throw new IllegalArgumentException("predictions need at least 1 row, got 0");
      }
      if (classes < 2) {
        throw new IllegalArgumentException(
            "predictions need at least 2 classes, got "
                + classes
                + ": give one column as positive-class probabilities of a binary problem");
      }
      double[] p = checkedRows(given, "probabilities");
      if (samples != null) {
        for (int s = 0; s < samples.length; s++) {
          samples[s] = checkedRows(samples[s], "samples[" + s + "]");
        }
      }
      checkLabels();
      checkRowValues("expected entropies", expectedEntropy);
      checkRowValues("weights", weights);
      if (weights != null && Arrays.stream(weights).sum() <= 0) {
        throw new IllegalArgumentException("weights must not all be 0");
      }
      if (groups != null) {
        checkLength("groups", groups.length, rows);
      }
      if (ids != null) {
        checkLength("ids", ids.length, rows);
      }
      if (classNames != null) {
        checkLength("class names", classNames.size(), classes);
      }
      return new Predictions(this, p, rows, classes);
    }

    private interface Cell {
      double at(int row, int column);
    }

    private interface Length {
      int of(int row);
    }

    private Builder flat(int numRows, int numClasses, Cell cell, Length length) {
      rows = numRows;
      classes = numClasses;
      given = new double[Math.multiplyExact(numRows, numClasses)];
      for (int r = 0; r < numRows; r++) {
        checkLength("row " + r, length.of(r), numClasses);
        for (int c = 0; c < numClasses; c++) {
          given[r * numClasses + c] = cell.at(r, c);
        }
      }
      return this;
    }

    private static void checkFlat(int length, int numClasses) {
      if (numClasses < 1 || length % numClasses != 0) {
        throw new IllegalArgumentException(
            "values.length must be a multiple of the number of classes, got "
                + length
                + " values and "
                + numClasses
                + " classes");
      }
    }

    private static void checkLength(String what, int got, int expected) {
      if (got != expected) {
        throw new IllegalArgumentException(what + " must have " + expected + " values, got " + got);
      }
    }

    private double[] checkedRows(double[] values, String what) {
      checkLength(what, values.length, rows * classes);
      double[] out = values.clone();
      int bad = 0;
      String first = null;
      for (int r = 0; r < rows; r++) {
        String problem = checkRow(out, r, what);
        if (problem != null) {
          bad++;
          first = first == null ? problem : first;
        }
      }
      if (bad > 0) {
        throw new IllegalArgumentException(
            first + " (" + bad + (bad == 1 ? " row of " : " rows of ") + rows + " not valid)");
      }
      return out;
    }

    private String checkRow(double[] p, int r, String what) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        double v = p[r * classes + k];
        double low = -RANGE_TOLERANCE;
        double high = renormalise ? Double.MAX_VALUE : 1 + RANGE_TOLERANCE;
        if (!(v >= low && v <= high)) {
          return what
              + "["
              + r
              + "]["
              + k
              + "] must be in [0, 1], got "
              + v
              + ": say so if these are logits";
        }
        sum += v;
      }
      if (renormalise) {
        if (!(sum > 0)) {
          return what + "[" + r + "] sums to " + sum + ", a row to renormalise must sum above 0";
        }
        for (int k = 0; k < classes; k++) {
          p[r * classes + k] /= sum;
        }
      } else if (Math.abs(sum - 1) > SUM_TOLERANCE) {
        return what
            + "["
            + r
            + "] sums to "
            + sum
            + ", probabilities must sum to 1 within "
            + SUM_TOLERANCE
            + ": say so if these are logits, or renormalise";
      }
      for (int k = 0; k < classes; k++) {
        p[r * classes + k] = Math.min(Math.max(p[r * classes + k], 0), 1);
      }
      return null;
    }

    private void checkLabels() {
      if (labels == null) {
        return;
      }
      checkLength("labels", labels.length, rows);
      int bad = 0;
      int first = -1;
      for (int r = 0; r < rows; r++) {
        if (labels[r] < 0 || labels[r] >= classes) {
          bad++;
          first = first < 0 ? r : first;
        }
      }
      if (bad > 0) {
        throw new IllegalArgumentException(
            "labels["
                + first
                + "] must be a class index below "
                + classes
                + ", got "
                + labels[first]
                + " ("
                + bad
                + (bad == 1 ? " row of " : " rows of ")
                + rows
                + " not valid)");
      }
    }

    private void checkRowValues(String what, double[] values) {
      if (values == null) {
        return;
      }
      checkLength(what, values.length, rows);
      for (int r = 0; r < rows; r++) {
        if (!(values[r] >= 0 && values[r] < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              what + "[" + r + "] must be finite and at least 0, got " + values[r]);
        }
      }
    }

    private static void softmax(double[] logits, double[] out, int from, int classes, int row) {
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        if (!Double.isFinite(logits[from + k])) {
          throw new IllegalArgumentException(
              "logits[" + row + "][" + k + "] must be finite, got " + logits[from + k]);
        }
        max = Math.max(max, logits[from + k]);
      }
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        out[from + k] = Math.exp(logits[from + k] - max);
        sum += out[from + k];
      }
      for (int k = 0; k < classes; k++) {
        out[from + k] /= sum;
      }
    }
  }
}
