package io.github.swag4j.swa.quantize;

import java.util.Objects;

/**
 * How each number of a training is rounded: {@link Quantizer#none()} where it is not.
 *
 * @param weights after each step
 * @param activations what a layer hands on
 * @param gradients of the weights
 * @param errors gradients of the activations
 * @param momentum what is kept for the next step
 * @see <a href="https://arxiv.org/abs/1904.11943">Yang et al. 2019, SWALP, algorithm 2</a>
 */
public record TrainingPrecision(
    Quantizer weights,
    Quantizer activations,
    Quantizer gradients,
    Quantizer errors,
    Quantizer momentum) {

  /**
   * Checks that all are there.
   *
   * @param weights after each step
   * @param activations what a layer hands on
   * @param gradients of the weights
   * @param errors gradients of the activations
   * @param momentum what is kept for the next step
   */
  public TrainingPrecision {
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(activations, "activations");
    Objects.requireNonNull(gradients, "gradients");
    Objects.requireNonNull(errors, "errors");
    Objects.requireNonNull(momentum, "momentum");
  }

  /**
   * Floats everywhere.
   *
   * @return a precision that rounds nothing
   */
  public static TrainingPrecision full() {
    Quantizer none = Quantizer.none();
    return new TrainingPrecision(none, none, none, none, none);
  }

  /**
   * One format and rounding for all five, as the SWALP paper trains its networks.
   *
   * @param quantizer of every role
   * @return the precision
   */
  public static TrainingPrecision all(Quantizer quantizer) {
    return new TrainingPrecision(quantizer, quantizer, quantizer, quantizer, quantizer);
  }

  /**
   * Low precision of the weights only, as the paper's theory has it.
   *
   * @param quantizer of the weights
   * @return the precision
   */
  public static TrainingPrecision weightsOnly(Quantizer quantizer) {
    Quantizer none = Quantizer.none();
    return new TrainingPrecision(quantizer, none, none, none, none);
  }
}
