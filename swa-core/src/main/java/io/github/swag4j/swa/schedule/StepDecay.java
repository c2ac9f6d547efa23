package io.github.swag4j.swa.schedule;

/**
 * Rate multiplied by a factor each period: initial * factor^floor(t / period).
 *
 * @param initial learning rate at first, above 0
 * @param factor what it is multiplied by, above 0
 * @param period units between changes, above 0
 */
record StepDecay(double initial, double factor, double period) implements LearningRateSchedule {

  StepDecay {
    Checks.positive("initial", initial);
    Checks.positive("factor", factor);
    Checks.positive("period", period);
  }

  @Override
  public double rate(double time) {
    return initial * Math.pow(factor, Checks.floor(time / period));
  }
}
