package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.NoFiniteOptimumException;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.recalibration.TemperatureScaling.Options;
import io.github.swag4j.calibration.recalibration.TemperatureScaling.Outcome;
import io.github.swag4j.calibration.recalibration.fit.TemperatureLikelihood;

/**
 * The inverse temperature beta = 1/T of the greatest likelihood: a root of the derivative inside a
 * bracket, or one of its limits.
 *
 * @param beta above 0
 * @param outcome where it was found
 * @param logStandardError of ln T
 * @param nllBefore mean negative log-likelihood at T = 1
 * @param nllAfter the same at beta
 */
record TemperatureOptimum(
    double beta, Outcome outcome, double logStandardError, double nllBefore, double nllAfter) {
  private static final double LARGEST_BETA = 0x1p60;

  /** The slope at an optimum is rounding, far below so much of the slopes around it. */
  private static final double FLAT = 1e-6;

  /**
   * Searches for it.
   *
   * @param f the likelihood of the rows
   * @param rows how many these are, for messages
   * @param options limits of the temperature
   * @throws NoFiniteOptimumException if there is none within the limits
   */
  static TemperatureOptimum of(TemperatureLikelihood f, int rows, Options options) {
    if (f.isFlat()) {
      throw new NoFiniteOptimumException(
          "temperature has no optimum: the classes of each of the "
              + rows
              + " rows score alike, every temperature fits alike");
    }
    double least = 1 / options.maximum();
    double greatest = 1 / options.minimum();
    f.evaluate(least);
    double steepest = Math.abs(f.slope());
    double beta;
    Outcome outcome;
    if (f.slope() >= 0) {
      requireLimit(
          least > 0,
          "the scores say nothing good about the labels of the "
              + rows
              + " rows,"
              + " the likelihood is greatest as T goes to infinity: check that labels and rows"
              + " belong together");
      beta = least;
      outcome = Outcome.AT_MAXIMUM;
    } else {
      double high = upperBracket(f, rows, least, greatest);
      f.evaluate(high);
      steepest += Math.abs(f.slope());
      outcome = f.slope() > 0 ? Outcome.INTERIOR : Outcome.AT_MINIMUM;
      beta = outcome == Outcome.INTERIOR ? f.root(least, high) : high;
    }
    f.evaluate(1);
    double before = f.value();
    f.evaluate(beta);
    if (f.value() > before && options.minimum() <= 1 && options.maximum() >= 1) {
      // Only rounding can get here; the promise is that fitting never raises the loss.
      beta = 1;
      f.evaluate(1);
    }
    requireLimit(
        outcome != Outcome.INTERIOR || Math.abs(f.slope()) <= FLAT * steepest || beta == 1,
        "the likelihood still changes at T = "
            + 1 / beta
            + ", where the search ended: divide the logits by a number that brings them near 1");
    double error = Math.sqrt(f.slopeVariance()) / (beta * f.curvature());
    return new TemperatureOptimum(beta, outcome, error, before, f.value());
  }

  private static double upperBracket(
      TemperatureLikelihood f, int rows, double least, double greatest) {
    if (f.isSeparable()) {
      requireLimit(
          greatest < Double.POSITIVE_INFINITY,
          "all "
              + rows
              + " rows are predicted right, the likelihood is greatest as T goes to 0: fit on more"
              + " rows");
      return greatest;
    }
    double high = Math.min(Math.max(1, 2 * least), greatest);
    f.evaluate(high);
    while (f.slope() <= 0 && high < greatest) {
      high = Math.min(2 * high, greatest);
      requireLimit(
          high <= LARGEST_BETA, "it would be below " + 1 / LARGEST_BETA + ": fit on other rows");
      f.evaluate(high);
    }
    return high;
  }

  private static void requireLimit(boolean limited, String why) {
    if (!limited) {
      throw new NoFiniteOptimumException(
          Refusal.of("temperature has no finite optimum: " + why, PredictionRemedy.LIMITS));
    }
  }
}
