package io.github.swag4j.cli;

import io.github.swag4j.calibration.Predictions;
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
    return PredictionFiles.read(
        file, PredictionFiles.Options.defaults().withLogits(logits).withRenormalise(renormalise));
  }
}
