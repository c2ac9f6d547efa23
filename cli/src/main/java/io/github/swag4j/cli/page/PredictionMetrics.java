package io.github.swag4j.cli.page;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.binning.BinningConvention;
import io.github.swag4j.calibration.error.CalibrationError;
import io.github.swag4j.calibration.error.ClasswiseCalibrationError;
import io.github.swag4j.calibration.error.DebiasedCalibrationError;
import io.github.swag4j.calibration.error.SmoothCalibrationError;
import io.github.swag4j.calibration.hypothesis.SpiegelhalterTest;
import io.github.swag4j.calibration.scores.ProperScores;
import io.github.swag4j.calibration.selective.SelectivePrediction;
import io.github.swag4j.calibration.sketch.CalibrationSketch;
import io.github.swag4j.calibration.sketch.CalibrationSummary;
import io.github.swag4j.calibration.sketch.LabelledRows;
import java.util.List;

/** Every number {@code evaluate} gives, by the name it has in JSON. */
public final class PredictionMetrics {

  private PredictionMetrics() {}

  /** Names of the metrics that need all rows at once and are null for streamed ones. */
  public static final List<String> OF_ALL_ROWS =
      List.of("ece_equal_mass", "smece", "aurc", "augrc", "failure_auroc", "spiegelhalter_p");

  /** Of rows in memory: what a sketch of them knows, and what takes all rows at once. */
  public static JsonObject of(Predictions predictions, BinningConvention convention) {
    boolean fixed = convention.hasFixedBins();
    JsonObject json =
        of(
            CalibrationSketch.of(rows(predictions), fixed ? convention : BinningConvention.GUO)
                .summary());
    if (!fixed) {
      CalibrationError error = CalibrationError.of(predictions, convention);
      number(json, "ece", error.ece());
      number(json, "mce", error.mce());
      number(json, "rmsce", error.rmsce());
      number(json, "ace", error.ace());
      number(json, "classwise_ece", ClasswiseCalibrationError.of(predictions, convention).ece());
      number(json, "ece_debiased", DebiasedCalibrationError.of(predictions, convention).l2());
      json.addProperty("convention", convention.name());
      json.addProperty("bins", convention.bins());
    }
    ProperScores scores = ProperScores.of(predictions);
    number(json, "nll", scores.nll());
    number(json, "brier", scores.brier());
    number(json, "mean_confidence", scores.meanConfidence());
    SelectivePrediction selective = SelectivePrediction.of(predictions);
    number(json, "ece_equal_mass", CalibrationError.of(predictions, equalMass(convention)).ece());
    number(json, "smece", SmoothCalibrationError.of(predictions).value());
    number(json, "aurc", selective.aurc());
    number(json, "augrc", selective.augrc());
    number(json, "failure_auroc", selective.failureAuroc());
    number(json, "spiegelhalter_p", SpiegelhalterTest.of(predictions).pValue());
    return json;
  }

  /** Of rows that were streamed. */
  public static JsonObject of(CalibrationSummary summary) {
    JsonObject json = new JsonObject();
    json.addProperty("n", summary.rows());
    json.addProperty("classes", summary.classes());
    number(json, "accuracy", summary.accuracy());
    number(json, "nll", summary.nll());
    number(json, "brier", summary.brier());
    number(json, "ece", summary.ece());
    number(json, "mce", summary.mce());
    number(json, "rmsce", summary.rmsce());
    number(json, "ace", summary.ace());
    number(json, "ece_equal_mass", Double.NaN);
    number(json, "classwise_ece", summary.classwiseEce());
    number(json, "ece_debiased", summary.debiasedL2());
    number(json, "smece", Double.NaN);
    number(json, "aurc", Double.NaN);
    number(json, "augrc", Double.NaN);
    number(json, "failure_auroc", Double.NaN);
    number(json, "spiegelhalter_p", Double.NaN);
    number(json, "mean_confidence", summary.meanConfidence());
    json.addProperty("saturated", summary.saturatedRows());
    json.addProperty("zero_probability_rows", summary.zeroProbabilityRows());
    json.addProperty("convention", summary.convention().name());
    json.addProperty("bins", summary.convention().bins());
    return json;
  }

  /** Weights have no unit: those of which one is too large or small for a sketch are scaled. */
  private static LabelledRows rows(Predictions predictions) {
    LabelledRows rows = LabelledRows.of(predictions);
    if (!predictions.hasWeights()) {
      return rows;
    }
    double[] weights = new double[predictions.rows()];
    double most = 0;
    boolean inRange = true;
    for (int r = 0; r < weights.length; r++) {
      weights[r] = predictions.weight(r);
      most = Math.max(most, weights[r]);
      inRange &= weights[r] == 0 || weights[r] >= 0x1p-100 && weights[r] <= 0x1p100;
    }
    if (inRange) {
      return rows;
    }
    for (int r = 0; r < weights.length; r++) {
      double scaled = Math.scalb(weights[r], 100 - 1 - Math.getExponent(most));
      weights[r] = weights[r] > 0 ? Math.max(0x1p-100, scaled) : 0;
    }
    return rows.weights(weights);
  }

  /** As many bins of equal mass; Hendrycks' number is rows in a bin, not bins. */
  static BinningConvention equalMass(BinningConvention convention) {
    return convention.name().equals(BinningConvention.HENDRYCKS.name())
        ? BinningConvention.EQUAL_MASS
        : BinningConvention.EQUAL_MASS.withBins(convention.bins());
  }

  /** JSON knows no NaN: where a metric has no value there is null. */
  public static void number(JsonObject json, String name, double value) {
    json.add(name, Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE);
  }
}
