package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.format.ReadingNote.LabelKind;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The plan of a table whose class columns are known: names, logits, labels, and the note on it. */
final class PlannedColumns {
  private PlannedColumns() {}

  static ColumnPlan of(
      Table table, ReadOptions options, Source source, ColumnRoles roles, List<Integer> classes)
      throws IOException {
    List<String> names = table.names();
    List<String> classNames = classNames(names, classes);
    List<Integer> logits = logits(names, roles, classes, classNames, options, source);
    LabelRule rule = new LabelRule(table, options, source, roles.label(), classes, classNames);
    List<String> warnings = new ArrayList<>();
    LabelMeaning meaning = rule.meaning(warnings);
    boolean labelled = meaning.kind() != LabelKind.NONE;
    Set<Integer> read = new HashSet<>(classes);
    read.addAll(logits);
    IntStream.of(roles.label(), roles.weight(), roles.group(), roles.expectedEntropy())
        .forEach(read::add);
    if (!labelled) {
      read.remove(roles.label());
    }
    List<String> ignored = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      if (!read.contains(c)) {
        ignored.add(
            names.get(c).isEmpty() ? "column " + (c + 1) + " without a name" : names.get(c));
      }
    }
    ReadingNote note =
        new ReadingNote(
            classes.size() == 1 ? rule.binaryNames() : classNames,
            classes.stream().map(names::get).toList(),
            labelled ? names.get(roles.label()) : "",
            meaning.kind(),
            roles.weight() < 0 ? "" : names.get(roles.weight()),
            ignored,
            warnings);
    return new ColumnPlan(
        classes,
        classNames,
        logits,
        roles.rowNames(),
        labelled ? roles.label() : -1,
        roles.weight(),
        roles.group(),
        roles.id(),
        roles.expectedEntropy(),
        meaning,
        note);
  }

  /** What classes are called: without the stem that all of them have. */
  private static List<String> classNames(List<String> names, List<Integer> classes) {
    Stems stem = Stems.common(names, classes);
    return stem == null ? classes.stream().map(names::get).toList() : stem.classes();
  }

  /** The columns of the classes' logits, in the order of the classes: for each of them or none. */
  private static List<Integer> logits(
      List<String> names,
      ColumnRoles roles,
      List<Integer> classes,
      List<String> classNames,
      ReadOptions options,
      Source source)
      throws PredictionFileException {
    List<Integer> columns = new ArrayList<>();
    String missing = "";
    for (int k = 0; k < classes.size(); k++) {
      int column = UsualNames.logitOf(names, names.get(classes.get(k)), classNames.get(k));
      if (column < 0 || classes.contains(column) || roles.ignored().contains(column)) {
        missing = names.get(classes.get(k));
      } else {
        columns.add(column);
      }
    }
    if (columns.isEmpty()) {
      return columns;
    }
    if (!missing.isEmpty()) {
      throw source.refuse(
          "logits must have a column for each class, got none named '"
              + UsualNames.LOGIT
              + missing
              + "'");
    }
    requireNoLogits(names, options, source);
    if (columns.size() == 1) {
      throw source.refuse(
          "logits must have one column per class, got one column: save the probability of the"
              + " positive class, 1 / (1 + exp(-logit)), instead");
    }
    return columns;
  }

  /** Refuses columns of logits beside others whose numbers an option changes. */
  static void requireNoLogits(List<String> names, ReadOptions options, Source source)
      throws PredictionFileException {
    if (names.stream().noneMatch(name -> UsualNames.isLogitOf(name, names))) {
      return;
    }
    if (options.logits() || options.renormalise() || options.percent()) {
      throw source.refuse(
          (options.logits() ? "read as logits" : options.percent() ? "percentages" : "renormalised")
              + ", the file must hold one column for each class, got probabilities and columns '"
              + UsualNames.LOGIT
              + "...' of their logits");
    }
  }
}
