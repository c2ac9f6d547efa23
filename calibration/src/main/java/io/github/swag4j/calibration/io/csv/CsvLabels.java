package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.internal.ClassIndex;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions.Labels;
import java.util.HashMap;
import java.util.Map;

/**
 * How the column of labels in a CSV file is understood: names of class columns, or indices.
 * Immutable; safe for use by several threads.
 */
final class CsvLabels {
  private final int column;
  private final String name;
  private final int classes;
  private final Labels kind;
  private final Map<String, Integer> classOf = new HashMap<>();

  /**
   * Whether the text of a label may be a name; if classes are called 0, 1, ... it says the same.
   */
  private final boolean named;

  CsvLabels(CsvHeader header, Labels kind) {
    this.kind = kind;
    column = header.label();
    name = column < 0 ? "" : header.name(column);
    int[] columns = header.classColumns();
    classes = Math.max(2, columns.length);
    named = kind != Labels.INDEX && !header.namesAreIndices();
    for (int k = 0; k < columns.length && columns.length > 1; k++) {
      classOf.put(header.name(columns[k]), k);
    }
  }

  boolean areMissing() {
    return column < 0;
  }

  /** The class that a record's label says. */
  int of(CsvRecords records) throws PredictionFileException {
    if (named) {
      Integer k = classOf.get(records.text(column));
      if (k != null) {
        return k;
      }
    }
    boolean nameOnly = kind == Labels.NAME && named;
    int index = nameOnly ? -1 : index(records);
    if (index < 0 || index >= classes) {
      throw records.refuse(
          column,
          remedy(index)
              .after(
                  "'"
                      + name
                      + "' must be "
                      + (kind == Labels.NAME
                          ? "the name of a class column"
                          : "a class index below " + classes + " or the name of a class column")
                      + ", got '"
                      + records.text(column)
                      + "'"));
    }
    return index;
  }

  /** An index as digits, or as the 1.0 that pandas writes where it knew of missing labels. */
  private int index(CsvRecords records) {
    int index = records.index(column);
    if (index >= 0) {
      return index;
    }
    double number = records.number(column);
    boolean whole = number == Math.rint(number) && number >= 0 && number <= Integer.MAX_VALUE;
    return whole ? (int) number : -1;
  }

  private Refusal remedy(int index) {
    String remedy = ClassIndex.remedy(index, classes);
    if (remedy.isEmpty() && !name.startsWith("label")) {
      return CsvFormat.IGNORE.after(": if '" + name + "' does not hold the labels, leave it");
    }
    return remedy.isEmpty() ? Refusal.of() : Refusal.of(": " + remedy);
  }
}
