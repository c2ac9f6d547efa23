package io.github.swag4j.calibration.io;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.columns.PredictionRows;
import io.github.swag4j.calibration.io.csv.CsvPredictions;
import io.github.swag4j.calibration.io.csv.CsvWriter;
import io.github.swag4j.calibration.io.format.LabelsFile;
import io.github.swag4j.calibration.io.format.Noted;
import io.github.swag4j.calibration.io.format.PredictionFileException;
import io.github.swag4j.calibration.io.format.PredictionSize;
import io.github.swag4j.calibration.io.format.ReadOptions;
import io.github.swag4j.calibration.io.npz.NpzPredictions;
import io.github.swag4j.calibration.io.npz.NpzSize;
import io.github.swag4j.calibration.io.npz.NpzWriter;
import io.github.swag4j.calibration.io.text.FileKind;
import io.github.swag4j.calibration.io.text.TableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Reads predictions by a file's first bytes, whatever it is called, and writes them by its
 * extension.
 *
 * <ul>
 *   <li>Tables (CSV, TSV), packed or not, and {@code .csv} when written: a header, then one line a
 *       row. A column for each class, {@code label} (a class index or the name of a class column)
 *       and, where known, {@code expected_entropy}, {@code id}, {@code group} and {@code weight};
 *       {@code logit_NAME} beside each class {@code NAME} is its logit, of which the probabilities
 *       must be the softmax. One class column holds the probability of the positive class of a
 *       binary problem. Which columns are classes follows from what cannot be mistaken, and is
 *       refused otherwise. Columns without a name at the start hold names or numbers of the rows,
 *       as pandas and R write them, and are not read.
 *   <li>JSON Lines, or an array of objects, read only: one object a row, its fields the columns;
 *       classes also as an object or array called {@code probs} or {@code logits}.
 *   <li>{@code .npz}: {@code probs} (also {@code predictions}, {@code probabilities}) {@code [rows,
 *       classes]} or {@code logits}, {@code labels} {@code [rows]} and, where known, {@code
 *       expected_entropy}, {@code weights}, {@code groups}, {@code ids}, {@code class_names},
 *       {@code samples [samples, rows, classes]}. Shape {@code [rows]} or {@code [rows, 1]} holds
 *       the probability of the positive class of a binary problem.
 *   <li>{@code .npy}: the probabilities alone; labels are in a second such file.
 * </ul>
 *
 * <p>Columns, in capitals or not, and arrays of labels may be called {@code label}, {@code labels},
 * {@code target}, {@code targets}, {@code y}, {@code y_true}, {@code true_label}, {@code truth},
 * {@code ground_truth}, {@code class}, {@code obs}, {@code observed}, {@code actual}, {@code
 * y_test}, {@code true_class}, {@code true_labels} or {@code label_ids}; those of weights {@code
 * weight}, {@code weights}, {@code sample_weight} or {@code sample_weights}.
 */
public final class PredictionFiles {

  private PredictionFiles() {}

  /**
   * Reads predictions.
   *
   * @param file a table, JSON Lines, NPZ or NPY
   * @return the predictions
   * @throws PredictionFileException if the file is not one of predictions; names the place
   * @throws IOException if the file cannot be read
   */
  public static Predictions read(Path file) throws IOException {
    return read(file, ReadOptions.defaults());
  }

  /**
   * Reads predictions.
   *
   * @param file a table, JSON Lines, NPZ or NPY
   * @param options how
   * @return the predictions
   * @throws PredictionFileException if the file is not one of predictions; names the place
   * @throws IOException if the file cannot be read
   */
  public static Predictions read(Path file, ReadOptions options) throws IOException {
    return unwarned(file, options).value();
  }

  private static Noted<Predictions> unwarned(Path file, ReadOptions options) throws IOException {
    return switch (FileKind.of(file)) {
      case TABLE, JSON_LINES -> CsvPredictions.read(file, null, options);
      case NPZ -> NpzPredictions.read(file, options);
      case NPY -> NpzPredictions.readArray(file, null, options);
    };
  }

  /**
   * Reads predictions, and says what was taken for what.
   *
   * @param file a table, JSON Lines, NPZ or NPY
   * @param options how
   * @return the predictions, with the note on them
   * @throws PredictionFileException if the file is not one of predictions; names the place
   * @throws IOException if the file cannot be read
   */
  public static Noted<Predictions> readNoted(Path file, ReadOptions options) throws IOException {
    return ReadingWarnings.added(unwarned(file, options));
  }

  /**
   * Reads a pair of NPY files.
   *
   * @param values a {@code .npy} file of probabilities, or logits, {@code [rows, classes]}
   * @param labels a {@code .npy} file of class indices, {@code [rows]}
   * @param options how
   * @return the predictions
   * @throws PredictionFileException if a file is not such an array; names the place
   * @throws IOException if a file cannot be read
   */
  public static Predictions read(Path values, Path labels, ReadOptions options) throws IOException {
    return unwarned(values, labels, options).value();
  }

  private static Noted<Predictions> unwarned(Path values, Path labels, ReadOptions options)
      throws IOException {
    for (Path file : List.of(values, labels)) {
      if (FileKind.of(file) != FileKind.NPY) {
        throw new PredictionFileException(file, "", "must be a .npy file, one of a pair");
      }
    }
    return NpzPredictions.readArray(values, labels, options);
  }

  /**
   * Reads predictions with labels of a second file, which rows find by their ids.
   *
   * @param file a table: CSV, TSV or JSON Lines
   * @param labels where the labels are
   * @param options how
   * @return the predictions, with the note on them, which counts labels that no row has
   * @throws PredictionFileException if a row finds no label, an id stands twice, or a file is not
   *     such a table; names ids and place
   * @throws IOException if a file cannot be read
   */
  public static Noted<Predictions> readNoted(Path file, LabelsFile labels, ReadOptions options)
      throws IOException {
    requireTable(file);
    return ReadingWarnings.added(CsvPredictions.read(file, labels, options));
  }

  static void requireTable(Path file) throws IOException {
    if (!FileKind.of(file).isText()) {
      throw new PredictionFileException(
          file,
          "",
          "labels of a second file are found by ids in a table, got an array: save CSV or JSON Lines"
              + " with a column of ids");
    }
  }

  /**
   * Reads a pair of NPY files, and says what was taken for what.
   *
   * @param values a {@code .npy} file of probabilities, or logits, {@code [rows, classes]}
   * @param labels a {@code .npy} file of class indices, {@code [rows]}
   * @param options how
   * @return the predictions, with the note on them
   * @throws PredictionFileException if a file is not such an array; names the place
   * @throws IOException if a file cannot be read
   */
  public static Noted<Predictions> readNoted(Path values, Path labels, ReadOptions options)
      throws IOException {
    return ReadingWarnings.added(unwarned(values, labels, options));
  }

  /**
   * How large the predictions in a file are. An NPZ or NPY file says so at its beginning; a table
   * is looked through to its end, without reading its numbers.
   *
   * @param file a table, JSON Lines, NPZ or NPY
   * @param options how it is to be read
   * @return rows, classes and the heap that they take
   * @throws PredictionFileException if the file is not one of predictions, as far as this shows
   * @throws IOException if the file cannot be read
   */
  public static PredictionSize size(Path file, ReadOptions options) throws IOException {
    return switch (FileKind.of(file)) {
      case TABLE, JSON_LINES -> CsvPredictions.size(file, null, options);
      case NPZ -> NpzSize.of(file, options);
      case NPY -> NpzSize.ofArray(file, options);
    };
  }

  /**
   * How large the predictions in a table are whose labels are in a second file.
   *
   * @param file a table: CSV, TSV or JSON Lines
   * @param labels where the labels are
   * @param options how it is to be read
   * @return rows, classes and the heap that they take, without the labels by their ids
   * @throws PredictionFileException as {@link #readNoted(Path, LabelsFile, ReadOptions)}, as far as
   *     the numbers of the rows are not needed for it
   * @throws IOException if a file cannot be read
   */
  public static PredictionSize size(Path file, LabelsFile labels, ReadOptions options)
      throws IOException {
    requireTable(file);
    return CsvPredictions.size(file, labels, options);
  }

  /**
   * Writes predictions, whole or not at all: under a temporary name, synced, then renamed. Float32
   * probabilities are written to NPZ as float32, others as float64; CSV has all digits.
   * Probabilities are always written; beside them logits where predictions were given as logits, as
   * {@code logits} in NPZ and as columns {@code logit_NAME} in CSV. A Parquet file, where a module
   * that writes it is on the class path, has the columns of a CSV file, float32 and float64 as in
   * NPZ. An NPY file holds probabilities alone, so predictions with anything else are refused.
   *
   * @param file a {@code .csv}, {@code .npz}, {@code .parquet} or {@code .npy} file, replaced if it
   *     exists; missing folders are made
   * @param predictions what to write
   * @throws PredictionFileException if the format has no place for these predictions
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, Predictions predictions) throws IOException {
    switch (extension(file)) {
      case "csv" -> CsvWriter.write(file, predictions);
      case "npz" -> NpzWriter.write(file, predictions);
      case "parquet" -> {
        PredictionRows rows = PredictionRows.of(file, "Parquet", predictions);
        TableFiles.write(file, rows.columns(), rows::writeTo);
      }
      default -> NpzWriter.writeArrays(file, null, predictions);
    }
  }

  /**
   * Writes a pair of NPY files, each whole or not at all: probabilities {@code [rows, classes]},
   * float32 or float64 as they are, {@code [rows]} for the positive class of a binary problem; and
   * labels {@code [rows]}, int64.
   *
   * @param values a {@code .npy} file for the probabilities
   * @param labels a {@code .npy} file for the labels
   * @param predictions what to write: labelled, without weights, ids or anything else that the two
   *     have no place for
   * @throws PredictionFileException if a file is not a {@code .npy} file, both are one, or there is
   *     no place in them for these predictions
   * @throws IOException if a file cannot be written
   */
  public static void write(Path values, Path labels, Predictions predictions) throws IOException {
    for (Path file : List.of(values, labels)) {
      if (!extension(file).equals("npy")) {
        throw new PredictionFileException(file, "", "must be a .npy file, one of a pair");
      }
    }
    if (values.toAbsolutePath().normalize().equals(labels.toAbsolutePath().normalize())) {
      throw new PredictionFileException(
          values, "", "probabilities and labels must be two files, got one for both");
    }
    NpzWriter.writeArrays(values, labels, predictions);
  }

  private static String extension(Path file) throws PredictionFileException {
    String name = String.valueOf(file.getFileName());
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (!List.of("csv", "npz", "npy", "parquet").contains(extension)) {
      throw new PredictionFileException(
          file, "", "the extension must be .csv, .npz, .parquet or .npy, got '" + name + "'");
    }
    return extension;
  }
}
