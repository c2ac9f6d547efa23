package io.github.swag4j.calibration.io.text;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/** Files that are tables and no text, for which a module on the class path has a reader. */
public final class TableFiles {
  private TableFiles() {}

  /**
   * Opens a file, if it is such a table.
   *
   * @param file a file or folder
   * @return the table, or nothing if no module reads it
   * @throws PredictionFileException if it is one, but damaged
   * @throws IOException if it cannot be read
   */
  public static Optional<TableFile> open(Path file) throws IOException {
    Optional<TableFormat> format = format(file);
    return format.isEmpty() ? Optional.empty() : Optional.of(format.get().open(file));
  }

  /**
   * Whether a file or folder is such a table. Whether it is whole is not looked at.
   *
   * @param file a file or folder
   * @return true if a module reads it
   * @throws IOException if it cannot be read
   */
  public static boolean isTable(Path file) throws IOException {
    return format(file).isPresent();
  }

  /** Looks for modules only where what is here would refuse the file. */
  private static Optional<TableFormat> format(Path file) throws IOException {
    boolean folder = Files.isDirectory(file);
    if (!folder && !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    byte[] first = folder ? new byte[0] : FirstBytes.of(file);
    if (!folder && !FirstBytes.isOther(first)) {
      return Optional.empty();
    }
    ClassLoader loader = TableFormat.class.getClassLoader();
    for (TableFormat each : ServiceLoader.load(TableFormat.class, loader)) {
      if (folder ? each.isTable(file) : each.begins(first)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
