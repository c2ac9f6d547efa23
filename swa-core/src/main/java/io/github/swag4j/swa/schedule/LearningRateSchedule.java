package io.github.swag4j.swa.schedule;

import java.util.List;

/**
 * Learning rate as a function of training time, in epochs finished (fractions allowed). Schedules
 * are values: the rate at a time does not depend on how training got there.
 */
public sealed interface LearningRateSchedule permits LearningRateSchedule.PiecewiseLinear {

  /**
   * The rate at a time.
   *
   * @param epoch epochs finished, at least 0; the first epoch trains with {@code rate(0)}
   * @return the learning rate, above 0
   */
  double rate(double epoch);

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
   * @param start epochs before averaging starts, above 0
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
   * A point the rate passes through.
   *
   * @param epoch time, in epochs finished
   * @param rate learning rate there, above 0
   */
  record Point(double epoch, double rate) {
    /**
     * Checks the numbers.
     *
     * @param epoch time, in epochs finished
     * @param rate learning rate there, above 0
     * @throws IllegalArgumentException if the epoch is negative or the rate is not above 0
     */
    public Point {
      if (!(epoch >= 0 && epoch < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("epoch must be finite and at least 0, got " + epoch);
      }
      if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("learning rate must be finite and above 0, got " + rate);
      }
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
    public double rate(double epoch) {
      Point before = points.get(0);
      if (epoch <= before.epoch()) {
        return before.rate();
      }
      for (Point after : points.subList(1, points.size())) {
        if (epoch <= after.epoch()) {
          double share = (epoch - before.epoch()) / (after.epoch() - before.epoch());
          return before.rate() + (after.rate() - before.rate()) * share;
        }
        before = after;
      }
      return before.rate();
    }
  }
}
