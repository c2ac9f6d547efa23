package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.internal.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/** What every recalibrator shares: classes, fingerprint, the loop over rows and the JSON frame. */
abstract sealed class FittedRecalibrator implements Recalibrator
    permits LogitRecalibrator, OneVersusRest {
  static final int FORMAT = 1;

  private final String method;
  private final int classes;
  private final DataFingerprint fittedOn;

  FittedRecalibrator(String method, int classes, DataFingerprint fittedOn) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2, got " + classes);
    }
    this.method = method;
    this.classes = classes;
    this.fittedOn = fittedOn;
  }

  @Override
  public final String method() {
    return method;
  }

  @Override
  public final int classes() {
    return classes;
  }

  @Override
  public final Optional<DataFingerprint> fittedOn() {
    return Optional.ofNullable(fittedOn);
  }

  @Override
  public final void requireUnseen(Predictions predictions) {
    if (fittedOn != null) {
      fittedOn.requireUnseen(method + " recalibration", predictions);
    }
  }

  @Override
  public final Predictions apply(Predictions predictions) {
    requireUnseen(predictions);
    return applyInSample(predictions);
  }

  @Override
  public final Predictions applyInSample(Predictions predictions) {
    if (predictions.classes() != classes) {
      throw new IllegalArgumentException(
          method
              + " recalibration was fitted on "
              + classes
              + " classes, got predictions of "
              + predictions.classes());
    }
    return map(predictions);
  }

  abstract Predictions map(Predictions predictions);

  /** What kind of scores the map takes, or null where there is no choice. */
  ScoreInput input() {
    return null;
  }

  @Override
  public final String toJson() {
    JsonObject json =
        new JsonObject().put("format", FORMAT).put("method", method).put("classes", classes);
    if (input() != null) {
      json.put("input", input().jsonName());
    }
    if (fittedOn != null) {
      json.put("fitted_on", fittedOn.json());
    }
    JsonObject values = new JsonObject();
    for (Map.Entry<String, double[]> entry : parameters().entrySet()) {
      values.put(entry.getKey(), entry.getValue());
    }
    return json.put("parameters", values).toString();
  }
}
