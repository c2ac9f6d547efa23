package io.github.swag4j.calibration.comparison;

import io.github.swag4j.base.PValue;
import java.util.Locale;
import java.util.Optional;

/**
 * A metric on the rows of one group; prints itself as a sentence.
 *
 * @param group name of the group
 * @param rows number of its rows
 * @param estimate the metric on them; NaN where it is undefined
 * @param interval its interval at the level that makes the intervals of all groups cover together;
 *     empty for one row or an undefined metric
 * @param pValueOfRest two-sided bootstrap p-value of "this group is like the rest", NaN where there
 *     is no interval on either side
 * @param adjustedPValue the same after Holm's correction over the groups tested
 */
public record GroupResult(
    String group,
    long rows,
    double estimate,
    Optional<MetricInterval> interval,
    double pValueOfRest,
    double adjustedPValue) {

  @Override
  public String toString() {
    String range =
        interval
            .map(i -> String.format(Locale.ROOT, "%.4f to %.4f", i.lower(), i.upper()))
            .orElse("no interval");
    String test =
        Double.isNaN(pValueOfRest) ? "" : ", against the rest " + PValue.equation(adjustedPValue);
    return String.format(
        Locale.ROOT,
        "%s %.4f (%,d %s), %s%s%s",
        group,
        estimate,
        rows,
        rows == 1 ? "row" : "rows",
        range,
        test,
        interval.map(i -> i.contains(i.estimate()) ? "" : MetricInterval.WARNING).orElse(""));
  }
}
