package io.github.swag4j.swa.schedule;

import java.util.List;

/**
 * Learning rate as a function of training time. Time is what has finished, in the unit of whoever
 * asks: epochs (fractions allowed) or optimiser steps; the first step trains with {@code rate(0)}.
 *
 * <p>Schedules are values: the rate at a time does not depend on how training got there. Your own
 * is a lambda ({@code time -> 0.1 / (1 + time)}); {@link #then}, {@link #warmedUp} and {@link
 * #stretched} make new ones of those there are.
 */
@FunctionalInterface
public interface LearningRateSchedule {

  /**
   * The rate at a time.
   *
   * @param time units finished, at least 0
   * @return the learning rate, finite and at least 0
   */
  double rate(double time);

  /**
   * This schedule until a time, then another, whose own time begins there.
   *
   * @param time when the other begins, above 0
   * @param next the schedule from then on; it is asked for {@code rate(0)} at {@code time}
   * @return the schedule
   * @throws IllegalArgumentException if the time is not finite or not above 0
   */
  default LearningRateSchedule then(double time, LearningRateSchedule next) {
    return new Composed.Sequence(this, time, next);
  }

  /**
   * This schedule until a time, and from there from the rate it has then to a constant one, as
   * torch.optim.swa_utils.SWALR goes: rate = swa + (r - swa) (1 - a(s)) with s = (t - time) /
   * length, a(s) = s (linear) or (1 - cos(pi s)) / 2 (cosine), a = 1 from s = 1 on. With length 0
   * the rate jumps at {@code time} and not before: SWALR with anneal_epochs = 0 changes the rate
   * already when it is made.
   *
   * @param time when annealing begins, at least 0
   * @param swa the constant rate, finite and above 0
   * @param length how long it takes, finite and at least 0
   * @param shape how the rate goes
   * @return the schedule
   * @throws IllegalArgumentException if a number is out of range
   */
  default LearningRateSchedule annealedTo(double time, double swa, double length, Shape shape) {
    if (time == 0) {
      return new Annealed(rate(0), swa, length, shape);
    }
    return then(time, new Annealed(rate(time), swa, length, shape));
  }

  /**
   * A straight line from a first rate to this schedule's first, then this schedule, whose own time
   * begins after the warm-up.
   *
   * @param length how long the warm-up takes, above 0
   * @param from the rate training begins with, at least 0
   * @return the schedule
   * @throws IllegalArgumentException if a number is out of range
   */
  default LearningRateSchedule warmedUp(double length, double from) {
    return new Annealed(from, rate(0), length, Shape.LINEAR).then(length, this);
  }

  /**
   * The same schedule over a longer or shorter time: the rate at t is this one's at t / factor. A
   * schedule in steps becomes one in epochs with factor 1 / (steps in an epoch).
   *
   * @param factor units of the new schedule in one unit of this, above 0
   * @return the schedule
   * @throws IllegalArgumentException if the factor is not finite or not above 0
   */
  default LearningRateSchedule stretched(double factor) {
    return new Composed.Stretched(this, factor);
  }

  /**
   * The same rate for ever.
   *
   * @param rate the learning rate, above 0
   * @return the schedule
   */
  static LearningRateSchedule constant(double rate) {
    return new PiecewiseLinear(List.of(new Point(0, rate)));
  }

  /**
   * The schedule of the SWA paper: {@code initial} to half of {@code start}, linear down to {@code
   * swa} at nine tenths of it, constant from there.
   *
   * @param initial learning rate at first, above 0
   * @param swa learning rate while averaging, above 0
   * @param start units before averaging starts, above 0
   * @return the schedule
   * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, section 5 and the
   *     authors' train.py</a>
   */
  static LearningRateSchedule swa(double initial, double swa, double start) {
    if (!(start > 0)) {
      throw new IllegalArgumentException("start must be above 0, got " + start);
    }
    return new PiecewiseLinear(
        List.of(new Point(0.5 * start, initial), new Point(0.9 * start, swa)));
  }

  /**
   * Multiplied by a factor each period: rate = initial * factor^floor(t / period)
   * (torch.optim.lr_scheduler.StepLR).
   *
   * @param initial learning rate at first, above 0
   * @param factor what it is multiplied by, above 0
   * @param period units between changes, above 0
   * @return the schedule
   * @throws IllegalArgumentException if a number is out of range
   */
  static LearningRateSchedule step(double initial, double factor, double period) {
    return new StepDecay(initial, factor, period);
  }

  /**
   * Half a cosine: rate = last + (initial - last) (1 + cos(pi t / length)) / 2 until {@code
   * length}, {@code last} from there (torch.optim.lr_scheduler.CosineAnnealingLR up to its T_max).
   *
   * @param initial learning rate at first, above 0
   * @param last learning rate at the end, at least 0
   * @param length units it takes, above 0
   * @return the schedule
   * @throws IllegalArgumentException if a number is out of range
   */
  static LearningRateSchedule cosine(double initial, double last, double length) {
    Checks.positive("initial", initial);
    Checks.positive("length", length);
    return new Annealed(initial, last, length, Shape.COSINE);
  }

  /**
   * The cyclic rate of the SWA paper: in each cycle from {@code high} straight to {@code low}, then
   * back at once. In the i-th step (i from 1), t = (mod(i - 1, c) + 1) / c and rate = (1 - t) high
   * + t low, so the last step of each cycle trains with {@code low}. Its time is in steps; {@code
   * stretched(1.0 / stepsPerEpoch)} makes it epochs.
   *
   * @param high the rate at the beginning of a cycle, above 0
   * @param low the rate at its end, above 0, at most {@code high}
   * @param cycle steps in a cycle, at least 1
   * @return the schedule
   * @throws IllegalArgumentException if a number is out of range
   * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al. 2018, section 3.1</a>
   */
  static CyclicSchedule sawtooth(double high, double low, long cycle) {
    return new CyclicSchedule.Sawtooth(high, low, cycle, 1);
  }

  /**
   * The cyclic rate of fast geometric ensembling: in each cycle from {@code high} straight down to
   * {@code low} in its middle and back.
   *
   * @param high the rate at the beginning of a cycle, above 0
   * @param low the rate in its middle, above 0, at most {@code high}
   * @param cycle units in a cycle, above 0
   * @return the schedule
   * @throws IllegalArgumentException if a number is out of range
   * @see <a href="https://arxiv.org/abs/1802.10026">Garipov et al. 2018, section 4</a>
   */
  static CyclicSchedule triangular(double high, double low, double cycle) {
    return new CyclicSchedule.Triangular(high, low, cycle);
  }

  /**
   * The rate of fast-SWA: down part of half a cosine until {@code decay}, then its last {@code
   * cycle} units again and again.
   *
   * @param peak learning rate at first, above 0
   * @param decay units until the first end of a cycle, above 0
   * @param halfWave units of the half cosine, at least {@code decay}; the longer, the higher the
   *     rates of the cycles
   * @param cycle units in a cycle, above 0, at most {@code decay}
   * @return the schedule, which knows the plans that collect in its cycles
   * @throws IllegalArgumentException if a number is out of range
   * @see <a href="https://arxiv.org/abs/1806.05594">Athiwaratkun et al. 2019</a>
   */
  static CosineCycles cosineCycles(double peak, double decay, double halfWave, double cycle) {
    return new CosineCycles(peak, decay, halfWave, cycle);
  }

  /** How a rate goes from one value to another. */
  enum Shape {
    /** By half a cosine: slowly, fast, slowly. */
    COSINE {
      @Override
      double share(double s) {
        return (1 - Math.cos(Math.PI * s)) / 2;
      }
    },
    /** By a straight line. */
    LINEAR {
      @Override
      double share(double s) {
        return s;
      }
    };

    /** Share of the way gone after share s of the time. */
    abstract double share(double s);
  }

  /**
   * A point the rate passes through.
   *
   * @param epoch time, in units finished
   * @param rate learning rate there, above 0
   */
  record Point(double epoch, double rate) {
    /**
     * Checks the numbers.
     *
     * @param epoch time, in units finished
     * @param rate learning rate there, above 0
     * @throws IllegalArgumentException if the time is negative or the rate is not above 0
     */
    public Point {
      if (!(epoch >= 0 && epoch < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("epoch must be finite and at least 0, got " + epoch);
      }
      Checks.positive("learning rate", rate);
    }
  }

  /**
   * Straight lines between points; constant before the first and after the last.
   *
   * @param points at least one, times rising
   */
  record PiecewiseLinear(List<Point> points) implements LearningRateSchedule {
    /**
     * Checks the points.
     *
     * @param points at least one, times rising
     * @throws IllegalArgumentException if there is none or times do not rise
     */
    public PiecewiseLinear {
      points = List.copyOf(points);
      if (points.isEmpty()) {
        throw new IllegalArgumentException("a schedule must have at least 1 point, got 0");
      }
      for (int i = 1; i < points.size(); i++) {
        if (!(points.get(i).epoch() > points.get(i - 1).epoch())) {
          throw new IllegalArgumentException(
              "times of a schedule must rise, got " + points.get(i - 1) + " then " + points.get(i));
        }
      }
    }

    @Override
    public double rate(double time) {
      Point before = points.get(0);
      if (time <= before.epoch()) {
        return before.rate();
      }
      for (Point after : points.subList(1, points.size())) {
        if (time <= after.epoch()) {
          double share = (time - before.epoch()) / (after.epoch() - before.epoch());
          return before.rate() + (after.rate() - before.rate()) * share;
        }
        before = after;
      }
      return before.rate();
    }
  }
}
