package io.github.swag4j.calibration.binning;

import io.github.swag4j.calibration.Forecasts;
import java.util.List;
import java.util.Optional;

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
   * The bins themselves, where they are known before the rows.
   *
   * @param bins as in {@link #bins(Forecasts, int)}
   * @param single whether to place edges as for float32, where the peer does so
   * @return the bins; empty if they depend on the rows
   * @throws IllegalArgumentException if the rule has no such number of bins
   */
  default Optional<FixedBins> fixed(int bins, boolean single) {
    return Optional.empty();
  }

  /**
   * Whether the bins are known before the rows.
   *
   * @return true if {@link #fixed} gives bins
   */
  default boolean isFixed() {
    return false;
  }

  /**
   * How many bins there are in all, where they are known before the rows.
   *
   * @param bins as in {@link #bins(Forecasts, int)}
   * @return the number of bins
   * @throws IllegalArgumentException if the rule has no such number of bins
   */
  default int fixedCount(int bins) {
    throw new IllegalStateException("these bins depend on the rows");
  }

  /**
   * The rule in words.
   *
   * @param bins as in {@link #bins(Forecasts, int)}
   * @return such as "15 equal-width bins"
   */
  String describe(int bins);
}
