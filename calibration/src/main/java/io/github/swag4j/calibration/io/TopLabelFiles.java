package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.TopLabels;
import io.github.swag4j.calibration.io.csv.CsvTopLabels;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.TopLabelNames;
import io.github.swag4j.calibration.io.text.FileKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads tables that have the class predicted and its confidence alone, such as {@code
 * id,prediction,confidence,label}: no column for each class.
 *
 * <p>A table is taken for one if an option names both columns, or if one column is called as the
 * class predicted usually is, one as its confidence, and every other column has a part beside
 * classes by its name, or holds text. A row is right where the class predicted and the label are
 * the same word, {@code 1.0} the same as {@code 1}.
 */
public final class TopLabelFiles {
  private TopLabelFiles() {}

  /**
   * Reads a table if it is of this kind.
   *
   * @param file a table: CSV, TSV or JSON Lines
   * @param labels a second file with the labels, or null
   * @param named the columns that hold the two, or {@link TopLabelNames#USUAL}
   * @param options how; percentages, ignored columns and labels and the column of the labels are
   *     heeded
   * @return the rows with the note on them, of which classes are the words that occur; empty if
   *     nothing says that the file is of this kind
   * @throws PredictionFileException if a named column is missing, a cell is not valid, labels are
   *     missing, or labels and predictions call no class alike; names the place
   * @throws IOException if a file cannot be read
   */
  public static Optional<Noted<TopLabels>> read(
      Path file, LabelsFile labels, TopLabelNames named, ReadOptions options) throws IOException {
    if (FileKind.of(file).isText()) {
      return CsvTopLabels.read(file, labels, named, options);
    }
    if (named.isEmpty()) {
      return Optional.empty();
    }
    throw new PredictionFileException(
        file,
        "",
        "the class predicted and its confidence are read from a table, got an array: save CSV or"
            + " JSON Lines with columns of these names");
  }
}
