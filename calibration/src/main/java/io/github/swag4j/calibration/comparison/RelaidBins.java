package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Forecasts;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.Binning;
import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.function.ToDoubleFunction;

/**
 * A function of equal-mass bins, which are laid again for every resample; the rows are sorted once.
 */
record RelaidBins(String name, BinningConvention convention, ToDoubleFunction<Binning> statistic)
    implements Metric {

  @Override
  public double of(Predictions predictions) {
    return statistic.applyAsDouble(convention.bin(convention.forecasts(predictions)));
  }

  @Override
  public OnRows on(Predictions predictions) {
    if (predictions.hasWeights()) {
      return Metric.super.on(predictions); // what stands for one row changes with the rows
    }
    String event = convention.forecasts(predictions).event();
    JudgedRows rows = JudgedRows.of(predictions, event.equals(Forecasts.POSITIVE_CLASS));
    return times -> {
      Forecasts repeated = rows.repeated(times);
      return repeated == null ? Double.NaN : statistic.applyAsDouble(convention.bin(repeated));
    };
  }
}
