package io.github.swag4j.calibration.io.table;

import java.io.IOException;

/**
 * Takes the rows of a table to be written: of each row a value for every column in order, of the
 * column's kind or nothing, then the row's end. Mutable, for one thread.
 */
public interface TableOutput extends TableValues {

  /**
   * Ends a row.
   *
   * @throws IOException if it cannot be written
   */
  void endRow() throws IOException;

  /**
   * Ends the table, after its last row. What it is written to stays open.
   *
   * @throws IOException if it cannot be written
   */
  void end() throws IOException;
}
