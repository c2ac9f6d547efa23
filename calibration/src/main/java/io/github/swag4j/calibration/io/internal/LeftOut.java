package io.github.swag4j.calibration.io.internal;

import io.github.swag4j.calibration.io.format.ReadOptions;
import java.util.Locale;

/** How it is said that rows were left out by their labels. */
public final class LeftOut {
  private LeftOut() {}

  /** That some were. */
  public static String said(long rows, ReadOptions options) {
    return String.format(
        Locale.ROOT,
        "%,d %s left out by label: %s",
        rows,
        rows == 1 ? "row was" : "rows were",
        String.join(", ", options.ignoredLabels()));
  }

  /** That none is left. */
  public static String all(ReadOptions options) {
    return "a row must be left, got only rows left out by label: "
        + String.join(", ", options.ignoredLabels());
  }
}
