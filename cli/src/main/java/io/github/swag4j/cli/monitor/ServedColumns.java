package io.github.swag4j.cli.monitor;

import io.github.swag4j.calibration.io.columns.NameText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Which fields of served rows are what, by the names of the reference's classes: nothing is guessed
 * from what is left over, so that a column more changes nothing. The rule of whole files
 * (calibration.io) does not fit: it needs rows, and takes all that could be a class for one.
 *
 * @param classes places of the classes' numbers, in the reference's order
 * @param label place of the label, -1 for none
 * @param id place of the id, -1 for none
 * @param size number of fields
 */
record ServedColumns(int[] classes, int label, int id, int size) {

  /** What a column is called that holds the class predicted as often as the true one. */
  private static final String CLASS = "class";

  private static final int SHOWN = 12;

  /**
   * How fields are found.
   *
   * @param names names of the classes, in order; empty for one column of the positive class
   * @param columns the class columns, of the header's names, where the user says them, else none
   * @param ofReference class columns of the reference, taken where the rows have all of them
   * @param label name of the label's column, null for the usual ones
   * @param labelOfReference what the reference calls it, empty if it has no labels
   * @param id name of the id's column, null where no label comes later: rows would wait in vain
   * @param ignored columns that are none of these
   */
  record Wanted(
      List<String> names,
      Function<List<String>, List<String>> columns,
      List<String> ofReference,
      String label,
      String labelOfReference,
      String id,
      List<String> ignored) {
    /** As many as the reference has columns of classes. */
    int count() {
      return Math.max(1, names.size());
    }
  }

  /**
   * Finds the columns.
   *
   * @throws IOException if one is missing or could be several
   */
  static ServedColumns of(List<String> header, Wanted wanted) throws IOException {
    List<String> said =
        wanted.columns().apply(header).stream().map(CsvFields::name).distinct().toList();
    boolean alike = !wanted.ofReference().isEmpty() && header.containsAll(wanted.ofReference());
    List<String> columns = said.isEmpty() && alike ? wanted.ofReference() : said;
    int[] classes =
        columns.isEmpty()
            ? byNames(header, wanted.names())
            : columns.stream().mapToInt(header::indexOf).toArray();
    for (int k = 0; k < classes.length; k++) {
      if (classes[k] < 0) {
        throw missing(header, "class column '" + columns.get(k) + "'");
      }
    }
    if (classes.length != wanted.count()) {
      throw new IOException(
          "the class columns must be as many as the reference's, "
              + wanted.count()
              + ", got "
              + shown(columns));
    }
    int label = label(header, classes, wanted);
    int id = wanted.id() == null ? -1 : header.indexOf(CsvFields.name(wanted.id()));
    return new ServedColumns(classes, label, id, header.size());
  }

  /** Whether the classes stand in the reference's order. */
  boolean inOrder() {
    return IntStream.range(1, classes.length).allMatch(k -> classes[k - 1] < classes[k]);
  }

  /** The class of each place among the columns of classes. */
  List<Integer> byPlace() {
    return IntStream.range(0, classes.length)
        .boxed()
        .sorted(Comparator.comparing(k -> classes[k]))
        .toList();
  }

  /** The column of the labels: the one said, the reference's, or the only one of a usual name. */
  private static int label(List<String> header, int[] classes, Wanted wanted) throws IOException {
    if (wanted.label() != null) {
      int said = header.indexOf(CsvFields.name(wanted.label()));
      if (said < 0) {
        throw missing(header, "column '" + wanted.label() + "'");
      }
      return said;
    }
    List<String> free =
        IntStream.range(0, header.size())
            .filter(c -> IntStream.of(classes).noneMatch(k -> k == c))
            .mapToObj(header::get)
            .filter(name -> !wanted.ignored().contains(name))
            .toList();
    if (free.contains(wanted.labelOfReference())) {
      return header.indexOf(wanted.labelOfReference());
    }
    return oneLabel(header, free);
  }

  /**
   * The only column of a usual name, or -1.
   *
   * @throws IOException if there are two, or one that may be of what was predicted
   */
  static int oneLabel(List<String> header, List<String> free) throws IOException {
    List<String> usual = free.stream().filter(NameText::isLabel).toList();
    if (usual.size() > 1) {
      throw new IOException(
          "one column must hold the labels, got '"
              + usual.get(0)
              + "' and '"
              + usual.get(1)
              + "': say which with --label-column");
    }
    if (!usual.isEmpty() && usual.get(0).equalsIgnoreCase(CLASS)) {
      throw new IOException(
          "'"
              + usual.get(0)
              + "' of served rows could hold the label or the class predicted: call the labels"
              + " 'label', and leave this out with --ignore-columns "
              + usual.get(0));
    }
    return usual.isEmpty() ? -1 : header.indexOf(usual.get(0));
  }

  /** That a column is not there. */
  static IOException missing(List<String> header, String what) {
    return new IOException("the header must have the " + what + ", got " + shown(header));
  }

  /** The columns that are the classes' names, or these within one frame, as prob_cat prob_dog. */
  private static int[] byNames(List<String> header, List<String> names) throws IOException {
    if (names.isEmpty()) {
      int p = header.indexOf("p");
      if (p < 0) {
        throw new IOException(
            "the header must have a column 'p' of the positive class, as the reference has one"
                + " column, got "
                + shown(header)
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

  /** Some names, not more than a line takes. */
  static String shown(List<String> names) {
    return names.size() <= SHOWN
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, SHOWN)) + ", ... (" + names.size() + ")";
  }
}
