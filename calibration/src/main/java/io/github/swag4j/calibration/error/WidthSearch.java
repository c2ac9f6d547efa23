package io.github.swag4j.calibration.error;

import java.util.function.DoubleUnaryOperator;

/**
 * The kernel width that equals its own error, in steps of 1 / 1024: the first step at which the
 * width is no longer below the error.
 *
 * @param step the width in steps
 * @param error the error at that width
 */
record WidthSearch(int step, double error) {
  static final int STEPS = 1 << 10;

  /** Widths below this are not tried: they are below the error. */
  static final double SMALLEST = 1e-3;

  /**
   * Looks for it from a step on, in strides that double until it is passed, then by halves. Where
   * the error falls below the width once, that is the step that bisection from 0 and 1 finds.
   */
  static WidthSearch from(int start, DoubleUnaryOperator error) {
    Steps steps = new Steps(error);
    int below = 0;
    int above = STEPS;
    int first = Math.max(1, Math.min(STEPS, start));
    if (steps.isBelow(first)) {
      below = first;
      for (int stride = 1; below + stride < STEPS; stride *= 2) {
        if (!steps.isBelow(below + stride)) {
          above = below + stride;
          break;
        }
        below += stride;
      }
    } else {
      above = first;
      for (int stride = 1; above - stride > 0; stride *= 2) {
        if (steps.isBelow(above - stride)) {
          below = above - stride;
          break;
        }
        above -= stride;
      }
    }
    while (above - below > 1) {
      int middle = (above + below) >>> 1;
      if (steps.isBelow(middle)) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return new WidthSearch(above, steps.error(above));
  }

  /** Keeps the last error: the step found is one of those tried last. */
  private static final class Steps {
    private final DoubleUnaryOperator error;
    private int known = -1;
    private double last;

    Steps(DoubleUnaryOperator error) {
      this.error = error;
    }

    boolean isBelow(int step) {
      double sigma = (double) step / STEPS;
      if (sigma < SMALLEST) {
        return true;
      }
      double at = error.applyAsDouble(sigma);
      boolean below = sigma < at;
      if (!below) {
        known = step;
        last = at;
      }
      return below;
    }

    double error(int step) {
      return step == known ? last : error.applyAsDouble((double) step / STEPS);
    }
  }
}
