package io.github.swag4j.cli.comparison;

import io.github.swag4j.calibration.comparison.Holm;
import io.github.swag4j.cli.comparison.Group.Difference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Groups of contenders and how they differ, with Holm's correction over all tests of all groups:
 * one family for the rows, one for the seeds.
 *
 * @param groups at least one
 * @param differences each contender minus the first of its group, metric by metric
 */
public record Comparison(List<Group> groups, List<Difference> differences) {

  static Comparison of(List<Group> groups) {
    List<Difference> raw = new ArrayList<>();
    groups.forEach(group -> raw.addAll(group.differences()));
    double[] rows = holm(raw, Difference::pRows);
    double[] seeds = holm(raw, Difference::pSeeds);
    List<Difference> adjusted = new ArrayList<>();
    for (int i = 0; i < raw.size(); i++) {
      adjusted.add(raw.get(i).adjusted(rows[i], seeds[i]));
    }
    return new Comparison(List.copyOf(groups), List.copyOf(adjusted));
  }

  /** Corrects the p-values that there are. */
  private static double[] holm(List<Difference> raw, ToDoubleFunction<Difference> pValue) {
    double[] all = raw.stream().mapToDouble(pValue).toArray();
    double[] adjusted = Holm.adjust(Arrays.stream(all).filter(p -> !Double.isNaN(p)).toArray());
    int next = 0;
    for (int i = 0; i < all.length; i++) {
      all[i] = Double.isNaN(all[i]) ? all[i] : adjusted[next++];
    }
    return all;
  }

  /** Most seeds that a contender has. */
  int seeds() {
    return groups.stream()
        .flatMap(group -> group.contenders().stream())
        .mapToInt(each -> each.seeds().size())
        .max()
        .orElse(0);
  }

  /** Whether there is more than one group, so that tables must say which. */
  boolean hasGroups() {
    return groups.size() > 1;
  }
}
