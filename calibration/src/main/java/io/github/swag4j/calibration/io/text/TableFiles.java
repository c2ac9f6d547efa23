package io.github.swag4j.calibration.io.text;

import io.github.swag4j.base.AtomicFile;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.table.OutputColumn;
import io.github.swag4j.calibration.io.table.TableFile;
import io.github.swag4j.calibration.io.table.TableFormat;
import io.github.swag4j.calibration.io.table.TableOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** Files that are tables and no text, for which a module on the class path has a reader. */
public final class TableFiles {

  /** Gives the rows of a table. */
  @FunctionalInterface
  public interface Rows {

    /**
     * Gives every row.
     *
     * @param out what takes them; ended by the caller
     * @throws IOException if one cannot be written
     */
    void writeTo(TableOutput out) throws IOException;
  }

  private TableFiles() {}

  /**
   * Whether a module on the class path writes files of such a name.
   *
   * @param file what it ends with counts, in capitals or not
   * @return true if {@link #write} can be called
   */
  public static boolean isWritten(Path file) {
    return written(file).isPresent();
  }

  private static Optional<TableFormat> written(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    for (TableFormat each : formats()) {
      if (!each.ending().isEmpty() && name.endsWith("." + each.ending())) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /**
   * Writes a table, whole or not at all.
   *
   * @param file where to; {@link #isWritten} says that a module writes it
   * @param columns its columns
   * @param rows what gives its rows
   * @throws PredictionFileException if no module writes such files
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, List<OutputColumn> columns, Rows rows) throws IOException {
    Optional<TableFormat> format = written(file);
    if (format.isEmpty()) {
      throw new PredictionFileException(
          file, "", "there must be a module that writes it, put swag4j-parquet on the class path");
    }
    Set<String> names = new HashSet<>();
    for (OutputColumn column : columns) {
      if (!names.add(column.name())) {
        throw new PredictionFileException(
            file,
            "",
            "names of columns must be unique in such a file, got '"
                + column.name()
                + "' twice: name them, or write CSV");
      }
    }
    AtomicFile.write(
        file,
        to -> {
          TableOutput out = format.get().write(to, columns);
          rows.writeTo(out);
          out.end();
        });
  }

  private static ServiceLoader<TableFormat> formats() {
    return ServiceLoader.load(TableFormat.class, TableFormat.class.getClassLoader());
  }

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
    for (TableFormat each : formats()) {
      if (folder ? each.isTable(file) : each.begins(first)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
