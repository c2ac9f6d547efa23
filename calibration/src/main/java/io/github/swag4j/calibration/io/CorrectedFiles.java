package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.csv.CsvCopy;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.format.ReadingNote;
import io.github.swag4j.calibration.io.npz.NpzCopy;
import io.github.swag4j.calibration.io.text.FileKind;
import io.github.swag4j.calibration.io.text.TableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a file of predictions again with corrected probabilities and all else it had. */
public final class CorrectedFiles {
  private CorrectedFiles() {}

  /**
   * Writes corrected predictions, whole or not at all. From a table to {@code .csv} or {@code
   * .parquet} and from NPZ to {@code .npz}, all columns or arrays are copied, also those that were
   * not read (ids, dates, features), in their order and with their text or bytes; expected
   * entropies, posterior samples and logits of the old probabilities are left out; of JSON Lines,
   * objects and arrays that are not read. Into another format only what was read can be written.
   *
   * @param from the file that was read
   * @param options how it was read
   * @param note what it was read as
   * @param to where to write
   * @param corrected the same rows in the same order
   * @return the columns, fields or arrays of {@code from} that are not in {@code to}, because its
   *     format has no place for them
   * @throws PredictionFileException if the format has no place for these predictions, or the file
   *     has not the rows that were read
   * @throws IOException if a file cannot be read or written
   */
  public static List<String> write(
      Path from, ReadOptions options, ReadingNote note, Path to, Predictions corrected)
      throws IOException {
    FileKind kind = FileKind.of(from);
    String name = to.toString().toLowerCase(Locale.ROOT);
    if (kind.isText() && name.endsWith(".csv")) {
      return CsvCopy.write(from, options, note, to, corrected);
    }
    if (kind.isText() && TableFiles.isWritten(to)) {
      return CsvCopy.writeTable(from, options, note, to, corrected);
    }
    // Classes put in another order would not be those of the arrays beside them.
    boolean asStored = options.classColumns().isEmpty();
    if (kind == FileKind.NPZ && name.endsWith(".npz") && asStored) {
      NpzCopy.write(from, options, to, corrected);
      return List.of();
    }
    PredictionFiles.write(to, corrected);
    List<String> left = new ArrayList<>();
    for (String column : note.ignored()) {
      if (!corrected.hasIds() || !areIds(from, column, corrected)) {
        left.add(column);
      }
    }
    return left;
  }

  /** Whether a column holds the ids, which are written. */
  private static boolean areIds(Path from, String column, Predictions corrected)
      throws IOException {
    String[] texts;
    try {
      texts = ColumnTexts.read(from, column, corrected.rows());
    } catch (PredictionFileException e) {
      return false; // it has not one text a row
    }
    for (int row = 0; row < texts.length; row++) {
      if (!texts[row].equals(corrected.id(row))) {
        return false;
      }
    }
    return true;
  }
}
