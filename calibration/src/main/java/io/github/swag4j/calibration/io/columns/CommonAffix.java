package io.github.swag4j.calibration.io.columns;

import java.util.HashSet;
import java.util.List;

/**
 * What all names of some classes begin or end with, up to a mark between words: labels may be
 * without it, as {@code cat} is beside the columns {@code mean_cat, mean_dog}.
 */
final class CommonAffix {
  private static final String MARKS = "_.:/|= -";

  private CommonAffix() {}

  /**
   * The names without what all of them begin or end with; none if that is nothing, or if what is
   * left could be indices or would not tell them apart.
   */
  static List<String> without(List<String> names) {
    if (names.size() < 2) {
      return List.of();
    }
    int before = common(names, false);
    List<String> shorter = names.stream().map(name -> name.substring(before)).toList();
    if (before == 0) {
      int behind = common(names, true);
      shorter = names.stream().map(n -> n.substring(0, n.length() - behind)).toList();
    }
    boolean clear =
        !shorter.equals(names)
            && new HashSet<>(shorter).size() == names.size()
            && shorter.stream().noneMatch(n -> n.isEmpty() || NameText.isWhole(n));
    return clear ? shorter : List.of();
  }

  /** How many characters at the start, or the end, are the same in all, up to the last mark. */
  private static int common(List<String> names, boolean atEnd) {
    String first = names.get(0);
    int length = 0;
    for (int n = 1; n < first.length(); n++) {
      String part = atEnd ? first.substring(first.length() - n) : first.substring(0, n);
      if (!names.stream().allMatch(name -> atEnd ? name.endsWith(part) : name.startsWith(part))) {
        break;
      }
      if (MARKS.indexOf(atEnd ? part.charAt(0) : part.charAt(n - 1)) >= 0) {
        length = n;
      }
    }
    return length;
  }
}
