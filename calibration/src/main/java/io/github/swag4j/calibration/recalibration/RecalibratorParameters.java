package io.github.swag4j.calibration.recalibration;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.calibration.provenance.FitOrigin;
import java.util.ArrayList;
import java.util.List;

/** The parts of a recalibrator's JSON, checked as they are taken. */
final class RecalibratorParameters {
  private static final int MAX_CLASSES = 1 << 20;

  private final JsonObject json;
  private final JsonObject values;
  private final int classes;
  private final List<String> taken = new ArrayList<>();

  RecalibratorParameters(JsonObject json) {
    json.requireOnly(
        "format", "method", "classes", "input", "class_names", "fitted_on", "parameters");
    json.integer("format", FittedRecalibrator.FORMAT, FittedRecalibrator.FORMAT);
    this.json = json;
    classes = (int) json.integer("classes", 2, MAX_CLASSES);
    values = json.object("parameters");
  }

  int classes() {
    return classes;
  }

  FitOrigin fittedOn() {
    return FitOrigin.of(json, classes);
  }

  ScoreInput input() {
    return ScoreInput.ofJson(json.string("input"));
  }

  double[] any(String name) {
    taken.add(name);
    return values.numbers(name);
  }

  double[] any(String name, long length) {
    double[] out = any(name);
    if (out.length != length) {
      throw new JsonException(
          "JSON parameters." + name + " must have " + length + " numbers, got " + out.length);
    }
    return out;
  }

  double[] finite(String name) {
    double[] out = any(name);
    for (int i = 0; i < out.length; i++) {
      if (!Double.isFinite(out[i])) {
        throw new JsonException(
            "JSON parameters." + name + "[" + i + "] must be finite, got " + out[i]);
      }
    }
    return out;
  }

  double[] finite(String name, long length) {
    any(name, length);
    return finite(name);
  }

  /** Probabilities, each in [0, 1]. */
  double[] probabilities(String name, long length) {
    double[] out = finite(name, length);
    for (int i = 0; i < out.length; i++) {
      if (out[i] < 0 || out[i] > 1) {
        throw new JsonException(
            "JSON parameters." + name + "[" + i + "] must be in [0, 1], got " + out[i]);
      }
    }
    return out;
  }

  /** Numbers of which each is greater than the one before. */
  double[] increasing(String name) {
    double[] out = finite(name);
    for (int i = 1; i < out.length; i++) {
      if (out[i] <= out[i - 1]) {
        throw new JsonException(
            "JSON parameters."
                + name
                + "["
                + i
                + "] must be above "
                + out[i - 1]
                + ", got "
                + out[i]);
      }
    }
    return out;
  }

  int index(String name, int below) {
    double value = any(name, 1)[0];
    if (!(value >= 0 && value < below && value == Math.rint(value))) {
      throw new JsonException(
          "JSON parameters."
              + name
              + "[0] must be a whole number below "
              + below
              + ", got "
              + value);
    }
    return (int) value;
  }

  /** Refuses parameters that the method did not ask for. */
  void requireAllTaken() {
    values.requireOnly(taken.toArray(new String[0]));
  }
}
