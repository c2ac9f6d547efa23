package io.github.swag4j.cli.comparison;

import io.github.swag4j.cli.comparison.Judgement.Detection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * A method under a setting, or a file, with what is known of it under each seed.
 *
 * @param name what tables call it
 * @param seeded whether its seeds are those of trainings; a file has a single number that is none
 * @param bySeed what is known, by seed
 */
record Contender(String name, boolean seeded, TreeMap<Integer, Judgement> bySeed) {

  /** Values over seeds. */
  record Spread(double[] values) {
    /** NaN of none. */
    double mean() {
      double sum = 0;
      for (double value : values) {
        sum += value;
      }
      return sum / values.length;
    }

    /** Standard error of the mean: deviation (n - 1) over the root of n; NaN of fewer than two. */
    double error() {
      double mean = mean();
      double squares = 0;
      for (double value : values) {
        squares += (value - mean) * (value - mean);
      }
      return values.length < 2
          ? Double.NaN
          : Math.sqrt(squares / (values.length - 1) / values.length);
    }
  }

  /** The seeds, none of a file. */
  Set<Integer> seeds() {
    return seeded ? bySeed.keySet() : Set.of();
  }

  /** A metric under every seed; NaN where one has it not. */
  Spread values(Column column) {
    return values(column, bySeed.keySet());
  }

  /** A metric under some seeds. */
  Spread values(Column column, Set<Integer> seeds) {
    return new Spread(
        seeds.stream()
            .mapToDouble(seed -> bySeed.get(seed).numbers().getOrDefault(column, Double.NaN))
            .toArray());
  }

  /** Data sets and scores that every seed has. */
  List<List<String>> detections() {
    Set<List<String>> all = new LinkedHashSet<>(first().detections().keySet());
    bySeed.values().forEach(judged -> all.retainAll(judged.detections().keySet()));
    return new ArrayList<>(all);
  }

  /** A number of telling rows apart, under every seed. */
  Spread detections(List<String> which, ToDoubleFunction<Detection> number) {
    return new Spread(
        bySeed.values().stream()
            .mapToDouble(judged -> number.applyAsDouble(judged.detections().get(which)))
            .toArray());
  }

  /** Strengths of corruptions that every seed knows. */
  Set<Integer> strengths() {
    Set<Integer> all = new TreeSet<>(first().shifts().keySet());
    bySeed.values().forEach(judged -> all.retainAll(judged.shifts().keySet()));
    return all;
  }

  /** A metric at a strength, under every seed. */
  Spread shifted(int strength, Column column) {
    return new Spread(
        bySeed.values().stream()
            .mapToDouble(judged -> judged.shifts().get(strength).get(column))
            .toArray());
  }

  /** What is known under the first seed. */
  Judgement first() {
    return bySeed.firstEntry().getValue();
  }

  /** What each row adds to a metric, the mean over seeds; null where that is not known. */
  double[] rows(Column column, Set<Integer> seeds) {
    double[] mean = null;
    for (int seed : seeds) {
      double[] values = bySeed.get(seed).rows().get(column);
      if (values == null) {
        return null;
      }
      mean = mean == null ? new double[values.length] : mean;
      for (int r = 0; r < mean.length; r++) {
        mean[r] += values[r] / seeds.size();
      }
    }
    return mean;
  }

  /** The seeds that another has too; all of its own where they have none in common. */
  Set<Integer> paired(Contender other) {
    Set<Integer> common = new TreeSet<>(seeds());
    common.retainAll(other.seeds());
    return common.isEmpty() ? new TreeSet<>(bySeed.keySet()) : common;
  }

  /** Whether the two have seeds in common. */
  boolean isPaired(Contender other) {
    return seeds().stream().anyMatch(other.seeds()::contains);
  }
}
