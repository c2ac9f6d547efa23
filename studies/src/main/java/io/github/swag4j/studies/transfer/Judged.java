package io.github.swag4j.studies.transfer;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.recalibration.TemperatureScaling;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.cli.findings.RowMetric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Numbers of test rows.
 *
 * @param accuracy share of rows that are right
 * @param nll mean negative log likelihood in nats
 * @param ece expected calibration error, 15 bins
 * @param temperature fitted on held-out rows; NaN if there is none
 * @param scaledNll negative log likelihood at that temperature; NaN if there is none
 * @param scaledEce expected calibration error at it; NaN if there is none
 * @param rowsRight a 1 for each row that is right and a 0 for each that is wrong
 * @param rowsNll negative log likelihood of each row
 */
record Judged(
    double accuracy,
    double nll,
    double ece,
    double temperature,
    double scaledNll,
    double scaledEce,
    String rowsRight,
    List<Double> rowsNll) {

  /** A temperature outside says that the held-out rows are too few or all right. */
  private static final TemperatureScaling.Options WITHIN =
      TemperatureScaling.Options.defaults().within(0.05, 20);

  /** Judges what was predicted for the test rows, with the temperature that validation rows ask. */
  static Judged of(Predictions validation, Predictions test) {
    double temperature;
    double scaledNll;
    double scaledEce;
    try {
      TemperatureScaling scaling = TemperatureScaling.fit(validation, WITHIN);
      Predictions scaled = scaling.apply(test);
      temperature = scaling.temperature();
      scaledNll = ProperScores.of(scaled).nll();
      scaledEce = ece(scaled);
    } catch (IllegalArgumentException | IllegalStateException e) {
      // Held-out rows that no temperature fits, all of them right for one: columns without a
      // number.
      temperature = Double.NaN;
      scaledNll = Double.NaN;
      scaledEce = Double.NaN;
    }
    ProperScores scores = ProperScores.of(test);
    StringBuilder right = new StringBuilder();
    for (int row = 0; row < test.rows(); row++) {
      right.append(test.isCorrect(row) ? '1' : '0');
    }
    return new Judged(
        scores.accuracy(),
        scores.nll(),
        ece(test),
        temperature,
        scaledNll,
        scaledEce,
        right.toString(),
        Arrays.stream(RowMetric.NLL.of(test)).boxed().toList());
  }

  private static double ece(Predictions predictions) {
    return CalibrationError.of(predictions, BinningConvention.GUO).ece();
  }

  /** A 1 for each row that is right. */
  double[] right() {
    return rowsRight.chars().mapToDouble(c -> c - '0').toArray();
  }

  /** Negative log likelihood of each row. */
  double[] losses() {
    return rowsNll.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The numbers without those of rows. */
  Map<String, Double> numbers() {
    Map<String, Double> numbers = new TreeMap<>();
    numbers.put("accuracy", accuracy);
    numbers.put("nll", nll);
    numbers.put("ece", ece);
    numbers.put("temperature", temperature);
    numbers.put("nll_at_temperature", scaledNll);
    numbers.put("ece_at_temperature", scaledEce);
    return numbers;
  }
}
