package io.github.swag4j.cli.comparison;

import io.github.swag4j.cli.page.ShiftNumbers;
import io.github.swag4j.cli.run.RunDirectory;
import io.github.swag4j.reports.comparison.ShiftChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code swag4j shift} found of a run: metrics of each method at each strength, means over the
 * corruptions.
 *
 * @param corruptions which these are, without that of no corruption
 * @param byMethod numbers by method and strength; 0 of the images as they are
 */
public record Shifts(
    Set<String> corruptions, Map<String, TreeMap<Integer, Map<Column, Double>>> byMethod) {

  private static final double SAME = 1e-6;

  /** Where a run's shifts are. */
  public static Path file(RunDirectory run) {
    return run.path().resolve("shift").resolve("shift.csv");
  }

  /** Those of a run; none where there is no such file. */
  public static Shifts of(RunDirectory run) throws IOException {
    Shifts none = new Shifts(Set.of(), Map.of());
    Path file = file(run);
    if (!Files.isRegularFile(file)) {
      return none;
    }
    Map<String, TreeMap<Integer, Map<Column, double[]>>> sums = new LinkedHashMap<>();
    Set<String> corruptions = new TreeSet<>();
    for (ShiftChart.Point point : ShiftNumbers.read(file).points()) {
      if (!point.corruption().equals(ShiftNumbers.NONE)) {
        corruptions.add(point.corruption());
      }
      Map<Column, double[]> at =
          sums.computeIfAbsent(point.method(), m -> new TreeMap<>())
              .computeIfAbsent(point.strength(), s -> new EnumMap<>(Column.class));
      add(at, Column.ACCURACY, point.accuracy());
      add(at, Column.NLL, point.nll());
      add(at, Column.ECE, point.ece());
    }
    return new Shifts(corruptions, means(sums));
  }

  private static void add(Map<Column, double[]> at, Column column, double value) {
    double[] sum = at.computeIfAbsent(column, c -> new double[2]);
    sum[0] += value;
    sum[1]++;
  }

  private static Map<String, TreeMap<Integer, Map<Column, Double>>> means(
      Map<String, TreeMap<Integer, Map<Column, double[]>>> sums) {
    Map<String, TreeMap<Integer, Map<Column, Double>>> means = new LinkedHashMap<>();
    sums.forEach(
        (method, byStrength) ->
            byStrength.forEach(
                (strength, numbers) -> {
                  Map<Column, Double> mean = new EnumMap<>(Column.class);
                  numbers.forEach((column, sum) -> mean.put(column, sum[0] / sum[1]));
                  means.computeIfAbsent(method, m -> new TreeMap<>()).put(strength, mean);
                }));
    return means;
  }

  /**
   * Those of a method, if the images as they are were the rows that it was judged by: shifts of
   * fewer rows, or of a run that was there before, give other numbers.
   */
  Map<Integer, Map<Column, Double>> of(String method, Map<Column, Double> judged) {
    Map<Integer, Map<Column, Double>> known = byMethod.getOrDefault(method, new TreeMap<>());
    Map<Column, Double> plain = known.get(0);
    return plain != null
            && Math.abs(plain.get(Column.NLL) - judged.get(Column.NLL))
                <= SAME * Math.max(1, judged.get(Column.NLL))
        ? known
        : Map.of();
  }
}
