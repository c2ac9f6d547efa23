package io.github.swag4j.calibration;

import io.github.swag4j.calibration.internal.RowMajor;
import io.github.swag4j.calibration.internal.Simplex;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Predicted class probabilities of a data set, {@code [rows][classes]}, with what is known about
 * the rows: labels, logits, expected entropy, probabilities of single posterior samples, weights,
 * groups, ids and class names.
 *
 * <p>Each row is a distribution: probabilities lie in [0, 1] (rounding up to {@value
 * #RANGE_TOLERANCE} beyond is clamped) and sum to 1 within {@value #SUM_TOLERANCE}. Nothing is ever
 * put through a sigmoid or softmax unless the caller says that the numbers are logits.
 *
 * <p>A binary problem has two forms. One column holds the probability of the positive class, class
 * 1; it is stored as the two columns 1 - p and p, and {@link #isBinary()} remembers how it was
 * given, so that metrics may look at p(positive). Two columns are a problem of two classes like any
 * other: metrics look at the top label, whose confidence is at least 1/2.
 *
 * <p>Immutable; arrays are copied in and out. Safe for use by several threads.
 */
public final class Predictions {

  /** How far beyond [0, 1] a probability may lie by rounding; such values are clamped. */
  public static final double RANGE_TOLERANCE = Simplex.RANGE_TOLERANCE;

  /** How far a row's sum may be from 1, as its decimals read; see {@link #SUM_LIMIT}. */
  public static final double SUM_TOLERANCE = Simplex.SUM_TOLERANCE;

  /**
   * How far a row's sum may be from 1, as it is computed. Decimals that sum to 0.9999 sum to some
   * bits less once they are float64, and to up to 2^-24 less once they are float32.
   */
  public static final double SUM_LIMIT = Simplex.SUM_LIMIT;

  private final int rows;
  private final int classes;
  private final double[] probabilities;
  private final boolean binary;
  private final boolean singlePrecision;
  private final double[] logits;
  private final Observations observations;
  private final PosteriorSamples posterior;
  private final List<String> classNames;

  /** What a builder has checked. */
  Predictions(PredictionsBuilder b, Observations observations, PosteriorSamples posterior) {
    this.rows = b.rows;
    this.classes = b.classes;
    this.probabilities = b.given;
    this.binary = b.binary;
    this.singlePrecision = b.singlePrecision;
    this.logits = b.logits;
    this.observations = observations;
    this.posterior = posterior;
    this.classNames = b.classNames;
  }

  /** Rows of other predictions. */
  private Predictions(Predictions all, int[] selected) {
    this.observations = all.observations.select(selected);
    this.rows = selected.length;
    this.classes = all.classes;
    RowMajor.checkSize(rows, classes);
    this.probabilities = RowMajor.gather(all.probabilities, selected, classes);
    this.binary = all.binary;
    this.singlePrecision = all.singlePrecision;
    this.logits = RowMajor.gather(all.logits, selected, classes);
    this.posterior = all.posterior.select(selected);
    this.classNames = all.classNames;
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
  public static PredictionsBuilder builder() {
    return new PredictionsBuilder();
  }

  /** {@return the number of rows, at least 1} */
  public int rows() {
    return rows;
  }

  /** {@return the number of classes, at least 2} */
  public int classes() {
    return classes;
  }

  /** {@return whether the problem was given as one column of positive-class probabilities} */
  public boolean isBinary() {
    return binary;
  }

  /** {@return whether the probabilities were given as float32} */
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
   * What is known of the rows beside their predictions: labels, weights, groups and ids.
   *
   * @return the observations, for other predictions of the same rows
   */
  public Observations observations() {
    return observations;
  }

  /** {@return whether labels are known} */
  public boolean hasLabels() {
    return observations.hasLabels();
  }

  /**
   * The label of a row.
   *
   * @param row the row
   * @return a class index
   * @throws IllegalStateException if there are no labels
   */
  public int label(int row) {
    return observations.label(row);
  }

  /** {@return whether the predictions were given as logits} */
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

  /** {@return whether the expected entropy is known: given, or computed from posterior samples} */
  public boolean hasExpectedEntropy() {
    return posterior.hasExpectedEntropy();
  }

  /**
   * Mean over posterior samples of the entropy of their predictions, in nats.
   *
   * @param row the row
   * @return E_w[H(p(. | row, w))]
   * @throws IllegalStateException if neither it nor the samples were given
   */
  public double expectedEntropy(int row) {
    return posterior.expectedEntropy(row);
  }

  /**
   * Entropy of a row's distribution, in nats: -sum_k p_k ln p_k, with 0 ln 0 = 0.
   *
   * @param row the row
   * @return the predictive (total) entropy, in [0, ln classes]
   */
  public double entropy(int row) {
    return Simplex.entropy(probabilities, index(row, 0), classes);
  }

  /** {@return the number of posterior samples kept, 0 if there are none} */
  public int samples() {
    return posterior.count();
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
    return posterior.probability(sample, index(row, k));
  }

  /** {@return whether rows carry weights} */
  public boolean hasWeights() {
    return observations.hasWeights();
  }

  /**
   * The weight of a row.
   *
   * @param row the row
   * @return the weight given, 1 if none were
   */
  public double weight(int row) {
    return observations.weight(row);
  }

  /** {@return whether rows belong to groups} */
  public boolean hasGroups() {
    return observations.hasGroups();
  }

  /**
   * The group of a row.
   *
   * @param row the row
   * @return its group
   * @throws IllegalStateException if there are no groups
   */
  public String group(int row) {
    return observations.group(row);
  }

  /** {@return whether rows have ids} */
  public boolean hasIds() {
    return observations.hasIds();
  }

  /**
   * The id of a row.
   *
   * @param row the row
   * @return the id given
   * @throws IllegalStateException if there are no ids
   */
  public String id(int row) {
    return observations.id(row);
  }

  /** {@return whether the classes were given names} */
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

  /**
   * The given rows as predictions of their own, with all that is known about them.
   *
   * @param selected rows in the order wanted; a row may come more than once, as in a bootstrap
   * @return predictions with {@code selected.length} rows
   * @throws IllegalArgumentException if no row is selected, or only rows of weight 0
   * @throws IndexOutOfBoundsException if a row does not exist
   */
  public Predictions select(int[] selected) {
    return new Predictions(this, selected);
  }

  private int index(int row, int k) {
    return Objects.checkIndex(row, rows) * classes + Objects.checkIndex(k, classes);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "predictions of %,d rows and %,d classes%s%s",
        rows,
        classes,
        hasLabels() ? "" : ", no labels",
        samples() == 0 ? "" : ", " + samples() + " posterior samples");
  }

  static <T> T require(T value, String what) {
    if (value == null) {
      throw new IllegalStateException("these predictions have no " + what);
    }
    return value;
  }
}
