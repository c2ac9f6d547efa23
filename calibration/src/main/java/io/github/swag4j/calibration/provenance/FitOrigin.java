package io.github.swag4j.calibration.provenance;

import io.github.swag4j.base.json.JsonException;
import io.github.swag4j.base.json.JsonObject;
import io.github.swag4j.calibration.Predictions;
import java.util.HashSet;
import java.util.List;

/**
 * Where a recalibrator comes from.
 *
 * @param rows the rows it was fitted on, or null
 * @param classNames {@code [classes]}, or null if the classes had no names
 */
public record FitOrigin(DataFingerprint rows, List<String> classNames) {
  /** Parameters that were given. */
  public static final FitOrigin NONE = new FitOrigin(null, null);

  /**
   * The origin of what is fitted on these rows.
   *
   * @param predictions the rows
   * @return their fingerprint and class names
   */
  public static FitOrigin of(Predictions predictions) {
    return new FitOrigin(
        DataFingerprint.of(predictions),
        predictions.hasClassNames() ? predictions.classNames() : null);
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @param json the object it was written into
   * @param classes number of classes
   * @return the origin
   * @throws JsonException if the names are not as many different ones
   */
  public static FitOrigin of(JsonObject json, int classes) {
    List<String> names = json.has("class_names") ? json.strings("class_names") : null;
    if (names != null && (names.size() != classes || new HashSet<>(names).size() < classes)) {
      throw new JsonException(
          "JSON class_names must be " + classes + " different names, got " + names);
    }
    return new FitOrigin(
        json.has("fitted_on") ? DataFingerprint.of(json.object("fitted_on")) : null, names);
  }

  /**
   * Puts the origin into an object, nothing where it is not known.
   *
   * @param json the object
   */
  public void writeTo(JsonObject json) {
    if (classNames != null) {
      json.put("class_names", classNames);
    }
    if (rows != null) {
      json.put("fitted_on", rows.json());
    }
  }

  /**
   * Refuses predictions of classes with other names, or with the same in another order.
   *
   * @param what what was fitted, for the message
   * @param predictions what it is applied to
   * @throws IllegalArgumentException if the names differ
   */
  public void requireSameClasses(String what, Predictions predictions) {
    if (classNames != null
        && predictions.hasClassNames()
        && !predictions.classNames().equals(classNames)) {
      throw new IllegalArgumentException(
          what
              + " was fitted on the classes "
              + classNames
              + ", in this order, got predictions of "
              + predictions.classNames());
    }
  }
}
