package io.github.swag4j.cli;

import io.github.swag4j.calibration.io.format.TopLabelNames;
import io.github.swag4j.cli.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The columns of files that have the class predicted and its confidence alone. */
final class TopLabelOptions {
  @Option(
      names = "--prediction-column",
      paramLabel = "NAME",
      description =
          "The column of the class predicted, in a table that has only this and its confidence;"
              + " accuracy, calibration and risk of the class predicted are judged, all else is"
              + " unknown (default: prediction, predicted, pred and the like, where every other"
              + " column stands beside classes).")
  private String prediction;

  @Option(
      names = "--confidence-column",
      paramLabel = "NAME",
      description =
          "The column of the probability of the class predicted; goes with --prediction-column"
              + " (default: confidence, conf, max_prob, msp and the like).")
  private String confidence;

  /** Refuses such a file for what needs a column for each class. */
  static void requireSimple(Path file, boolean simple) throws IOException {
    if (!simple) {
      throw new IOException(
          file
              + ": has the class predicted and its confidence alone, and --by, --over, --rows,"
              + " --save-sketch, --csv and --report need a column for each class: leave them out");
    }
  }

  /** The columns named, or none. */
  TopLabelNames names() {
    if (prediction == null && confidence == null) {
      return TopLabelNames.USUAL;
    }
    if (prediction == null || confidence == null || prediction.isBlank() || confidence.isBlank()) {
      throw new UsageException(
          "--prediction-column and --confidence-column must both name a column: they go together");
    }
    return new TopLabelNames(prediction, confidence);
  }
}
