package io.github.swag4j.vision.data;

import java.util.List;

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
