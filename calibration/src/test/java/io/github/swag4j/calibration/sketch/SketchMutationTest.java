package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.swag4j.calibration.binning.BinTotals;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.binning.BrierParts;
import org.junit.jupiter.api.Test;

/**
 * Bytes changed on purpose, with a checksum that is right, cannot give a number out of its range.
 */
class SketchMutationTest {
  /** A row's sum may be 1e-4 off, as documented. */
  private static final double TOLERANCE = 1.1e-4;

  private static final int HEADER = 11; // magic, version and flags

  private static CalibrationSketch sketch(
      BinningConvention convention, boolean oneColumn, boolean weighted, long seed) {
    int bins = convention.bins();
    return CalibrationSketch.of(
        oneColumn
            ? SketchCases.oneColumn(12, bins, weighted, seed)
            : SketchCases.columns(12, 3, bins, weighted, seed),
        convention);
  }

  @Test
  void everyOneByteChangeThatIsReadGivesNumbersWithinTheirRanges() {
    for (int kind = 0; kind < 4; kind++) {
      boolean weighted = kind % 2 == 1;
      byte[] bytes = sketch(BinningConvention.GUO.withBins(2), kind < 2, weighted, 5).toBytes();
      int read = 0;
      for (int at = HEADER; at < bytes.length - 4; at++) {
        for (int value = 0; value < 256; value++) {
          read += isRead(bytes, at, value) ? 1 : 0;
        }
      }
      assertThat(read).as("sums that other rows could have").isBetween(100, 120 * bytes.length);
    }
  }

  @Test
  void everyOneBitChangeInEveryConventionGivesNumbersWithinTheirRanges() {
    for (BinningConvention convention : BinningConvention.all()) {
      for (int kind = 0; kind < 4 && convention.hasFixedBins(); kind++) {
        byte[] bytes = sketch(convention.withBins(3), kind < 2, kind % 2 == 1, 8).toBytes();
        for (int at = HEADER; at < bytes.length - 4; at++) {
          for (int bit = 0; bit < 8; bit++) {
            isRead(bytes, at, bytes[at] ^ 1 << bit);
          }
        }
      }
    }
  }

  /** Whether changed bytes are read; their numbers are checked then. */
  private static boolean isRead(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    CalibrationSummary summary;
    try {
      summary = CalibrationSketch.fromBytes(SketchBytesTest.sealed(changed)).summary();
    } catch (SketchFormatException e) {
      return false;
    }
    String what = "byte " + at + " = " + value;
    assertRanges(summary, what);
    // Made of the numbers above; the intervals of its bins take longer than all else.
    if (Integer.bitCount((bytes[at] ^ value) & 0xFF) == 1) {
      assertThat(summary.diagram()).as(what).hasSameSizeAs(summary.bins());
    }
    return true;
  }

  private static void assertRanges(CalibrationSummary s, String what) {
    in(0, s.accuracy(), 1, what, "accuracy");
    in(1.0 / s.classes() - TOLERANCE, s.meanConfidence(), 1, what, "confidence");
    in(0, s.nll(), 691, what, "NLL");
    in(0, s.brier(), 2 + TOLERANCE, what, "Brier");
    in(0, s.ece(), 1, what, "ECE");
    in(0, s.mce(), 1, what, "MCE");
    in(0, s.rmsce(), 1, what, "RMSCE");
    in(0, s.ace(), 1, what, "ACE");
    in(0, s.debiasedL2(), s.rmsce() * (1 + 1e-15), what, "debiased L2");
    in(0, s.classwiseEce(), 1, what, "class-wise ECE");
    for (int k = 0; k < s.classes(); k++) {
      in(0, s.classwiseEce(k), 1, what, "ECE of class " + k);
    }
    in(0, s.saturatedRows(), s.rows(), what, "saturated rows");
    in(0, s.zeroProbabilityRows(), s.rows(), what, "zero rows");
    assertMurphy(s, what);
    assertBins(s, what);
  }

  private static void assertMurphy(CalibrationSummary s, String what) {
    BrierParts m = s.murphy();
    in(0, m.reliability(), 1, what, "REL");
    in(0, m.resolution(), 1, what, "RES");
    in(0, m.uncertainty(), 0.25, what, "UNC");
    in(0, m.withinBinVariance(), 0.25 + 1e-12, what, "WBV");
    in(-0.5 - 1e-12, m.withinBinCovariance(), 0.5 + 1e-12, what, "WBC");
    in(-1e-12, m.brier(), 1 + 1e-12, what, "sum of the parts");
  }

  private static void assertBins(CalibrationSummary s, String what) {
    long rows = 0;
    for (CalibrationSummary.Bin bin : s.bins()) {
      rows += bin.count();
      in(0, bin.correct(), bin.count(), what, "rows of a bin");
      if (!Double.isNaN(bin.accuracy())) {
        in(0, bin.accuracy(), 1, what, "accuracy of a bin");
        in(bin.lower() - 1e-7, bin.meanConfidence(), bin.upper() + 1e-7, what, "mean of a bin");
      }
    }
    in(s.rows(), rows, s.rows(), what, "rows of all bins");
    for (BinTotals bin : s.binning().bins()) {
      if (!bin.isEmpty()) {
        in(1 - 1e-12, bin.effectiveCount(), bin.count() * (1 + 1e-12), what, "effective count");
      }
    }
  }

  private static void in(double least, double value, double most, String of, String what) {
    if (!(value >= least && value <= most)) {
      throw new AssertionError(
          of + ": " + what + " must be in [" + least + ", " + most + "], got " + value);
    }
  }
}
