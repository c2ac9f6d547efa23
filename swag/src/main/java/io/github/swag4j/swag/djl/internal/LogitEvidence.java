package io.github.swag4j.swag.djl.internal;

/**
 * What outputs that are taken for logits look like together, over batches and calls. Where every
 * row is a distribution, or where many values span [0, 1] and none lies outside, the model ends in
 * a softmax or sigmoids already, and another one would give wrong probabilities that nobody sees.
 *
 * <p><b>Distributions.</b> All rows so far lie in [0, 1] and sum to 1 within some d, the largest
 * distance of any, at most 0.01 (a softmax in half precision). Logits spread over [0, 1] do that by
 * chance with probability at most (2 d)^n for n rows, d at least 1e-6, the rounding of float32.
 * They are refused
 *
 * <ul>
 *   <li>while more rows come, where that is below 1e-15: 3 rows of float32;
 *   <li>where no more come before an answer, where that is below 1e-5: one row of float32, 3 rows
 *       at any distance. So one row of logits in 500,000 is refused at worst, and only where it is
 *       the first one seen; logits that leave [0, 1], as those of trained models do, are not.
 * </ul>
 *
 * One row that is no distribution settles it for all later ones. A row of equal numbers says
 * nothing, and need not: its softmax is itself.
 *
 * <p><b>Sigmoids.</b> At least 100 values in [0, 1], reaching below 0.1 and above 0.9, none
 * outside. Normal logits of deviation 1 or more are never in it by chance, (0.35)^100 = 1e-46.
 *
 * <p>What a user said to be logits as they are is not judged at all: then there is no such object.
 * Safe for use by several threads.
 */
public final class LogitEvidence {
  /** Farther than this from 1 is no distribution in any precision. */
  private static final double FAR = 0.01;

  /** Distances below are rounding, and no better evidence. */
  private static final double ROUNDING = 1e-6;

  private static final double CERTAIN = 1e-15;
  private static final double ENOUGH = 1e-5;

  /** Fewer values than these in [0, 1] show no sigmoids. */
  private static final long MANY = 100;

  private static final double NEAR = 0.1;

  private final String afterSoftmax;
  private final String afterSigmoid;
  private boolean allDistributions = true;
  private boolean allInUnit = true;
  private double farthest = ROUNDING;
  private long distributions;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private long values;

  /**
   * Evidence of no rows.
   *
   * @param afterSoftmax what to do where each row is a distribution, or null where one column
   *     cannot be one
   * @param afterSigmoid what to do with the outputs of sigmoids
   */
  public LogitEvidence(String afterSoftmax, String afterSigmoid) {
    this.afterSoftmax = afterSoftmax;
    this.afterSigmoid = afterSigmoid;
  }

  /**
   * Evidence of no rows, where a model must end in its logits and nothing can be said instead.
   *
   * @return the evidence
   */
  public static LogitEvidence ofBareModel() {
    return new LogitEvidence("take off the softmax at its end", "take off the sigmoids at its end");
  }

  /**
   * Takes in a row.
   *
   * @param outputs what is taken for logits
   * @param from index of the row's first
   * @param width columns
   */
  public synchronized void add(double[] outputs, int from, int width) {
    double sum = 0;
    boolean equal = true;
    for (int i = from; i < from + width; i++) {
      allInUnit &= outputs[i] >= 0 && outputs[i] <= 1;
      least = Math.min(least, outputs[i]);
      most = Math.max(most, outputs[i]);
      sum += outputs[i];
      equal &= Math.abs(outputs[i] - outputs[from]) <= ROUNDING;
    }
    values += width;
    double distance = Math.abs(sum - 1);
    allDistributions &= allInUnit && distance <= FAR;
    if (!equal) {
      farthest = Math.max(farthest, distance);
      distributions++;
    }
  }

  /**
   * Refuses what the rows so far show to be no logits.
   *
   * @param moreToCome whether more rows come before anybody is given an answer
   * @throws IllegalArgumentException if they are distributions or the outputs of sigmoids
   */
  public synchronized void requireLogits(boolean moreToCome) {
    if (areDistributions(moreToCome)) {
      throw new IllegalArgumentException(
          "the model's outputs are taken for logits, but each row is a distribution already: "
              + afterSoftmax);
    }
    if (areSigmoids()) {
      throw new IllegalArgumentException(
          "the model's outputs are taken for logits, but all "
              + values
              + " of the first rows lie between 0 and 1: "
              + afterSigmoid);
    }
  }

  /**
   * Whether the rows so far can be logits, if no more come.
   *
   * @return false if all rows are distributions or the outputs of sigmoids
   */
  public synchronized boolean areLogits() {
    return !areDistributions(false) && !areSigmoids();
  }

  private boolean areDistributions(boolean moreToCome) {
    return afterSoftmax != null && allDistributions && chance() < (moreToCome ? CERTAIN : ENOUGH);
  }

  private boolean areSigmoids() {
    return allInUnit && values >= MANY && least < NEAR && most > 1 - NEAR;
  }

  /** Of logits that look like distributions. */
  private double chance() {
    return Math.pow(2 * farthest, distributions);
  }
}
