package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.csv.CsvNames;
import io.github.swag4j.calibration.io.csv.CsvPredictions;
import io.github.swag4j.calibration.io.csv.CsvText;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import io.github.swag4j.calibration.io.npz.NpzFile;
import io.github.swag4j.calibration.io.text.FileKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a file of predictions calls the things in it; its numbers are not looked at.
 *
 * @param names the columns of a CSV file, empty where one has no name, or the arrays of an NPZ
 *     file; none of any other file
 * @param rowNames how many columns at the start of a CSV file have no name of their own (none, or
 *     the {@code Unnamed: 0} of pandas) and so are taken for names or numbers of the rows, which
 *     are not read, unless they are ignored or classes are named
 */
public record FileContents(List<String> names, int rowNames) {

  /**
   * Copies the names.
   *
   * @param names columns or arrays
   * @param rowNames columns at the start without a name of their own
   */
  public FileContents {
    names = List.copyOf(names);
  }

  /**
   * Reads the header of a file.
   *
   * @param file a file of predictions, of whatever kind
   * @return what is in it
   * @throws PredictionFileException if the header is not valid
   * @throws IOException if the file cannot be read
   */
  public static FileContents of(Path file) throws IOException {
    FileKind kind = FileKind.of(file);
    if (kind.isText()) {
      List<String> names = CsvText.namesIn(file);
      return new FileContents(names, CsvNames.leading(names));
    }
    if (kind == FileKind.NPZ) {
      try (NpzFile npz = new NpzFile(file)) {
        return new FileContents(List.copyOf(npz.names()), 0);
      }
    }
    return new FileContents(List.of(), 0);
  }

  /**
   * Refuses predictions without labels, and says what their file has instead.
   *
   * @param file the file that they were read from
   * @param read the predictions
   * @throws PredictionFileException if there are no labels; names columns or arrays, and what those
   *     of labels may be called
   * @throws IOException if the file cannot be read
   */
  public static void requireLabels(Path file, Predictions read) throws IOException {
    if (read.hasLabels()) {
      return;
    }
    if (FileKind.of(file).isText()) {
      throw CsvPredictions.labelsMissing(file);
    }
    List<String> names = of(file).names();
    throw new Source(file, "")
        .refuse(
            names.isEmpty()
                ? "must have labels, got none beside the numbers"
                : UsualNames.labelsMissing("arrays", names));
  }
}
