package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.csv.CsvNames;
import io.github.swag4j.calibration.io.csv.CsvPredictions;
import io.github.swag4j.calibration.io.csv.CsvRecords;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.internal.UsualNames;
import io.github.swag4j.calibration.io.npz.NpzFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

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
   * @param file a {@code .csv}, {@code .npz} or {@code .npy} file
   * @return what is in it
   * @throws PredictionFileException if the header is not valid
   * @throws IOException if the file cannot be read
   */
  public static FileContents of(Path file) throws IOException {
    if (isNamed(file, ".csv")) {
      try (InputStream in = Files.newInputStream(file)) {
        List<String> names = CsvNames.read(new CsvRecords(in, file), new Source(file, ""));
        return new FileContents(names, CsvNames.leading(names));
      }
    }
    if (isNamed(file, ".npz")) {
      try (NpzFile npz = new NpzFile(file)) {
        return new FileContents(List.copyOf(npz.names()), 0);
      }
    }
    return new FileContents(List.of(), 0);
  }

  private static boolean isNamed(Path file, String extension) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(extension);
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
    if (isNamed(file, ".csv")) {
      throw CsvPredictions.labelsMissing(file, ReadOptions.defaults());
    }
    List<String> names = of(file).names();
    throw new Source(file, "")
        .refuse(
            names.isEmpty()
                ? "must have labels, got none beside the numbers"
                : UsualNames.labelsMissing("arrays", names));
  }
}
