package io.github.swag4j.calibration.io.npz;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.internal.ClassIndex;
import io.github.swag4j.calibration.io.columns.LabelMeaning;
import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Labels of arrays: indices of classes, or of two values the positive one. Safe for use by several
 * threads.
 */
final class NpzLabels {
  private final int classes;
  private final List<Long> ignored = new ArrayList<>();

  /** The label that means class 1, and the first other one; or null. */
  private final Long positive;

  private final AtomicReference<Long> other = new AtomicReference<>();

  NpzLabels(int classes, ReadOptions options, Source source) throws PredictionFileException {
    this.classes = classes;
    for (String text : options.ignoredLabels()) {
      ignored.add(number("labels left out", text, source));
    }
    if (options.positiveClass().isEmpty()) {
      positive = null;
      return;
    }
    positive = number("the label of the positive class", options.positiveClass(), source);
    if (classes != 2) {
      throw source.refuse(
          "a positive class goes with two classes, got "
              + options.positiveClass()
              + " and "
              + classes
              + " classes");
    }
  }

  private static long number(String what, String text, Source source)
      throws PredictionFileException {
    String label = NameText.canonical(NameText.of(text));
    if (label.matches("-?\\d{1,18}")) {
      return Long.parseLong(label);
    }
    return switch (label) {
      case "True", "true" -> 1;
      case "False", "false" -> 0;
      default -> throw source.refuse(what + " must be a number in an array, got '" + text + "'");
    };
  }

  /** Whether labels are the classes' indices, and all are read. */
  boolean isPlain() {
    return positive == null && ignored.isEmpty();
  }

  /** The class of a label, or {@link LabelMeaning#IGNORED}. */
  int of(long label, Source place, long element) throws PredictionFileException {
    if (ignored.contains(label)) {
      return LabelMeaning.IGNORED;
    }
    if (positive != null) {
      if (label == positive) {
        return 1;
      }
      other.compareAndSet(null, label);
      if (other.get() == label) {
        return 0;
      }
    } else if (label >= 0 && label < classes) {
      return (int) label;
    }
    throw place
        .at((place.place().isEmpty() ? "" : place.place() + ", ") + "element " + element)
        .refuse(refusal(label));
  }

  private Refusal refusal(long label) {
    Refusal rule =
        Refusal.of(
            positive == null
                ? "a label must be " + ClassIndex.ruleAndGot(label, classes)
                : "a label must be " + positive + " or " + other.get() + ", got " + label);
    if (positive == null && !ClassIndex.remedy(label, classes).isEmpty()) {
      return rule;
    }
    return rule.and(
        Refusal.of(
            ": if it means no class, leave its rows out ",
            PredictionRemedy.IGNORE_LABEL,
            " " + label));
  }
}
