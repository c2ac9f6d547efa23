package io.github.swag4j.calibration.conformal;

import io.github.swag4j.calibration.internal.CompensatedSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Choice of a parameter lambda (a threshold, a set size, ...) by the losses it costs on calibration
 * rows, with a guarantee for new rows that are exchangeable with them. Losses lie in [0, 1]:
 * whether the label is missed, the share of a row's labels that is missed, 1 - precision, ...
 *
 * <ul>
 *   <li>{@link #conformal}: expected loss of a new row at most alpha, for losses that never rise
 *       with lambda and are surely at most alpha at the last one (all classes in the set, no
 *       answer): the first lambda with (n r(lambda) + 1) / (n + 1) at most alpha, r the mean loss,
 *       or the last if none is. The expectation is over calibration rows and the new row together:
 *       it holds for this procedure, not for a lambda given that it was chosen.
 *   <li>{@link #learnThenTest}: with probability 1 - delta over the calibration rows, the expected
 *       loss is at most alpha for <i>every</i> lambda returned, for any losses at all: those whose
 *       Hoeffding-Bentkus p-value passes a correction for many tests. With losses that never rise
 *       with lambda and {@link Correction#FIXED_SEQUENCE} these are risk-controlling prediction
 *       sets.
 * </ul>
 *
 * @see <a href="https://arxiv.org/abs/2208.02814">Angelopoulos et al. 2022, Conformal Risk Control,
 *     theorem 1</a>
 * @see <a href="https://arxiv.org/abs/2110.01052">Angelopoulos et al. 2021, Learn then Test</a>
 * @see <a href="https://arxiv.org/abs/2101.02703">Bates et al. 2021, Distribution-free,
 *     risk-controlling prediction sets</a>
 */
public final class RiskControl {

  /** How many tests at once are corrected for. */
  public enum Correction {
    /** Each lambda at delta / number of lambdas; their order does not matter. */
    BONFERRONI,
    /**
     * Each at delta, in the order given and until one fails: give the safest first. An order must
     * not be chosen by the calibration rows.
     */
    FIXED_SEQUENCE
  }

  /** What a guarantee rests on. */
  public enum Evidence {
    /** Bound on the expected loss, (n r + 1) / (n + 1), of conformal risk control. */
    EXPECTED_LOSS("expected loss at most"),
    /** Hoeffding-Bentkus p-value of "the expected loss is above alpha", of learn-then-test. */
    P_VALUE("p-value");

    private final String label;

    Evidence(String label) {
      this.label = label;
    }
  }

  /**
   * A lambda with its guarantee.
   *
   * @param lambda the parameter
   * @param index its place among those given
   * @param risk mean loss on the calibration rows
   * @param kind what the guarantee rests on
   * @param evidence its value, in [0, 1]: the bound, at most alpha, or the p-value
   */
  public record Choice(double lambda, int index, double risk, Evidence kind, double evidence) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "lambda %s, mean calibration loss %.4f, %s %.4g",
          lambda,
          risk,
          kind.label,
          evidence);
    }
  }

  private RiskControl() {}

  /**
   * Conformal risk control.
   *
   * @param lambdas the parameters, from the least to the most cautious
   * @param losses {@code [rows][lambdas]}, in [0, 1], never rising along a row, and at most alpha
   *     at the last lambda, for new rows as well as for these
   * @param alpha greatest expected loss wanted, in (0, 1)
   * @return the first lambda that qualifies; empty if none does, as with fewer than 1 / alpha - 1
   *     rows. The promise is then kept by the last lambda, or by anything else whose loss is at
   *     most alpha, such as no answer, and by nothing less
   * @throws IllegalArgumentException if there are no rows or lambdas, lengths differ, a lambda is
   *     NaN, a loss is not in [0, 1], rises, or is above alpha at the last lambda, or alpha is out
   *     of range
   */
  public static Optional<Choice> conformal(double[] lambdas, double[][] losses, double alpha) {
    check(lambdas, losses, alpha);
    for (int row = 0; row < losses.length; row++) {
      for (int i = 1; i < lambdas.length; i++) {
        if (losses[row][i] > losses[row][i - 1]) {
          throw new IllegalArgumentException(
              "losses["
                  + row
                  + "] must never rise with lambda for conformal risk control, got "
                  + losses[row][i - 1]
                  + " and then "
                  + losses[row][i]
                  + ": learn-then-test takes any losses");
        }
      }
      double last = losses[row][lambdas.length - 1];
      if (last > alpha) {
        throw new IllegalArgumentException(
            "losses["
                + row
                + "] must be at most alpha "
                + alpha
                + " at the last lambda, "
                + lambdas[lambdas.length - 1]
                + ", as the promise rests on a lambda that is always safe, got "
                + last
                + ": add one, such as all classes or no answer, or use learn-then-test");
      }
    }
    for (int i = 0; i < lambdas.length; i++) {
      double bound = (sum(losses, i) + 1) / (losses.length + 1.0);
      if (bound <= alpha) {
        double risk = sum(losses, i) / losses.length;
        return Optional.of(new Choice(lambdas[i], i, risk, Evidence.EXPECTED_LOSS, bound));
      }
    }
    return Optional.empty();
  }

  /**
   * Learn-then-test: all lambdas that are safe together, of which the most useful may be taken.
   *
   * @param lambdas the parameters
   * @param losses {@code [rows][lambdas]}, in [0, 1]
   * @param alpha greatest expected loss wanted, in (0, 1)
   * @param delta probability with which the guarantee may fail, in (0, 1)
   * @param correction how many tests are corrected for
   * @return the lambdas that qualify, in the order given
   * @throws IllegalArgumentException if there are no rows or lambdas, lengths differ, a lambda is
   *     NaN, a loss is not in [0, 1], or alpha or delta is out of range
   */
  public static List<Choice> learnThenTest(
      double[] lambdas, double[][] losses, double alpha, double delta, Correction correction) {
    check(lambdas, losses, alpha);
    requireOpen("delta", delta);
    double level = correction == Correction.BONFERRONI ? delta / lambdas.length : delta;
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < lambdas.length; i++) {
      double risk = sum(losses, i) / losses.length;
      double p = HoeffdingBentkus.pValue(risk, losses.length, alpha, zeroOrOne(losses, i));
      if (p <= level) {
        choices.add(new Choice(lambdas[i], i, risk, Evidence.P_VALUE, p));
      } else if (correction == Correction.FIXED_SEQUENCE) {
        break;
      }
    }
    return List.copyOf(choices);
  }

  private static boolean zeroOrOne(double[][] losses, int i) {
    for (double[] row : losses) {
      if (row[i] != 0 && row[i] != 1) {
        return false;
      }
    }
    return true;
  }

  private static double sum(double[][] losses, int i) {
    double[] column = new double[losses.length];
    for (int row = 0; row < column.length; row++) {
      column[row] = losses[row][i];
    }
    Arrays.sort(column);
    CompensatedSum sum = new CompensatedSum();
    for (double loss : column) {
      sum.add(loss);
    }
    return sum.value();
  }

  private static void check(double[] lambdas, double[][] losses, double alpha) {
    requireOpen("alpha", alpha);
    if (lambdas.length == 0 || losses.length == 0) {
      throw new IllegalArgumentException(
          "risk control needs at least 1 lambda and 1 row, got "
              + lambdas.length
              + " and "
              + losses.length);
    }
    requireNumbers("lambdas", lambdas);
    for (int row = 0; row < losses.length; row++) {
      if (losses[row].length != lambdas.length) {
        throw new IllegalArgumentException(
            "losses["
                + row
                + "] must have a value for each of "
                + lambdas.length
                + " lambdas, got "
                + losses[row].length);
      }
      for (int i = 0; i < lambdas.length; i++) {
        if (!(losses[row][i] >= 0 && losses[row][i] <= 1)) {
          throw new IllegalArgumentException(
              "losses[" + row + "][" + i + "] must be in [0, 1], got " + losses[row][i]);
        }
      }
    }
  }

  static void requireNumbers(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new IllegalArgumentException(name + "[" + i + "] must be a number, got NaN");
      }
    }
  }

  static void requireOpen(String name, double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be between 0 and 1, got " + value);
    }
  }
}
