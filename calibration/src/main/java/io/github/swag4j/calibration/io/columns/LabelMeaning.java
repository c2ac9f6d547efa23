package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the labels of a file say the class they mean. Immutable; safe for use by several threads.
 *
 * @param kind how they do
 * @param classes number of classes
 * @param byName the class of a name, where names are understood
 * @param byIndex the class of an index: the file's own order, whatever the order of the classes
 * @param ignored labels whose rows are left out
 */
public record LabelMeaning(
    LabelKind kind,
    int classes,
    Map<String, Integer> byName,
    List<Integer> byIndex,
    Set<String> ignored) {

  /** No class. */
  public static final int UNKNOWN = -1;

  /** A label whose row is left out. */
  public static final int IGNORED = -2;

  /**
   * Copies the collections.
   *
   * @param kind how labels say their class
   * @param classes number of classes
   * @param byName the class of a name
   * @param byIndex the class of an index, empty where indices are not understood
   * @param ignored labels whose rows are left out
   */
  public LabelMeaning {
    byName = Map.copyOf(byName);
    byIndex = List.copyOf(byIndex);
    ignored = Set.copyOf(ignored);
  }

  /** Whether nothing but indices is understood, in the order of the classes. */
  public boolean isPlainIndex() {
    if (kind != LabelKind.INDICES || !ignored.isEmpty()) {
      return false;
    }
    for (int i = 0; i < byIndex.size(); i++) {
      if (byIndex.get(i) != i) {
        return false;
      }
    }
    return true;
  }

  /** The class of a label, {@link #UNKNOWN} or {@link #IGNORED}. */
  public int of(String text) {
    Integer named = byName.get(text);
    if (named != null && ignored.isEmpty()) {
      return named; // most labels of most files
    }
    String label = NameText.canonical(text);
    if (ignored.contains(text) || ignored.contains(label)) {
      return IGNORED;
    }
    if (named == null) {
      named = byName.get(label);
    }
    if (named != null) {
      return named;
    }
    if (kind == LabelKind.TRUTH) {
      int truth = NameText.truth(text);
      if (truth >= 0) {
        return byIndex.get(truth);
      }
    }
    return NameText.isWhole(label) ? ofIndex(NameText.whole(label)) : UNKNOWN;
  }

  /** The class of an index, or {@link #UNKNOWN}; where no index is ignored. */
  public int ofIndex(int index) {
    return index < 0 || index >= byIndex.size() ? UNKNOWN : byIndex.get(index);
  }
}
