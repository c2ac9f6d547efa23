package io.github.swag4j.cli.monitor;

import io.github.swag4j.calibration.monitoring.DriftMonitor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the text of a label means: a class by name or index, or that it is not known yet. */
final class ServedLabels {
  private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null", "none", "-1");

  private final int classes;
  private final List<String> names;
  private final Map<String, Integer> byName = new HashMap<>();
  private final boolean indices;
  private final Set<String> missing = new HashSet<>(MISSING);

  /**
   * How labels are understood.
   *
   * @param names names of the classes, empty if they have none
   * @param kind "index", "name", or null for names with indices where none is a number
   * @param unknown labels that are none, besides the usual ones
   */
  ServedLabels(int classes, List<String> names, String kind, List<String> unknown) {
    unknown.forEach(each -> missing.add(each.toLowerCase(Locale.ROOT)));
    this.classes = classes;
    this.names = names;
    boolean named = !names.isEmpty() && !"index".equalsIgnoreCase(kind);
    for (int k = 0; k < names.size() && named; k++) {
      byName.put(names.get(k), k);
    }
    boolean numbers = names.stream().anyMatch(name -> name.matches("\\d+"));
    indices = byName.isEmpty() || !"name".equalsIgnoreCase(kind) && !numbers;
  }

  /**
   * The class.
   *
   * @return its index, or {@link DriftMonitor#UNKNOWN} where the text says that it is not known
   * @throws IllegalArgumentException if there is no such class; lists those that there are
   */
  int of(String text) {
    Integer named = byName.get(text);
    if (named != null) {
      return named;
    }
    if (missing.contains(text.toLowerCase(Locale.ROOT))) {
      return DriftMonitor.UNKNOWN;
    }
    if (indices && text.matches("\\d{1,9}(\\.0*)?")) {
      int index = (int) Double.parseDouble(text);
      if (index < classes) {
        return index;
      }
    }
    throw new IllegalArgumentException(
        "the label must be "
            + (names.isEmpty()
                ? "a class index below " + classes
                : "one of " + shown() + (indices ? " or an index below " + classes : ""))
            + ", got '"
            + text
            + "'");
  }

  private String shown() {
    int most = 12;
    return names.size() <= most
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, most)) + ", ... (" + names.size() + ")";
  }
}
