package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares all numbers of two sketches bit for bit. */
public final class SketchBits {
  private SketchBits() {}

  public static void same(CalibrationSketch got, CalibrationSketch expected) {
    CalibrationSummary a = got.summary();
    CalibrationSummary b = expected.summary();
    assertThat(a.rows()).isEqualTo(b.rows());
    assertThat(a.bins()).isEqualTo(b.bins());
    assertThat(a.binning().bins()).isEqualTo(b.binning().bins());
    assertThat(a.convention()).isEqualTo(b.convention());
    assertThat(a.event()).isEqualTo(b.event());
    assertThat(a.murphy()).isEqualTo(b.murphy());
    assertThat(numbers(a)).isEqualTo(numbers(b));
    for (int k = 0; k < a.classes(); k++) {
      assertThat(a.classwiseEce(k)).isEqualTo(b.classwiseEce(k));
    }
  }

  private static double[] numbers(CalibrationSummary s) {
    return new double[] {
      s.weight(),
      s.accuracy(),
      s.meanConfidence(),
      s.nll(),
      s.brier(),
      s.ece(),
      s.mce(),
      s.rmsce(),
      s.ace(),
      s.debiasedL2(),
      s.saturatedRows(),
      s.zeroProbabilityRows()
    };
  }
}
