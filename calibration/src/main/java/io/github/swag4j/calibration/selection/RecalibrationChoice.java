package io.github.swag4j.calibration.selection;

import io.github.swag4j.calibration.Interval;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.internal.WeightedMeanVariance;
import io.github.swag4j.calibration.recalibration.CrossFitting;
import io.github.swag4j.calibration.recalibration.DirichletCalibration;
import io.github.swag4j.calibration.recalibration.MatrixScaling;
import io.github.swag4j.calibration.recalibration.Recalibrator;
import io.github.swag4j.calibration.recalibration.Recalibrators;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.calibration.scores.ProperScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which recalibration to use, by cross-fitting: every row is recalibrated by a map fitted on the
 * other folds, with the same folds for all methods, and the method with the least mean negative
 * log-likelihood of these rows is chosen; or none, where that is not less than the rows' own.
 *
 * <p>The NLL is a proper score: it is least in expectation for the true probabilities, and counts
 * what a method costs in sharpness as well as what it gains in calibration. Each candidate's
 * difference d = mean_i (l_i - l_i of the rows as they are) comes with its interval d +- 1.96 s,
 * s^2 the variance of a mean of paired differences. The least of several estimates flatters itself:
 * judge the map on rows of another file.
 *
 * @see <a href="https://doi.org/10.1111/j.2517-6161.1974.tb00994.x">Stone 1974, Cross-validatory
 *     choice and assessment of statistical predictions</a>
 */
public final class RecalibrationChoice {
  /** The name for leaving probabilities as they are. */
  public static final String NONE = "none";

  /** Folds unless there are fewer rows. */
  public static final int FOLDS = 5;

  private static final double NORMAL_95 = 1.959963984540054;

  /** Methods of as many numbers as classes squared. */
  private static final Set<String> OF_MATRICES =
      Set.of(MatrixScaling.METHOD, DirichletCalibration.METHOD);

  /**
   * A method that was looked at.
   *
   * @param method its name, or {@link #NONE}
   * @param nll mean NLL of the cross-fitted rows in nats, NaN if it could not be compared
   * @param brier their mean Brier score
   * @param ece their expected calibration error, 15 bins
   * @param difference NLL minus that of the rows as they are
   * @param interval 95 % interval of the difference
   * @param problem why it could not be compared, empty if it was
   */
  public record Candidate(
      String method,
      double nll,
      double brier,
      double ece,
      double difference,
      Interval interval,
      String problem) {

    /**
     * Whether it was compared.
     *
     * @return whether there is no problem
     */
    public boolean compared() {
      return problem.isEmpty();
    }

    /**
     * Whether it lowers the NLL by more than noise.
     *
     * @return whether the whole interval is below 0
     */
    public boolean clearlyBetter() {
      return interval.upper() < 0;
    }
  }

  private final Predictions rows;
  private final int folds;
  private final List<Candidate> candidates;
  private final Candidate best;

  private RecalibrationChoice(Predictions rows, int folds, List<Candidate> candidates) {
    this.rows = rows;
    this.folds = folds;
    this.candidates = List.copyOf(candidates);
    best =
        candidates.stream()
            .filter(Candidate::compared)
            .min(Comparator.comparingDouble(Candidate::nll))
            .orElseThrow();
  }

  /**
   * Compares all methods of {@link Recalibrators} with five folds.
   *
   * @param rows labelled rows to fit on, not those to be judged
   * @param seed seed of the folds
   * @return the choice
   * @throws IllegalArgumentException if there are no labels or fewer than two rows, or ids
   */
  public static RecalibrationChoice of(Predictions rows, long seed) {
    return of(rows, Recalibrators.methods(), Math.min(FOLDS, things(rows)), seed);
  }

  /**
   * Compares.
   *
   * @param rows labelled rows to fit on, not those to be judged
   * @param methods names of methods; the first of equals is chosen
   * @param folds number of folds, as {@link CrossFitting#of}
   * @param seed seed of the folds
   * @return the choice
   * @throws IllegalArgumentException if there are no labels, a method is not known, or the number
   *     of folds is out of range
   */
  public static RecalibrationChoice of(
      Predictions rows, Iterable<String> methods, int folds, long seed) {
    if (!rows.hasLabels()) {
      throw new IllegalArgumentException("the choice of a method needs labels, got none");
    }
    if (folds < 2) {
      throw new IllegalArgumentException(
          "cross-fitting needs at least 2 rows (or ids), got " + things(rows));
    }
    double[] own = losses(rows);
    List<Candidate> found = new ArrayList<>();
    found.add(judged(NONE, rows, own));
    for (String method : methods) {
      found.add(candidate(rows, method, folds, seed, own));
    }
    return new RecalibrationChoice(rows, folds, found);
  }

  /** Rows, or ids where rows have some: what folds are dealt of. */
  private static int things(Predictions rows) {
    if (!rows.hasIds()) {
      return rows.rows();
    }
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < rows.rows(); i++) {
      ids.add(rows.id(i));
    }
    return ids.size();
  }

  private static Candidate candidate(
      Predictions rows, String method, int folds, long seed, double[] own) {
    long numbers = (long) rows.classes() * (rows.classes() + 1);
    long fitted = (long) rows.rows() * (folds - 1) / folds;
    if (OF_MATRICES.contains(method) && numbers > fitted) {
      return failed(method, "it fits " + numbers + " numbers, more than the " + fitted + " rows");
    }
    try {
      CrossFitting fit =
          CrossFitting.of(rows, folds, seed, fold -> Recalibrators.fit(method, fold));
      return judged(method, fit.predictions(), own);
    } catch (IllegalArgumentException e) {
      return failed(method, String.valueOf(e.getMessage()));
    }
  }

  private static Candidate failed(String method, String problem) {
    double none = Double.NaN;
    return new Candidate(method, none, none, none, none, Interval.UNKNOWN, problem);
  }

  private static Candidate judged(String method, Predictions after, double[] own) {
    ProperScores scores = ProperScores.of(after);
    double[] losses = losses(after);
    double[] weights = new double[losses.length];
    double total = 0;
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      losses[i] -= own[i];
      weights[i] = after.hasWeights() ? after.weight(i) : 1;
      total += weights[i];
      sum += weights[i] * losses[i];
    }
    double difference = sum / total;
    double half = NORMAL_95 * Math.sqrt(WeightedMeanVariance.of(losses, weights));
    return new Candidate(
        method,
        scores.nll(),
        scores.brier(),
        CalibrationError.of(after, BinningConvention.GUO).ece(),
        difference,
        Double.isNaN(half) ? Interval.UNKNOWN : new Interval(difference - half, difference + half),
        "");
  }

  private static double[] losses(Predictions rows) {
    double[] out = new double[rows.rows()];
    Arrays.setAll(
        out, i -> -Math.log(Math.max(rows.probability(i, rows.label(i)), ProperScores.NLL_FLOOR)));
    return out;
  }

  /**
   * The choice.
   *
   * @return the candidate of the least NLL, {@link #NONE} among them
   */
  public Candidate best() {
    return best;
  }

  /**
   * All that were looked at.
   *
   * @return {@link #NONE} first, then the methods in their order
   */
  public List<Candidate> candidates() {
    return candidates;
  }

  /**
   * Number of folds.
   *
   * @return at least 2
   */
  public int folds() {
    return folds;
  }

  /**
   * The chosen method fitted on all rows.
   *
   * @return the map; of {@link #NONE} a temperature of 1, which changes nothing
   */
  public Recalibrator fit() {
    return best.method().equals(NONE)
        ? TemperatureScaling.of(1, rows.classes())
        : Recalibrators.fit(best.method(), rows);
  }
}
