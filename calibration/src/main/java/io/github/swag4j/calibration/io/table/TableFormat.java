package io.github.swag4j.calibration.io.table;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import java.io.IOException;
import java.nio.file.Path;

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
}
