package io.github.swag4j.reports.drawing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What charts ask of what they are given. */
public final class Checks {

  /** The most lines of one chart that can be told apart. */
  public static final int MAX_SERIES = 8;

  private Checks() {}

  /**
   * A copy of what a chart draws by name.
   *
   * @param what for the message, for example {@code "curves"}
   * @param series by their names, in their order
   * @throws IllegalArgumentException if there is none or there are too many to be told apart
   */
  public static <T> Map<String, T> series(String what, Map<String, T> series) {
    if (series.isEmpty() || series.size() > MAX_SERIES) {
      throw new IllegalArgumentException(
          what + " must be between 1 and " + MAX_SERIES + ", got " + series.size());
    }
    series.forEach(
        (name, value) -> {
          Objects.requireNonNull(name, "name");
          Objects.requireNonNull(value, name);
        });
    return Collections.unmodifiableMap(new LinkedHashMap<>(series));
  }

  /**
   * Refuses numbers that cannot be drawn.
   *
   * @throws IllegalArgumentException if there are none or one is NaN; the message says which
   */
  public static double[] numbers(String what, double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException(what + " must have at least 1 number, got 0");
    }
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new IllegalArgumentException(what + "[" + i + "] must be a number, got NaN");
      }
    }
    return values.clone();
  }
}
