package io.github.swag4j.calibration.regression;

import io.github.swag4j.base.SplitMix;
import io.github.swag4j.calibration.internal.ValueOrder;
import io.github.swag4j.calibration.regression.QuantileCalibration.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Calibration of the worst group, for groups of every size: predictions can be calibrated over all
 * rows and wrong for each half of them in opposite ways, which random groups bring to light. For
 * each share of the rows, the largest error of some groups drawn at random without replacement,
 * averaged over trials.
 *
 * <p>Small groups have large errors by chance alone, so compare curves of two models on the same
 * rows with the same options, or with that of rows whose targets were drawn from the predictions.
 * Groups are drawn over the rows in the order of their values: the order of the rows changes no
 * bit.
 *
 * @see <a href="https://arxiv.org/abs/2006.10288">Zhao, Ma and Ermon 2020, Individual Calibration
 *     with Randomized Forecasting, section 2</a>
 * @see <a href="https://arxiv.org/abs/2109.10254">Chung et al. 2021, Uncertainty Toolbox</a>
 */
public final class AdversarialGroupCalibration {

  /** Error of a group, of expected against observed proportions. */
  public enum GroupError {
    /** Mean of the absolute differences, as {@link QuantileCalibration#mace()}. */
    MACE,
    /** Root of the mean squared difference, as {@link QuantileCalibration#rmsce()}. */
    RMSCE
  }

  /**
   * How groups are drawn and judged.
   *
   * @param kind what is counted
   * @param error the error of a group
   * @param levels levels of proportions, at least 2
   * @param sizes number of group sizes, from 2 rows to all, at least 2
   * @param trials trials for each size, at least 2
   * @param groups groups in a trial, at least 1
   * @param seed seed of the groups
   */
  public record Options(
      Kind kind, GroupError error, int levels, int sizes, int trials, int groups, long seed) {
    /**
     * Checks the numbers.
     *
     * @param kind what is counted
     * @param error the error of a group
     * @param levels levels of proportions
     * @param sizes number of group sizes
     * @param trials trials for each size
     * @param groups groups in a trial
     * @param seed seed of the groups
     * @throws IllegalArgumentException if a number is too small
     */
    public Options {
      if (levels < 2 || sizes < 2 || trials < 2 || groups < 1) {
        throw new IllegalArgumentException(
            "levels, sizes and trials must be at least 2 and groups at least 1, got "
                + levels
                + ", "
                + sizes
                + ", "
                + trials
                + " and "
                + groups);
      }
    }

    /**
     * Uncertainty-toolbox's: MACE of central intervals at 100 levels, 10 sizes, 10 trials of 10
     * groups; seed 0.
     *
     * @return the defaults
     */
    public static Options defaults() {
      return new Options(Kind.CENTRAL_INTERVAL, GroupError.MACE, 100, 10, 10, 10, 0);
    }
  }

  /**
   * The worst group of a size.
   *
   * @param share share of the rows asked for, i / (sizes - 1)
   * @param rows rows of a group, at least 2
   * @param worst mean over trials of the largest error of a group, in [0, 1]
   * @param standardError standard error of that mean
   */
  public record Point(double share, int rows, double worst, double standardError) {}

  private final List<Point> points;
  private final Options options;

  private AdversarialGroupCalibration(List<Point> points, Options options) {
    this.points = List.copyOf(points);
    this.options = options;
  }

  /**
   * The curve.
   *
   * @param p at least 2 rows
   * @param options how groups are drawn and judged
   * @return the worst error for each group size
   * @throws IllegalArgumentException if there are fewer than 2 rows
   */
  public static AdversarialGroupCalibration of(RegressionPredictions p, Options options) {
    int n = p.rows();
    if (n < 2) {
      throw new IllegalArgumentException("groups need at least 2 rows, got " + n);
    }
    double[] reached = QuantileCalibration.reached(p, options.kind());
    double[] weights = Columns.weightsOf(p);
    int[] order = ValueOrder.of(reached, weights);
    int[] level = new int[n];
    double[] weight = ValueOrder.apply(order, weights);
    for (int i = 0; i < n; i++) {
      // The first level at which the row counts; beyond the last for none.
      level[i] = i == 0 ? 0 : level[i - 1];
      while (level[i] < options.levels()
          && reached[order[i]] > (double) level[i] / (options.levels() - 1)) {
        level[i]++;
      }
    }
    SplitMix random = new SplitMix(options.seed());
    List<Point> points = new ArrayList<>();
    int[] dealt = new int[n];
    Arrays.setAll(dealt, i -> i);
    for (int s = 0; s < options.sizes(); s++) {
      double share = (double) s / (options.sizes() - 1);
      int rows = (int) Math.max(2, Math.rint(n * share));
      double[] worst = new double[options.trials()];
      for (int t = 0; t < worst.length; t++) {
        for (int g = 0; g < options.groups(); g++) {
          draw(dealt, rows, random);
          int[] group = Arrays.copyOf(dealt, rows);
          if (p.hasWeights()) {
            // In one order whatever the group was drawn in, so that equal groups have equal errors;
            // counts are exact in any.
            Arrays.sort(group);
          }
          worst[t] = Math.max(worst[t], error(group, level, weight, options));
        }
      }
      points.add(point(share, rows, worst));
    }
    return new AdversarialGroupCalibration(points, options);
  }

  /** Brings a random group to the front (Fisher and Yates, as far as it is needed). */
  private static void draw(int[] dealt, int rows, SplitMix random) {
    for (int i = 0; i < rows; i++) {
      int j = i + (int) (random.uniform() * (dealt.length - i));
      int swap = dealt[i];
      dealt[i] = dealt[j];
      dealt[j] = swap;
    }
  }

  private static double error(int[] group, int[] level, double[] weight, Options options) {
    double[] mass = new double[options.levels() + 1];
    for (int i : group) {
      mass[level[i]] += weight[i];
    }
    double total = Arrays.stream(mass).sum();
    if (!(total > 0)) {
      return 0;
    }
    double below = 0;
    double sum = 0;
    for (int i = 0; i < options.levels(); i++) {
      below += mass[i];
      double gap = Math.abs(below / total - (double) i / (options.levels() - 1));
      sum += options.error() == GroupError.MACE ? gap : gap * gap;
    }
    double mean = sum / options.levels();
    return options.error() == GroupError.MACE ? mean : Math.sqrt(mean);
  }

  private static Point point(double share, int rows, double[] worst) {
    double mean = Arrays.stream(worst).sum() / worst.length;
    double squares = Arrays.stream(worst).map(v -> (v - mean) * (v - mean)).sum();
    double se = Math.sqrt(squares / (worst.length - 1.0) / worst.length);
    return new Point(share, rows, mean, se);
  }

  /**
   * The curve.
   *
   * @return by rising group size
   */
  public List<Point> points() {
    return points;
  }

  /**
   * How groups were drawn and judged.
   *
   * @return the options
   */
  public Options options() {
    return options;
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s of the worst of %d groups (%s, %d trials, seed %d)",
                options.error(),
                options.groups(),
                options.kind(),
                options.trials(),
                options.seed()));
    for (Point p : points) {
      text.append(
          String.format(
              Locale.ROOT, "%n  %,d rows: %.4f (+- %.4f)", p.rows(), p.worst(), p.standardError()));
    }
    return text.toString();
  }
}
