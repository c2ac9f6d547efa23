package io.github.swag4j.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** A linear axis: its range and its labelled ticks. */
record Axis(double min, double max, List<Tick> ticks) {

  /** A labelled position. */
  record Tick(double value, String label) {}

  private static final double[] STEPS = {1, 2, 2.5, 5, 10};

  Axis {
    if (!(min < max)) {
      throw new IllegalArgumentException("axis must have min < max, got " + min + " and " + max);
    }
    ticks = List.copyOf(ticks);
  }

  /** Zero to one in fifths: probabilities, accuracies, confidences. */
  static Axis unit() {
    return ticked(0, 1, 0.2, v -> Numbers.tick(v, 0.2));
  }

  /** Zero to just above a largest share, in percent, with about {@code parts} ticks. */
  static Axis share(double largest, int parts) {
    double top = largest > 0 ? largest : 1;
    double step = step(top / parts);
    double max = Math.ceil(top / step - 1e-9) * step;
    int decimals = Numbers.decimals(100 * step);
    return ticked(0, max, step, v -> Numbers.percent(v, decimals));
  }

  /** A range that holds two values, widened to whole steps, with about {@code parts} ticks. */
  static Axis around(double low, double high, int parts) {
    double span = high - low;
    double width = span > 0 ? span : Math.max(Math.abs(high) * 0.1, 1e-9);
    double step = step(width / parts);
    double from = Math.floor(low / step + 1e-9) * step;
    double to = Math.ceil(high / step - 1e-9) * step;
    double end = to > from ? to : from + step;
    return ticked(from, end, step, v -> Numbers.tick(v, step));
  }

  /** Exactly the given range, with ticks at whole steps inside it. */
  static Axis within(double low, double high, int parts) {
    double step = step((high - low) / parts);
    return ticked(low, high, step, v -> Numbers.tick(v, step));
  }

  /** Whole numbers from one to {@code last}, at most {@code parts} labelled. */
  static Axis epochs(int last, int parts) {
    double step = Math.max(1, step((double) last / parts));
    if (step != Math.rint(step)) {
      step = Math.ceil(step);
    }
    List<Tick> ticks = new ArrayList<>();
    for (double v = step; v <= last; v += step) {
      ticks.add(new Tick(v, Numbers.tick(v, 1)));
    }
    return new Axis(last == 1 ? 0.5 : 1, last == 1 ? 1.5 : last, ticks);
  }

  private static Axis ticked(double min, double max, double step, DoubleFunction<String> label) {
    List<Tick> ticks = new ArrayList<>();
    long first = (long) Math.ceil(min / step - 1e-9);
    long last = (long) Math.floor(max / step + 1e-9);
    for (long i = first; i <= last; i++) {
      // Whole multiples, cleaned of the noise of the product: 3 * 0.2 is 0.6000000000000001.
      double value = Math.rint(i * step * 1e12) / 1e12;
      ticks.add(new Tick(Math.min(Math.max(value, min), max), label.apply(value)));
    }
    return new Axis(min, max, ticks);
  }

  /** The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least {@code rough}. */
  private static double step(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double s : STEPS) {
      if (s * power >= rough * (1 - 1e-9)) {
        return s * power;
      }
    }
    return 10 * power;
  }
}
