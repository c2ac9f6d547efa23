package io.github.swag4j.studies.reinforce.agent;

import java.util.List;

/** Ranges of what agents are told. */
final class OptionRange {
  private OptionRange() {}

  /** From 0 to 1. */
  static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1], got " + value);
    }
  }

  /** Above 0, and finite. */
  static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and above 0, got " + value);
    }
  }

  /** At least 0, and finite. */
  static void notNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and at least 0, got " + value);
    }
  }

  /** Layers of one unit or more; a copy. */
  static List<Integer> layers(List<Integer> units) {
    if (units.stream().anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException("hidden layers must have at least 1 unit, got " + units);
    }
    return List.copyOf(units);
  }
}
