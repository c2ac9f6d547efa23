package io.github.swag4j.swa;

import io.github.swag4j.swa.state.TrainingPosition;
import java.util.Objects;

/**
 * When weights are collected: after finished unit t if first &lt;= t &lt;= last and (t - first) is
 * a multiple of {@code every}. Units are counted as finished: t = 1 is the end of the first epoch
 * (or step), t = 0 the weights training began with.
 *
 * <p>The rule of this library, what {@code epochs().from(start).every(every)} gives: t &gt; start
 * and (t - start) is a multiple of {@code every}, so the first weights collected by {@code
 * epochs().from(15)} are those after the 16th epoch. Other programs mean other units by the same
 * two numbers; {@link #torchcontrib}, {@link #swaAuthors}, {@link #swaGaussian}, {@link
 * #torchOptim} and {@link #lightning} give the plan that collects the units they would. For start
 * 161 of 300 epochs that is 139 weight vectors here and in swa_gaussian, 140 in timgaripov/swa, 138
 * in the loop of the torch.optim documentation, and 140 others in Lightning, which takes those
 * before the start and leaves out the last.
 *
 * @param unit what is counted
 * @param first the first unit weights are collected after, at least 0
 * @param every collect after each so many units, at least 1
 * @param last no weights are collected after later units, at least {@code first}; {@link #NO_LAST}
 *     for no end
 */
public record AveragingPlan(Unit unit, long first, long every, long last) {

  /** The {@code last} of a plan without end. */
  public static final long NO_LAST = Long.MAX_VALUE;

  /** What is counted. */
  public enum Unit {
    /** Passes over the training data. */
    EPOCH,
    /** Optimiser steps. */
    STEP;

    /**
     * How many of this unit training has finished.
     *
     * @param position how far training has come
     * @return units finished
     */
    public long finished(TrainingPosition position) {
      return this == EPOCH ? position.epochs() : position.steps();
    }
  }

  /**
   * Checks the numbers.
   *
   * @param unit what is counted
   * @param first the first unit weights are collected after, at least 0
   * @param every collect after each so many units, at least 1
   * @param last the last unit weights may be collected after
   * @throws IllegalArgumentException if first is negative, every is below 1, or last below first
   */
  public AveragingPlan {
    Objects.requireNonNull(unit, "unit");
    if (first < 0) {
      throw new IllegalArgumentException("first must be at least 0, got " + first);
    }
    requireEvery(every);
    if (last < first) {
      throw new IllegalArgumentException(
          "the last unit must not be before the first, got first " + first + " and last " + last);
    }
  }

  /**
   * A plan by the rule of this library, without end.
   *
   * @param unit what is counted
   * @param start units that must have finished before collecting begins, at least 0
   * @param every collect after each so many units, at least 1
   * @throws IllegalArgumentException if start is negative or every is below 1
   */
  public AveragingPlan(Unit unit, long start, long every) {
    this(unit, requireStart(start) + requireEvery(every), every, NO_LAST);
  }

  /**
   * Collects after every epoch.
   *
   * @return a plan from 0, every 1
   */
  public static AveragingPlan epochs() {
    return new AveragingPlan(Unit.EPOCH, 0, 1);
  }

  /**
   * Collects after every optimiser step.
   *
   * @return a plan from 0, every 1
   */
  public static AveragingPlan steps() {
    return new AveragingPlan(Unit.STEP, 0, 1);
  }

  /**
   * The same plan with another start.
   *
   * @param newStart units that must have finished before collecting begins, at least 0
   * @return the plan
   */
  public AveragingPlan from(long newStart) {
    return new AveragingPlan(unit, requireStart(newStart) + every, every, last);
  }

  /**
   * The same plan with another frequency.
   *
   * @param newEvery collect after each so many units
   * @return the plan
   */
  public AveragingPlan every(long newEvery) {
    return new AveragingPlan(unit, start() + requireEvery(newEvery), newEvery, last);
  }

  /**
   * The same plan with an end.
   *
   * @param newLast the last unit weights may be collected after
   * @return the plan
   */
  public AveragingPlan until(long newLast) {
    return new AveragingPlan(unit, first, every, newLast);
  }

  /**
   * Units that must have finished before the first period of collecting: {@code first - every};
   * below 0 where the first weights come before a whole period has passed.
   *
   * @return the start in the sense of {@link #from}
   */
  public long start() {
    return first - every;
  }

  /**
   * Whether weights are collected once so many units have finished.
   *
   * @param finished finished units, from 0
   * @return true if so
   */
  public boolean collectsAfter(long finished) {
    return finished >= first && finished <= last && (finished - first) % every == 0;
  }

  /**
   * The steps torchcontrib.optim.SWA averages after: step &gt; swa_start and step a multiple of
   * swa_freq, counted from the beginning of training and not from the start.
   *
   * @param swaStart its {@code swa_start}
   * @param swaFreq its {@code swa_freq}
   * @return the plan, in steps
   */
  public static AveragingPlan torchcontrib(long swaStart, long swaFreq) {
    long periods = requireStart(swaStart) / requireEvery(swaFreq);
    return new AveragingPlan(Unit.STEP, (periods + 1) * swaFreq, swaFreq, NO_LAST);
  }

  /**
   * The epochs the SWA authors' train.py (timgaripov/swa) averages after: finished epochs &gt;=
   * swa_start, and past it a multiple of swa_c_epochs. The first are those after the start itself.
   *
   * @param swaStart its {@code --swa_start}
   * @param swaCEpochs its {@code --swa_c_epochs}
   * @return the plan, in epochs
   */
  public static AveragingPlan swaAuthors(long swaStart, long swaCEpochs) {
    long first = requireStart(swaStart) == 0 ? requireEvery(swaCEpochs) : swaStart;
    return new AveragingPlan(Unit.EPOCH, first, swaCEpochs, NO_LAST);
  }

  /**
   * The epochs swa_gaussian's run_swag.py collects after: the rule of this library.
   *
   * @param swaStart its {@code --swa_start}
   * @param swaCEpochs its {@code --swa_c_epochs}
   * @return the plan, in epochs
   */
  public static AveragingPlan swaGaussian(long swaStart, long swaCEpochs) {
    return new AveragingPlan(Unit.EPOCH, swaStart, swaCEpochs);
  }

  /**
   * The epochs after which the loop in the documentation of torch.optim.swa_utils averages: {@code
   * if epoch > swa_start} with epochs counted from 0, so the first are those after epoch start + 2.
   *
   * @param swaStart its {@code swa_start}
   * @return the plan, in epochs
   */
  public static AveragingPlan torchOptim(long swaStart) {
    return new AveragingPlan(Unit.EPOCH, requireStart(swaStart) + 2, 1, NO_LAST);
  }

  /**
   * The epochs Lightning's StochasticWeightAveraging averages after. It averages when an epoch
   * begins, from the {@code swa_epoch_start}-th (counted from 1) on: the weights before that epoch
   * are the first and those after the last epoch are never averaged.
   *
   * @param swaEpochStart its {@code swa_epoch_start} as a number of epochs, at least 1
   * @param maxEpochs the trainer's {@code max_epochs}, at least {@code swaEpochStart}
   * @return the plan, in epochs
   * @throws IllegalArgumentException if the start is below 1 or past the last epoch
   */
  public static AveragingPlan lightning(long swaEpochStart, long maxEpochs) {
    if (swaEpochStart < 1 || maxEpochs < swaEpochStart) {
      throw new IllegalArgumentException(
          "swa_epoch_start must be between 1 and max_epochs "
              + maxEpochs
              + ", got "
              + swaEpochStart);
    }
    return new AveragingPlan(Unit.EPOCH, swaEpochStart - 1, 1, maxEpochs - 1);
  }

  private static long requireStart(long start) {
    if (start < 0) {
      throw new IllegalArgumentException("start must be at least 0, got " + start);
    }
    return start;
  }

  private static long requireEvery(long every) {
    if (every < 1) {
      throw new IllegalArgumentException("every must be at least 1, got " + every);
    }
    return every;
  }
}
