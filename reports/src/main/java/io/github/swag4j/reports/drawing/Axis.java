package io.github.swag4j.reports.drawing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** A linear axis: its range and its labelled ticks. */
public record Axis(double min, double max, List<Tick> ticks) {

  /** A labelled position. */
  public record Tick(double value, String label) {}

  private static final double[] STEPS = {1, 2, 2.5, 5, 10};

  public Axis {
    if (!(min < max)) {
      throw new IllegalArgumentException("axis must have min < max, got " + min + " and " + max);
    }
    ticks = List.copyOf(ticks);
  }

  /** Zero to one in fifths: probabilities, accuracies, confidences. */
  public static Axis unit() {
    return ticked(0, 1, 0.2, v -> Numbers.tick(v, 0.2));
  }

  /** Zero to one hundred percent. */
  public static Axis percent() {
    return ticked(0, 1, 0.2, v -> Numbers.percent(v, 0));
  }

  /** Zero to just above a largest share, in percent, with about {@code parts} ticks. */
  public static Axis share(double largest, int parts) {
    double top = largest > 0 ? largest : 1;
    double step = step(top / parts);
    double max = Math.ceil(top / step - 1e-9) * step;
    int decimals = Numbers.decimals(100 * step);
    return ticked(0, max, step, v -> Numbers.percent(v, decimals));
  }

  /** A range that holds two values, widened to whole steps, with about {@code parts} ticks. */
  public static Axis around(double low, double high, int parts) {
    double span = high - low;
    double width = span > 0 ? span : Math.max(Math.abs(high) * 0.1, 1e-9);
    double step = step(width / parts);
    double from = Math.floor(low / step + 1e-9) * step;
    double to = Math.ceil(high / step - 1e-9) * step;
    double end = to > from ? to : from + step;
    return ticked(from, end, step, v -> Numbers.tick(v, step));
  }

  /** Exactly the given range, with ticks at whole steps inside it. */
  public static Axis within(double low, double high, int parts) {
    double step = step((high - low) / parts);
    return ticked(low, high, step, v -> Numbers.tick(v, step));
  }

  /**
   * A logarithmic axis that holds two values above 0: its range is of their decimal logarithms, its
   * labels are of the values. Ticks are at 1, 2 and 5 times powers of ten where the range is short,
   * else at powers of ten.
   */
  public static Axis logarithmic(double low, double high) {
    double from = Math.log10(low);
    double to = Math.log10(high);
    if (to - from < 0.1) {
      double middle = (from + to) / 2;
      from = middle - 0.05;
      to = middle + 0.05;
    }
    double span = to - from;
    double[] factors = span < 2.2 ? new double[] {1, 2, 5} : new double[] {1};
    int every = span > 7 ? (int) Math.ceil(span / 6) : 1;
    List<Tick> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(from); power <= (int) Math.ceil(to); power++) {
      for (double factor : factors) {
        double at = power + Math.log10(factor);
        if (Math.floorMod(power, every) == 0 && at >= from - 1e-9 && at <= to + 1e-9) {
          double value = factor * Math.pow(10, power);
          ticks.add(new Tick(Math.min(Math.max(at, from), to), Numbers.digits(value)));
        }
      }
    }
    if (ticks.size() < 2) {
      ticks = List.of(new Tick(from, Numbers.digits(low)), new Tick(to, Numbers.digits(high)));
    }
    return new Axis(from, to, ticks);
  }

  /** Named places at 0, 1, 2 and so on, with half a step at either end. */
  public static Axis categories(List<String> names) {
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      ticks.add(new Tick(i, names.get(i)));
    }
    return new Axis(-0.5, names.size() - 0.5, ticks);
  }

  /** Whole numbers from one to {@code last}, at most {@code parts} labelled. */
  public static Axis epochs(int last, int parts) {
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
