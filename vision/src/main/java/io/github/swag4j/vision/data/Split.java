package io.github.swag4j.vision.data;

/** The part of a data set, as its makers divided it. */
public enum Split {
  /** For training, and for validation by a slice of it. */
  TRAIN("train"),
  /** For judging; nothing is ever chosen by it. */
  TEST("t10k"),
  /** The test part of what its makers divided, every row of what they did not: new data. */
  TEST_OR_ALL("t10k");

  private final String filePrefix;

  Split(String filePrefix) {
    this.filePrefix = filePrefix;
  }

  /**
   * What the split's files start with where they are named as those of MNIST.
   *
   * @return {@code train} or {@code t10k}
   */
  public String filePrefix() {
    return filePrefix;
  }
}
