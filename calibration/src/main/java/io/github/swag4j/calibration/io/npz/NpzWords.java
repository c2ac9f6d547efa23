package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.columns.LabelMeaning;
import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.io.internal.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Labels of an array that are text: names of the file's {@code class_names}, of two also words for
 * true and false if it is said which of them is the positive; without names, whole numbers, which
 * are indices; of two classes also words for true and false, or whatever the positive class is said
 * to be called.
 */
final class NpzWords {
  private final Map<String, Integer> classes = new HashMap<>();
  private final Set<String> ignored = new HashSet<>();
  private LabelKind kind = LabelKind.NAMES;

  private NpzWords() {}

  /**
   * What some labels mean.
   *
   * @param words the labels
   * @param names of the classes, or null if the file does not name them
   */
  static NpzWords of(
      String[] words, List<String> names, int count, Source place, ReadOptions options)
      throws PredictionFileException {
    NpzWords meaning = new NpzWords();
    options.ignoredLabels().forEach(label -> meaning.ignored.add(word(label)));
    Set<String> seen = new TreeSet<>();
    for (String text : words) {
      if (!meaning.ignored.contains(word(text))) {
        seen.add(word(text));
      }
    }
    boolean whole = !seen.isEmpty() && seen.stream().allMatch(text -> text.matches("\\d{1,9}"));
    boolean positive = !options.positiveClass().isEmpty();
    if (names != null && (positive || options.labels() != ReadOptions.Labels.INDEX)) {
      for (int k = 0; k < names.size(); k++) {
        meaning.classes.put(word(names.get(k)), k);
      }
      if (positive) {
        meaning.truthOf(names, seen, place, options);
      }
    } else if (positive) {
      meaning.ofPositive(seen, count, place, options);
    } else if (whole) {
      meaning.kind = LabelKind.INDICES;
      for (int k = 0; k < count; k++) {
        meaning.classes.put(Integer.toString(k), k);
      }
    } else if (count == 2 && seen.stream().allMatch(text -> NameText.truth(text) >= 0)) {
      meaning.kind = LabelKind.TRUTH;
      seen.forEach(text -> meaning.classes.put(text, NameText.truth(text)));
    } else {
      throw place.refuse(unnamed(seen, count));
    }
    return meaning;
  }

  private static Refusal unnamed(Set<String> seen, int count) {
    String some = String.join(", ", seen.stream().limit(3).toList());
    Refusal rule =
        Refusal.of(
            "labels are text, got "
                + some
                + ", and the file has no array class_names to find them in: save it, in the order"
                + " of the columns");
    return count != 2 || seen.isEmpty() || seen.size() > 2
        ? rule
        : rule.and(
            Refusal.of(
                ", or say which is the second class ",
                PredictionRemedy.POSITIVE_CLASS,
                " " + NameText.quoted(seen.iterator().next())));
  }

  /** Two classes with names, one of them the positive: the words for true, and 1, mean that one. */
  private void truthOf(List<String> names, Set<String> seen, Source place, ReadOptions options)
      throws PredictionFileException {
    Integer positive = classes.get(word(options.positiveClass()));
    if (names.size() != 2 || positive == null) {
      throw place.refuse(
          "the positive class must be one of two in class_names, got '"
              + options.positiveClass()
              + "' of "
              + String.join(", ", names));
    }
    for (String text : seen) {
      int truth = text.equals("1") ? 1 : text.equals("0") ? 0 : NameText.truth(text);
      if (truth >= 0) {
        classes.putIfAbsent(text, truth == 1 ? positive : 1 - positive);
      }
    }
  }

  private void ofPositive(Set<String> seen, int count, Source place, ReadOptions options)
      throws PredictionFileException {
    String positive = word(options.positiveClass());
    List<String> others = new ArrayList<>(seen);
    others.remove(positive);
    if (count != 2 || others.size() > 1) {
      throw place.refuse(
          "a positive class goes with two classes, got "
              + options.positiveClass()
              + " and "
              + (count == 2 ? "the labels " + String.join(", ", seen) : count + " classes"));
    }
    classes.put(positive, 1);
    others.forEach(other -> classes.put(other, 0));
  }

  LabelKind kind() {
    return kind;
  }

  /** The class of a label, or {@link LabelMeaning#IGNORED}. */
  int of(String text, Source place, int element) throws PredictionFileException {
    if (ignored.contains(word(text))) {
      return LabelMeaning.IGNORED;
    }
    Integer k = classes.get(word(text));
    if (k != null) {
      return k;
    }
    throw place
        .at((place.place().isEmpty() ? "" : place.place() + ", ") + "element " + element)
        .refuse(
            Refusal.of(
                "a label must be one of "
                    + String.join(", ", new TreeSet<>(classes.keySet()))
                    + ", got '"
                    + text
                    + "': if it means no class, leave its rows out ",
                PredictionRemedy.IGNORE_LABEL,
                " " + NameText.quoted(word(text))));
  }

  private static String word(String text) {
    return NameText.canonical(NameText.of(text));
  }
}
