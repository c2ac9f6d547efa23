package io.github.swag4j.vision.data;

import java.util.List;
import java.util.Set;

/** What arrays of images must fulfil. */
final class ImageChecks {
  private ImageChecks() {}

  /** Number of images of as many values; there must be a label for each if there are any. */
  static int rows(int values, int[] labels, ImageSize size) {
    if (labels == null) {
      if (values % size.values() != 0) {
        throw new IllegalArgumentException(
            "values must be a multiple of channels * height * width = "
                + size.values()
                + ", got "
                + values);
      }
      return values / size.values();
    }
    if (values != (long) labels.length * size.values()) {
      throw new IllegalArgumentException(
          "pixels.length must be labels.length * channels * height * width = "
              + (long) labels.length * size.values()
              + ", got "
              + values);
    }
    return labels.length;
  }

  /** Labels must be class indices. */
  static void requireLabels(int[] labels, List<String> classNames) {
    for (int i = 0; labels != null && i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classNames.size()) {
        throw new IllegalArgumentException(
            "labels["
                + i
                + "] must be a class index below "
                + classNames.size()
                + ", got "
                + labels[i]);
      }
    }
  }

  /** What is asked for levels must have them. */
  static void requireLevels(boolean levels, String name) {
    if (!levels) {
      throw new IllegalStateException(
          name + " must have levels from 0 to 255, it has floats: give uint8 images");
    }
  }

  /** What is asked for labels must have them. */
  static void requireLabels(boolean labels, String name) {
    if (!labels) {
      throw new IllegalStateException(
          name + " must have labels to be trained on or judged by, it has none");
    }
  }

  /** There must be a name for each feature. */
  static void requireFeatures(List<String> names, ImageSize size) {
    if (!size.isFeatures()
        || names.size() != size.channels()
        || Set.copyOf(names).size() < names.size()) {
      throw new IllegalArgumentException(
          "there must be another name for each of " + size + ", got " + names);
    }
  }

  /** Floats must be numbers. */
  static void requireFinite(float[] values, ImageSize size) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "values must be finite, got "
                + values[i]
                + " in image "
                + i / size.values()
                + ", value "
                + i % size.values());
      }
    }
  }
}
