package io.github.swag4j.swag.djl;

import java.util.Objects;

/**
 * When a prediction has samples enough: the Monte Carlo standard error of what it is made for is
 * within a tolerance, in every data set.
 *
 * @param of whose standard error
 * @param tolerance greatest standard error wanted, above 0; nats for the NLL
 * @param least samples taken in any case, at least 2. A standard error of two samples is itself
 *     wrong by half; 5 to 10 are a better number
 */
public record StopRule(Of of, double tolerance, int least) {

  /** Whose standard error is looked at. */
  public enum Of {
    /**
     * The mean negative log-likelihood of the labels under the mean probabilities, by the jackknife
     * over samples as {@code SampleConvergence} has it: rather too large than too small.
     */
    NLL,
    /**
     * The mean probabilities: mean over rows of the largest of the classes' sd(p_s) / sqrt(S).
     * Needs no labels.
     */
    PROBABILITIES,
    /**
     * The mean of what single samples predict, for regression and logits: mean over rows of the
     * largest of the columns' sd / sqrt(S), in the target's unit. Needs no targets.
     */
    MEANS
  }

  /**
   * Checks the numbers.
   *
   * @param of whose standard error
   * @param tolerance above 0 and finite
   * @param least at least 2
   * @throws IllegalArgumentException if a number is out of range
   */
  public StopRule {
    Objects.requireNonNull(of, "of");
    if (!(tolerance > 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("tolerance must be above 0 and finite, got " + tolerance);
    }
    if (least < 2) {
      throw new IllegalArgumentException(
          "the least number of samples must be at least 2, got " + least);
    }
  }

  /**
   * Stops on the standard error of the mean negative log-likelihood.
   *
   * @param tolerance greatest standard error wanted, in nats, above 0
   * @param least samples taken in any case, at least 2
   * @return the rule
   */
  public static StopRule nll(double tolerance, int least) {
    return new StopRule(Of.NLL, tolerance, least);
  }

  /**
   * Stops on the standard error of the predicted probabilities.
   *
   * @param tolerance greatest standard error wanted, above 0
   * @param least samples taken in any case, at least 2
   * @return the rule
   */
  public static StopRule probabilities(double tolerance, int least) {
    return new StopRule(Of.PROBABILITIES, tolerance, least);
  }

  /**
   * Stops on the standard error of a predicted number, or of mean logits.
   *
   * @param tolerance greatest standard error wanted, in the target's unit, above 0
   * @param least samples taken in any case, at least 2
   * @return the rule
   */
  public static StopRule means(double tolerance, int least) {
    return new StopRule(Of.MEANS, tolerance, least);
  }
}
