package io.github.swag4j.calibration.io.columns;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What labels show: which of some names they are, and how far they count. */
final class LabelEvidence {
  private static final int KEPT = 3;

  private final Map<String, Integer> names;
  private final Set<String> ignored;
  private final Set<Integer> named = new HashSet<>();
  private final Map<String, String> others = new LinkedHashMap<>();
  private final Set<String> distinct = new HashSet<>();
  private boolean onlyWhole = true;
  private int least = Integer.MAX_VALUE;
  private int most = -1;
  private String first = "";
  private String mostAt = "";

  /**
   * Nothing seen yet.
   *
   * @param names what each name names
   * @param ignored labels that say nothing
   */
  LabelEvidence(Map<String, Integer> names, List<String> ignored) {
    this.names = names;
    this.ignored = Set.copyOf(ignored);
  }

  void add(String text, String place) {
    String label = NameText.canonical(text);
    if (ignored.contains(text) || ignored.contains(label)) {
      return;
    }
    if (distinct.isEmpty()) {
      first = text;
    }
    if (distinct.size() <= KEPT) {
      distinct.add(label);
    }
    Integer name = names.get(text);
    name = name == null ? names.get(label) : name;
    if (name != null) {
      named.add(name);
    } else if (others.size() < KEPT) {
      others.putIfAbsent(label, place);
    }
    if (!NameText.isWhole(label)) {
      onlyWhole = false;
      return;
    }
    int index = NameText.whole(label);
    least = Math.min(least, index);
    if (index > most) {
      most = index;
      mostAt = place;
    }
  }

  /** What labels named. */
  Set<Integer> named() {
    return named;
  }

  /** Some of the labels that name nothing, with the place where each came first. */
  Map<String, String> others() {
    return others;
  }

  /** The first label, or nothing if there was none. */
  String first() {
    return first;
  }

  boolean isEmpty() {
    return distinct.isEmpty();
  }

  /** Whether every label is a name. */
  boolean areNames() {
    return others.isEmpty();
  }

  /** Whether every label is an index of a class. */
  boolean areIndices(int classes) {
    return onlyWhole && least >= 0 && most < classes;
  }

  /** Whether the labels are indices from 0 up to the last of some classes: there are as many. */
  boolean count(int classes) {
    return classes > 1 && areIndices(classes) && least == 0 && most == classes - 1;
  }

  int most() {
    return most;
  }

  String mostAt() {
    return mostAt;
  }

  /** Up to a few different labels. */
  Set<String> distinct() {
    return distinct;
  }
}
