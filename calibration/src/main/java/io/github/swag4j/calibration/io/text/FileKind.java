package io.github.swag4j.calibration.io.text;

import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.internal.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a file of predictions is, by its first bytes. */
public enum FileKind {
  /** Text of separated columns, as it is or packed; or a table whose rows are read as such. */
  TABLE,
  /** Text of one JSON object a line, as it is or packed. */
  JSON_LINES,
  /** A ZIP archive of NPY arrays. */
  NPZ,
  /** A NumPy array. */
  NPY;

  /**
   * Finds out what a file is. Its name only counts where the first bytes say nothing: then it tells
   * which reader is to say what is wrong.
   *
   * @param file a file
   * @return its kind
   * @throws PredictionFileException if it is something that is not read; says what, and what to do
   * @throws IOException if it cannot be read
   */
  public static FileKind of(Path file) throws IOException {
    Source source = new Source(file, "");
    if (TableFiles.isTable(file)) {
      return TABLE;
    }
    if (!Files.isRegularFile(file)) {
      throw source.refuse(
          Files.isDirectory(file) ? "must be a file, got a folder" : "no such file");
    }
    byte[] first = FirstBytes.of(file);
    if (FirstBytes.isNumpy(first)) {
      return NPY;
    }
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (FirstBytes.isZip(first)) {
      return ZipText.kind(file);
    }
    FirstBytes.refuseOthers(first, Files.size(file), source, "");
    if (!FirstBytes.isGzip(first) && name.endsWith(".npz")) {
      return NPZ;
    }
    if (!FirstBytes.isGzip(first) && name.endsWith(".npy")) {
      return NPY;
    }
    return TextSource.of(file).isJson() ? JSON_LINES : TABLE;
  }

  /**
   * Whether the file has rows of named columns: a table or JSON Lines.
   *
   * @return true if so
   */
  public boolean isText() {
    return this == TABLE || this == JSON_LINES;
  }
}
