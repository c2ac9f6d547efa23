package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Intervals of several metrics of one or several methods, and of the methods' differences, by one
 * bootstrap over rows: the rows are drawn once for all of them. Of one method each interval is, bit
 * for bit, that of {@link Bootstrap#of(Metric, Predictions, Options)}, and of two each difference
 * that of {@link PairedComparison#of}. Draws do not depend on the order of methods or rows; of
 * three methods and more they depend on the methods' names where rows have no ids.
 */
public final class SharedBootstrap {
  private final List<Metric> metrics;
  private final Map<String, Predictions> methods;

  /** By method, then in the order of the metrics. */
  private final Map<String, List<Resamples>> resamples;

  private final Options options;

  private SharedBootstrap(
      List<Metric> metrics,
      Map<String, Predictions> methods,
      Map<String, List<Resamples>> resamples,
      Options options) {
    this.metrics = metrics;
    this.methods = methods;
    this.resamples = resamples;
    this.options = options;
  }

  /**
   * Draws the rows and computes every metric on each draw.
   *
   * @param metrics the metrics
   * @param predictions at least 2 rows
   * @param options how; over rows
   * @return what intervals are read off by the metrics' places
   * @throws IllegalArgumentException if there is only one row or posterior draws are to be
   *     resampled
   */
  public static SharedBootstrap of(List<Metric> metrics, Predictions predictions, Options options) {
    return of(metrics, Map.of("", predictions), options);
  }

  /**
   * Draws the rows and computes every metric of every method on each draw.
   *
   * @param metrics the metrics
   * @param methods predictions of the same rows in the same order by name of method, at least one
   * @param options how; over rows
   * @return what intervals and differences are read off
   * @throws IllegalArgumentException if the rows differ in number, ids, labels or weights, there is
   *     only one, or posterior draws are to be resampled
   */
  public static SharedBootstrap of(
      List<Metric> metrics, Map<String, Predictions> methods, Options options) {
    if (methods.isEmpty()) {
      throw new IllegalArgumentException("a bootstrap needs at least 1 method, got 0");
    }
    if (options.over() != Bootstrap.Over.ROWS) {
      throw new IllegalArgumentException(
          "a shared bootstrap is over rows, got " + options.over() + ": take Bootstrap.of");
    }
    List<Metric> copy = List.copyOf(metrics);
    Map<String, Predictions> all = new LinkedHashMap<>(methods);
    String first = all.keySet().iterator().next();
    Bootstrap.checkRows(all.get(first));
    List<Metric.OnRows> onRows = new ArrayList<>();
    all.forEach(
        (name, predictions) -> {
          Pairing.check(first, all.get(first), name, predictions);
          copy.forEach(metric -> onRows.add(metric.on(predictions)));
        });
    List<Resamples> drawn =
        SharedResamples.of(onRows, order(all), options.seed(), options.replicates());
    Map<String, List<Resamples>> byMethod = new LinkedHashMap<>();
    for (String name : all.keySet()) {
      int from = byMethod.size() * copy.size();
      byMethod.put(name, drawn.subList(from, from + copy.size()));
    }
    return new SharedBootstrap(copy, all, byMethod, options);
  }

  private static int[] order(Map<String, Predictions> methods) {
    List<String> names = List.copyOf(methods.keySet());
    if (names.size() != 2) {
      return CanonicalOrder.of(new TreeMap<>(methods).values().toArray(Predictions[]::new));
    }
    String a = names.get(0);
    String b = names.get(1);
    return PairedOrder.of(methods.get(a), methods.get(b), a.compareTo(b)).rows();
  }

  /**
   * The interval of one of the metrics of the first method.
   *
   * @param metric its place in the list
   * @param method the kind of interval
   * @return the estimate and its interval
   * @throws IllegalArgumentException if the metric is not finite
   * @throws IllegalStateException if the metric is undefined on most resamples, or the BCa interval
   *     does not exist
   */
  public MetricInterval interval(int metric, IntervalMethod method) {
    String name = metrics.get(metric).name();
    String first = methods.keySet().iterator().next();
    BootstrapDistribution distribution =
        distribution(name, resamples.get(first).get(metric)).orThrow();
    return MetricInterval.of(name, distribution, methods.get(first), options.withMethod(method));
  }

  /**
   * The difference of two methods by one of the metrics, first minus second.
   *
   * @param metric its place in the list
   * @param first name of a method
   * @param second name of another
   * @param method the kind of interval
   * @return the difference, its interval and its p-value
   * @throws IllegalArgumentException if the metric is not finite
   * @throws IllegalStateException if the metric is undefined on most resamples, or the BCa interval
   *     does not exist
   */
  public PairedComparison difference(
      int metric, String first, String second, IntervalMethod method) {
    Metric by = metrics.get(metric);
    DifferenceResamples both =
        new DifferenceResamples(
            resamples.get(first).get(metric), resamples.get(second).get(metric));
    BootstrapDistribution d =
        distribution(by.name() + " of " + first + " minus " + second, both).orThrow();
    return PairedComparison.of(
        by,
        first,
        second,
        both.first().estimate(),
        both.second().estimate(),
        d,
        methods.get(first).rows(),
        0,
        options.withMethod(method));
  }

  private BootstrapDistribution distribution(String name, Resamples of) {
    return new BootstrapDistribution(name, of, options.replicates());
  }
}
