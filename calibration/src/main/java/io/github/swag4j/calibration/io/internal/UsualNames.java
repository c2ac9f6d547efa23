package io.github.swag4j.calibration.io.internal;

import java.util.List;
import java.util.Locale;

/** What columns of CSV files and arrays of NPZ files may be called, and how to say so. */
public final class UsualNames {
  /** The first is what is written to CSV files. */
  public static final List<String> LABELS =
      List.of(
          "label",
          "labels",
          "target",
          "targets",
          "y",
          "y_true",
          "true_label",
          "truth",
          "ground_truth",
          "class",
          "obs",
          "observed",
          "actual",
          "y_test",
          "true_class",
          "true_labels",
          "label_ids");

  public static final List<String> WEIGHTS =
      List.of("weights", "weight", "sample_weight", "sample_weights");

  public static final String EXPECTED_ENTROPY = "expected_entropy";
  public static final String GROUP = "group";
  public static final String ID = "id";

  /** What the column of a class's logit is called before the class's name. */
  public static final String LOGIT = "logit_";

  private static final int SHOWN = 12;

  private UsualNames() {}

  /** Whether a column is called one of some names, in capitals or not. */
  public static boolean isOneOf(List<String> names, String column) {
    return names.contains(column.toLowerCase(Locale.ROOT));
  }

  /** Whether a column has no name of its own. */
  public static boolean isMissing(String name) {
    return name.isEmpty() || name.matches("Unnamed: \\d+(\\.\\d+)*");
  }

  /** Whether a name is that of something beside the classes. */
  public static boolean isReserved(String name) {
    return isOneOf(LABELS, name)
        || isOneOf(WEIGHTS, name)
        || List.of(EXPECTED_ENTROPY, GROUP, ID).contains(name);
  }

  /** Whether a column is called the logit of another that can be a class. */
  public static boolean isLogitOf(String name, List<String> names) {
    String of = name.startsWith(LOGIT) ? name.substring(LOGIT.length()) : "";
    return !isMissing(of) && names.contains(of) && !isReserved(of);
  }

  /**
   * The column of a class's logits.
   *
   * @param names of all columns
   * @param column what the class's own column is called
   * @param className what the class is called, without a stem
   * @return its index, or -1
   */
  public static int logitOf(List<String> names, String column, String className) {
    int found = names.indexOf(LOGIT + column);
    return found >= 0 ? found : names.indexOf(LOGIT + className);
  }

  /** Whether names of classes are 0, 1, 2, ... in this order: they say nothing, then. */
  public static boolean areIndices(List<String> names) {
    for (int k = 0; k < names.size(); k++) {
      if (!names.get(k).equals(Integer.toString(k))) {
        return false;
      }
    }
    return true;
  }

  /** Some names, not more than a line takes. */
  public static String shown(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
        + (names.size() > SHOWN ? ", ... (" + names.size() + ")" : "");
  }

  /**
   * That labels are needed.
   *
   * @param kind columns or arrays
   * @param names those that the file has
   */
  public static String labelsMissing(String kind, List<String> names) {
    return "must have labels, got none among the "
        + kind
        + " "
        + shown(names)
        + ": call them '"
        + LABELS.get(0)
        + "' (or "
        + String.join(", ", LABELS.subList(1, LABELS.size()))
        + ")";
  }
}
