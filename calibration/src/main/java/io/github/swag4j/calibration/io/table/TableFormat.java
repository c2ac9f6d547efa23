package io.github.swag4j.calibration.io.table;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A format of tables in files that are no text. Implementations are services with a constructor
 * without parameters; they are only loaded for a file that would be refused without them, or a
 * folder.
 */
public interface TableFormat {

  /**
   * Whether a file is of this format.
   *
   * @param first its first bytes, up to 512 of them
   * @return true if it begins so
   */
  boolean begins(byte[] first);

  /**
   * Whether a folder is one table of this format, in several files.
   *
   * @param folder a folder
   * @return true if it holds such files
   * @throws IOException if it cannot be read
   */
  boolean isTable(Path folder) throws IOException;

  /**
   * Opens a table.
   *
   * @param file a file that begins so, or a folder that is a table
   * @return the table, with all that is known without reading rows
   * @throws PredictionFileException if it is damaged, or has something in it that is not read
   * @throws IOException if it cannot be read
   */
  TableFile open(Path file) throws IOException;

  /**
   * What files of this format end with, where it can be written.
   *
   * @return letters without a dot, {@code parquet}; empty if it is only read
   */
  default String ending() {
    return "";
  }

  /**
   * Begins a table.
   *
   * @param to where its bytes go, from the first on; not closed
   * @param columns its columns, no two of one name
   * @return what takes its rows; its memory does not grow with their number
   * @throws IOException if it cannot be written
   * @throws UnsupportedOperationException if the format is only read
   */
  default TableOutput write(OutputStream to, List<OutputColumn> columns) throws IOException {
    throw new UnsupportedOperationException("the format is only read");
  }
}
