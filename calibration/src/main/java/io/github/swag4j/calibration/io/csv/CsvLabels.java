package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.io.columns.CellHints;
import io.github.swag4j.calibration.io.columns.LabelMeaning;
import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.format.ReadOptions;
import java.io.IOException;

/** The column of labels in a CSV file. Immutable; safe for use by several threads. */
final class CsvLabels {
  private final CsvTable table;
  private final ReadOptions options;
  private final int column;
  private final String name;
  private final LabelMeaning meaning;
  private final boolean plain;

  CsvLabels(CsvTable table, CsvHeader header, ReadOptions options) {
    this.table = table;
    this.options = options;
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
  int of(CsvRecords records) throws IOException {
    if (plain) {
      int index = meaning.ofIndex(records.index(column));
      if (index >= 0) {
        return index;
      }
    }
    String text = NameText.of(records.text(column));
    int k = meaning.of(text);
    if (k == LabelMeaning.UNKNOWN) {
      Refusal remedy =
          new CellHints(table, options, table.text().source()).label(column, text, meaning);
      throw records.refuse(
          column,
          remedy.after(
              "'"
                  + name
                  + "' must be "
                  + rule()
                  + ", got '"
                  + text
                  + (remedy.isEmpty() ? "'" : "': ")));
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
}
