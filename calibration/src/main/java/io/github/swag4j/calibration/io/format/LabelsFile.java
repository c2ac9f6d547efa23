package io.github.swag4j.calibration.io.format;

import java.nio.file.Path;

/**
 * Labels in a file of their own, which rows find by their ids.
 *
 * <p>Every row must find one label: an id of the predictions that the labels do not have is
 * refused, and so is one that stands twice in either file. Labels whose ids no row has are left
 * out, and counted.
 *
 * @param file a table with a column of ids and one of labels
 * @param idColumn the column of ids, called so in both files
 * @param labelColumn the column of the labels; empty for the one with a usual name, or the one
 *     beside the ids if there are two columns
 */
public record LabelsFile(Path file, String idColumn, String labelColumn) {

  /** The column of ids unless another is named. */
  public static final String ID = "id";

  /**
   * Labels of a file that is called as usual.
   *
   * @param file a table with the column {@value #ID}
   * @return its labels
   */
  public static LabelsFile of(Path file) {
    return new LabelsFile(file, ID, "");
  }

  /**
   * Checks.
   *
   * @param file a table
   * @param idColumn the column of ids
   * @param labelColumn the column of the labels, or empty
   * @throws IllegalArgumentException if either is missing
   */
  public LabelsFile {
    if (file == null || idColumn == null || idColumn.isEmpty() || labelColumn == null) {
      throw new IllegalArgumentException(
          "labels of a second file need the file and the column of ids, got "
              + file
              + " and "
              + idColumn);
    }
  }
}
