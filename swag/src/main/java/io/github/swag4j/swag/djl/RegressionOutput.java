package io.github.swag4j.swag.djl;

import io.github.swag4j.swa.djl.InputBatches;
import io.github.swag4j.swa.djl.loss.GaussianNegativeLogLikelihood;
import io.github.swag4j.swa.djl.loss.GaussianNegativeLogLikelihood.VarianceForm;
import java.util.Objects;

/**
 * What a regression network gives for a row, and where the noise of the target comes from. A
 * network with one output predicts the mean; the noise's standard deviation is then one number for
 * all rows, given or estimated. One with two predicts mean and variance.
 */
public sealed interface RegressionOutput {

  /**
   * The network gives the mean, {@code [rows]} or {@code [rows][1]}; noise of one standard
   * deviation for all rows.
   *
   * @param noise standard deviation of the target around the mean, in its unit; 0 for none
   */
  record Mean(double noise) implements RegressionOutput {
    /**
     * Checks the noise.
     *
     * @param noise at least 0 and finite
     * @throws IllegalArgumentException if it is not
     */
    public Mean {
      if (!(noise >= 0 && noise < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("noise must be at least 0 and finite, got " + noise);
      }
    }
  }

  /**
   * The network gives the mean, {@code [rows]} or {@code [rows][1]}; the noise is the one that
   * makes validation targets most likely, sigma^2 = argmin of the mean NLL of N(m, e + sigma^2)
   * with mean m and epistemic variance e of the same samples.
   *
   * @param validation rows that the network was not trained on
   * @param targets {@code [rows]}, finite, at least 2
   */
  record MeanWithEstimatedNoise(InputBatches validation, double[] targets)
      implements RegressionOutput {
    /**
     * Copies the targets.
     *
     * @param validation rows that the network was not trained on
     * @param targets {@code [rows]}, finite, at least 2
     * @throws IllegalArgumentException if there are fewer
     */
    public MeanWithEstimatedNoise {
      Objects.requireNonNull(validation, "validation");
      targets = targets.clone();
      if (targets.length < 2) {
        throw new IllegalArgumentException(
            "noise is estimated from 2 validation rows or more, got " + targets.length);
      }
    }

    /**
     * The targets.
     *
     * @return a copy
     */
    @Override
    public double[] targets() {
      return targets.clone();
    }
  }

  /**
   * The network gives {@code [rows][2]}: the mean and, in a form, the variance. A variance from 0
   * to {@value GaussianNegativeLogLikelihood#LEAST_VARIANCE} counts as that, as in the loss {@link
   * GaussianNegativeLogLikelihood}; one below 0 is refused.
   *
   * @param form what the second column holds
   */
  record MeanAndVariance(VarianceForm form) implements RegressionOutput {
    /**
     * Checks the form.
     *
     * @param form what the second column holds
     */
    public MeanAndVariance {
      Objects.requireNonNull(form, "form");
    }
  }

  /**
   * A network of the mean, with noise that is known.
   *
   * @param noise standard deviation of the target around the mean, in its unit; 0 for none
   * @return the output
   * @throws IllegalArgumentException if the noise is below 0 or not finite
   */
  static RegressionOutput mean(double noise) {
    return new Mean(noise);
  }

  /**
   * A network of the mean, with noise estimated on validation rows.
   *
   * @param validation rows that the network was not trained on
   * @param targets {@code [rows]}, finite, at least 2
   * @return the output
   * @throws IllegalArgumentException if there are fewer than 2 targets
   */
  static RegressionOutput meanWithNoiseOf(InputBatches validation, double[] targets) {
    return new MeanWithEstimatedNoise(validation, targets);
  }

  /**
   * A network of mean and log variance.
   *
   * @return the output
   */
  static RegressionOutput meanAndLogVariance() {
    return new MeanAndVariance(VarianceForm.LOG_VARIANCE);
  }

  /**
   * A network of mean and x with variance ln(1 + e^x).
   *
   * @return the output
   */
  static RegressionOutput meanAndSoftplus() {
    return new MeanAndVariance(VarianceForm.SOFTPLUS);
  }

  /**
   * A network of mean and variance.
   *
   * @return the output
   */
  static RegressionOutput meanAndVariance() {
    return new MeanAndVariance(VarianceForm.VARIANCE);
  }
}
