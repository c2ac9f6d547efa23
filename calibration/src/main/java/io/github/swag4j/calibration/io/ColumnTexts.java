package io.github.swag4j.calibration.io;

import static java.util.stream.Collectors.toSet;

import io.github.swag4j.calibration.io.columns.NameText;
import io.github.swag4j.calibration.io.csv.CsvTexts;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.internal.Source;
import io.github.swag4j.calibration.io.npz.NpzTexts;
import io.github.swag4j.calibration.io.text.FileKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

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
    return read(file, name, rows, "", List.of());
  }

  /**
   * Reads a column of the rows that are not left out by their labels.
   *
   * @param file a table, packed or not, JSON Lines, or an {@code .npz} file
   * @param name the column's name in the header, or the array's
   * @param rows how many rows the file's predictions have
   * @param labels the column or array of the labels in the same file, empty if there is none
   * @param leftOut labels whose rows the predictions do not have, see {@link
   *     ReadOptions#ignoredLabels}
   * @return {@code [rows]}, in the order of the file; empty texts where a field is empty
   * @throws PredictionFileException if there is no such column or array, it has not one value for
   *     each row, or the file is of a kind that has none
   * @throws IOException if the file cannot be read
   */
  public static String[] read(Path file, String name, int rows, String labels, List<String> leftOut)
      throws IOException {
    FileKind kind = FileKind.of(file);
    if (kind == FileKind.NPY) {
      throw new Source(file, "")
          .refuse("must be a file with named columns to have '" + name + "', got a single array");
    }
    String[] texts = texts(kind, file, name);
    if (texts.length > rows && !labels.isEmpty() && !leftOut.isEmpty()) {
      texts = left(texts, texts(kind, file, labels), leftOut);
    }
    if (texts.length != rows) {
      throw new Source(file, "'" + name + "'")
          .refuse("must have a value for each of " + rows + " rows, got " + texts.length);
    }
    return texts;
  }

  private static String[] texts(FileKind kind, Path file, String name) throws IOException {
    return kind == FileKind.NPZ ? NpzTexts.read(file, name) : CsvTexts.read(file, name);
  }

  private static String[] left(String[] texts, String[] labels, List<String> leftOut) {
    Set<String> out = leftOut.stream().map(ColumnTexts::canonical).collect(toSet());
    return IntStream.range(0, texts.length)
        .filter(row -> row >= labels.length || !out.contains(canonical(labels[row])))
        .mapToObj(row -> texts[row])
        .toArray(String[]::new);
  }

  private static String canonical(String label) {
    return NameText.canonical(NameText.of(label));
  }
}
