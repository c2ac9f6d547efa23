package io.github.swag4j.swa.schedule;

import java.util.Objects;

/**
 * From one rate to another by a shape, constant afterwards: to + (from - to) (1 - a(min(1, t /
 * length))).
 *
 * @param from learning rate at first, at least 0
 * @param to learning rate at the end, at least 0
 * @param length units it takes, at least 0
 * @param shape how it goes
 */
record Annealed(double from, double to, double length, Shape shape)
    implements LearningRateSchedule {

  Annealed {
    Checks.notNegative("learning rate", from);
    Checks.notNegative("learning rate", to);
    Checks.notNegative("length", length);
    Objects.requireNonNull(shape, "shape");
  }

  @Override
  public double rate(double time) {
    if (time >= length) {
      return to;
    }
    return to + (from - to) * (1 - shape.share(time / length));
  }
}
