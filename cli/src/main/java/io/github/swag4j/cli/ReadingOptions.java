package io.github.swag4j.cli;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.io.PredictionFileException;
import io.github.swag4j.calibration.io.PredictionFiles;
import java.io.IOException;
import java.nio.file.Path;
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

  Predictions read(Path file) throws IOException {
    Predictions predictions;
    try {
      predictions =
          PredictionFiles.read(
              file,
              PredictionFiles.Options.defaults().withLogits(logits).withRenormalise(renormalise));
    } catch (PredictionFileException e) {
      throw new IOException(inWordsOfTheProgram(e.getMessage()), e);
    }
    if (logits && areDistributions(predictions)) {
      throw new IOException(
          file
              + ": the numbers must be logits for --logits, got rows that are distributions already:"
              + " leave --logits out");
    }
    return predictions;
  }

  private static String inWordsOfTheProgram(String message) {
    return message
        .replace("if these are logits, give them as logits", "if these are logits, say --logits")
        .replace("or ask to renormalise", "or say --renormalise")
        .replace("say which with Options.withLabels", "rename the class columns");
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
      if (Math.abs(sum - 1) > Predictions.SUM_TOLERANCE) {
        return false;
      }
    }
    return true;
  }
}
