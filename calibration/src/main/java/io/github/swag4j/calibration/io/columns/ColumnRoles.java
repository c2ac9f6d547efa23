package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The columns that have a part beside the classes by their names, or by an option.
 *
 * @param names of all columns
 * @param ignored columns that an option leaves out
 * @param rowNames columns at the start without a name of their own
 * @param label the column of the labels, or -1, as all that follow
 */
record ColumnRoles(
    List<String> names,
    List<Integer> ignored,
    List<Integer> rowNames,
    int label,
    int weight,
    int group,
    int id,
    int expectedEntropy) {

  static ColumnRoles of(List<String> names, ReadOptions options, Source source)
      throws PredictionFileException {
    List<Integer> ignored = new ArrayList<>();
    for (String name : options.ignoredColumns()) {
      int column = NameText.find(names, name);
      if (column < 0) {
        throw source.refuse(
            "the header must have the column '"
                + name
                + "' to ignore it, got "
                + UsualNames.shown(names));
      }
      ignored.add(column);
    }
    List<Integer> taken = new ArrayList<>(ignored);
    options.classColumns().forEach(name -> taken.add(NameText.find(names, name)));
    int label = one(names, UsualNames.LABELS, taken, "the labels", source, options.labelColumn());
    taken.add(label);
    int weight = one(names, UsualNames.WEIGHTS, taken, "the weights of the rows", source, "");
    List<Integer> rowNames = new ArrayList<>();
    for (int c = 0; options.classColumns().isEmpty() && c < names.size(); c++) {
      if (UsualNames.isMissing(names.get(c)) && !taken.contains(c)) {
        requireLeading(names, c, source);
        rowNames.add(c);
      }
    }
    return new ColumnRoles(
        names,
        ignored,
        rowNames,
        label,
        weight,
        exact(names, UsualNames.GROUP, taken),
        exact(names, UsualNames.ID, taken),
        exact(names, UsualNames.EXPECTED_ENTROPY, taken));
  }

  private static int exact(List<String> names, String name, List<Integer> taken) {
    int column = names.indexOf(name);
    return taken.contains(column) ? -1 : column;
  }

  /** The one column with any of some names that is nothing else, or the one named; or -1. */
  private static int one(
      List<String> names,
      List<String> usual,
      List<Integer> taken,
      String what,
      Source source,
      String named)
      throws PredictionFileException {
    if (!named.isEmpty()) {
      int column = NameText.find(names, named);
      if (column < 0) {
        throw source.refuse(
            "the header must have the column '"
                + named
                + "' of "
                + what
                + ", got "
                + UsualNames.shown(names));
      }
      return column;
    }
    int found = -1;
    for (int c = 0; c < names.size(); c++) {
      if (!UsualNames.isOneOf(usual, names.get(c)) || taken.contains(c)) {
        continue;
      }
      if (found >= 0) {
        throw source.refuse(two(names.get(found), names.get(c), what, usual));
      }
      found = c;
    }
    return found;
  }

  private static boolean isOfTruth(String name) {
    String word = name.toLowerCase(java.util.Locale.ROOT);
    return word.contains("tru")
        || word.startsWith("label")
        || word.startsWith("obs")
        || word.equals("actual");
  }

  private static Refusal two(String one, String other, String what, List<String> usual) {
    Refusal got =
        Refusal.of("one column must hold " + what + ", got '" + one + "' and '" + other + "': ");
    if (usual.equals(UsualNames.LABELS)) {
      // What is called true, observed or a label is no class predicted, and no class's name.
      boolean first = isOfTruth(one) || !isOfTruth(other);
      return got.and(
          Refusal.of(
              "say which ",
              PredictionRemedy.LABEL_COLUMN,
              " " + ColumnHints.value(List.of(first ? one : other))));
    }
    return got.and(
        Refusal.of(
            "leave one out ",
            PredictionRemedy.IGNORED_COLUMNS,
            " " + ColumnHints.value(List.of(other))));
  }

  /** Refuses a column without a name that stands neither where the names of rows do nor last. */
  private static void requireLeading(List<String> names, int column, Source source)
      throws PredictionFileException {
    boolean leads = IntStream.range(0, column).allMatch(c -> UsualNames.isMissing(names.get(c)));
    boolean ends = IntStream.range(column, names.size()).allMatch(c -> names.get(c).isEmpty());
    if (!leads && !ends) {
      throw source.refuse(
          Refusal.of(
              "a column must have a name of its own, got '"
                  + names.get(column)
                  + "': name it, or leave it out ",
              PredictionRemedy.IGNORED_COLUMNS,
              " " + ColumnHints.value(List.of(names.get(column)))));
    }
  }

  /** Whether a column has a part, or none, and so cannot be left for a class. */
  boolean isTaken(int c) {
    return ignored.contains(c)
        || rowNames.contains(c)
        || c == label
        || c == weight
        || c == group
        || c == id
        || c == expectedEntropy;
  }

  /** The columns beside the classes that could hold probabilities. */
  List<Integer> numbers() {
    return IntStream.of(weight, group, id, expectedEntropy).filter(c -> c >= 0).boxed().toList();
  }
}
