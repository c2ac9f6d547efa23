package io.github.swag4j.swa.schedule;

import java.util.Objects;

/** Schedules made of others. */
final class Composed {

  private Composed() {}

  /** One schedule until a time, then another whose time begins there. */
  record Sequence(LearningRateSchedule first, double time, LearningRateSchedule next)
      implements LearningRateSchedule {

    Sequence {
      Objects.requireNonNull(first, "first schedule");
      Objects.requireNonNull(next, "next schedule");
      Checks.positive("the time the next schedule begins", time);
    }

    @Override
    public double rate(double at) {
      return at < time ? first.rate(at) : next.rate(at - time);
    }
  }

  /** A schedule over a longer or shorter time. */
  record Stretched(LearningRateSchedule schedule, double factor) implements LearningRateSchedule {

    Stretched {
      Objects.requireNonNull(schedule, "schedule");
      Checks.positive("factor", factor);
    }

    @Override
    public double rate(double time) {
      return schedule.rate(time / factor);
    }
  }
}
