package io.github.swag4j.cli;

import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.text.FileKind;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Labels in a file of their own. */
final class LabelsOptions {
  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "The labels, where they are in a file of their own: a table that rows find theirs in by"
              + " id, or, of a .npy file of probabilities, a .npy file.")
  private Path file;

  @Option(
      names = "--id-column",
      paramLabel = "NAME",
      description = "The column of the ids, in the predictions and in --labels (default: id).")
  private String idColumn;

  /** The file; null if there is none. */
  Path file() {
    return file;
  }

  /** Refuses ids of no labels. */
  void check() {
    if (idColumn != null && file == null) {
      throw new UsageException("--id-column goes with --labels");
    }
    if (idColumn != null && idColumn.isBlank()) {
      throw new UsageException(
          "--id-column must name the column of ids that both files have, got an empty name: leave it"
              + " out for 'id'");
    }
  }

  /** Refuses an array of labels for a table, whose rows find theirs by id. */
  void requireTable(Path predictions) throws IOException {
    if (!FileKind.of(file).isText()) {
      areOfArray(predictions); // which refuses it
    }
  }

  /** Refuses rows left out by labels of another file where a column of this one is read beside. */
  void requireAllRows(String column, ReadingOptions reading, String option) {
    if (file != null && column != null && reading.leavesRowsOut()) {
      throw new UsageException(
          "--ignore-label, --labels and "
              + option
              + " do not go together: leave the rows out of the files");
    }
  }

  /** Whether labels belong to a single array, in order; else a table's rows find theirs by id. */
  boolean areOfArray(Path predictions) throws IOException {
    FileKind kind = FileKind.of(predictions);
    FileKind own = FileKind.of(file);
    boolean array = kind == FileKind.NPY && own == FileKind.NPY;
    if (!array && !(kind.isText() && own.isText())) {
      throw new UsageException(
          "--labels must be a table with ids for a table, and a .npy file for a .npy file, got "
              + file
              + " for "
              + predictions);
    }
    return array;
  }

  /**
   * The labels by id.
   *
   * @param labelColumn their column, or empty
   */
  LabelsFile byId(String labelColumn) {
    return new LabelsFile(file, idColumn == null ? LabelsFile.ID : idColumn, labelColumn);
  }

  /** That there are none at all. */
  static IOException missing(Path file) {
    return new IOException(
        file + ": must have labels to be judged by, got none: name their file with --labels");
  }
}
