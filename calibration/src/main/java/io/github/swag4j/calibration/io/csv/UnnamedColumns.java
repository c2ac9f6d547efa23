package io.github.swag4j.calibration.io.csv;

import io.github.swag4j.base.Refusal;
import io.github.swag4j.calibration.PredictionRemedy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;

/**
 * The columns of a CSV file without a name, which are taken for numbers or names of the rows and
 * not read: what could be a class is refused. For several threads.
 */
final class UnnamedColumns {
  private static final String RULE = "a column without a name is taken for the numbers of the rows";
  private static final Refusal REMEDY =
      Refusal.of(
          "': name it in the header, and if it is no class leave it out ",
          PredictionRemedy.IGNORED_COLUMNS);

  private final int[] columns;
  private final int leading;

  /** Whether each held something else than 0 and 1; only ever set, read when all is done. */
  private final boolean[] others;

  /**
   * Nothing seen yet.
   *
   * @param columns the columns
   * @param leading how many columns at the start have no name: those after them are empty
   */
  UnnamedColumns(int[] columns, int leading) {
    this.columns = columns;
    this.leading = leading;
    others = new boolean[columns.length];
  }

  /** Looks at a record: names and whole numbers pass. */
  void check(CsvRecords records) throws PredictionFileException {
    for (int c = 0; c < columns.length; c++) {
      int column = columns[c];
      if (column >= leading) {
        requireEmpty(records, column);
        others[c] = true;
        continue;
      }
      int number = records.index(column);
      if (number < 0 && !Double.isNaN(records.number(column))) {
        throw records.refuse(
            column, REMEDY.after(RULE + ", which must be whole, got '" + records.text(column)));
      }
      if ((number < 0 || number > 1) && !others[c]) {
        others[c] = true;
      }
    }
  }

  private static void requireEmpty(CsvRecords records, int column) throws PredictionFileException {
    if (!records.text(column).isBlank()) {
      throw records.refuse(
          column,
          "a column must have a name, got none and '"
              + records.text(column)
              + "': name it in the header");
    }
  }

  /**
   * Refuses columns that held nothing but 0 and 1, as a class of sure predictions does and the
   * numbers of three rows do not. To be called when all rows have been looked at.
   */
  void require(long rows, Source source) throws PredictionFileException {
    for (int c = 0; c < columns.length; c++) {
      if (rows > 2 && !others[c]) {
        throw source
            .at("column " + (columns[c] + 1))
            .refuse(REMEDY.after(RULE + ", which cannot all be 0 or 1, got '0' or '1"));
      }
    }
  }
}
