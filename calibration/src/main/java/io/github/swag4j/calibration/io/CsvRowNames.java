package io.github.swag4j.calibration.io;

/**
 * The columns of a CSV file without a name, which are taken for numbers or names of the rows and
 * not read: what could be a class is refused. For several threads.
 */
final class CsvRowNames {
  private static final String RULE = "a column without a name is taken for the numbers of the rows";
  private static final String REMEDY =
      "': name it in the header, and if it is no class leave it out with"
          + " Options.withIgnoredColumns";

  private final int[] columns;

  /** Whether one held something else than 0 and 1; only ever set. */
  private volatile boolean seen;

  CsvRowNames(int[] columns) {
    this.columns = columns;
  }

  /** Looks at a record: names and whole numbers pass. */
  void check(CsvRecords records) throws PredictionFileException {
    for (int column : columns) {
      int number = records.index(column);
      if (number < 0 && !Double.isNaN(records.number(column))) {
        throw records.refuse(
            column, RULE + ", which must be whole, got '" + records.text(column) + REMEDY);
      }
      if ((number < 0 || number > 1) && !seen) {
        seen = true;
      }
    }
  }

  /**
   * Refuses columns that held nothing but 0 and 1, as a class of sure predictions does and the
   * numbers of three rows do not. To be called when all rows have been looked at.
   */
  void require(long rows, Source source) throws PredictionFileException {
    if (columns.length > 0 && rows > 2 && !seen) {
      throw source
          .at("column " + (columns[0] + 1))
          .refuse(RULE + ", which cannot all be 0 or 1, got '0' or '1" + REMEDY);
    }
  }
}
