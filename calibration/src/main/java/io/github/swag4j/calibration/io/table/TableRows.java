package io.github.swag4j.calibration.io.table;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.Closeable;
import java.io.IOException;

/** Rows of a table, one after the other. Mutable, for one thread. */
public interface TableRows extends Closeable {

  /**
   * Goes to the next row.
   *
   * @return false at the end
   * @throws PredictionFileException if the file is damaged; names the place
   * @throws IOException if it cannot be read
   */
  boolean advance() throws IOException;

  /**
   * Reads what a column holds in this row. Each is read once, in the order in which they were asked
   * for.
   *
   * @param column which of those asked for, from 0
   * @param into what takes the values: one, or for {@link TableColumn.Kind#LIST} and {@link
   *     TableColumn.Kind#OBJECT} as many as there are, or none if all of it is null
   * @throws PredictionFileException if the file is damaged; names the place
   * @throws IOException if it cannot be read
   */
  void read(int column, TableValues into) throws IOException;
}
