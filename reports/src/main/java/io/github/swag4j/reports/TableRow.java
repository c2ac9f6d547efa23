package io.github.swag4j.reports;

import io.github.swag4j.calibration.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A row of a table. Immutable.
 *
 * @param labels one for each label column
 * @param numbers one for each metric, NaN where there is none
 * @param intervals of the numbers, the last ones may be missing
 * @param isPValues whether the numbers are p-values
 * @param marked names of the metrics that are marked; null where the best are
 */
record TableRow(
    List<String> labels,
    double[] numbers,
    List<Interval> intervals,
    boolean isPValues,
    Set<String> marked) {

  /** A row of a table with so many columns. */
  static TableRow of(List<String> labels, double[] numbers, int labelColumns, int metrics) {
    if (labels.size() != labelColumns || numbers.length != metrics) {
      throw new IllegalArgumentException(
          "row must have "
              + labelColumns
              + " labels and "
              + metrics
              + " numbers, got "
              + labels
              + " and "
              + Arrays.toString(numbers));
    }
    return new TableRow(List.copyOf(labels), numbers.clone(), List.of(), false, null);
  }

  TableRow withIntervals(Interval... of) {
    return new TableRow(labels, numbers, List.of(of), isPValues, marked);
  }

  TableRow ofPValues() {
    return new TableRow(labels, numbers, intervals, true, marked);
  }

  TableRow withMarked(Set<String> metrics) {
    return new TableRow(labels, numbers, intervals, isPValues, metrics);
  }

  /** The interval of a number, unknown where it has none. */
  Interval interval(int metric) {
    return metric < intervals.size() ? intervals.get(metric) : Interval.UNKNOWN;
  }

  /** Whether it is said that a metric's number is marked. */
  boolean isMarked(String metric) {
    return marked != null && marked.contains(metric);
  }
}
