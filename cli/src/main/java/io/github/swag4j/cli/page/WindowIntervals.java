package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.ChangeTest;
import io.github.swag4j.calibration.comparison.Holm;
import io.github.swag4j.cli.findings.RowMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Metrics along a column that orders the rows, such as time: window by window, and a test for a
 * change of each metric that is a mean over rows.
 *
 * @param column what orders the rows
 * @param level the level of each interval for itself; a test is certain at 1 - level
 * @param windows by their order, each named by its first and last value; intervals hold each for
 *     itself
 * @param first the first value of each window
 * @param last the last value of each window
 * @param changes tests for a change, one for each metric
 * @param at the first value after the change that a test points to, empty where nothing varies
 * @param adjusted Holm's p-values of the tests
 */
public record WindowIntervals(
    String column,
    double level,
    List<PartIntervals> windows,
    List<String> first,
    List<String> last,
    List<ChangeTest> changes,
    List<String> at,
    double[] adjusted) {

  /** Windows where nobody says how many. */
  public static final int WINDOWS = 10;

  private static final List<RowMetric> TESTED =
      List.of(RowMetric.ACCURACY, RowMetric.NLL, RowMetric.BRIER, RowMetric.OVERCONFIDENCE);

  /**
   * Over a column.
   *
   * @param texts the value of each row
   * @param windows how many windows at most
   */
  public static WindowIntervals of(
      String column,
      String[] texts,
      int windows,
      Predictions p,
      BinningConvention convention,
      MetricIntervals.Options options) {
    WindowOrder order = WindowOrder.of(column, texts);
    List<Integer> cuts = order.cuts(windows);
    List<PartIntervals> parts = new ArrayList<>();
    List<String> first = new ArrayList<>();
    List<String> last = new ArrayList<>();
    for (int w = 0; w + 1 < cuts.size(); w++) {
      int[] rows = Arrays.copyOfRange(order.rows(), cuts.get(w), cuts.get(w + 1));
      first.add(texts[rows[0]]);
      last.add(texts[rows[rows.length - 1]]);
      String name =
          first.get(w).equals(last.get(w)) ? first.get(w) : first.get(w) + " to " + last.get(w);
      parts.add(PartIntervals.of(name, p, rows, convention, options));
    }
    List<ChangeTest> changes = new ArrayList<>();
    List<String> at = new ArrayList<>();
    double[] weights = RowMetric.weights(p, order.rows());
    boolean[] goesOn = order.goesOn();
    for (RowMetric metric : p.rows() < 2 ? List.<RowMetric>of() : TESTED) {
      ChangeTest change =
          ChangeTest.of(metric.name(), metric.of(p, order.rows()), weights, goesOn, options.seed());
      changes.add(change);
      at.add(change.place() == 0 ? "" : texts[order.rows()[change.place()]]);
    }
    double[] raw = changes.stream().mapToDouble(ChangeTest::pValue).toArray();
    return new WindowIntervals(
        column, options.level(), parts, first, last, changes, at, Holm.adjust(raw));
  }

  /** Whether a metric changes beyond chance, by the place of its test. */
  boolean isCertain(int test) {
    return adjusted[test] <= 1 - level;
  }
}
