package io.github.swag4j.swa.io.average;

import io.github.swag4j.swa.io.TensorType;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How files of weights are averaged.
 *
 * @param rule how much each file counts
 * @param precision what the average is computed in
 * @param type type of the averages; empty for that of the files, but float32 for half precision,
 *     whose spacing would undo much of what averaging gains
 * @param integers which integer tensors may differ
 * @param tensors names of the tensors to keep; the others are left out
 * @param fromLast names of the real tensors to take from the last file instead of averaging
 * @param allowNonFinite whether NaN and infinite values are averaged like others
 */
public record AverageOptions(
    AveragingRule rule,
    Precision precision,
    Optional<TensorType> type,
    Integers integers,
    Predicate<String> tensors,
    Predicate<String> fromLast,
    boolean allowNonFinite) {

  /** Which integer tensors may differ between files. What differs is taken from the last file. */
  public enum Integers {
    /** Batch norm's {@code num_batches_tracked} only. */
    COUNTERS,
    /** None. */
    EQUAL,
    /** All. */
    LAST
  }

  /**
   * Checks the options against each other.
   *
   * @param rule how much each file counts
   * @param precision what the average is computed in
   * @param type type of the averages; empty for that of the files, but float32 for half precision,
   *     whose spacing would undo much of what averaging gains
   * @param integers which integer tensors may differ
   * @param tensors names of the tensors to keep; the others are left out
   * @param fromLast names of the real tensors to take from the last file instead of averaging
   * @param allowNonFinite whether NaN and infinite values are averaged like others
   * @throws IllegalArgumentException if the type is not a real one or weights meet float32
   */
  public AverageOptions {
    if (type.isPresent() && !type.get().isReal()) {
      throw new IllegalArgumentException(
          "type of averages must be float64, float32, float16 or bfloat16, got "
              + type.get().torchName());
    }
    if (precision == Precision.FLOAT32 && rule instanceof AveragingRule.Weighted) {
      throw new IllegalArgumentException(
          "float32 has PyTorch's uniform and exponential averages: weights go with float64");
    }
  }

  /**
   * A rule with everything else as by default: float64, the type of the files, all tensors.
   *
   * @param rule how much each file counts
   * @return the options
   */
  public static AverageOptions of(AveragingRule rule) {
    return new AverageOptions(
        rule,
        Precision.FLOAT64,
        Optional.empty(),
        Integers.COUNTERS,
        name -> true,
        name -> false,
        false);
  }

  /**
   * The same options but for one.
   *
   * @param precision what the average is computed in
   * @return the options
   */
  public AverageOptions withPrecision(Precision precision) {
    return new AverageOptions(rule, precision, type, integers, tensors, fromLast, allowNonFinite);
  }

  /**
   * The same options but for one.
   *
   * @param type type of the averages
   * @return the options
   */
  public AverageOptions withType(TensorType type) {
    return new AverageOptions(
        rule, precision, Optional.of(type), integers, tensors, fromLast, allowNonFinite);
  }

  /**
   * The same options but for one.
   *
   * @param integers which integer tensors may differ
   * @return the options
   */
  public AverageOptions withIntegers(Integers integers) {
    return new AverageOptions(rule, precision, type, integers, tensors, fromLast, allowNonFinite);
  }

  /**
   * The same options but for one.
   *
   * @param names names of the tensors to keep
   * @return the options
   */
  public AverageOptions keeping(Predicate<String> names) {
    return new AverageOptions(rule, precision, type, integers, names, fromLast, allowNonFinite);
  }

  /**
   * The same options but for one.
   *
   * @param names names of the real tensors to take from the last file
   * @return the options
   */
  public AverageOptions takingFromLast(Predicate<String> names) {
    return new AverageOptions(rule, precision, type, integers, tensors, names, allowNonFinite);
  }

  /**
   * The same options, with NaN and infinite values averaged like others.
   *
   * @return the options
   */
  public AverageOptions allowingNonFinite() {
    return new AverageOptions(rule, precision, type, integers, tensors, fromLast, true);
  }
}
