package io.github.swag4j.cli;

import io.github.swag4j.cli.run.ImageWords;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.vision.data.Conversion;
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
      paramLabel = "NAME|PATH",
      description =
          "Images unlike the training data, to be told apart; may be repeated (default: none in"
              + " training, the run's in predicting).")
  private List<String> ood;

  @Option(
      names = "--ood-dir",
      paramLabel = "DIR",
      description = "Where the files of --ood are; one for each --ood, in order.")
  private List<Path> oodDir = List.of();

  @Option(
      names = "--resize",
      paramLabel = "HxW",
      description =
          "Bring all images to this size, height first (32x32), by bilinear interpolation (default:"
              + " as they are in training, the run's in predicting).")
  private String resize;

  @Option(
      names = "--channels",
      paramLabel = "N",
      description =
          "Bring all images to 1 channel (0.299 R + 0.587 G + 0.114 B) or 3 (the grey level in each)"
              + " (default as for --resize).")
  private Integer channels;

  @Option(
      names = "--layout",
      paramLabel = "AXES",
      description =
          "nhwc or nchw, for arrays in which two axes could be the channels (default: the axis of 1"
              + " or 3).")
  private String layout;

  /** Size wanted, null for none. */
  String resize() {
    return resize;
  }

  /** Channels wanted, null for none. */
  Integer channels() {
    return channels;
  }

  /** Axes of arrays, null for what they say. */
  String layout() {
    return layout;
  }

  /** What images are brought to: what was asked for here, else what the run's were. */
  Conversion conversion(RunConfig.Data run) {
    return ImageWords.conversion(
        resize == null ? run.resize() : resize,
        channels == null ? run.channels() : channels,
        layout == null ? run.layout() : layout);
  }

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
