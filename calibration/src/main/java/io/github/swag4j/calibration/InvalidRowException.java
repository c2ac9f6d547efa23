package io.github.swag4j.calibration;

import io.github.swag4j.base.Refusal;

/** Rows of predictions that break a rule: the first of them, and how many there are. */
public final class InvalidRowException extends IllegalArgumentException implements Refusal.Holder {
  private static final long serialVersionUID = 1L;

  /** First offending row. */
  private final int row;

  /** Offending class in it. */
  private final int column;

  /** Number of offending rows. */
  private final int count;

  /** What is said, with the remedies as values. */
  private final Refusal refusal;

  /**
   * Rows that are not as they must be.
   *
   * @param problem the rule and what was given, for the first of them
   * @param row the first of them, from 0
   * @param column its column, from 0, or -1 for the whole row
   * @param count how many there are
   * @param rows rows looked at
   * @param remedy what to do, or a refusal that says nothing
   */
  public InvalidRowException(
      String problem, int row, int column, int count, int rows, Refusal remedy) {
    this(
        Refusal.of(
                problem
                    + " ("
                    + String.format(java.util.Locale.ROOT, "%,d of %,d", count, rows)
                    + (rows == 1 ? " row" : " rows")
                    + " not valid)"
                    + (remedy.isEmpty() ? "" : ": "))
            .and(remedy),
        row,
        column,
        count);
  }

  private InvalidRowException(Refusal refusal, int row, int column, int count) {
    super(refusal.text());
    this.refusal = refusal;
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
    this(Refusal.of(problem), row, column, 1);
  }

  @Override
  public Refusal refusal() {
    return refusal;
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
