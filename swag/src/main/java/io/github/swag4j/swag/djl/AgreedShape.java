package io.github.swag4j.swag.djl;

/** Rows and columns that every pass over a data set must have, whichever thread makes it. */
final class AgreedShape {
  private static final int UNKNOWN = -1;

  private final String known;
  private final int knownRows;
  private int rows = UNKNOWN;
  private int width = UNKNOWN;

  /**
   * A shape of which nothing is known but perhaps the rows.
   *
   * @param known what is known of each row, {@code "labels"}
   * @param knownRows how many rows have it, or -1 if nothing is known
   */
  AgreedShape(String known, int knownRows) {
    this.known = known;
    this.knownRows = knownRows;
  }

  /** Takes the width of the first batch, holds those of later ones against it. */
  synchronized void requireWidth(int got, int fromRow) {
    if (width == UNKNOWN) {
      width = got;
    }
    if (got != width) {
      throw new IllegalArgumentException(
          "every batch must have the classes of the first, "
              + width
              + ", got "
              + got
              + " from row "
              + fromRow);
    }
  }

  /** Refuses a row too many while the pass runs. */
  synchronized void requireRoom(int sample, long needed) {
    if (rows != UNKNOWN && needed > rows) {
      throw new IllegalArgumentException(
          "every pass over the data must give the same rows, sample "
              + sample
              + " gave more than the "
              + rows
              + " of the first");
    }
    if (knownRows != UNKNOWN && needed > knownRows) {
      throw new IllegalArgumentException(
          known + " must be one a row, got " + knownRows + " for " + needed + " rows or more");
    }
  }

  /** Takes the number of rows of the first pass that ends, holds those of later ones against it. */
  synchronized void requireRows(int sample, int got) {
    if (got == 0) {
      throw new IllegalArgumentException("predictions need at least 1 row, got 0");
    }
    if (knownRows != UNKNOWN && knownRows != got) {
      throw new IllegalArgumentException(
          known + " must be one a row, got " + knownRows + " for " + got + " rows");
    }
    if (rows == UNKNOWN) {
      rows = got;
    }
    if (got != rows) {
      throw new IllegalArgumentException(
          "every pass over the data must give the same rows, sample "
              + sample
              + " gave "
              + got
              + " of "
              + rows);
    }
  }

  /** Rows to make room for at first. */
  synchronized int expectedRows() {
    return Math.max(Math.max(rows, knownRows), 0);
  }

  /** Rows of every pass; 0 before the first has ended. */
  synchronized int rows() {
    return Math.max(rows, 0);
  }

  /** Columns of every row; 0 before the first batch. */
  synchronized int width() {
    return Math.max(width, 0);
  }

  /** As an earlier run found it. */
  synchronized void restore(int earlierRows, int earlierWidth) {
    requireWidth(earlierWidth, 0);
    requireRows(0, earlierRows);
  }
}
