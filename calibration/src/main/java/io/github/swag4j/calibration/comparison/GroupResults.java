package io.github.swag4j.calibration.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A metric group by group, and the worst group. The worst of many groups looks bad by chance alone;
 * so the intervals hold for all groups at once (Bonferroni: each at level 1 - (1 - level) / groups)
 * and the interval of the worst, although picked after the fact, still covers. Each group is also
 * tested against all other rows, with Holm's correction.
 *
 * @param metric name of the metric
 * @param direction which way it improves
 * @param overall the metric on all rows
 * @param groups one result for each group, by name
 * @param options how the intervals were made, with the level for all groups together
 */
public record GroupResults(
    String metric,
    Metric.Direction direction,
    double overall,
    List<GroupResult> groups,
    Options options) {

  /**
   * Copies the list.
   *
   * @param metric name of the metric
   * @param direction which way it improves
   * @param overall the metric on all rows
   * @param groups one result for each group
   * @param options how the intervals were made
   */
  public GroupResults {
    groups = List.copyOf(groups);
  }

  /**
   * By the groups that the predictions carry.
   *
   * @param metric the metric
   * @param predictions predictions with groups
   * @param options how; level for all groups together
   * @return the results
   * @throws IllegalArgumentException if there are too few replicates for the level of one among
   *     this many groups
   * @throws IllegalStateException if there are no groups
   */
  public static GroupResults of(Metric metric, Predictions predictions, Options options) {
    return by(metric, predictions, predictions::group, options);
  }

  /**
   * By the label of the rows.
   *
   * @param metric the metric
   * @param predictions predictions with labels
   * @param options how; level for all groups together
   * @return the results, one for each class that occurs
   * @throws IllegalArgumentException as {@link #of}
   * @throws IllegalStateException if there are no labels
   */
  public static GroupResults ofLabels(Metric metric, Predictions predictions, Options options) {
    List<String> names = predictions.classNames();
    return by(metric, predictions, row -> names.get(predictions.label(row)), options);
  }

  /**
   * By the most probable class of the rows, which is known before the label is.
   *
   * @param metric the metric
   * @param predictions the predictions
   * @param options how; level for all groups together
   * @return the results, one for each class that is predicted
   * @throws IllegalArgumentException as {@link #of}
   */
  public static GroupResults ofPredictedClasses(
      Metric metric, Predictions predictions, Options options) {
    List<String> names = predictions.classNames();
    return by(metric, predictions, row -> names.get(predictions.predictedClass(row)), options);
  }

  private static GroupResults by(
      Metric metric, Predictions p, IntFunction<String> groupOf, Options options) {
    Map<String, List<Integer>> rowsOf = new TreeMap<>();
    for (int row = 0; row < p.rows(); row++) {
      rowsOf.computeIfAbsent(groupOf.apply(row), name -> new ArrayList<>()).add(row);
    }
    Options each = options.withLevel(1 - (1 - options.level()) / rowsOf.size());
    List<GroupResult> results = new ArrayList<>();
    rowsOf.forEach((name, list) -> results.add(result(metric, p, name, list, each)));
    return new GroupResults(
        metric.name(), metric.direction(), metric.of(p), adjusted(results), options);
  }

  private static GroupResult result(
      Metric metric, Predictions p, String name, List<Integer> list, Options options) {
    int[] rows = list.stream().mapToInt(Integer::intValue).toArray();
    Predictions group = weighty(p, rows);
    double estimate = group == null ? Double.NaN : metric.of(group);
    if (rows.length < 2 || Double.isNaN(estimate)) {
      return new GroupResult(name, rows.length, estimate, Optional.empty(), Double.NaN, Double.NaN);
    }
    Optional<MetricInterval> interval = interval(metric, group, options);
    boolean[] inGroup = new boolean[p.rows()];
    list.forEach(row -> inGroup[row] = true);
    int[] others = IntStream.range(0, p.rows()).filter(row -> !inGroup[row]).toArray();
    Predictions rest = others.length < 2 ? null : weighty(p, others);
    double pValue = rest == null ? Double.NaN : pValue(metric, group, rest, options);
    return new GroupResult(name, rows.length, estimate, interval, pValue, Double.NaN);
  }

  /**
   * One group must not keep the others from being judged: where it has no BCa interval it gets the
   * percentile interval, which says so, and where the metric is mostly undefined none.
   */
  private static Optional<MetricInterval> interval(Metric metric, Predictions group, Options o) {
    BootstrapDistribution d =
        new BootstrapDistribution(
            metric.name(), Bootstrap.resamples(metric, group, o, 0), o.replicates());
    if (!d.isDefined()) {
      return Optional.empty();
    }
    boolean percentile = o.method() == IntervalMethod.BCA && !d.hasBca();
    Options used = percentile ? o.withMethod(IntervalMethod.PERCENTILE) : o;
    return Optional.of(MetricInterval.of(metric.name(), d, group, used));
  }

  /**
   * Two independent sets of rows: each its own seed, so that their replicates are not paired.
   * Draws, where resampled, are the same for both, as one run of the sampler predicts them.
   */
  private static double pValue(Metric metric, Predictions group, Predictions rest, Options o) {
    if (Double.isNaN(metric.of(rest))) {
      return Double.NaN;
    }
    DifferenceResamples difference =
        new DifferenceResamples(
            Bootstrap.resamples(metric, group, o, 0), Bootstrap.otherRows(metric, rest, o));
    BootstrapDistribution d =
        new BootstrapDistribution(
            metric.name() + " of a group minus the rest", difference, o.replicates());
    return d.isDefined() ? d.pValueOfZero(IntervalMethod.PERCENTILE) : Double.NaN;
  }

  private static Predictions weighty(Predictions p, int[] rows) {
    double weight = 0;
    for (int row : rows) {
      weight += p.weight(row);
    }
    return weight > 0 ? p.select(rows) : null;
  }

  private static List<GroupResult> adjusted(List<GroupResult> results) {
    double[] tested =
        results.stream()
            .mapToDouble(GroupResult::pValueOfRest)
            .filter(v -> !Double.isNaN(v))
            .toArray();
    double[] holm = Holm.adjust(tested);
    List<GroupResult> out = new ArrayList<>();
    int next = 0;
    for (GroupResult r : results) {
      double q = Double.isNaN(r.pValueOfRest()) ? Double.NaN : holm[next++];
      out.add(
          new GroupResult(r.group(), r.rows(), r.estimate(), r.interval(), r.pValueOfRest(), q));
    }
    return out;
  }

  /**
   * The group with the worst estimate among those that have an interval.
   *
   * @return the worst group; the first by name among equals
   * @throws IllegalStateException if no group has an interval
   */
  public GroupResult worst() {
    Comparator<GroupResult> byEstimate = Comparator.comparingDouble(GroupResult::estimate);
    Comparator<GroupResult> worse =
        direction == Metric.Direction.LOWER_IS_BETTER ? byEstimate : byEstimate.reversed();
    // max keeps the later of equals, so the comparison by name is turned round.
    return groups.stream()
        .filter(g -> g.interval().isPresent())
        .max(worse.thenComparing(GroupResult::group, Comparator.reverseOrder()))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "a worst group needs a group of at least 2 rows with a defined " + metric));
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s %.4f overall; %d groups, %s intervals for all at once (Bonferroni, %s"
                    + " bootstrap, %,d replicates, seed %d), p-values after Holm",
                metric,
                overall,
                groups.size(),
                MetricInterval.percent(options.level()),
                options.method(),
                options.replicates(),
                options.seed()));
    for (GroupResult group : groups) {
      text.append(System.lineSeparator()).append("  ").append(group);
      if (group.interval().filter(i -> i.options().method() != options.method()).isPresent()) {
        text.append(" (percentile interval: it has no BCa)");
      }
    }
    return text.toString();
  }
}
