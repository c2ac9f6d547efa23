package io.github.swag4j.swag.djl;

import io.github.swag4j.swag.Mixture;
import io.github.swag4j.swag.SubspacePosterior;
import io.github.swag4j.swag.SwagPosterior;
import io.github.swag4j.swag.WeightPosterior;
import java.util.Objects;

/**
 * When a prediction has samples enough: the Monte Carlo standard error of what it is made for is
 * within a tolerance, in every data set.
 *
 * <p>The standard errors are those of independent samples. Posteriors whose samples are not are
 * refused: members of a Markov chain ({@link SubspacePosterior}) and antithetic pairs ({@link
 * SwagPosterior#withAntitheticPairs}), alone or in a mixture. A {@link Mixture} shares its samples
 * among components in fixed proportions, not by chance: differences between components count as
 * noise though they are not, so that the error is rather too large, and a prediction stops later
 * than it could. Members that were all taken have no error left; the rule does not know that.
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
   * Refuses a posterior whose samples are not independent.
   *
   * @throws IllegalArgumentException if it is one
   */
  static void requireIndependent(WeightPosterior posterior) {
    if (posterior instanceof SubspacePosterior) {
      throw new IllegalArgumentException(
          "a rule to stop needs independent samples, got the members of a Markov chain, whose"
              + " standard error is larger than theirs seem: predict without withStop, with samples("
              + posterior.mostSamples()
              + ")");
    }
    if (posterior instanceof SwagPosterior swag && swag.mode().antithetic() && !swag.isPoint()) {
      throw new IllegalArgumentException(
          "a rule to stop needs independent samples, got antithetic pairs: call"
              + " withAntitheticPairs(false), or predict without withStop");
    }
    if (posterior instanceof Mixture mixture) {
      mixture.components().forEach(StopRule::requireIndependent);
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
