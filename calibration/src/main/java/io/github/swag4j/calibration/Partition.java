package io.github.swag4j.calibration;

import java.util.List;

/** A rule that sorts forecasts into bins. */
interface Partition {

  /**
   * Sorts forecasts into bins.
   *
   * @param forecasts the forecasts, ascending
   * @param bins how many bins, or whatever number the rule takes
   * @return the bins in ascending order, empty ones included
   */
  List<BinTotals> bins(Forecasts forecasts, int bins);

  /**
   * The rule in words.
   *
   * @param bins as in {@link #bins(Forecasts, int)}
   * @return such as "15 equal-width bins"
   */
  String describe(int bins);
}
