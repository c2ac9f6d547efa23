package io.github.swag4j.calibration.comparison;

import io.github.swag4j.base.PValue;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.comparison.Bootstrap.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Several methods compared on the same rows, with Holm's correction over all the comparisons made
 * at once. Intervals are those of single comparisons; the adjusted p-values are what to judge by.
 *
 * @param comparisons the comparisons, in the order of the methods
 * @param adjustedPValues Holm's p-value of each comparison
 */
public record MethodComparisons(List<PairedComparison> comparisons, List<Double> adjustedPValues) {

  /**
   * Checks and copies.
   *
   * @param comparisons the comparisons
   * @param adjustedPValues Holm's p-value of each
   * @throws IllegalArgumentException if there is not one p-value for each comparison
   */
  public MethodComparisons {
    comparisons = List.copyOf(comparisons);
    adjustedPValues = List.copyOf(adjustedPValues);
    if (comparisons.size() != adjustedPValues.size()) {
      throw new IllegalArgumentException(
          "adjusted p-values must have "
              + comparisons.size()
              + " values, got "
              + adjustedPValues.size());
    }
  }

  /**
   * Every other method minus a baseline.
   *
   * @param metric the metric
   * @param baseline name of the baseline among the methods
   * @param methods predictions by name of method, in the order to print; all of the same rows
   * @param options how each comparison is done
   * @return one comparison for each other method
   * @throws IllegalArgumentException if the baseline is not among at least 2 methods, or as {@link
   *     PairedComparison#of}
   * @throws IllegalStateException as {@link PairedComparison#of}
   */
  public static MethodComparisons against(
      Metric metric, String baseline, Map<String, Predictions> methods, Options options) {
    if (!methods.containsKey(baseline)) {
      throw new IllegalArgumentException(
          "baseline must be one of the methods " + methods.keySet() + ", got " + baseline);
    }
    List<PairedComparison> all = new ArrayList<>();
    methods.forEach(
        (name, predictions) -> {
          if (!name.equals(baseline)) {
            all.add(
                PairedComparison.of(
                    metric, name, predictions, baseline, methods.get(baseline), options));
          }
        });
    return corrected(all, methods);
  }

  /**
   * Every pair of methods, later minus earlier.
   *
   * @param metric the metric
   * @param methods predictions by name of method, in the order to print; all of the same rows
   * @param options how each comparison is done
   * @return m (m - 1) / 2 comparisons
   * @throws IllegalArgumentException if there are fewer than 2 methods, or as {@link
   *     PairedComparison#of}
   * @throws IllegalStateException as {@link PairedComparison#of}
   */
  public static MethodComparisons allPairs(
      Metric metric, Map<String, Predictions> methods, Options options) {
    List<String> names = List.copyOf(methods.keySet());
    List<PairedComparison> all = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        String earlier = names.get(i);
        String later = names.get(j);
        all.add(
            PairedComparison.of(
                metric, later, methods.get(later), earlier, methods.get(earlier), options));
      }
    }
    return corrected(all, methods);
  }

  private static MethodComparisons corrected(
      List<PairedComparison> all, Map<String, Predictions> methods) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "a comparison needs at least 2 methods, got " + methods.size());
    }
    double[] p = all.stream().mapToDouble(PairedComparison::pValue).toArray();
    return new MethodComparisons(all, Arrays.stream(Holm.adjust(p)).boxed().toList());
  }

  /**
   * The comparisons whose adjusted p-value is at most a level.
   *
   * @param alpha the level, in (0, 1); 0.05 for 5 %
   * @return the significant comparisons, in order
   * @throws IllegalArgumentException if alpha is not in (0, 1)
   */
  public List<PairedComparison> significant(double alpha) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException(
          "alpha must be between 0 and 1, both excluded, got " + alpha + ": 5 % is 0.05");
    }
    List<PairedComparison> found = new ArrayList<>();
    for (int i = 0; i < comparisons.size(); i++) {
      if (adjustedPValues.get(i) <= alpha) {
        found.add(comparisons.get(i));
      }
    }
    return found;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < comparisons.size(); i++) {
      text.append(i == 0 ? "" : System.lineSeparator()).append(comparisons.get(i));
      text.append(
          String.format(
              Locale.ROOT,
              "; Holm over %d comparisons %s",
              comparisons.size(),
              PValue.equation(adjustedPValues.get(i))));
    }
    return text.toString();
  }
}
