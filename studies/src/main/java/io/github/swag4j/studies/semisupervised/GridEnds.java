package io.github.swag4j.studies.semisupervised;

import io.github.swag4j.studies.semisupervised.SemiSupervisedSettings.Choice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Which choices lie at an end of what was tried: beyond it something better may be, so what such a
 * choice shows may be of the grid.
 */
final class GridEnds {
  private GridEnds() {}

  /** What to say of all choices. */
  static String sentence(
      Map<Way, Choice> chosen, Map<Way, ? extends Map<Choice, ?>> tried, String remedy) {
    List<String> ends = new ArrayList<>();
    chosen.forEach(
        (way, choice) -> {
          List<String> of = of(way, choice, tried.get(way).keySet());
          if (!of.isEmpty()) {
            ends.add(way.title() + " (" + String.join("; ", of) + ")");
          }
        });
    return ends.isEmpty()
        ? "All choices lie between others that were tried."
        : "Chosen at an end of what was tried, so that a better one may lie beyond: "
            + String.join(", ", ends)
            + ". "
            + remedy;
  }

  /** Each setting that no smaller or no larger one was tried of. */
  private static List<String> of(Way way, Choice choice, Collection<Choice> tried) {
    List<String> ends = new ArrayList<>();
    add(ends, "rate", choice, tried, Choice::peak);
    add(ends, "half wave", choice, tried, Choice::wave);
    if (way.isConsistent()) {
      add(ends, "weight", choice, tried, Choice::consistency);
    }
    return ends;
  }

  private static void add(
      List<String> ends,
      String name,
      Choice choice,
      Collection<Choice> tried,
      ToDoubleFunction<Choice> value) {
    double at = value.applyAsDouble(choice);
    boolean smaller = tried.stream().mapToDouble(value).anyMatch(other -> other < at);
    boolean larger = tried.stream().mapToDouble(value).anyMatch(other -> other > at);
    if (!smaller || !larger) {
      String which = smaller ? "the largest" : larger ? "the smallest" : "the only one";
      ends.add(name + " " + at + ", " + which);
    }
  }
}
