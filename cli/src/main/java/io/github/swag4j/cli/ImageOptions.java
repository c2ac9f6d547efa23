package io.github.swag4j.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where images come from, beside {@code --data}: the same for training and for predicting. */
final class ImageOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the files of --data are (default: the usual places).")
  private Path dataDir;

  @Option(
      names = "--ood",
      paramLabel = "NAME|DIR",
      description =
          "Images unlike the training data, to be told apart; may be repeated (default: none in"
              + " training, the run's in predicting).")
  private List<String> ood;

  @Option(
      names = "--ood-dir",
      paramLabel = "DIR",
      description = "Where the files of --ood are; one for each --ood, in order.")
  private List<Path> oodDir = List.of();

  /** The directory of the data, null for the usual places. */
  Path dataDir() {
    return dataDir;
  }

  /** The names given, null if none were. */
  List<String> ood() {
    return ood;
  }

  List<Path> oodDir() {
    return oodDir;
  }
}
