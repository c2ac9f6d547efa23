package io.github.swag4j.calibration.hypothesis;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.internal.CompensatedSum;
import org.apache.commons.math3.special.Gamma;

/**
 * Hosmer-Lemeshow test over groups of about equal size: chi^2 = sum_g n_g (acc_g - conf_g)^2 /
 * (conf_g (1 - conf_g)), with as many degrees of freedom as groups when the rows were not used to
 * fit the model, two fewer when they were. Ties are never torn, so there may be fewer groups than
 * asked for; n_g is the effective count of weighted rows.
 *
 * <p>Chi squared is the limit for large groups: where groups expect fewer than about five events,
 * or five rows without the event, calibrated forecasts are rejected too often (50 forecasts between
 * 0.97 and 1: 16 % of the time at the 5 % level). {@link LabelResamplingTest} holds its level
 * there.
 *
 * @see <a href="https://doi.org/10.1080/03610928008827941">Hosmer and Lemeshow 1980</a>
 */
public final class HosmerLemeshowTest {

  /** Deciles, as in the paper. */
  public static final int DEFAULT_GROUPS = 10;

  private HosmerLemeshowTest() {}

  /**
   * Tests held-out rows in ten groups: top label, or positive class of one column.
   *
   * @param predictions labelled predictions
   * @return chi squared and its p-value
   * @throws IllegalStateException if there are no labels
   */
  public static TestResult of(Predictions predictions) {
    return heldOut(TestedForecasts.of(predictions), DEFAULT_GROUPS);
  }

  /**
   * Tests held-out rows.
   *
   * @param forecasts the forecasts
   * @param groups number of groups, at least 1
   * @return chi squared, and its p-value with as many degrees of freedom as groups
   * @throws IllegalArgumentException if there are too few groups
   */
  public static TestResult heldOut(Forecasts forecasts, int groups) {
    return test(forecasts, groups, 0);
  }

  /**
   * Tests the rows that the model was fitted on.
   *
   * @param forecasts the forecasts
   * @param groups number of groups, at least 3
   * @return chi squared, and its p-value with two degrees of freedom fewer than groups
   * @throws IllegalArgumentException if there are too few groups once ties are kept together
   */
  public static TestResult fitted(Forecasts forecasts, int groups) {
    return test(forecasts, groups, 2);
  }

  private static TestResult test(Forecasts forecasts, int groups, int spent) {
    Binning binning = BinningConvention.EQUAL_MASS.withBins(groups).bin(forecasts);
    CompensatedSum sum = new CompensatedSum();
    int used = 0;
    for (BinTotals bin : binning.bins()) {
      if (bin.isEmpty()) {
        continue;
      }
      used++;
      double gap = bin.gap();
      double variance = bin.meanConfidence() * (1 - bin.meanConfidence());
      // A group forecast with certainty that came true says nothing; one that did not, everything.
      sum.add(gap == 0 ? 0 : bin.effectiveCount() * gap * gap / Math.max(0, variance));
    }
    int freedom = used - spent;
    if (freedom < 1) {
      throw new IllegalArgumentException(
          "the test needs at least "
              + (spent + 1)
              + " groups of distinct forecasts, got "
              + used
              + " from "
              + forecasts.rows()
              + " rows");
    }
    double statistic = sum.value();
    boolean certainlyWrong = !(statistic < Double.POSITIVE_INFINITY);
    return new TestResult(
        "Hosmer-Lemeshow (" + used + " groups, " + freedom + " degrees of freedom)",
        certainlyWrong ? Double.POSITIVE_INFINITY : statistic,
        certainlyWrong ? 0 : Gamma.regularizedGammaQ(freedom / 2.0, statistic / 2),
        forecasts.rows());
  }
}
