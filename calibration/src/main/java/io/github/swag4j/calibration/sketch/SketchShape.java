package io.github.swag4j.calibration.sketch;

import io.github.swag4j.calibration.binning.BinningConvention;
import java.util.Locale;
import java.util.Objects;

/** What classes and bins a sketch may have. */
final class SketchShape {
  private static final int MAX_BINS = 65_536;
  private static final int MAX_CLASSES = 65_536;
  static final int MAX_CELLS = 1 << 24; // of 24 bytes, of some 130 with weights

  private SketchShape() {}

  static BinningConvention guo(int bins) {
    checkBins(bins);
    return BinningConvention.GUO.withBins(bins);
  }

  private static void checkBins(int bins) {
    if (bins < 1 || bins > MAX_BINS) {
      throw new IllegalArgumentException(
          "bins must be between 1 and " + MAX_BINS + ", got " + bins);
    }
  }

  /** Refuses what a sketch cannot have; gives its number of cells, classes x (bins + 1). */
  static long check(int classes, BinningConvention convention) {
    Objects.requireNonNull(convention, "convention");
    if (classes < 2 || classes > MAX_CLASSES) {
      throw new IllegalArgumentException(
          "classes must be between 2 and " + MAX_CLASSES + ", got " + classes);
    }
    if (!convention.hasFixedBins()) {
      throw new IllegalArgumentException(
          "a sketch needs bins that are known before the rows, got "
              + convention
              + ", cut by all rows together: take guo, netcal, torchmetrics, sklearn or mapie, or"
              + " CalibrationError.of on rows in memory");
    }
    checkBins(convention.bins());
    int bins = convention.fixedCount(); // torchmetrics has one more than asked for
    long cells = classes * (bins + 1L);
    if (cells > MAX_CELLS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "classes x (bins + 1) must be at most %,d, got %,d x %,d: ask for fewer bins",
              MAX_CELLS,
              classes,
              bins + 1));
    }
    return cells;
  }
}
