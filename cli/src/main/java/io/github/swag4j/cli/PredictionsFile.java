package io.github.swag4j.cli;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFiles;
import io.github.swag4j.cli.run.Method;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * One file in the place of a directory of results: what one method predicts for the test images,
 * which need no labels then.
 *
 * @param file where to
 */
record PredictionsFile(Path file) {
  private static final List<String> ENDINGS = List.of(".parquet", ".csv", ".npz");

  /** The file that was named, or null if it is a directory or nothing. */
  static PredictionsFile named(Path out) {
    String name = out == null ? "" : String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    boolean file = ENDINGS.stream().anyMatch(name::endsWith);
    return file && !Files.isDirectory(out) ? new PredictionsFile(out) : null;
  }

  /** Refuses what a file has no place for, before any work. */
  void require(List<Method> asked, boolean ood, boolean overwrite, List<Path> read)
      throws IOException {
    if (asked.size() != 1) {
      throw new UsageException(
          "--out "
              + file
              + " must be a directory for the results of several methods, or --method name the one"
              + " whose predictions the file is to hold, got "
              + String.join(", ", asked.stream().map(Method::id).toList()));
    }
    if (ood) {
      throw new UsageException(
          "--ood goes with a directory as --out: a file holds the predictions of --data alone");
    }
    new NewFiles(read, overwrite).with("--out", file);
  }

  /** Writes what was predicted. */
  void write(Predictions predicted) throws IOException {
    PredictionFiles.write(file, predicted);
  }
}
