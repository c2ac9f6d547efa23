package io.github.swag4j.studies.lowprecision;

import io.github.swag4j.reports.MetricsTable;
import io.github.swag4j.reports.MetricsTable.Better;
import io.github.swag4j.reports.MetricsTable.Metric;
import java.util.Comparator;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Learning rates by what they gave on held-out training rows. */
final class TriedRates {
  private TriedRates() {}

  /** The rate of the least error; of equals the first that was tried. */
  static <T> double best(Map<Double, T> tried, ToDoubleFunction<T> error) {
    return tried.entrySet().stream()
        .min(Comparator.comparingDouble(e -> error.applyAsDouble(e.getValue())))
        .orElseThrow()
        .getKey();
  }

  /** Errors in percent. */
  static <T> MetricsTable table(
      Map<Double, T> tried, ToDoubleFunction<T> sgd, ToDoubleFunction<T> swa) {
    MetricsTable.Builder table =
        MetricsTable.builder("Rate")
            .metric(new Metric("SGD", 2, Better.LOWER))
            .metric(new Metric("SWA", 2, Better.LOWER));
    tried.forEach(
        (rate, of) ->
            table.row(
                Double.toString(rate), 100 * sgd.applyAsDouble(of), 100 * swa.applyAsDouble(of)));
    return table.build();
  }
}
