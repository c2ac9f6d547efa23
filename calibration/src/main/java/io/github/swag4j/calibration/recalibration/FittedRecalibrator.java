package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.calibration.Predictions;
import io.github.swag4j.calibration.provenance.DataFingerprint;
import io.github.swag4j.calibration.provenance.FitOrigin;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What every recalibrator shares: classes, fingerprint, the loop over rows and the JSON frame. */
abstract sealed class FittedRecalibrator implements Recalibrator
    permits LogitRecalibrator, OneVersusRest {
  static final int FORMAT = 1;

  private final String method;
  private final int classes;
  private final FitOrigin origin;

  /**
   * A recalibrator.
   *
   * @param origin where it comes from, or null if its parameters were given
   */
  FittedRecalibrator(String method, int classes, FitOrigin origin) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2, got " + classes);
    }
    this.method = method;
    this.classes = classes;
    this.origin = origin == null ? FitOrigin.NONE : origin;
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
    return Optional.ofNullable(origin.rows());
  }

  @Override
  public final Optional<List<String>> classNames() {
    return Optional.ofNullable(origin.classNames());
  }

  @Override
  public final void requireUnseen(Predictions predictions) {
    if (origin.rows() != null) {
      origin.rows().requireUnseen(method + " recalibration", predictions);
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
    origin.requireSameClasses(method + " recalibration", predictions);
    return map(predictions);
  }

  abstract Predictions map(Predictions predictions);

  /** What people call a class. */
  final String nameOf(int k) {
    return origin.classNames() == null ? "class " + k : origin.classNames().get(k);
  }

  /** A number as it stands in {@link #inWords}. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

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
    origin.writeTo(json);
    JsonObject values = new JsonObject();
    for (Map.Entry<String, double[]> entry : parameters().entrySet()) {
      values.put(entry.getKey(), entry.getValue());
    }
    return json.put("parameters", values).toString();
  }
}
