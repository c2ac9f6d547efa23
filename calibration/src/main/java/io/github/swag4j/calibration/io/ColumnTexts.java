package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.io.csv.CsvTexts;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.npz.NpzTexts;
import io.github.swag4j.calibration.io.text.FileKind;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One column of a file of predictions, beside what the predictions themselves hold: a site, a time,
 * a fold. To be grouped or ordered by.
 */
public final class ColumnTexts {
  private ColumnTexts() {}

  /**
   * Reads a column, or an array of an NPZ file, as texts.
   *
   * @param file a table, packed or not, JSON Lines, or an {@code .npz} file
   * @param name the column's name in the header, or the array's
   * @param rows how many rows the file's predictions have
   * @return {@code [rows]}, in the order of the file; empty texts where a field is empty
   * @throws PredictionFileException if there is no such column or array, it has not one value for
   *     each row, or the file is of a kind that has none
   * @throws IOException if the file cannot be read
   */
  public static String[] read(Path file, String name, int rows) throws IOException {
    FileKind kind = FileKind.of(file);
    if (kind == FileKind.NPY) {
      throw new Source(file, "")
          .refuse("must be a file with named columns to have '" + name + "', got a single array");
    }
    String[] texts = kind == FileKind.NPZ ? NpzTexts.read(file, name) : CsvTexts.read(file, name);
    if (texts.length != rows) {
      throw new Source(file, "'" + name + "'")
          .refuse("must have a value for each of " + rows + " rows, got " + texts.length);
    }
    return texts;
  }
}
