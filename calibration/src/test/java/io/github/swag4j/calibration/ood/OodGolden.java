package io.github.swag4j.calibration.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.StreamSupport;

/** Values that scikit-learn and SciPy computed, with the inputs; see ood_golden.py. */
public final class OodGolden {
  private static final JsonObject ALL = OodFixture.json("/ood/golden.json").getAsJsonObject();

  private OodGolden() {}

  /** One part of the file. */
  public static JsonElement part(String name) {
    return ALL.get(name);
  }

  /** The cases of a part. */
  public static List<JsonObject> cases(String name) {
    return StreamSupport.stream(ALL.getAsJsonArray(name).spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  /** A list of numbers. */
  public static double[] numbers(JsonObject object, String key) {
    return new Gson().fromJson(object.get(key), double[].class);
  }

  /** A list of whole numbers. */
  public static int[] integers(JsonObject object, String key) {
    return new Gson().fromJson(object.get(key), int[].class);
  }

  /** Rows of numbers. */
  public static double[][] matrix(JsonObject object, String key) {
    return new Gson().fromJson(object.get(key), double[][].class);
  }

  /** Claims that a number is the golden one. */
  public static void check(JsonObject expected, String key, double value) {
    assertThat(value).as(key).isCloseTo(expected.get(key).getAsDouble(), within(1e-12));
  }

  /** Claims that all numbers are the golden ones, relatively to size. */
  public static void check(JsonObject expected, String key, double[] values, double tolerance) {
    double[] golden = numbers(expected, key);
    assertThat(values).as(key).hasSameSizeAs(golden);
    for (int i = 0; i < golden.length; i++) {
      assertThat(values[i])
          .as(key + "[" + i + "]")
          .isCloseTo(golden[i], within(tolerance * Math.max(1, Math.abs(golden[i]))));
    }
  }
}
