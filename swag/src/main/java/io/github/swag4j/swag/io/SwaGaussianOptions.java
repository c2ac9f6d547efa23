package io.github.swag4j.swag.io;

import io.github.swag4j.swag.SwagPosterior;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a state dict of swa_gaussian's SWAG does not say. Immutable.
 *
 * @param key where the state dict is in a checkpoint; empty for the only one there is
 * @param prefix what stands before {@code n_models}, with its dot; empty for the only one there is
 * @param maxModels {@code max_num_models}, which samples are divided by; empty where the numbers
 *     tell
 * @param diagonal whether to leave the deviations out
 * @param scale factor of the covariance; empty for the paper's, 1/2 with deviations and 1 without
 * @param varianceClamp {@code var_clamp}, above 0
 */
public record SwaGaussianOptions(
    Optional<String> key,
    Optional<String> prefix,
    OptionalInt maxModels,
    boolean diagonal,
    OptionalDouble scale,
    float varianceClamp) {

  /**
   * Checks the numbers.
   *
   * @param key where the state dict is in a checkpoint
   * @param prefix what stands before {@code n_models}
   * @param maxModels {@code max_num_models}
   * @param diagonal whether to leave the deviations out
   * @param scale factor of the covariance
   * @param varianceClamp {@code var_clamp}, above 0
   * @throws IllegalArgumentException if one is out of its range
   */
  public SwaGaussianOptions {
    SwagPosterior.Options.defaults().withRank(maxModels.orElse(0));
    if (scale.isPresent() && !(scale.getAsDouble() >= 0 && Double.isFinite(scale.getAsDouble()))) {
      throw new IllegalArgumentException(
          "scale must be finite and at least 0, got " + scale.getAsDouble());
    }
    if (!(varianceClamp > 0 && Float.isFinite(varianceClamp))) {
      throw new IllegalArgumentException(
          "variance clamp must be finite and above 0, got " + varianceClamp);
    }
  }

  /**
   * Nothing but what the class has by default: a clamp of 1e-30.
   *
   * @return the options
   */
  public static SwaGaussianOptions defaults() {
    return new SwaGaussianOptions(
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false,
        OptionalDouble.empty(),
        1e-30f);
  }

  /**
   * The same with the place of the state dict.
   *
   * @param newKey name in the checkpoint, those of nested dicts divided by dots
   * @return the options
   */
  public SwaGaussianOptions withKey(String newKey) {
    return new SwaGaussianOptions(
        Optional.of(newKey), prefix, maxModels, diagonal, scale, varianceClamp);
  }

  /**
   * The same with the place of the SWAG in a larger module.
   *
   * @param newPrefix what stands before {@code n_models}, e.g. {@code posterior.}
   * @return the options
   */
  public SwaGaussianOptions withPrefix(String newPrefix) {
    return new SwaGaussianOptions(
        key, Optional.of(newPrefix), maxModels, diagonal, scale, varianceClamp);
  }

  /**
   * The same with the class's {@code max_num_models}.
   *
   * @param newMaxModels 2 to {@value SwagPosterior#MAX_RANK}
   * @return the options
   */
  public SwaGaussianOptions withMaxModels(int newMaxModels) {
    return new SwaGaussianOptions(
        key, prefix, OptionalInt.of(newMaxModels), diagonal, scale, varianceClamp);
  }

  /**
   * The same without deviations.
   *
   * @return the options
   */
  public SwaGaussianOptions asDiagonal() {
    return new SwaGaussianOptions(key, prefix, maxModels, true, scale, varianceClamp);
  }

  /**
   * The same with a scale, as {@code sample(scale=...)} takes it.
   *
   * @param newScale factor of the covariance
   * @return the options
   */
  public SwaGaussianOptions withScale(double newScale) {
    return new SwaGaussianOptions(
        key, prefix, maxModels, diagonal, OptionalDouble.of(newScale), varianceClamp);
  }

  /**
   * The same with the class's {@code var_clamp}.
   *
   * @param newClamp smallest variance
   * @return the options
   */
  public SwaGaussianOptions withVarianceClamp(float newClamp) {
    return new SwaGaussianOptions(key, prefix, maxModels, diagonal, scale, newClamp);
  }
}
