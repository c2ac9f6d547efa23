package io.github.swag4j.swa;

import java.util.Objects;

/**
 * When weights are collected: after finished unit t if t &gt; start and (t - start) is a multiple
 * of {@code every}. Units are counted as finished, from 1: with {@code epochs().from(15).every(1)}
 * the first weights collected are those after the 16th epoch.
 *
 * @param unit what is counted
 * @param start units that must have finished before collecting begins, at least 0
 * @param every collect after each so many units, at least 1
 */
public record AveragingPlan(Unit unit, long start, long every) {

  /** What is counted. */
  public enum Unit {
    /** Passes over the training data. */
    EPOCH,
    /** Optimiser steps. */
    STEP
  }

  /**
   * Checks the numbers.
   *
   * @param unit what is counted
   * @param start units that must have finished before collecting begins, at least 0
   * @param every collect after each so many units, at least 1
   * @throws IllegalArgumentException if start is negative or every is below 1
   */
  public AveragingPlan {
    Objects.requireNonNull(unit, "unit");
    if (start < 0) {
      throw new IllegalArgumentException("start must be at least 0, got " + start);
    }
    if (every < 1) {
      throw new IllegalArgumentException("every must be at least 1, got " + every);
    }
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
   * @param newStart units that must have finished before collecting begins
   * @return the plan
   */
  public AveragingPlan from(long newStart) {
    return new AveragingPlan(unit, newStart, every);
  }

  /**
   * The same plan with another frequency.
   *
   * @param newEvery collect after each so many units
   * @return the plan
   */
  public AveragingPlan every(long newEvery) {
    return new AveragingPlan(unit, start, newEvery);
  }

  /**
   * Whether weights are collected once so many units have finished.
   *
   * @param finished finished units, from 0
   * @return true if so
   */
  public boolean collectsAfter(long finished) {
    return finished > start && (finished - start) % every == 0;
  }
}
