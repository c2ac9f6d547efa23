package io.github.swag4j.cli.data;

/** The part of a data set, as its makers divided it. */
public enum Split {
  /** For training, and for validation by a slice of it. */
  TRAIN("train"),
  /** For judging; nothing is ever chosen by it. */
  TEST("t10k");

  private final String filePrefix;

  Split(String filePrefix) {
    this.filePrefix = filePrefix;
  }

  /** What the split's files start with. */
  String filePrefix() {
    return filePrefix;
  }
}
