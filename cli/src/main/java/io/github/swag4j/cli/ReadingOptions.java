package io.github.swag4j.cli;

import io.github.swag4j.calibration.BinningConvention;
import io.github.swag4j.calibration.CalibrationSketch;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFileException;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.calibration.io.StreamedSketch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How files of predictions are read. */
final class ReadingOptions {
  @Option(names = "--logits", description = "The numbers are logits, to be put through a softmax.")
  private boolean logits;

  @Option(
      names = "--renormalise",
      description =
          "Divide rows by their sums instead of refusing those that do not sum to 1 within 1e-4, as"
              + " float16 rows seldom do.")
  private boolean renormalise;

  @Option(
      names = "--class-columns",
      paramLabel = "NAME",
      split = ",",
      description =
          "The columns of a .csv file that are classes, in this order, separated by commas (default:"
              + " all that have no other meaning).")
  private List<String> classColumns = List.of();

  @Option(
      names = "--ignore-columns",
      paramLabel = "NAME",
      split = ",",
      description = "Columns of a .csv file to leave out, such as a time stamp.")
  private List<String> ignoredColumns = List.of();

  private PredictionFiles.Options options() {
    if (logits && renormalise) {
      throw new UsageException("--logits and --renormalise exclude each other");
    }
    if (!Collections.disjoint(classColumns, ignoredColumns)) {
      throw new UsageException("--class-columns and --ignore-columns name the same column");
    }
    return PredictionFiles.Options.defaults()
        .withLogits(logits)
        .withRenormalise(renormalise)
        .withClassColumns(classColumns)
        .withIgnoredColumns(ignoredColumns);
  }

  private interface Reading<T> {
    T from(PredictionFiles.Options options) throws IOException;
  }

  private <T> T inWordsOfTheProgram(Reading<T> reading) throws IOException {
    try {
      return reading.from(options());
    } catch (PredictionFileException e) {
      throw new IOException(inWordsOfTheProgram(e.getMessage()), e);
    }
  }

  /** How large a file's predictions are. */
  PredictionFiles.Size size(Path file) throws IOException {
    return inWordsOfTheProgram(options -> PredictionFiles.size(file, options));
  }

  /**
   * The sketch of a file's rows, in memory that does not grow with them.
   *
   * @param labels for a .npy file its labels, else null
   */
  CalibrationSketch stream(Path file, Path labels, BinningConvention convention)
      throws IOException {
    if (labels != null && (logits || renormalise)) {
      throw new UsageException(
          "--logits and --renormalise need a .npy file's rows in memory: leave --stream out or save"
              + " an .npz file");
    }
    if (labels != null) {
      return inWordsOfTheProgram(options -> StreamedSketch.of(file, labels, convention));
    }
    return inWordsOfTheProgram(
        options ->
            isNamed(file, ".csv")
                ? StreamedSketch.ofCsv(file, options, convention)
                : StreamedSketch.ofNpz(file, options, convention));
  }

  static boolean isNamed(Path file, String extension) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(extension);
  }

  Predictions read(Path file) throws IOException {
    return read(file, null);
  }

  /** Predictions of a file, with labels of another if that is not null. */
  Predictions read(Path file, Path labels) throws IOException {
    Predictions predictions =
        inWordsOfTheProgram(
            options ->
                labels == null
                    ? PredictionFiles.read(file, options)
                    : PredictionFiles.read(file, labels, options));
    if (logits && areDistributions(predictions)) {
      throw new IOException(
          file
              + ": the numbers must be logits for --logits, got rows that are distributions already:"
              + " leave --logits out");
    }
    return predictions;
  }

  /** Refuses files whose columns are named for other classes, or for the same in another order. */
  static void requireSameClasses(Path file, Predictions read, Path other, Predictions before)
      throws IOException {
    if (read.classes() != before.classes()) {
      throw new IOException(
          file
              + ": must have "
              + before.classes()
              + " classes as "
              + other
              + ", got "
              + read.classes());
    }
    if (read.hasClassNames()
        && before.hasClassNames()
        && !read.classNames().equals(before.classNames())) {
      throw new IOException(
          file
              + ": must have the classes of "
              + other
              + " in their order, "
              + before.classNames()
              + ", got "
              + read.classNames()
              + ": name them in that order with --class-columns");
    }
  }

  private static String inWordsOfTheProgram(String message) {
    return message
        .replace("if these are logits, give them as logits", "if these are logits, say --logits")
        .replace("or ask to renormalise", "or say --renormalise")
        .replace("say which with Options.withLabels", "rename the class columns")
        .replace("with Options.withIgnoredColumns", "with --ignore-columns")
        .replace("with Options.withClassColumns", "with --class-columns")
        .replaceAll(
            "raise -Xmx to ([0-9,]+m), or stream the file with StreamedSketch.*",
            "give more with SWAG4J_JAVA_OPTIONS=-Xmx$1, or judge it with 'evaluate --stream'")
        .replaceAll(
            "stream it with StreamedSketch.*|stream them into a CalibrationSketch",
            "judge it with 'evaluate --stream'");
  }

  private static boolean areDistributions(Predictions predictions) {
    for (int r = 0; r < predictions.rows(); r++) {
      double sum = 0;
      for (int k = 0; k < predictions.classes(); k++) {
        double v = predictions.hasLogits() ? predictions.logit(r, k) : -1;
        if (!(v >= 0 && v <= 1)) {
          return false;
        }
        sum += v;
      }
      if (!Predictions.sumsToOne(sum)) {
        return false;
      }
    }
    return true;
  }
}
