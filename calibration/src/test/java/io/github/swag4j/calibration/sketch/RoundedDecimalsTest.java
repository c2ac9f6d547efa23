package io.github.swag4j.calibration.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.swag4j.calibration.Predictions;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probabilities rounded to four decimals: their sums are 1e-4 off to the reader. */
class RoundedDecimalsTest {
  private static final int ROWS = 40;

  /** As many equal rows of three classes. */
  private static double[] rows(double a, double b, double c) {
    double[] rows = new double[3 * ROWS];
    for (int i = 0; i < rows.length; i += 3) {
      rows[i] = a;
      rows[i + 1] = b;
      rows[i + 2] = c;
    }
    return rows;
  }

  private static float[] narrow(double[] rows) {
    float[] out = new float[rows.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) rows[i];
    }
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "0.3333,0.3333,0.3333",
    "0.3334,0.3334,0.3333",
    "0.7777,0.1111,0.1111",
    "0.0001,0.9999,0.0001",
    "0.9999,0,0"
  })
  void rowsWhoseDecimalsSumToOneWithinTheToleranceAreTakenEverywhere(double a, double b, double c)
      throws SketchFormatException {
    double[] rows = rows(a, b, c);
    int[] labels = new int[ROWS];
    Predictions wide = Predictions.builder().probabilities(rows, 3).labels(labels).build();
    Predictions narrow =
        Predictions.builder().probabilities(narrow(rows), 3).labels(labels).build();
    CalibrationSketch ofDoubles = new CalibrationSketch(3);
    ofDoubles.add(LabelledRows.of(rows, labels, ofDoubles.classes()), 0, ROWS);
    CalibrationSketch ofFloats = new CalibrationSketch(3);
    ofFloats.add(LabelledRows.of(narrow(rows), labels, ofFloats.classes()), 0, ROWS);
    SketchBits.same(ofDoubles, CalibrationSketch.of(wide));
    SketchBits.same(ofFloats, CalibrationSketch.of(narrow));
    SketchBits.same(CalibrationSketch.fromBytes(ofDoubles.toBytes()), ofDoubles);
    SketchBits.same(CalibrationSketch.fromBytes(ofFloats.toBytes()), ofFloats);
  }

  @ParameterizedTest
  @CsvSource({"0.3333,0.3333,0.3332", "0.3334,0.3334,0.3334", "0.5,0.5,0.00011"})
  void rowsFurtherOffAreRefusedEverywhere(double a, double b, double c) {
    double[] rows = rows(a, b, c);
    int[] labels = new int[ROWS];
    String rule = "probabilities must sum to 1 within 1.0E-4";
    assertThatThrownBy(() -> Predictions.builder().probabilities(rows, 3).build())
        .hasMessageContaining(rule);
    assertThatThrownBy(() -> Predictions.builder().probabilities(narrow(rows), 3).build())
        .hasMessageContaining(rule);
    assertThatThrownBy(() -> new CalibrationSketch(3).add(LabelledRows.of(rows, labels, 3)))
        .hasMessageContaining(rule);
    assertThatThrownBy(() -> new CalibrationSketch(3).add(LabelledRows.of(narrow(rows), labels, 3)))
        .hasMessageContaining(rule);
  }

  /** So many classes that the likeliest has hardly any probability: the least mean confidence. */
  @ParameterizedTest
  @CsvSource({"0.9999", "1.0001"})
  void sketchesOfRowsAtTheToleranceAreReadBack(double sum) throws SketchFormatException {
    int classes = 1000;
    float[] rows = new float[ROWS * classes];
    Arrays.fill(rows, (float) (sum / classes));
    CalibrationSketch sketch = new CalibrationSketch(classes);
    sketch.add(LabelledRows.of(rows, new int[ROWS], sketch.classes()), 0, ROWS);
    assertThat(CalibrationSketch.fromBytes(sketch.toBytes()).summary().rows()).isEqualTo(ROWS);
  }
}
