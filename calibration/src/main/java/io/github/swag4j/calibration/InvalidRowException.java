package io.github.swag4j.calibration;

/** Rows of predictions that break a rule: the first of them, and how many there are. */
public final class InvalidRowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** First offending row. */
  private final int row;

  /** Offending class in it. */
  private final int column;

  /** Number of offending rows. */
  private final int count;

  /**
   * Rows that are not as they must be.
   *
   * @param problem the rule and what was given, for the first of them
   * @param row the first of them, from 0
   * @param column its column, from 0, or -1 for the whole row
   * @param count how many there are
   * @param rows rows looked at
   * @param remedy what to do, or empty
   */
  public InvalidRowException(
      String problem, int row, int column, int count, int rows, String remedy) {
    super(
        problem
            + " ("
            + String.format(java.util.Locale.ROOT, "%,d of %,d", count, rows)
            + (rows == 1 ? " row" : " rows")
            + " not valid)"
            + (remedy.isEmpty() ? "" : ": " + remedy));
    this.row = row;
    this.column = column;
    this.count = count;
  }

  /**
   * A row that is not as it must be.
   *
   * @param problem the rule and what was given
   * @param row the row, from 0
   * @param column the column, from 0, or -1 for the whole row
   */
  public InvalidRowException(String problem, int row, int column) {
    super(problem);
    this.row = row;
    this.column = column;
    this.count = 1;
  }

  /**
   * The first offending row.
   *
   * @return its index, from 0
   */
  public int row() {
    return row;
  }

  /**
   * The offending class in the first offending row.
   *
   * @return its index, from 0; -1 if it is the row as a whole
   */
  public int column() {
    return column;
  }

  /**
   * Number of rows that break the rule, as far as they were looked at: a stream stops at the first.
   *
   * @return at least 1
   */
  public int count() {
    return count;
  }
}
