package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.internal.ClassIndex;
import io.github.swag4j.calibration.io.columns.ColumnHints;
import io.github.swag4j.calibration.io.columns.LabelMeaning;
import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.util.List;

/** The column of labels in a CSV file. Immutable; safe for use by several threads. */
final class CsvLabels {
  private final int column;
  private final String name;
  private final LabelMeaning meaning;
  private final boolean plain;

  CsvLabels(CsvHeader header) {
    column = header.label();
    name = column < 0 ? "" : header.name(column);
    meaning = header.labels();
    plain =
        meaning.isPlainIndex()
            && meaning.byName().entrySet().stream()
                .allMatch(e -> !digits(e.getKey()) || e.getKey().equals("" + e.getValue()));
  }

  private static boolean digits(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  boolean areMissing() {
    return column < 0;
  }

  /** The class that a record's label says, or {@link LabelMeaning#IGNORED}. */
  int of(CsvRecords records) throws PredictionFileException {
    if (plain) {
      int index = meaning.ofIndex(records.index(column));
      if (index >= 0) {
        return index;
      }
    }
    String text = NameText.of(records.text(column));
    int k = meaning.of(text);
    if (k == LabelMeaning.UNKNOWN) {
      throw records.refuse(
          column, remedy(text).after("'" + name + "' must be " + rule() + ", got '" + text + "'"));
    }
    return k;
  }

  private String rule() {
    String index = "a class index below " + meaning.classes();
    return switch (meaning.kind()) {
      case TRUTH -> "true or false, as the first label is";
      case INDICES, NONE, NAMES_AND_INDICES ->
          meaning.classes() > 2 || !meaning.byName().isEmpty() || meaning.byIndex().isEmpty()
              ? index + " or the name of a class column"
              : index;
      case NAMES ->
          meaning.byIndex().isEmpty()
              ? "the name of a class column"
              : index + " or the name of a class column";
    };
  }

  private Refusal remedy(String text) {
    String label = NameText.canonical(text);
    boolean whole = label.matches("\\d{1,9}");
    String remedy = whole ? ClassIndex.remedy(Integer.parseInt(label), meaning.classes()) : "";
    if (!remedy.isEmpty()) {
      return Refusal.of(": " + remedy);
    }
    if (!whole && !name.startsWith("label") && !label.startsWith("-")) {
      return Refusal.of(
          ": if '" + name + "' does not hold the labels, leave it out ",
          PredictionRemedy.IGNORED_COLUMNS,
          " " + ColumnHints.value(List.of(name)));
    }
    return Refusal.of(
        ": if it means no class, leave its rows out ",
        PredictionRemedy.IGNORE_LABEL,
        " " + NameText.quoted(label));
  }
}
