package io.github.swag4j.cli.comparison;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.cli.run.RunConfig;
import io.github.swag4j.cli.run.RunDescription;
import io.github.swag4j.cli.run.RunDescription.DataFingerprint;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Rows that predictions were judged by, as far as they can be known again: by their classes and
 * labels, and of runs by their content as well. Folders of images have their rows class by class,
 * so that other images may have the same labels in the same order.
 *
 * @param classes how many
 * @param labels of each row
 * @param set name of the data set, null of a file
 * @param content hash of the images, null of a file
 * @param conversion what images were brought to, which makes the same rows another content
 */
record TestRows(int classes, int[] labels, String set, String content, List<Object> conversion) {

  /** Those of a file, of which labels are all that is known. */
  static TestRows ofFile(Predictions read) {
    return new TestRows(read.classes(), labels(read), null, null, List.of());
  }

  /** Those of a run. */
  static TestRows ofRun(Predictions test, RunDescription description) {
    DataFingerprint set = description.data().get("test");
    return new TestRows(
        test.classes(),
        labels(test),
        set.name(),
        set.sha256(),
        conversion(description.config().data()));
  }

  /** What images were brought to. */
  static List<Object> conversion(RunConfig.Data data) {
    return List.of(
        Objects.requireNonNullElse(data.resize(), ""),
        Objects.requireNonNullElse(data.channels(), 0),
        Objects.requireNonNullElse(data.layout(), ""));
  }

  private static int[] labels(Predictions predictions) {
    int[] labels = new int[predictions.rows()];
    Arrays.setAll(labels, predictions::label);
    return labels;
  }

  /** Whether nothing that is known tells the two apart. */
  boolean isSame(TestRows other) {
    boolean sameLabels = classes == other.classes && Arrays.equals(labels, other.labels);
    if (!sameLabels || content == null || other.content == null || content.equals(other.content)) {
      return sameLabels;
    }
    return set.equals(other.set) && !conversion.equals(other.conversion);
  }
}
