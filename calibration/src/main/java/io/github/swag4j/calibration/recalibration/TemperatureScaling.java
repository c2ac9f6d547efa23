package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.Checks;
import io.github.swag4j.calibration.recalibration.fit.FittingSet;
import io.github.swag4j.calibration.recalibration.fit.TemperatureLikelihood;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Temperature scaling: softmax(z / T) with one T > 0 for all classes.
 *
 * <p>The mean negative log-likelihood is convex in beta = 1/T, so the fit is a root of its
 * derivative: Newton's method kept inside a bracket by bisection. It cannot diverge, become
 * negative or raise the negative log-likelihood of the fitting rows; the predicted class of a row
 * never changes. Where there are no logits, logarithms of the probabilities take their place
 * (temperature does not see the constant between them).
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, On Calibration of Modern Neural
 *     Networks, section 4.2</a>
 */
public final class TemperatureScaling extends LogitRecalibrator {

  /** The name of the method. */
  public static final String METHOD = "temperature";

  /** Where the optimum was found. */
  public enum Outcome {
    /** At a temperature inside the limits, where the derivative is 0. Saved as 0. */
    INTERIOR(0, "converged, the likelihood is greatest at this temperature"),
    /** At the least temperature allowed: the likelihood would rise further below it. Saved as 1. */
    AT_MINIMUM(
        1,
        "stopped at the least temperature allowed, the likelihood would rise further below it: all"
            + " rows are predicted right (separable), or nearly"),
    /**
     * At the greatest temperature allowed: the likelihood would rise further above it. Saved as 2.
     */
    AT_MAXIMUM(
        2,
        "stopped at the greatest temperature allowed, the likelihood would rise further above it:"
            + " the scores say little about the labels"),
    /** Nowhere: the temperature was given, not fitted. Saved as 3. */
    GIVEN(3, "not fitted, the temperature was given");

    /** In files: must not change, whatever the order above. */
    private final int code;

    private final String words;

    Outcome(int code, String words) {
      this.code = code;
      this.words = words;
    }

    /**
     * What it means, for people.
     *
     * @return a sentence without its full stop
     */
    public String words() {
      return words;
    }

    private static Outcome ofCode(int code) {
      for (Outcome outcome : values()) {
        if (outcome.code == code) {
          return outcome;
        }
      }
      throw new JsonException(
          "JSON parameters.outcome[0] must be one of the codes 0 (interior), 1 (at minimum), 2 (at"
              + " maximum) and 3 (given), got "
              + code);
    }
  }

  /**
   * How a temperature is fitted.
   *
   * @param minimum least temperature allowed, at least 0
   * @param maximum greatest temperature allowed; infinity for none
   * @param level level of the confidence interval, in (0, 1)
   */
  public record Options(double minimum, double maximum, double level) {
    /**
     * Checks the limits and the level.
     *
     * @param minimum least temperature allowed, at least 0
     * @param maximum greatest temperature allowed; infinity for none
     * @param level level of the confidence interval, in (0, 1)
     * @throws IllegalArgumentException if minimum is negative or not below maximum, or the level is
     *     not inside (0, 1)
     */
    public Options {
      if (!(minimum >= 0 && minimum < maximum)) {
        throw new IllegalArgumentException(
            "minimum must be at least 0 and below maximum, got " + minimum + " and " + maximum);
      }
      if (!(level > 0 && level < 1)) {
        throw new IllegalArgumentException("level must be between 0 and 1, got " + level);
      }
    }

    /**
     * No limits (an optimum at 0 or infinity is an error) and a 95 % interval.
     *
     * @return the defaults
     */
    public static Options defaults() {
      return new Options(0, Double.POSITIVE_INFINITY, 0.95);
    }

    /**
     * These options with limits: an optimum beyond them is moved to the limit, and {@link
     * TemperatureScaling#outcome()} says so.
     *
     * @param least least temperature allowed
     * @param greatest greatest temperature allowed
     * @return the options
     */
    public Options within(double least, double greatest) {
      return new Options(least, greatest, level);
    }
  }

  /** A softmax of scores divided by less is 0, 1 or NaN, by more than its inverse uniform. */
  private static final double LEAST_SAVED = 1e-100;

  private final double temperature;
  private final double logStandardError;
  private final double level;
  private final Outcome outcome;
  private final double nllBefore;
  private final double nllAfter;

  private TemperatureScaling(int classes, FitOrigin fittedOn, double[] values, Outcome end) {
    super(METHOD, classes, fittedOn);
    temperature = Checks.positive("temperature", values[0]);
    logStandardError = values[1];
    level = values[2];
    nllBefore = values[3];
    nllAfter = values[4];
    outcome = end;
  }

  /**
   * Fits by maximum likelihood without limits.
   *
   * @param predictions labelled rows to fit on, not those to be judged
   * @return the fitted temperature
   * @throws IllegalArgumentException if there are no labels
   * @throws NoFiniteOptimumException if every row is right (T would go to 0), if the scores say
   *     nothing or the wrong thing about the labels (T would go to infinity), or if no row's scores
   *     differ
   */
  public static TemperatureScaling fit(Predictions predictions) {
    return fit(predictions, Options.defaults());
  }

  /**
   * Fits by maximum likelihood.
   *
   * @param predictions labelled rows to fit on, not those to be judged
   * @param options limits and the interval's level
   * @return the fitted temperature
   * @throws IllegalArgumentException if there are no labels
   * @throws NoFiniteOptimumException as {@link #fit(Predictions)}, where no limit catches it
   */
  public static TemperatureScaling fit(Predictions predictions, Options options) {
    FittingSet fit = FittingSet.of(METHOD, predictions);
    TemperatureLikelihood f =
        new TemperatureLikelihood(fit, ScoreInput.of(predictions).all(predictions));
    TemperatureOptimum best = TemperatureOptimum.of(f, fit.rows, options);
    double[] values = {
      1 / best.beta(), best.logStandardError(), options.level(), best.nllBefore(), best.nllAfter()
    };
    return new TemperatureScaling(fit.classes, fit.origin(), values, best.outcome());
  }

  /**
   * A known temperature, not fitted here.
   *
   * @param temperature the temperature, above 0
   * @param classes number of classes, at least 2
   * @return the recalibrator
   * @throws IllegalArgumentException if the temperature is not positive and finite
   */
  public static TemperatureScaling of(double temperature, int classes) {
    double nan = Double.NaN;
    double[] values = {temperature, nan, Options.defaults().level(), nan, nan};
    return new TemperatureScaling(classes, null, values, Outcome.GIVEN);
  }

  /**
   * The temperature T.
   *
   * @return T, above 0; above 1 softens, below 1 sharpens
   */
  public double temperature() {
    return temperature;
  }

  /**
   * Where the optimum was found.
   *
   * @return inside or at a limit
   */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * Standard error of ln T. Of n rows that weigh the same it comes from the observed information, 1
   * / (beta sqrt(n f''(beta))). Where weights differ they may go with scores or labels, so the
   * variance of the slope is taken from the rows (the sandwich): with g_i = E_p[z] - z_y at beta
   * and f''_i = Var_p[z], it is sqrt(sum (w_i g_i)^2) / (beta sum w_i f''_i). Neither depends on
   * the unit of the weights.
   *
   * @return the standard error; NaN if the temperature was given
   * @see <a href="https://doi.org/10.2307/1912526">White 1982, Maximum Likelihood Estimation of
   *     Misspecified Models, theorem 3.2</a>
   */
  public double logStandardError() {
    return logStandardError;
  }

  /**
   * Lower end of the confidence interval, T exp(-z se(ln T)).
   *
   * @return the lower end; NaN unless the outcome is interior
   */
  public double lower() {
    return temperature * Math.exp(-halfWidth());
  }

  /**
   * Upper end of the confidence interval, T exp(z se(ln T)).
   *
   * @return the upper end; NaN unless the outcome is interior
   */
  public double upper() {
    return temperature * Math.exp(halfWidth());
  }

  /**
   * Level of the confidence interval.
   *
   * @return the level, in (0, 1)
   */
  public double level() {
    return level;
  }

  /**
   * Mean negative log-likelihood of the fitting rows at T = 1.
   *
   * @return nats per row; NaN if the temperature was given
   */
  public double nllBefore() {
    return nllBefore;
  }

  /**
   * Mean negative log-likelihood of the fitting rows at the fitted temperature, at most {@link
   * #nllBefore()} unless limits exclude T = 1.
   *
   * @return nats per row; NaN if the temperature was given
   */
  public double nllAfter() {
    return nllAfter;
  }

  private double halfWidth() {
    if (outcome != Outcome.INTERIOR) {
      return Double.NaN;
    }
    return logStandardError
        * new NormalDistribution(null, 0, 1).inverseCumulativeProbability(0.5 + level / 2);
  }

  @Override
  ScoreInput inputFor(Predictions predictions) {
    return ScoreInput.of(predictions);
  }

  @Override
  double[] mapScores(double[] scores) {
    for (int k = 0; k < scores.length; k++) {
      scores[k] /= temperature;
    }
    return scores;
  }

  @Override
  public Map<String, double[]> parameters() {
    Map<String, double[]> out = new LinkedHashMap<>();
    out.put("temperature", new double[] {temperature});
    out.put("log_standard_error", new double[] {logStandardError});
    out.put("level", new double[] {level});
    out.put("nll_before", new double[] {nllBefore});
    out.put("nll_after", new double[] {nllAfter});
    out.put("outcome", new double[] {outcome.code});
    return out;
  }

  @Override
  public List<String> inWords() {
    String effect =
        temperature > 1
            ? "the probabilities of a row move together, it is less sure"
            : temperature < 1
                ? "the probabilities of a row move apart, it is surer"
                : "nothing moves";
    return List.of(
        "p = softmax(z / T) with T = "
            + number(temperature)
            + ", z the logits, or the logarithms of the probabilities: "
            + effect,
        "the predicted class of a row stays as it is");
  }

  static TemperatureScaling ofParameters(RecalibratorParameters p) {
    Outcome end = Outcome.ofCode(p.index("outcome", Integer.MAX_VALUE));
    double[] values = {
      p.finite("temperature", 1)[0],
      fitted(p, "log_standard_error", end),
      p.finite("level", 1)[0],
      fitted(p, "nll_before", end),
      fitted(p, "nll_after", end)
    };
    if (values[0] > 0 && !(values[0] >= LEAST_SAVED && values[0] <= 1 / LEAST_SAVED)) {
      throw new JsonException(
          "JSON parameters.temperature[0] must be between "
              + LEAST_SAVED
              + " and "
              + 1 / LEAST_SAVED
              + ", got "
              + values[0]
              + ": no fit gives that, fit again");
    }
    if (!(values[2] > 0 && values[2] < 1)) {
      throw new JsonException(
          "JSON parameters.level[0] must be between 0 and 1, both excluded, got " + values[2]);
    }
    return new TemperatureScaling(p.classes(), p.fittedOn(), values, end);
  }

  /** What only a fit knows; at a limit the likelihood may be flat and have no standard error. */
  private static double fitted(RecalibratorParameters p, String name, Outcome end) {
    double value = p.any(name, 1)[0];
    boolean limit = end == Outcome.AT_MINIMUM || end == Outcome.AT_MAXIMUM;
    boolean flat = limit && name.equals("log_standard_error");
    boolean fits = value >= 0 && value < Double.POSITIVE_INFINITY;
    boolean none = Double.isNaN(value) || value == Double.POSITIVE_INFINITY;
    if (!(end == Outcome.GIVEN ? Double.isNaN(value) : fits || flat && none)) {
      throw new JsonException(
          "JSON parameters."
              + name
              + "[0] must be "
              + (end == Outcome.GIVEN
                  ? "NaN for a temperature that was given"
                  : "at least 0 and finite")
              + ", got "
              + value);
    }
    return value;
  }

  @Override
  public String toString() {
    String text = String.format(Locale.ROOT, "temperature scaling, T %.4f", temperature);
    return switch (outcome) {
      case INTERIOR ->
          text
              + String.format(
                  Locale.ROOT, " (%s %% interval %.4f to %.4f)", percent(), lower(), upper());
      case AT_MINIMUM -> text + " (the least allowed)";
      case AT_MAXIMUM -> text + " (the greatest allowed)";
      case GIVEN -> text + " (given)";
    };
  }

  private String percent() {
    double value = 100 * level;
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
