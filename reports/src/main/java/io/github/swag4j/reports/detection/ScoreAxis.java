package io.github.swag4j.reports.detection;

import io.github.swag4j.reports.drawing.Axis;
import io.github.swag4j.reports.drawing.Numbers;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Where scores lie on a horizontal axis: evenly, or by their logarithm where most of them are so
 * near 0 that an even axis would have them all in its first bin.
 *
 * @param logarithmic whether places are decimal logarithms
 * @param floor the score where a logarithmic axis begins: smaller ones, and 0, are counted in its
 *     first bin
 */
record ScoreAxis(boolean logarithmic, double floor) {

  /** An axis that is even. */
  static final ScoreAxis EVEN = new ScoreAxis(false, 0);

  /** Scores pile up where a quarter of a set lies below this share of the largest. */
  private static final double PILED = 0.04;

  /** The share of the positive scores that may be lost below the floor. */
  private static final double BELOW = 0.05;

  private static final double MOST_DECADES = 6;

  /** The axis that shows where the scores of every set are. */
  static ScoreAxis of(double[]... sets) {
    double[] all = finite(Arrays.stream(sets).flatMapToDouble(Arrays::stream));
    double largest = all.length == 0 ? 0 : all[all.length - 1];
    boolean piled =
        Arrays.stream(sets)
            .map(set -> finite(Arrays.stream(set)))
            .anyMatch(set -> set.length > 0 && set[set.length / 4] < PILED * largest);
    if (!piled || all[0] < 0) {
      return EVEN;
    }
    double[] positive = Arrays.stream(all).filter(score -> score > 0).toArray();
    double low = positive[(int) (BELOW * positive.length)];
    double least = Math.ceil(Math.log10(largest)) - MOST_DECADES;
    return new ScoreAxis(true, Math.pow(10, Math.max(least, decade(low, largest))));
  }

  private static double[] finite(DoubleStream scores) {
    return scores.filter(Double::isFinite).sorted().toArray();
  }

  /** The whole power of ten below a score, one below the largest at the most. */
  private static double decade(double score, double largest) {
    return Math.min(Math.floor(Math.log10(score)), Math.ceil(Math.log10(largest)) - 1);
  }

  /** Where a score lies; minus infinity for 0 on a logarithmic axis. */
  double place(double score) {
    return logarithmic ? Math.log10(Math.max(0, score)) : score;
  }

  /** The places of scores. */
  double[] places(double[] scores) {
    return Arrays.stream(scores).map(this::place).toArray();
  }

  /** The score at a place. */
  double score(double place) {
    return logarithmic ? Math.pow(10, place) : place;
  }

  /**
   * The axis between two places, its first tick saying so where smaller scores are counted there.
   */
  Axis between(double lower, double upper, boolean cut) {
    if (!logarithmic) {
      return Axis.within(lower, upper, 5);
    }
    int step = upper - lower > 4 ? 2 : 1;
    List<Axis.Tick> ticks = new ArrayList<>();
    for (int e = (int) Math.ceil(lower - 1e-9); e <= upper + 1e-9; e += step) {
      boolean first = ticks.isEmpty() && cut;
      ticks.add(new Axis.Tick(Math.min(upper, e), (first ? "≤ " : "") + power(e)));
      if (upper - lower <= 1.5 && e + Math.log10(3) < upper) {
        ticks.add(new Axis.Tick(e + Math.log10(3), number(3 * Math.pow(10, e))));
      }
    }
    return new Axis(lower, upper, ticks);
  }

  private static String power(int exponent) {
    if (exponent >= -3 && exponent <= 3) {
      return number(Math.pow(10, exponent));
    }
    String digits = Integer.toString(Math.abs(exponent));
    StringBuilder out = new StringBuilder("10").append(exponent < 0 ? "⁻" : "");
    digits.chars().forEach(c -> out.append("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0')));
    return out.toString();
  }

  /**
   * A score in three significant digits on a logarithmic axis, in three decimals on an even one.
   */
  String words(double score) {
    return logarithmic ? number(score) : Numbers.fixed(score, 3);
  }

  private static String number(double value) {
    if (value != 0 && Math.abs(value) < 1e-4) {
      int exponent = (int) Math.floor(Math.log10(Math.abs(value)) + 1e-12);
      return number(value / Math.pow(10, exponent)) + "e" + exponent;
    }
    return BigDecimal.valueOf(value)
        .round(new MathContext(3))
        .stripTrailingZeros()
        .toPlainString()
        .replace('-', '−');
  }
}
