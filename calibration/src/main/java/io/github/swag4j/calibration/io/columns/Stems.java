package io.github.swag4j.calibration.io.columns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Columns with a common stem, such as {@code p0, p1}, {@code prob_cat}, {@code prob.setosa}, {@code
 * .pred_cat}, {@code P(cat)} or {@code cat_prob}; numbers alone are the stem of nothing.
 *
 * @param stem the word they share; empty if they are whole numbers
 * @param columns the columns
 * @param classes what each is called without the stem
 */
record Stems(String stem, List<Integer> columns, List<String> classes) {
  private static final String WORDS =
      Stream.of(
              "p",
              "pr",
              "prob",
              "probs",
              "proba",
              "probas",
              "probability",
              "probabilities",
              "predict_proba",
              "pred_proba",
              "pred_prob",
              "pred_probs",
              "predicted_proba",
              "predicted_prob",
              "predicted_probability",
              "y_prob",
              "y_proba",
              "y_probs",
              "y_pred_proba",
              "y_pred_prob",
              "y_pred",
              "y_score",
              "y_scores",
              "pred",
              "preds",
              "prediction",
              "score",
              "scores",
              "conf",
              "confidence",
              "softmax",
              "posterior",
              "class",
              "output",
              "out",
              "logit",
              "logits",
              "raw_logit")
          .sorted(Comparator.comparingInt(String::length).reversed())
          .collect(Collectors.joining("|"));

  private static final Pattern BEFORE =
      Pattern.compile(
          "[._$]?(" + WORDS + ")(?:\\s*[_.\\-:/| ]+\\s*(.+)|(\\d+(?:\\.0+)?))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern BRACKETS =
      Pattern.compile("(" + WORDS + ")\\s*[\\[({](?:.*=)?(.+?)[\\])}]", Pattern.CASE_INSENSITIVE);
  private static final Pattern BEHIND =
      Pattern.compile(
          "(.+?)[_.\\- ](prob|probs|proba|probability|score|logit|confidence)",
          Pattern.CASE_INSENSITIVE);

  Stems {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
  }

  boolean isLogits() {
    return stem.contains("logit");
  }

  /** The groups among some columns, each of at least two, in the order of their first column. */
  static List<Stems> among(List<String> names, List<Integer> candidates) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int c : candidates) {
      String[] parts = parts(names.get(c));
      if (parts.length == 2) {
        groups.computeIfAbsent(parts[0], stem -> new ArrayList<>()).add(c);
      }
    }
    List<Stems> found = new ArrayList<>();
    groups.forEach(
        (stem, columns) -> {
          Stems group = of(stem, names, columns);
          if (columns.size() > 1 && new LinkedHashSet<>(group.classes).size() == columns.size()) {
            found.add(group);
          }
        });
    return found;
  }

  /** Whether columns have one word, whichever, with numbers from 0 or 1 on: {@code l0, l1, l2}. */
  static boolean areNumbered(List<String> names, List<Integer> columns) {
    Pattern numbered = Pattern.compile("(\\D+)(\\d{1,6})");
    Matcher first = numbered.matcher(columns.isEmpty() ? "" : names.get(columns.get(0)));
    if (columns.size() < 2 || !first.matches() || Integer.parseInt(first.group(2)) > 1) {
      return false;
    }
    int from = Integer.parseInt(first.group(2));
    for (int k = 0; k < columns.size(); k++) {
      if (!names.get(columns.get(k)).equals(first.group(1) + (from + k))) {
        return false;
      }
    }
    return true;
  }

  /** The columns as one group, if they have one stem. */
  static Stems common(List<String> names, List<Integer> columns) {
    List<Stems> groups = among(names, columns);
    return groups.size() == 1 && groups.get(0).columns.size() == columns.size()
        ? groups.get(0)
        : null;
  }

  private static Stems of(String stem, List<String> names, List<Integer> columns) {
    return new Stems(
        stem.replaceAll("^[<>]|[<>]$", ""),
        columns,
        columns.stream().map(c -> parts(names.get(c))[1]).toList());
  }

  /** Stem and class of a name; empty if it has no stem. */
  static String[] parts(String name) {
    if (NameText.isWhole(name)) {
      return new String[] {"", NameText.canonical(name)};
    }
    if (UsualColumns.isPredictedClass(name)) {
      return new String[0];
    }
    Matcher brackets = BRACKETS.matcher(name);
    if (brackets.matches()) {
      return parts(brackets.group(1) + "(", brackets.group(2));
    }
    Matcher before = BEFORE.matcher(name);
    if (before.matches()) {
      String rest = before.group(2) == null ? before.group(3) : before.group(2);
      return parts(before.group(1), rest);
    }
    Matcher behind = BEHIND.matcher(name);
    return behind.matches() ? parts("<" + behind.group(2), behind.group(1)) : new String[0];
  }

  private static String[] parts(String stem, String rest) {
    String name = rest.replaceFirst("(?i)^class\\s*=\\s*", ""); // as CatBoost has it
    return new String[] {stem.toLowerCase(Locale.ROOT), NameText.canonical(NameText.of(name))};
  }
}
