package io.github.swag4j.calibration.conformal;

import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.DataFingerprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * Split conformal classification: a threshold for each stratum, the ceil((n + 1)(1 - alpha))-th
 * smallest score of the true class among its n calibration rows.
 *
 * <p>If calibration rows and new rows are exchangeable, sets hold the true class with probability
 * at least 1 - alpha (in each stratum, if conditioned). Where that order statistic exceeds n, and
 * for groups that calibration never saw, sets hold every class. Immutable; safe for use by several
 * threads; {@link #toJson()} keeps every bit.
 *
 * @see <a href="https://arxiv.org/abs/2107.07511">Angelopoulos and Bates 2021, A gentle
 *     introduction to conformal prediction</a>
 */
public final class ConformalClassifier {
  private static final int CALIBRATION = 0;
  private static final int PREDICTION = 1;

  /**
   * What sets are asked for.
   *
   * @param alpha error rate, in (0, 1)
   * @param score how unusual a class is for a row
   * @param conditioning for what coverage is promised
   * @param neverEmpty whether a set that would be empty gets the most probable class
   */
  public record Options(
      double alpha, ConformalScore score, Conditioning conditioning, boolean neverEmpty) {
    /**
     * Checks the error rate.
     *
     * @param alpha error rate, in (0, 1)
     * @param score how unusual a class is for a row
     * @param conditioning for what coverage is promised
     * @param neverEmpty whether a set that would be empty gets the most probable class
     * @throws IllegalArgumentException if it is not inside (0, 1)
     */
    public Options {
      if (!(alpha > 0 && alpha < 1)) {
        throw new IllegalArgumentException("alpha must be between 0 and 1, got " + alpha);
      }
    }

    /**
     * Marginal coverage 1 - alpha; sets may be empty.
     *
     * @param alpha error rate, in (0, 1)
     * @param score how unusual a class is for a row
     * @return the options
     */
    public static Options of(double alpha, ConformalScore score) {
      return new Options(alpha, score, Conditioning.MARGINAL, false);
    }

    /**
     * These options with another conditioning.
     *
     * @param other for what coverage is promised
     * @return the options
     */
    public Options conditionalOn(Conditioning other) {
      return new Options(alpha, score, other, neverEmpty);
    }

    /**
     * These options with the most probable class in sets that would be empty. Coverage only rises.
     *
     * @return the options
     */
    public Options withoutEmptySets() {
      return new Options(alpha, score, conditioning, true);
    }
  }

  /**
   * A part of the rows with its own threshold.
   *
   * @param name {@code all}, the class's name or the group
   * @param threshold greatest score in a set; infinity where sets hold every class
   * @param coverage distribution of the coverage, with the number of calibration rows
   */
  public record Stratum(String name, double threshold, CoverageDistribution coverage) {}

  private final Options options;
  private final int classes;
  private final DataFingerprint fittedOn;
  private final List<Stratum> strata;

  private ConformalClassifier(
      Options options, int classes, DataFingerprint fittedOn, List<Stratum> strata) {
    this.options = options;
    this.classes = classes;
    this.fittedOn = fittedOn;
    this.strata = List.copyOf(strata);
  }

  /**
   * Learns the thresholds.
   *
   * @param calibration labelled rows, neither trained on nor to be judged
   * @param options what sets are asked for
   * @return the classifier
   * @throws IllegalArgumentException if there are no labels, no groups where they are conditioned
   *     on, or rows of different weight, for which exchangeability says nothing
   */
  public static ConformalClassifier fit(Predictions calibration, Options options) {
    if (!calibration.hasLabels()) {
      throw new IllegalArgumentException("conformal calibration needs labels, got rows without");
    }
    requireEqualWeights(calibration);
    List<String> names = names(calibration, options.conditioning());
    int[] stratum = new int[calibration.rows()];
    int[] counts = new int[names.size()];
    for (int i = 0; i < stratum.length; i++) {
      stratum[i] =
          switch (options.conditioning()) {
            case MARGINAL -> 0;
            case CLASS -> calibration.label(i);
            case GROUP -> Collections.binarySearch(names, calibration.group(i));
          };
      counts[stratum[i]]++;
    }
    double[][] scores = new double[names.size()][];
    Arrays.setAll(scores, s -> new double[counts[s]]);
    double[] row = new double[calibration.classes()];
    for (int i = 0; i < stratum.length; i++) {
      options.score().of(calibration, i, CALIBRATION, i, row);
      scores[stratum[i]][--counts[stratum[i]]] = row[calibration.label(i)];
    }
    List<Stratum> strata = new ArrayList<>();
    for (int s = 0; s < scores.length; s++) {
      strata.add(stratum(names.get(s), scores[s], options.alpha()));
    }
    return new ConformalClassifier(
        options, calibration.classes(), DataFingerprint.of(calibration), strata);
  }

  private static Stratum stratum(String name, double[] scores, double alpha) {
    CoverageDistribution coverage = CoverageDistribution.of(scores.length, alpha);
    Arrays.sort(scores);
    double threshold =
        coverage.isWhole() ? Double.POSITIVE_INFINITY : scores[(int) coverage.rank() - 1];
    return new Stratum(name, threshold, coverage);
  }

  private static List<String> names(Predictions calibration, Conditioning conditioning) {
    return switch (conditioning) {
      case MARGINAL -> List.of("all");
      case CLASS -> calibration.classNames();
      case GROUP -> {
        requireGroups(calibration);
        TreeSet<String> groups = new TreeSet<>();
        for (int i = 0; i < calibration.rows(); i++) {
          groups.add(calibration.group(i));
        }
        yield List.copyOf(groups);
      }
    };
  }

  private static void requireEqualWeights(Predictions calibration) {
    for (int i = 1; i < calibration.rows(); i++) {
      if (calibration.weight(i) != calibration.weight(0)) {
        throw new IllegalArgumentException(
            "conformal calibration rows must all weigh the same, got weights[0] "
                + calibration.weight(0)
                + " and weights["
                + i
                + "] "
                + calibration.weight(i)
                + ": the promised coverage rests on rows that are exchangeable with new ones, and new"
                + " rows have no weight: leave weights out, or make the sets conditional on groups");
      }
    }
  }

  private static void requireGroups(Predictions predictions) {
    if (!predictions.hasGroups()) {
      throw new IllegalArgumentException(
          "sets conditional on groups need the group of each row, got rows without groups");
    }
  }

  /**
   * Sets for new rows.
   *
   * @param predictions predictions of the same classes, with groups where they are conditioned on
   * @return a set for each row
   * @throws IllegalArgumentException if the number of classes differs, groups are missing, or these
   *     hold too many of the labelled calibration rows, on which coverage would flatter; the rule
   *     is that of {@link DataFingerprint}; or if rows x classes is beyond 2^31 - 1
   */
  public PredictionSets predict(Predictions predictions) {
    return predict(predictions, 0);
  }

  /**
   * Sets for new rows that are part of a longer series, so that randomised sets do not depend on
   * how it is cut into batches.
   *
   * @param predictions predictions of the same classes, with groups where they are conditioned on
   * @param firstRow number of the first row in the series
   * @return a set for each row
   * @throws IllegalArgumentException as {@link #predict(Predictions)}
   */
  public PredictionSets predict(Predictions predictions, long firstRow) {
    if (predictions.classes() != classes) {
      throw new IllegalArgumentException(
          "thresholds were learnt for "
              + classes
              + " classes, got predictions of "
              + predictions.classes());
    }
    fittedOn.requireUnseen("a conformal classifier", predictions);
    if (options.conditioning() == Conditioning.GROUP) {
      requireGroups(predictions);
    }
    BitSet members = new BitSet(PredictionSets.cells(predictions.rows(), classes));
    double[] scores = new double[classes];
    for (int row = 0; row < predictions.rows(); row++) {
      options.score().of(predictions, row, PREDICTION, firstRow + row, scores);
      int at = row * classes;
      boolean any = false;
      for (int k = 0; k < classes; k++) {
        if (scores[k] <= threshold(predictions, row, k)) {
          members.set(at + k);
          any = true;
        }
      }
      if (!any && options.neverEmpty()) {
        members.set(at + predictions.predictedClass(row));
      }
    }
    return new PredictionSets(predictions, members, options.conditioning(), strata);
  }

  private double threshold(Predictions predictions, int row, int k) {
    return switch (options.conditioning()) {
      case MARGINAL -> strata.get(0).threshold();
      case CLASS -> strata.get(k).threshold();
      case GROUP -> {
        int at = indexOf(strata, predictions.group(row));
        yield at < 0 ? Double.POSITIVE_INFINITY : strata.get(at).threshold();
      }
    };
  }

  /** Strata of groups are sorted by name. */
  static int indexOf(List<Stratum> strata, String name) {
    int low = 0;
    int high = strata.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = strata.get(middle).name().compareTo(name);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /**
   * What sets were asked for.
   *
   * @return the options
   */
  public Options options() {
    return options;
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
   * The rows the thresholds were learnt from.
   *
   * @return their fingerprint
   */
  public DataFingerprint fittedOn() {
    return fittedOn;
  }

  /**
   * The thresholds: one, or one for each class in order, or one for each group by name.
   *
   * @return the strata
   */
  public List<Stratum> strata() {
    return strata;
  }

  /**
   * The classifier as JSON text.
   *
   * @return one JSON object on one line, numbers to the last bit
   */
  public String toJson() {
    return ConformalJson.write(this).toString();
  }

  /**
   * Reads a classifier that {@link #toJson()} wrote. It makes the same sets.
   *
   * @param text one JSON object
   * @return the classifier
   * @throws IllegalArgumentException if the text is not JSON, or a part is missing, unknown or out
   *     of range; names the place
   */
  public static ConformalClassifier fromJson(String text) {
    return ConformalJson.read(JsonObject.parse(text));
  }

  static ConformalClassifier restored(
      Options options, int classes, DataFingerprint fittedOn, List<Stratum> strata) {
    return new ConformalClassifier(options, classes, fittedOn, strata);
  }
}
