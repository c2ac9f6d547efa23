package io.github.swag4j.calibration.io.columns;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.TopLabelNames;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The columns of a table that has the class predicted and its confidence, and no column for each
 * class. They are those that an option names; or the only one with a usual name of either, if every
 * other column has a part beside the classes by its name, or holds text.
 *
 * @param prediction the column of the class predicted
 * @param confidence the column of its probability
 * @param label the column of the labels, or -1
 * @param weight the column of the weights, or -1
 * @param ignored names of the columns that are not read
 */
public record TopLabelColumns(
    int prediction, int confidence, int label, int weight, List<String> ignored) {

  /** Copies the names. */
  public TopLabelColumns {
    ignored = List.copyOf(ignored);
  }

  /**
   * Finds them.
   *
   * @param named the columns that an option names, or none
   * @return the columns; empty if nothing says that the table is of this kind
   * @throws PredictionFileException if there is no column of a name, or two could hold the labels
   */
  public static Optional<TopLabelColumns> of(
      Table table, TopLabelNames named, ReadOptions options, Source source) throws IOException {
    List<String> names = table.names();
    int[] both = named.isEmpty() ? usual(names, options) : named(names, named, source);
    if (both == null) {
      return Optional.empty();
    }
    List<String> beside = new ArrayList<>(options.ignoredColumns());
    IntStream.of(both).mapToObj(names::get).forEach(beside::add);
    ColumnRoles roles;
    try {
      roles =
          ColumnRoles.of(
              names, options.withClassColumns(List.of()).withIgnoredColumns(beside), source);
    } catch (IllegalArgumentException e) {
      throw source.refuse(e.getMessage(), e);
    }
    if (named.isEmpty() && !isOnlyBeside(table, roles)) {
      return Optional.empty();
    }
    List<String> ignored = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      if (c != both[0] && c != both[1] && c != roles.label() && c != roles.weight()) {
        ignored.add(
            names.get(c).isEmpty() ? "column " + (c + 1) + " without a name" : names.get(c));
      }
    }
    return Optional.of(
        new TopLabelColumns(both[0], both[1], roles.label(), roles.weight(), ignored));
  }

  private static int[] named(List<String> names, TopLabelNames named, Source source)
      throws PredictionFileException {
    int[] both = new int[2];
    List<String> wanted = List.of(named.prediction(), named.confidence());
    for (int i = 0; i < both.length; i++) {
      both[i] = NameText.find(names, wanted.get(i));
      if (both[i] < 0) {
        throw source.refuse(
            "the header must have the column '"
                + wanted.get(i)
                + "' of "
                + (i == 0 ? "the classes predicted" : "the confidences")
                + ", got "
                + UsualNames.shown(names));
      }
    }
    if (both[0] == both[1]) {
      throw source.refuse(
          "the classes predicted and their confidences must be two columns, got '"
              + named.prediction()
              + "' for both");
    }
    return both;
  }

  /** The only columns with usual names of the two, if nothing else was said about the table. */
  private static int[] usual(List<String> names, ReadOptions options) {
    if (options.logits() || options.renormalise() || !options.classColumns().isEmpty()) {
      return null;
    }
    int prediction = -1;
    int confidence = -1;
    for (int c = 0; c < names.size(); c++) {
      String name = names.get(c);
      if (options.ignoredColumns().contains(name) || name.equals(options.labelColumn())) {
        continue;
      }
      if (UsualColumns.isPredictedClass(name)) {
        if (prediction >= 0) {
          return null;
        }
        prediction = c;
      } else if (UsualColumns.isConfidence(name)) {
        if (confidence >= 0) {
          return null;
        }
        confidence = c;
      }
    }
    return prediction < 0 || confidence < 0 ? null : new int[] {prediction, confidence};
  }

  /** Whether no column is left that could be a class. */
  private static boolean isOnlyBeside(Table table, ColumnRoles roles) throws IOException {
    try (Table.Rows rows = table.rows()) {
      boolean some = rows.advance() && rows.cells() == table.names().size();
      for (int c = 0; c < table.names().size(); c++) {
        boolean text = some && Double.isNaN(rows.number(c));
        if (!roles.isTaken(c) && !UsualColumns.isBeside(table.names().get(c)) && !text) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * What to say of a table that was refused for its columns, if it has those of the class predicted
   * and its confidence: that these can be judged alone.
   *
   * @param other the column of the confidence if none has a usual name, or -1
   * @return the remedy, or a refusal that says nothing
   */
  static Refusal hint(Table table, ReadOptions options, int label, int other) {
    List<String> names = table.names();
    int predicted = PredictedClass.of(table, label);
    int of = -1;
    for (int c = 0; c < names.size(); c++) {
      if (UsualColumns.isConfidence(names.get(c))) {
        if (of >= 0) {
          return Refusal.of();
        }
        of = c;
      }
    }
    of = of < 0 ? other : of;
    if (predicted < 0 || of < 0 || of == predicted || options.logits()) {
      return Refusal.of();
    }
    return Refusal.of(
        "to judge the class predicted and its confidence alone, ",
        PredictionRemedy.PREDICTION_COLUMN,
        " " + ColumnHints.value(List.of(names.get(predicted))) + " ",
        PredictionRemedy.CONFIDENCE_COLUMN,
        " " + ColumnHints.value(List.of(names.get(of))));
  }
}
