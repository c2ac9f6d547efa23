package io.github.swag4j.cli.page;

import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.comparison.Holm;
import io.github.swag4j.calibration.comparison.IntervalMethod;
import io.github.swag4j.calibration.comparison.Metric;
import io.github.swag4j.calibration.comparison.PairedComparison;
import io.github.swag4j.calibration.comparison.PairedPermutationTest;
import io.github.swag4j.calibration.comparison.SharedBootstrap;
import io.github.swag4j.cli.findings.RowMetric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Methods judged on the same rows, pair by pair: the difference of every metric of the table with
 * its interval by the paired bootstrap (BCa; percentiles for the ECE, whose BCa intervals leave out
 * 0 too often), and the p-value of the paired permutation test, which keeps its level for any
 * metric. Holm's correction is over all tests of all pairs.
 *
 * @param differences pair after pair, metric after metric
 * @param level the level of each interval for itself
 * @param tests how many p-values were corrected together
 */
public record ComparedMethods(List<Difference> differences, double level, int tests) {

  private static final int SWAPS = 9999;
  private static final int LEAST_SWAPS = 999;
  private static final long LOOKED_AT = 200_000_000;

  /**
   * A difference of a metric, first minus second.
   *
   * @param first name of the first method
   * @param second name of the second
   * @param key the metric's name in JSON
   * @param compared difference and interval
   * @param pValue of the permutation test
   * @param adjusted the same after Holm's correction
   * @param swaps swaps that the test looked at
   */
  public record Difference(
      String first,
      String second,
      String key,
      PairedComparison compared,
      double pValue,
      double adjusted,
      int swaps) {

    private Difference adjustedTo(double holm) {
      return new Difference(first, second, key, compared, pValue, holm, swaps);
    }

    /** The metric's name in tables. */
    public String metric() {
      return key.equals("ece") ? "ECE" : compared.metric();
    }
  }

  /**
   * Compares methods.
   *
   * @param methods predictions by name, of the same rows
   * @param allPairs whether every pair is compared, later minus earlier, not only the others minus
   *     the first
   * @throws IllegalArgumentException if rows, labels, ids or weights of two of them differ
   */
  public static ComparedMethods of(
      Map<String, Predictions> methods,
      boolean allPairs,
      BinningConvention convention,
      MetricIntervals.Options options) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", Metric.accuracy());
    metrics.put("nll", Metric.nll());
    metrics.put("brier", Metric.brier());
    metrics.put("ece", Metric.ece(convention));
    List<String> names = List.copyOf(methods.keySet());
    List<Difference> all = new ArrayList<>();
    for (int earlier = 0; earlier < (allPairs ? names.size() : 1); earlier++) {
      for (int later = earlier + 1; later < names.size(); later++) {
        String first = names.get(later);
        String second = names.get(earlier);
        Predictions a = methods.get(first);
        Predictions b = methods.get(second);
        Map<String, Predictions> both = new LinkedHashMap<>();
        both.put(first, a);
        both.put(second, b);
        SharedBootstrap drawn =
            SharedBootstrap.of(List.copyOf(metrics.values()), both, options.bootstrap());
        int place = 0;
        for (Map.Entry<String, Metric> by : metrics.entrySet()) {
          all.add(
              difference(drawn, place++, first, a, second, b, by.getKey(), by.getValue(), options));
        }
      }
    }
    double[] holm = Holm.adjust(all.stream().mapToDouble(Difference::pValue).toArray());
    List<Difference> adjusted =
        IntStream.range(0, holm.length).mapToObj(i -> all.get(i).adjustedTo(holm[i])).toList();
    return new ComparedMethods(adjusted, options.level(), holm.length);
  }

  private static Difference difference(
      SharedBootstrap drawn,
      int place,
      String first,
      Predictions a,
      String second,
      Predictions b,
      String key,
      Metric metric,
      MetricIntervals.Options options) {
    PairedComparison compared = null;
    if (!key.equals("ece")) {
      try {
        compared = drawn.difference(place, first, second, IntervalMethod.BCA);
      } catch (IllegalStateException e) {
        compared = null; // no BCa interval where no resample differs from the estimate
      }
    }
    if (compared == null) {
      compared = drawn.difference(place, first, second, IntervalMethod.PERCENTILE);
    }
    int swaps = (int) Math.max(LEAST_SWAPS, Math.min(SWAPS, LOOKED_AT / a.rows()));
    PairedPermutationTest test = test(key, metric, a, b, swaps, options.seed());
    return new Difference(first, second, key, compared, test.pValue(), test.pValue(), test.swaps());
  }

  /** By the losses of the rows where the metric is their plain mean, which is faster. */
  private static PairedPermutationTest test(
      String key, Metric metric, Predictions a, Predictions b, int swaps, long seed) {
    boolean weighted = a.hasWeights() || b.hasWeights();
    for (RowMetric mean : RowMetric.TABLE) {
      if (!weighted && mean.key().equals(key)) {
        return PairedPermutationTest.ofLosses(mean.of(a), mean.of(b), swaps, seed);
      }
    }
    return PairedPermutationTest.of(metric, a, b, swaps, seed);
  }

  /**
   * The metrics, by their names in tables, by which a method is better than every other beyond
   * chance: none that it was not compared with every other by.
   *
   * @param name a method
   * @param methods how many there are
   */
  public List<String> best(String name, int methods) {
    Map<String, Integer> beaten = new LinkedHashMap<>();
    for (Difference each : differences) {
      boolean lower = each.compared().difference() < 0;
      boolean lowerIsBetter = each.compared().direction() == Metric.Direction.LOWER_IS_BETTER;
      String better = lower == lowerIsBetter ? each.first() : each.second();
      if (better.equals(name) && each.adjusted() <= 1 - level) {
        beaten.merge(each.metric(), 1, Integer::sum);
      }
    }
    return beaten.keySet().stream().filter(metric -> beaten.get(metric) == methods - 1).toList();
  }

  /** A sentence for each pair. */
  public List<String> sentences() {
    Map<List<String>, List<String>> byPair = new LinkedHashMap<>();
    for (Difference each : differences) {
      byPair
          .computeIfAbsent(List.of(each.first(), each.second()), pair -> new ArrayList<>())
          .add(words(each));
    }
    List<String> sentences = new ArrayList<>();
    byPair.forEach(
        (pair, words) ->
            sentences.add(
                pair.get(0) + " against " + pair.get(1) + ": " + String.join("; ", words) + "."));
    return sentences;
  }

  /** Such as "NLL is lower by 0.0120 ± 0.0040, p = 0.0030". */
  private String words(Difference each) {
    double difference = each.compared().difference();
    String p = PValue.equation(each.adjusted());
    if (difference == 0) {
      return "no difference of " + each.metric();
    }
    if (each.adjusted() > 1 - level) {
      return String.format(
          Locale.ROOT,
          "the %s difference of %+.4f is within noise (%s)",
          each.metric(),
          difference,
          p);
    }
    return String.format(
        Locale.ROOT,
        "%s is %s by %.4f ± %.4f, %s",
        each.metric(),
        difference < 0 ? "lower" : "higher",
        Math.abs(difference),
        each.compared().standardError(),
        p);
  }

  /** The least number of swaps of a test. */
  public int swaps() {
    return differences.stream().mapToInt(Difference::swaps).min().orElse(0);
  }
}
