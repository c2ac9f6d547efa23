package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.FitOrigin;
import io.github.swag4j.calibration.recalibration.fit.Softmax;

/** A map of class scores to class scores, followed by softmax. */
abstract sealed class LogitRecalibrator extends FittedRecalibrator
    permits TemperatureScaling, VectorScaling, AffineRecalibrator {

  LogitRecalibrator(String method, int classes, FitOrigin fittedOn) {
    super(method, classes, fittedOn);
  }

  /** The scores to take from these predictions. */
  abstract ScoreInput inputFor(Predictions predictions);

  /** New scores of a row, {@code [classes]}. */
  abstract double[] mapScores(double[] scores);

  @Override
  final Predictions map(Predictions predictions) {
    ScoreInput input = inputFor(predictions);
    input.requireOf(predictions);
    double[][] out = new double[predictions.rows()][];
    for (int row = 0; row < out.length; row++) {
      out[row] = mapScores(input.row(predictions, row));
    }
    if (input == ScoreInput.LOGITS) {
      return RebuiltPredictions.withLogits(predictions, out);
    }
    for (int row = 0; row < out.length; row++) {
      out[row] = Softmax.of(out[row]);
    }
    return RebuiltPredictions.withProbabilities(predictions, out);
  }
}
