package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.internal.ExactSums;
import io.github.swag4j.calibration.internal.UnitSums;
import java.math.BigInteger;
import java.util.function.IntFunction;

/**
 * All numbers of a sketch, of either state, as integers: weights in units of 2^-256 (rows, if all
 * weigh 1), sums of weight times something in 2^-43 of that, {@link #one}. Bins are slots 1 to
 * {@code bins}.
 *
 * @param weights by slot: sum of w
 * @param squaredWeights by slot: sum of w^2, in squares of the weights' unit
 * @param hitWeights by slot: sum of w over rows whose event came
 * @param confidences by slot: sum of w f
 * @param hitConfidences by slot: sum of w f over rows whose event came
 * @param squares by slot: sum of w f^2
 * @param scores NLL, Brier score, confidence where that is not judged
 * @param classSums by class and slot: sum of w p_k
 * @param classHits by class and slot: sum of w over rows labelled k
 */
record SketchNumbers(
    boolean weighted,
    int classes,
    int bins,
    long rows,
    long zeroProbabilities,
    long saturated,
    BigInteger correct,
    IntFunction<BigInteger> weights,
    IntFunction<BigInteger> squaredWeights,
    IntFunction<BigInteger> hitWeights,
    long[] counts,
    long[] hits,
    IntFunction<BigInteger> confidences,
    IntFunction<BigInteger> hitConfidences,
    IntFunction<BigInteger> squares,
    IntFunction<BigInteger> scores,
    IntFunction<BigInteger> classSums,
    IntFunction<BigInteger> classHits) {

  /** Bits of a weight after the point, if rows are weighted. */
  static final int WEIGHT_POINT = -SketchFormat.FIRST_LIMB * ExactSums.LIMB_BITS;

  /** Of rows of weight 1, slot 0 being empty. */
  static SketchNumbers of(SketchState s) {
    IntFunction<BigInteger> counts = i -> BigInteger.valueOf(s.counts[i]);
    return new SketchNumbers(
        false,
        s.classes,
        s.bins,
        s.rows,
        s.zeroProbabilities,
        s.saturated,
        BigInteger.valueOf(s.correct),
        counts,
        counts,
        i -> BigInteger.valueOf(s.hits[i]),
        s.counts,
        s.hits,
        s.confidences::integer,
        s.hitConfidences::integer,
        s.squares::integer,
        s.scores::integer,
        s.classSums::integer,
        i -> BigInteger.valueOf(s.classHits[i]));
  }

  /** Of rows of any weight, all sums being normalised. */
  static SketchNumbers of(WeightedState s) {
    return new SketchNumbers(
        true,
        s.classes,
        s.bins,
        s.rows,
        s.zeroProbabilities,
        s.saturated,
        s.correct.units(0, SketchFormat.FIRST_LIMB),
        i -> s.weights.units(i, SketchFormat.FIRST_LIMB),
        i -> s.squaredWeights.units(i, SketchFormat.FIRST_LIMB).shiftLeft(WEIGHT_POINT),
        i -> s.hitWeights.units(i, SketchFormat.FIRST_LIMB),
        s.counts,
        s.hits,
        i -> s.confidences.units(i, SketchFormat.FIRST_LIMB),
        i -> s.hitConfidences.units(i, SketchFormat.FIRST_LIMB),
        i -> s.squares.units(i, SketchFormat.FIRST_LIMB),
        i -> s.scores.units(i, SketchFormat.FIRST_LIMB),
        i -> s.classSums.units(i, SketchFormat.FIRST_LIMB),
        i -> s.classHits.units(i, SketchFormat.FIRST_LIMB));
  }

  /** What rows of this weight add whose value is 1. */
  static BigInteger one(BigInteger weight) {
    return weight.shiftLeft(UnitSums.POINT);
  }

  /** The cell of a class and slot. */
  int cell(int k, int slot) {
    return k * (bins + 1) + slot;
  }

  /** A sum as a plain number, for messages. */
  double value(BigInteger sum) {
    return Math.scalb(sum.doubleValue(), -UnitSums.POINT - (weighted ? WEIGHT_POINT : 0));
  }
}
