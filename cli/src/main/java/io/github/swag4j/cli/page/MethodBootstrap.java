package io.github.swag4j.cli.page;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Bootstrap;
import io.github.swag4j.calibration.comparison.IntervalMethod;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.comparison.PairedComparison;
import io.github.swag4j.calibration.comparison.SharedBootstrap;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.Results;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of all methods of a run on the same resamples of the test rows, drawn once: whatever
 * two methods differ by is read off them.
 */
final class MethodBootstrap {
  static final String ECE = RowValues.ECE;

  /** The metrics by their names in tables. */
  static final List<String> METRICS =
      List.of(RowValues.ACCURACY, RowValues.NLL, RowValues.BRIER, ECE);

  private static final Bootstrap.Options OPTIONS =
      Bootstrap.Options.defaults().withLevel(0.95).withMethod(IntervalMethod.PERCENTILE);

  private final SharedBootstrap shared;

  private MethodBootstrap(Results results) {
    Map<String, Predictions> methods = new LinkedHashMap<>();
    results.methods().forEach(method -> methods.put(method.title(), results.test(method)));
    List<Metric> metrics =
        List.of(Metric.accuracy(), Metric.nll(), Metric.brier(), Metric.ece(BinningConvention.GUO));
    shared = SharedBootstrap.of(metrics, methods, OPTIONS);
  }

  /** Of a run; the resamples are made the first time. */
  static MethodBootstrap of(Results results) {
    return results.once(MethodBootstrap.class, MethodBootstrap::new);
  }

  /** What the first method's metric is above that of the second. */
  PairedComparison difference(String metric, Method first, Method second) {
    return shared.difference(
        METRICS.indexOf(metric), first.title(), second.title(), IntervalMethod.PERCENTILE);
  }
}
