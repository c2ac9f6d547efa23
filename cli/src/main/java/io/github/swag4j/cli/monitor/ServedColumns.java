package io.github.swag4j.cli.monitor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which fields of served rows are what, by the names of the reference's classes: nothing is guessed
 * from what is left over.
 *
 * @param classes places of the classes' numbers, in the reference's order
 * @param label place of the label, -1 for none
 * @param id place of the id, -1 for none
 * @param size number of fields
 */
record ServedColumns(int[] classes, int label, int id, int size) {
  private static final List<String> LABELS =
      List.of(
          "label",
          "labels",
          "target",
          "targets",
          "y",
          "y_true",
          "true_label",
          "truth",
          "ground_truth");

  /**
   * How fields are found.
   *
   * @param names names of the classes, in order; empty for one column of the positive class
   * @param columns names of the class columns where the user says them, else empty
   * @param label name of the label's column, null for the usual ones
   * @param id name of the id's column, null for "id"
   */
  record Wanted(List<String> names, List<String> columns, String label, String id) {}

  /**
   * Finds the columns.
   *
   * @throws IOException if one is missing or could be several
   */
  static ServedColumns of(List<String> header, Wanted wanted) throws IOException {
    int[] classes =
        wanted.columns().isEmpty()
            ? byNames(header, wanted.names())
            : wanted.columns().stream().mapToInt(header::indexOf).toArray();
    for (int k = 0; k < classes.length; k++) {
      if (classes[k] < 0) {
        throw new IOException(
            "the header must have the class column '"
                + wanted.columns().get(k)
                + "', got "
                + String.join(", ", header));
      }
    }
    int[] known = classes;
    List<Integer> labels =
        IntStream.range(0, header.size())
            .filter(c -> IntStream.of(known).noneMatch(k -> k == c))
            .filter(c -> isLabel(header.get(c), wanted.label()))
            .boxed()
            .toList();
    if (labels.size() > 1) {
      throw new IOException(
          "one column must hold the labels, got '"
              + header.get(labels.get(0))
              + "' and '"
              + header.get(labels.get(1))
              + "': say which with --label-column");
    }
    int label = labels.isEmpty() ? -1 : labels.get(0);
    int id = header.indexOf(wanted.id() == null ? "id" : wanted.id());
    if (wanted.label() != null && label < 0 || wanted.id() != null && id < 0) {
      throw new IOException(
          "the header must have the column '"
              + (label < 0 && wanted.label() != null ? wanted.label() : wanted.id())
              + "', got "
              + String.join(", ", header));
    }
    return new ServedColumns(classes, label, id, header.size());
  }

  private static boolean isLabel(String name, String wanted) {
    return wanted == null ? LABELS.contains(name.toLowerCase(Locale.ROOT)) : name.equals(wanted);
  }

  /** The columns that are the classes' names, or these within one frame, as prob_cat prob_dog. */
  private static int[] byNames(List<String> header, List<String> names) throws IOException {
    if (names.isEmpty()) {
      int p = header.indexOf("p");
      if (p < 0) {
        throw new IOException(
            "the header must have a column 'p' of the positive class, as the reference has one"
                + " column, got "
                + String.join(", ", header)
                + ": say which with --class-columns");
      }
      return new int[] {p};
    }
    List<int[]> found = new ArrayList<>();
    Set<String> frames = new LinkedHashSet<>();
    for (String column : header) {
      int at = column.indexOf(names.get(0));
      for (; at >= 0; at = column.indexOf(names.get(0), at + 1)) {
        String before = column.substring(0, at);
        String after = column.substring(at + names.get(0).length());
        int[] columns = names.stream().mapToInt(n -> header.indexOf(before + n + after)).toArray();
        if (IntStream.of(columns).allMatch(c -> c >= 0) && frames.add(before + "*" + after)) {
          found.add(columns);
          if (before.isEmpty() && after.isEmpty()) {
            return columns;
          }
        }
      }
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new IOException(
        "the header must have a column for each class of the reference, "
            + shown(names)
            + ", got "
            + shown(header)
            + (found.isEmpty() ? "" : ", which has them as " + String.join(" and ", frames))
            + ": name the columns in this order with --class-columns");
  }

  private static String shown(List<String> names) {
    int most = 12;
    return names.size() <= most
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, most)) + ", ... (" + names.size() + ")";
  }
}
